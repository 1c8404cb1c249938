provider "aws" {
  region = "eu-west-1"
}

data "archive_file" "zip" {
  type        = "zip"
  source_file = "${path.module}/index.js"
  output_path = "${path.module}/build/index.zip"
}

resource "aws_iam_role" "hello" {
  name = "hello-lambda"

  assume_role_policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": "sts:AssumeRole",
          "Principal": { "Service": "lambda.amazonaws.com" }
        }
      ]
    }
  EOT
}

resource "aws_iam_role_policy_attachment" "logs" {
  role       = aws_iam_role.hello.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "hello" {
  function_name    = "hello"
  filename         = data.archive_file.zip.output_path
  source_code_hash = data.archive_file.zip.output_base64sha256
  handler          = "index.handler"
  runtime          = "nodejs22.x"
  role             = aws_iam_role.hello.arn

  environment {
    variables = {
      GREETING = "hello"
    }
  }

  depends_on = [aws_iam_role_policy_attachment.logs]
}
