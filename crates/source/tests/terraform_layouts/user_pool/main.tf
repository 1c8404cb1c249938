resource "aws_cognito_user_pool" "users" {
  name = "users"
  lambda_config {
    pre_sign_up       = aws_lambda_function.trigger["pre_sign_up"].arn
    post_confirmation = aws_lambda_function.trigger["post_confirmation"].arn
  }
}
locals {
  triggers = ["pre_sign_up", "post_confirmation"]
}
resource "aws_lambda_function" "trigger" {
  for_each      = toset(local.triggers)
  function_name = replace(each.key, "_", "-")
  role          = "arn:aws:iam::111122223333:role/trigger"
  runtime       = "nodejs22.x"
  handler       = "${each.key}.handler"
  filename      = "trigger.zip"
}
resource "aws_lambda_permission" "cognito" {
  for_each      = toset(local.triggers)
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.trigger[each.key].function_name
  principal     = "cognito-idp.amazonaws.com"
  source_arn    = aws_cognito_user_pool.users.arn
}
