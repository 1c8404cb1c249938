locals {
  create_role = var.create && var.create_function && var.create_role
}

data "aws_iam_policy_document" "assume" {
  count = local.create_role ? 1 : 0

  statement {
    effect  = "Allow"
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = distinct(concat(["lambda.amazonaws.com"], var.trusted_entities))
    }
  }
}

resource "aws_iam_role" "lambda" {
  count              = local.create_role ? 1 : 0
  name               = local.role_name
  assume_role_policy = data.aws_iam_policy_document.assume[0].json
}

resource "aws_iam_policy" "json" {
  count  = local.create_role && var.attach_policy_json ? 1 : 0
  name   = "${local.role_name}-inline"
  policy = var.policy_json
}

resource "aws_iam_role_policy_attachment" "json" {
  count      = local.create_role && var.attach_policy_json ? 1 : 0
  role       = aws_iam_role.lambda[0].name
  policy_arn = aws_iam_policy.json[0].arn
}

data "aws_iam_policy_document" "inline" {
  count = local.create_role && var.attach_policy_statements ? 1 : 0

  dynamic "statement" {
    for_each = var.policy_statements
    content {
      sid       = try(statement.value.sid, replace(statement.key, "/[^0-9A-Za-z]*/", ""))
      effect    = try(statement.value.effect, null)
      actions   = try(statement.value.actions, null)
      resources = try(statement.value.resources, null)

      dynamic "condition" {
        for_each = try(statement.value.condition, [])
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_role_policy" "inline" {
  count  = local.create_role && var.attach_policy_statements ? 1 : 0
  name   = "${local.role_name}-statements"
  role   = aws_iam_role.lambda[0].name
  policy = data.aws_iam_policy_document.inline[0].json
}
