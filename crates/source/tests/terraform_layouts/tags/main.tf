locals {
  tags = { team = "data", cost-centre = "4711" }
}
provider "aws" {
  region = "eu-west-1"
  default_tags {
    tags = merge(local.tags, { managed-by = "terraform" })
  }
}
resource "aws_lambda_function" "fn" {
  function_name = "fn"
  role          = "arn:aws:iam::111122223333:role/fn"
  runtime       = "python3.13"
  handler       = "fn.handler"
  filename      = "fn.zip"
  tags = {
    team = "web"
  }
}
resource "aws_iam_role" "fn" {
  name               = "fn"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}
