module "orders" {
  source = "./modules/lambda"

  function_name = "orders"
  handler       = "app.handler"
  runtime       = "python3.13"
  source_path   = "${path.root}/src"

  environment_variables = { TABLE = "orders" }
  attach_policy_json    = true
  policy_json = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["dynamodb:GetItem"], Resource = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders" }]
  })
  attach_policy_statements = true
  policy_statements = {
    queue = {
      effect    = "Allow"
      actions   = ["sqs:SendMessage"]
      resources = ["arn:aws:sqs:eu-west-1:111122223333:orders"]
    }
    kms = {
      actions   = ["kms:Decrypt"]
      resources = ["*"]
      condition = {
        via = { test = "StringEquals", variable = "kms:ViaService", values = ["sqs.eu-west-1.amazonaws.com"] }
      }
    }
  }
  allowed_triggers = {
    api = { service = "apigateway", source_arn = "arn:aws:execute-api:eu-west-1:111122223333:abc/*/*" }
    bus = { principal = "events.amazonaws.com", source_arn = "arn:aws:events:eu-west-1:111122223333:rule/x" }
  }
  tags = { team = "orders" }
}

module "layer" {
  source = "./modules/lambda"

  create_function = false
  create_role     = false
  function_name   = "unused"
}
