locals {
  schedules = {
    nightly = { expression = "cron(0 2 * * ? *)", input = { mode = "full" } }
    hourly  = { expression = "rate(1 hour)", input = { mode = "delta" }, enabled = false }
  }
}

resource "aws_lambda_function" "job" {
  function_name = "job"
  role          = aws_iam_role.job.arn
  runtime       = "python3.13"
  handler       = "job.run"
  filename      = "job.zip"
  timeout       = 15 * 60
}

resource "aws_iam_role" "job" {
  name_prefix        = "job-"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = ["lambda.amazonaws.com", "scheduler.amazonaws.com"] } }] })
}

resource "aws_cloudwatch_event_rule" "schedule" {
  for_each            = local.schedules
  name                = "job-${each.key}"
  schedule_expression = each.value.expression
  state               = lookup(each.value, "enabled", true) ? "ENABLED" : "DISABLED"
}

resource "aws_cloudwatch_event_target" "schedule" {
  for_each = aws_cloudwatch_event_rule.schedule
  rule     = each.value.name
  arn      = aws_lambda_function.job.arn
  input    = jsonencode(local.schedules[each.key].input)
}

resource "aws_lambda_permission" "schedule" {
  for_each      = local.schedules
  statement_id  = "AllowEvents${title(each.key)}"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.job.function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.schedule[each.key].arn
}

resource "aws_scheduler_schedule" "weekly" {
  name                = "weekly"
  schedule_expression = "rate(7 days)"
  flexible_time_window {
    mode = "OFF"
  }
  target {
    arn      = aws_lambda_function.job.arn
    role_arn = aws_iam_role.job.arn
  }
}
