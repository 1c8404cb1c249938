# An order service as a team would write it: one module for functions, called for each of them.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = { team = "orders" }
  }
}

locals {
  functions = {
    intake = { runtime = "python3.13", public = true }
    report = { runtime = "nodejs16.x", public = false }
  }
}

module "function" {
  source   = "./modules/function"
  for_each = local.functions

  name    = "${var.prefix}-${each.key}"
  runtime = each.value.runtime
  public  = each.value.public
  table   = aws_dynamodb_table.orders.arn
  variables = {
    TABLE    = aws_dynamodb_table.orders.name
    LD_DEBUG = var.debug ? "libs" : null
  }
}

resource "aws_dynamodb_table" "orders" {
  name         = "${var.prefix}-orders"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }
}

resource "aws_s3_bucket" "invoices" {
  bucket = "${var.prefix}-invoices"
}

resource "aws_s3_bucket_notification" "invoices" {
  bucket = aws_s3_bucket.invoices.id

  lambda_function {
    lambda_function_arn = module.function["report"].arn
    events              = ["s3:ObjectCreated:*"]
  }
}

resource "aws_lambda_permission" "invoices" {
  statement_id  = "AllowInvoices"
  action        = "lambda:InvokeFunction"
  function_name = module.function["report"].name
  principal     = "s3.amazonaws.com"
  source_arn    = aws_s3_bucket.invoices.arn
}

# The deployment role of the pipeline, which functions were given as well.
resource "aws_iam_role_policy" "deploy" {
  name = "deploy"
  role = module.function["intake"].role

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"]
      Resource = "*"
    }]
  })
}
