locals {
  managed = toset(["AWSXRayDaemonWriteAccess", "AmazonSQSReadOnlyAccess"])
  own = {
    tables = ["dynamodb:Query"]
    mails  = ["ses:SendEmail"]
  }
}
resource "aws_iam_role" "fn" {
  name = "fn"
  assume_role_policy = <<EOF
{
  "Version": "2012-10-17",
  "Statement": [{"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}}]
}
EOF
}
data "aws_iam_policy" "managed" {
  for_each = local.managed
  name     = each.value
}
resource "aws_iam_role_policy_attachment" "managed" {
  for_each   = data.aws_iam_policy.managed
  role       = aws_iam_role.fn.name
  policy_arn = each.value.arn
}
resource "aws_iam_policy" "own" {
  for_each = local.own
  name     = "fn-${each.key}"
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = each.value, Resource = "*" }] })
}
resource "aws_iam_role_policy_attachment" "own" {
  for_each   = aws_iam_policy.own
  role       = aws_iam_role.fn.name
  policy_arn = each.value.arn
}
resource "aws_iam_role_policies_exclusive" "fn" {
  role_name    = aws_iam_role.fn.name
  policy_names = []
}
