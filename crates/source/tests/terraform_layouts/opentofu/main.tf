resource "aws_lambda_function" "fn" {
  function_name = "of-terraform"
}
