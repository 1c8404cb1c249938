variable "environment" {
  type = string
  validation {
    condition     = contains(["dev", "prod"], var.environment)
    error_message = "dev or prod"
  }
}
variable "log_retention" { type = number }
variable "memory" {
  type    = map(number)
  default = {}
}
variable "alarms" {
  type    = list(string)
  default = []
}

locals {
  prefix = "shop-${var.environment}"
  prod   = var.environment == "prod"
}

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "api" {
  name                 = "${local.prefix}-api"
  assume_role_policy   = data.aws_iam_policy_document.assume.json
  max_session_duration = local.prod ? 3600 : 7200
}

resource "aws_lambda_function" "api" {
  function_name                  = "${local.prefix}-api"
  role                           = aws_iam_role.api.arn
  handler                        = "api.handler"
  runtime                        = "nodejs22.x"
  filename                       = "${path.module}/api.zip"
  memory_size                    = lookup(var.memory, "api", 256)
  reserved_concurrent_executions = local.prod ? 100 : -1
  tracing_config {
    mode = local.prod ? "Active" : "PassThrough"
  }
}

resource "aws_cloudwatch_log_group" "api" {
  name              = "/aws/lambda/${aws_lambda_function.api.function_name}"
  retention_in_days = var.log_retention
}

resource "aws_cloudwatch_metric_alarm" "api" {
  for_each            = toset(var.alarms)
  alarm_name          = "${local.prefix}-${each.value}"
  namespace           = "AWS/Lambda"
  metric_name         = title(each.value)
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 60
  evaluation_periods  = 1
  dimensions          = { FunctionName = aws_lambda_function.api.function_name }
}
