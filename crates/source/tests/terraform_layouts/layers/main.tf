locals {
  layers = {
    deps  = "build/deps.zip"
    tools = "build/tools.zip"
  }
}

resource "aws_lambda_layer_version" "layer" {
  for_each            = local.layers
  layer_name          = each.key
  filename            = each.value
  compatible_runtimes = ["python3.12", "python3.13"]
}

resource "aws_lambda_layer_version_permission" "org" {
  layer_name      = aws_lambda_layer_version.layer["deps"].layer_name
  version_number  = aws_lambda_layer_version.layer["deps"].version
  statement_id    = "org"
  action          = "lambda:GetLayerVersion"
  principal       = "*"
  organization_id = "o-abcdefghij"
}

resource "aws_lambda_function" "app" {
  function_name = "app"
  role          = "arn:aws:iam::111122223333:role/app"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "app.zip"
  layers = concat(
    [for layer in aws_lambda_layer_version.layer : layer.arn],
    ["arn:aws:lambda:eu-west-1:580247275435:layer:LambdaInsightsExtension:38"],
  )
}
