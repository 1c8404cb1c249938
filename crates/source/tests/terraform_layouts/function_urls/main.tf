variable "public" {
  type    = bool
  default = false
}
resource "aws_lambda_function" "hook" {
  function_name = "hook"
  role          = "arn:aws:iam::111122223333:role/hook"
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  filename      = "hook.zip"
  publish       = true
}
resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.hook.function_name
  function_version = aws_lambda_function.hook.version
}
resource "aws_lambda_function_url" "hook" {
  function_name      = aws_lambda_function.hook.function_name
  qualifier          = aws_lambda_alias.live.name
  authorization_type = var.public ? "NONE" : "AWS_IAM"
  cors {
    allow_origins = var.public ? ["*"] : ["https://shop.example.com"]
    allow_methods = ["POST"]
    max_age       = 300
  }
}
output "url" { value = aws_lambda_function_url.hook.function_url }
