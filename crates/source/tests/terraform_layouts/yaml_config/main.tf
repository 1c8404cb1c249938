locals {
  defaults = {
    runtime = "python3.13"
    memory  = 128
    env     = {}
  }
  files = fileset("${path.module}/functions", "*.yaml")
  raw   = { for file in local.files : trimsuffix(file, ".yaml") => yamldecode(file("${path.module}/functions/${file}")) }
  functions = {
    for name, config in local.raw : name => merge(local.defaults, config, {
      env = merge(local.defaults.env, try(config.env, {}), { FUNCTION = name })
    })
  }
}

resource "aws_iam_role" "function" {
  for_each           = local.functions
  name               = "fn-${each.key}"
  assume_role_policy = file("${path.module}/policies/assume.json")
}

resource "aws_iam_role_policy" "function" {
  for_each = { for name, config in local.functions : name => config if can(config.table) }
  name     = "table"
  role     = aws_iam_role.function[each.key].id
  policy = templatefile("${path.module}/policies/table.json.tftpl", {
    table   = each.value.table
    actions = each.value.actions
  })
}

resource "aws_lambda_function" "function" {
  for_each      = local.functions
  function_name = each.key
  role          = aws_iam_role.function[each.key].arn
  runtime       = each.value.runtime
  memory_size   = each.value.memory
  handler       = each.value.handler
  s3_bucket     = "acme-artifacts"
  s3_key        = "${each.key}.zip"
  environment {
    variables = each.value.env
  }
}
