resource "aws_sqs_queue" "jobs" {}
resource "aws_iam_user" "ci" { name = "ci" }
