locals {
  settings = {
    default = { memory = 128, retention = 7 }
    prod    = { memory = 1024, retention = 365 }
  }
  own = lookup(local.settings, terraform.workspace, local.settings["default"])
}
resource "aws_lambda_function" "fn" {
  function_name = "fn-${terraform.workspace}"
  role          = "arn:aws:iam::111122223333:role/fn"
  runtime       = "python3.13"
  handler       = "fn.handler"
  filename      = "fn.zip"
  memory_size   = local.own.memory
}
resource "aws_cloudwatch_log_group" "fn" {
  name              = "/aws/lambda/${aws_lambda_function.fn.function_name}"
  retention_in_days = local.own.retention
}
