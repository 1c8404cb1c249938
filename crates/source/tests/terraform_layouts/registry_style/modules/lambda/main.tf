locals {
  create    = var.create && var.create_function
  role_name = local.create ? coalesce(var.role_name, var.function_name, "*") : null
  archive   = try(var.source_path.path, var.source_path, null)
}

data "aws_partition" "current" {}
data "aws_caller_identity" "current" {}

resource "aws_lambda_function" "this" {
  count = local.create ? 1 : 0

  function_name = var.function_name
  handler       = var.handler
  runtime       = var.runtime
  role          = var.create_role ? aws_iam_role.lambda[0].arn : var.lambda_role
  memory_size   = var.memory_size
  architectures = var.architectures
  filename      = local.archive == null ? null : "${local.archive}.zip"

  dynamic "environment" {
    for_each = length(keys(var.environment_variables)) == 0 ? [] : [true]
    content {
      variables = var.environment_variables
    }
  }

  dynamic "vpc_config" {
    for_each = var.vpc_subnet_ids != null && var.vpc_security_group_ids != null ? [true] : []
    content {
      subnet_ids         = var.vpc_subnet_ids
      security_group_ids = var.vpc_security_group_ids
    }
  }

  dynamic "dead_letter_config" {
    for_each = var.dead_letter_target_arn == null ? [] : [true]
    content {
      target_arn = var.dead_letter_target_arn
    }
  }

  dynamic "tracing_config" {
    for_each = var.tracing_mode == null ? [] : [true]
    content {
      mode = var.tracing_mode
    }
  }

  tags = merge({ Name = var.function_name }, var.tags)
}

resource "aws_lambda_permission" "triggers" {
  for_each = { for k, v in var.allowed_triggers : k => v if local.create }

  function_name = aws_lambda_function.this[0].function_name
  statement_id  = try(each.value.statement_id, each.key)
  action        = try(each.value.action, "lambda:InvokeFunction")
  principal     = try(each.value.principal, format("%s.amazonaws.com", try(each.value.service, "")))
  source_arn    = try(each.value.source_arn, null)
}

resource "aws_cloudwatch_log_group" "lambda" {
  count = local.create ? 1 : 0
  name  = "/aws/lambda/${var.function_name}"
}
