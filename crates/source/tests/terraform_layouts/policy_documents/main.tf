locals {
  grants = {
    ReadOrders  = { actions = ["dynamodb:GetItem"], tables = ["orders"] }
    WriteEvents = { actions = ["dynamodb:PutItem"], tables = ["events", "audit"] }
  }
}
data "aws_caller_identity" "current" {}
data "aws_region" "current" {}
data "aws_partition" "current" {}

data "aws_iam_policy_document" "base" {
  statement {
    sid       = "Logs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["arn:${data.aws_partition.current.partition}:logs:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:log-group:/aws/lambda/*"]
  }
}
data "aws_iam_policy_document" "tables" {
  source_policy_documents = [data.aws_iam_policy_document.base.json]
  dynamic "statement" {
    for_each = local.grants
    content {
      sid       = statement.key
      actions   = statement.value.actions
      resources = formatlist("arn:aws:dynamodb:*:${data.aws_caller_identity.current.account_id}:table/%s", statement.value.tables)
      condition {
        test     = "Bool"
        variable = "aws:SecureTransport"
        values   = ["true"]
      }
    }
  }
}
data "aws_iam_policy_document" "final" {
  source_policy_documents   = [data.aws_iam_policy_document.tables.json]
  override_policy_documents = [jsonencode({ Version = "2012-10-17", Statement = [{ Sid = "Logs", Effect = "Deny", Action = "logs:*", Resource = "*" }] })]
}
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.${data.aws_partition.current.dns_suffix}"]
    }
  }
}
resource "aws_iam_role" "fn" {
  name               = "fn"
  path               = "/service/"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
resource "aws_iam_policy" "fn" {
  name_prefix = "fn-"
  policy      = data.aws_iam_policy_document.final.json
}
resource "aws_iam_role_policy_attachment" "fn" {
  role       = aws_iam_role.fn.name
  policy_arn = aws_iam_policy.fn.arn
}
resource "aws_s3_bucket" "data" {
  bucket_prefix = "data-"
}
resource "aws_iam_role_policy" "data" {
  name = "data"
  role = aws_iam_role.fn.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = formatlist("${aws_s3_bucket.data.arn}/%s/*", ["in", "out"]) }]
  })
}
