data "aws_ssm_parameter" "role" {
  name = "/platform/role"
}
resource "aws_lambda_function" "fn" {
  function_name = "fn"
  role          = data.aws_ssm_parameter.role.value
  runtime       = "python3.13"
  handler       = "fn.handler"
  filename      = "fn.zip"
}
