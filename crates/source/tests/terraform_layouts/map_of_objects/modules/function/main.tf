variable "name" { type = string }
variable "settings" { type = any }

resource "aws_iam_role" "this" {
  name               = "${var.name}-role"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })
}

resource "aws_iam_role_policy" "this" {
  count = length(var.settings.policy) > 0 ? 1 : 0
  role  = aws_iam_role.this.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [for entry in var.settings.policy : {
      Effect   = "Allow"
      Action   = entry.actions
      Resource = entry.resources
    }]
  })
}

resource "aws_lambda_function" "this" {
  function_name = var.name
  role          = aws_iam_role.this.arn
  runtime       = "provided.al2023"
  handler       = var.settings.handler
  memory_size   = var.settings.memory
  timeout       = coalesce(var.settings.timeout, 3)
  filename      = "${path.module}/bootstrap.zip"
  environment {
    variables = merge({ NAME = upper(var.name) }, var.settings.env)
  }
}

resource "aws_lambda_function_url" "this" {
  for_each           = var.settings.url == null ? {} : { url = var.settings.url }
  function_name      = aws_lambda_function.this.function_name
  authorization_type = each.value.auth
}

output "arn" {
  value = aws_lambda_function.this.arn
}
