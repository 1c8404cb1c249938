provider "aws" {
  region = var.region
}

variable "region" { type = string }
variable "log_retention" { type = number }
variable "alarms" {
  type    = list(string)
  default = []
}

module "service" {
  source        = "../../modules/service"
  environment   = "prod"
  log_retention = var.log_retention
  memory        = { api = 1024 }
  alarms        = var.alarms
}
