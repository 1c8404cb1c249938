terraform {
  required_version = ">= 1.6"
  backend "s3" {
    bucket = "acme-state"
    key    = "dev.tfstate"
    region = "eu-west-1"
  }
}

provider "aws" {
  region = var.region
}

variable "region" { type = string }
variable "log_retention" { type = number }

module "service" {
  source        = "../../modules/service"
  environment   = "dev"
  log_retention = var.log_retention
}
