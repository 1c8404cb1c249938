variable "subnets" {
  type    = list(string)
  default = ["subnet-0aaa", "subnet-0bbb"]
}

locals {
  file_systems = [{ arn = "arn:aws:elasticfilesystem:eu-west-1:111122223333:access-point/fsap-0123456789abcdef0", path = "/mnt/data" }]
  rules = {
    https = { port = 443, cidrs = ["10.0.0.0/8"] }
    pg    = { port = 5432, cidrs = ["10.1.0.0/16", "10.2.0.0/16"] }
  }
}

resource "aws_security_group" "fn" {
  name   = "fn"
  vpc_id = "vpc-0123"

  dynamic "egress" {
    for_each = local.rules
    iterator = rule
    content {
      description = rule.key
      from_port   = rule.value.port
      to_port     = rule.value.port
      protocol    = "tcp"
      cidr_blocks = rule.value.cidrs
    }
  }
}

resource "aws_lambda_function" "fn" {
  function_name = "fn"
  role          = "arn:aws:iam::111122223333:role/fn"
  runtime       = "java21"
  handler       = "com.acme.Handler::handle"
  filename      = "fn.jar"

  dynamic "vpc_config" {
    for_each = length(var.subnets) > 0 ? [1] : []
    content {
      subnet_ids         = var.subnets
      security_group_ids = [aws_security_group.fn.id]
    }
  }

  dynamic "file_system_config" {
    for_each = local.file_systems
    content {
      arn              = file_system_config.value.arn
      local_mount_path = file_system_config.value["path"]
    }
  }

  dynamic "snap_start" {
    for_each = [for on in [true] : on if on]
    content {
      apply_on = "PublishedVersions"
    }
  }
}
