provider "aws" {
  region = "eu-west-1"
}

provider "aws" {
  alias  = "us"
  region = "us-east-1"
}

module "platform" {
  source = "./modules/platform"
  providers = {
    aws      = aws
    aws.edge = aws.us
  }
  name = "shop"
}
