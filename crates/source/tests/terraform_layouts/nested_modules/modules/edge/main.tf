variable "name" { type = string }

module "role" {
  source     = "../role"
  name       = var.name
  principals = ["lambda.amazonaws.com", "edgelambda.amazonaws.com"]
}

resource "aws_lambda_function" "edge" {
  function_name = var.name
  role          = module.role.arn
  runtime       = "nodejs22.x"
  handler       = "edge.handler"
  filename      = "edge.zip"
  publish       = true
}

output "role" { value = module.role.arn }
