resource "aws_lambda_function" "fn" {
  runtime = "python3.13"
  environment {
    variables = { MODE = "prod" }
  }
}
