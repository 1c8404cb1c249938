terraform {
  required_version = "~> 1.9"
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 6.0" }
  }
}
moved {
  from = aws_lambda_function.old
  to   = aws_lambda_function.fn
}
import {
  to = aws_lambda_function.fn
  id = "fn"
}
removed {
  from = aws_sqs_queue.old
  lifecycle {
    destroy = false
  }
}
check "health" {
  data "http" "health" {
    url = "https://example.com/health"
  }
  assert {
    condition     = data.http.health.status_code == 200
    error_message = "not healthy"
  }
}
resource "aws_lambda_function" "fn" {
  function_name = "fn"
  role          = "arn:aws:iam::111122223333:role/fn"
  runtime       = "python3.13"
  handler       = "fn.handler"
  filename      = "fn.zip"
  lifecycle {
    ignore_changes = [filename]
    precondition {
      condition     = length("fn") > 1
      error_message = "too short"
    }
  }
}
