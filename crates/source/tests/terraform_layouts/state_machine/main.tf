resource "aws_sfn_state_machine" "flow" {
  name     = "flow"
  role_arn = aws_iam_role.flow.arn
  definition = templatefile("${path.module}/flow.asl.json", {
    function_arn = aws_lambda_function.step.arn
    retries      = 3
  })
}
resource "aws_lambda_function" "step" {
  function_name = "step"
  role          = aws_iam_role.step.arn
  runtime       = "python3.13"
  handler       = "step.handler"
  filename      = "step.zip"
}
data "aws_iam_policy_document" "trust" {
  for_each = toset(["lambda", "states"])
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["${each.key}.amazonaws.com"]
    }
  }
}
resource "aws_iam_role" "step" {
  name               = "step"
  assume_role_policy = data.aws_iam_policy_document.trust["lambda"].json
}
resource "aws_iam_role" "flow" {
  name               = "flow"
  assume_role_policy = data.aws_iam_policy_document.trust["states"].json
}
resource "aws_iam_role_policy" "flow" {
  role   = aws_iam_role.flow.id
  policy = templatefile("${path.module}/policy.json", { arns = jsonencode([aws_lambda_function.step.arn, "${aws_lambda_function.step.arn}:*"]) })
}
