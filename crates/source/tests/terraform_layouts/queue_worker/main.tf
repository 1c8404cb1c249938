locals {
  queues = ["mail", "invoices"]
}

resource "aws_sqs_queue" "dead" {
  for_each                  = toset(local.queues)
  name                      = "${each.key}-dead"
  message_retention_seconds = 14 * 24 * 3600
}

resource "aws_sqs_queue" "work" {
  for_each                   = toset(local.queues)
  name                       = each.key
  visibility_timeout_seconds = aws_lambda_function.worker[each.key].timeout * 6
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead[each.key].arn
    maxReceiveCount     = 5
  })
}

resource "aws_lambda_function" "worker" {
  for_each      = toset(local.queues)
  function_name = "${each.key}-worker"
  role          = aws_iam_role.worker.arn
  runtime       = "python3.13"
  handler       = "${each.key}.handler"
  filename      = "worker.zip"
  timeout       = 30
}

resource "aws_lambda_event_source_mapping" "worker" {
  for_each                = aws_sqs_queue.work
  event_source_arn        = each.value.arn
  function_name           = aws_lambda_function.worker[each.key].arn
  batch_size              = 10
  function_response_types = ["ReportBatchItemFailures"]
  scaling_config {
    maximum_concurrency = 5
  }
}

resource "aws_iam_role" "worker" {
  name               = "worker"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })
}

resource "aws_iam_role_policy" "worker" {
  name = "queues"
  role = aws_iam_role.worker.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
        Resource = [for queue in aws_sqs_queue.work : queue.arn]
      },
      {
        Effect   = "Allow"
        Action   = "sqs:SendMessage"
        Resource = values(aws_sqs_queue.dead)[*].arn
      },
    ]
  })
}
