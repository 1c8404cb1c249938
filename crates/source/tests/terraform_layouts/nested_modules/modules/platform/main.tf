terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      configuration_aliases = [aws.edge]
    }
  }
}

variable "name" { type = string }

module "edge" {
  source    = "../edge"
  providers = { aws = aws.edge }
  name      = "${var.name}-edge"
}

output "role" { value = module.edge.role }
