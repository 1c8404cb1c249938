variable "role_arn" { type = string }
resource "aws_lambda_function" "fn" {
  function_name = "fn"
  role          = var.role_arn
  runtime       = "python3.13"
  handler       = "fn.handler"
  filename      = "fn.zip"
}
