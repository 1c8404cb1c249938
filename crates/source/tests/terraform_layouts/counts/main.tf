variable "stage" {
  type    = string
  default = "prod"
}
variable "warmers" {
  type    = number
  default = 2
}

locals {
  is_prod = var.stage == "prod"
  names   = ["a", "b", "c"]
}

resource "aws_iam_role" "fn" {
  count              = length(local.names)
  name               = "role-${local.names[count.index]}"
  assume_role_policy = data.aws_iam_policy_document.assume.json
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

resource "aws_lambda_function" "fn" {
  count         = length(local.names)
  function_name = format("fn-%s-%02d", local.names[count.index], count.index + 1)
  role          = element(aws_iam_role.fn[*].arn, count.index)
  runtime       = "python3.13"
  handler       = "fn.handler"
  filename      = "fn.zip"
}

resource "aws_lambda_provisioned_concurrency_config" "fn" {
  count                             = local.is_prod ? var.warmers : 0
  function_name                     = aws_lambda_function.fn[count.index].function_name
  qualifier                         = "live"
  provisioned_concurrent_executions = 1
}

resource "aws_lambda_alias" "fn" {
  count            = local.is_prod ? length(aws_lambda_function.fn) : 0
  name             = "live"
  function_name    = aws_lambda_function.fn[count.index].arn
  function_version = "1"
}
