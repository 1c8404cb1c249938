locals {
  routes = {
    "GET /orders"       = { function = "list", auth = true }
    "POST /orders"      = { function = "create", auth = true }
    "GET /health"       = { function = "health", auth = false }
  }
  functions = toset([for route in local.routes : route.function])
}

data "aws_caller_identity" "me" {}
data "aws_region" "here" {}

resource "aws_apigatewayv2_api" "api" {
  name          = "orders"
  protocol_type = "HTTP"
  cors_configuration {
    allow_origins = ["https://shop.example.com"]
    allow_methods = ["GET", "POST"]
  }
}

resource "aws_apigatewayv2_authorizer" "jwt" {
  api_id           = aws_apigatewayv2_api.api.id
  name             = "jwt"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]
  jwt_configuration {
    audience = ["orders"]
    issuer   = "https://login.example.com/"
  }
}

resource "aws_apigatewayv2_stage" "default" {
  api_id      = aws_apigatewayv2_api.api.id
  name        = "$default"
  auto_deploy = true
}

resource "aws_iam_role" "fn" {
  for_each           = local.functions
  name               = "orders-${each.key}"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })
}

resource "aws_lambda_function" "fn" {
  for_each      = local.functions
  function_name = "orders-${each.key}"
  role          = aws_iam_role.fn[each.value].arn
  runtime       = "nodejs22.x"
  handler       = "${each.key}.handler"
  filename      = "dist/${each.key}.zip"
}

resource "aws_apigatewayv2_integration" "fn" {
  for_each               = aws_lambda_function.fn
  api_id                 = aws_apigatewayv2_api.api.id
  integration_type       = "AWS_PROXY"
  integration_uri        = each.value.invoke_arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "route" {
  for_each           = local.routes
  api_id             = aws_apigatewayv2_api.api.id
  route_key          = each.key
  target             = "integrations/${aws_apigatewayv2_integration.fn[each.value.function].id}"
  authorization_type = each.value.auth ? "JWT" : "NONE"
  authorizer_id      = each.value.auth ? aws_apigatewayv2_authorizer.jwt.id : null
}

resource "aws_lambda_permission" "api" {
  for_each      = local.routes
  statement_id  = "Allow-${replace(replace(each.key, " ", "-"), "/", "")}"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.fn[each.value.function].function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "arn:aws:execute-api:${data.aws_region.here.name}:${data.aws_caller_identity.me.account_id}:${aws_apigatewayv2_api.api.id}/*/${split(" ", each.key)[0]}${split(" ", each.key)[1]}"
}
