locals {
  subscribers = {
    billing  = { filter = { type = ["order"] } }
    shipping = { filter = { type = ["order", "return"] } }
    audit    = {}
  }
}
resource "aws_sns_topic" "events" {
  name              = "events"
  kms_master_key_id = "alias/aws/sns"
}
resource "aws_lambda_function" "subscriber" {
  for_each      = local.subscribers
  function_name = each.key
  role          = "arn:aws:iam::111122223333:role/${each.key}"
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  filename      = "${each.key}.zip"
}
resource "aws_sns_topic_subscription" "subscriber" {
  for_each      = local.subscribers
  topic_arn     = aws_sns_topic.events.arn
  protocol      = "lambda"
  endpoint      = aws_lambda_function.subscriber[each.key].arn
  filter_policy = try(jsonencode(each.value.filter), null)
}
resource "aws_lambda_permission" "sns" {
  for_each      = aws_lambda_function.subscriber
  action        = "lambda:InvokeFunction"
  function_name = each.value.function_name
  principal     = "sns.amazonaws.com"
  source_arn    = aws_sns_topic.events.arn
}
