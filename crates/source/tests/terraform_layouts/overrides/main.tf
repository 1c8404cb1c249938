resource "aws_lambda_function" "fn" {
  function_name = "fn"
  role          = "arn:aws:iam::111122223333:role/fn"
  runtime       = "python3.9"
  handler       = "fn.handler"
  filename      = "fn.zip"
  environment {
    variables = { MODE = "local" }
  }
}
