//! Data sources: those that follow from the configuration, and those that do not.

use super::{main, run};

#[test]
fn a_policy_document_is_the_policy_that_its_blocks_make() {
    let ran = main(
        r#"
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}
data "aws_iam_policy_document" "access" {
  for_each = { read = ["s3:GetObject"], write = ["s3:PutObject", "s3:DeleteObject"] }
  dynamic "statement" {
    for_each = [each.key]
    content {
      sid       = title(statement.value)
      actions   = each.value
      resources = [aws_s3_bucket.b.arn, "${aws_s3_bucket.b.arn}/*"]
    }
  }
}
resource "aws_s3_bucket" "b" {}
resource "aws_iam_role" "r" {
  count              = 2
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
resource "aws_iam_role_policy" "p" {
  for_each = data.aws_iam_policy_document.access
  role     = aws_iam_role.r[0].id
  policy   = each.value.json
}
"#,
    );
    assert_eq!(
        ran.clean().body("aws_iam_role.r[1]"),
        "{assume_role_policy: {Statement: [{Action: \"sts:AssumeRole\", Effect: \"Allow\", \
         Principal: {Service: \"lambda.amazonaws.com\"}}], Version: \"2012-10-17\"}}"
    );
    assert_eq!(
        ran.attribute("aws_iam_role_policy.p[\"read\"]", "policy.Statement"),
        "[{Action: \"s3:GetObject\", Effect: \"Allow\", Resource: [\"<aws_s3_bucket.b.arn>\", \"<aws_s3_bucket.b.arn>/*\"], Sid: \"Read\"}]"
    );
    assert_eq!(ran.promised.len(), 5);
    assert_eq!(
        ran.written("aws_iam_role.r[0]", "assume_role_policy.Statement[0].Action"),
        "\"sts:AssumeRole\""
    );
}

#[test]
fn what_only_aws_knows_is_a_hole_of_its_own_name() {
    let ran = run(&[(
        "main.tf",
        r#"
provider "aws" { region = "eu-west-1" }
provider "aws" {
  alias  = "edge"
  region = "us-east-1"
}
data "aws_caller_identity" "current" {}
data "aws_region" "current" {}
data "aws_region" "edge" { provider = aws.edge }
data "aws_ssm_parameter" "p" { name = "/a/b" }
data "aws_subnets" "s" {
  count = 1
  filter {
    name   = "vpc-id"
    values = ["vpc-1"]
  }
}
data "archive_file" "zip" {
  type        = "zip"
  output_path = "${path.module}/f.zip"
}
data "terraform_remote_state" "net" { backend = "s3" }
resource "aws_x" "x" {
  account = data.aws_caller_identity.current.account_id
  region  = data.aws_region.current.name
  edge    = data.aws_region.edge.name
  value   = data.aws_ssm_parameter.p.value
  path    = data.aws_ssm_parameter.p.name
  subnets = data.aws_subnets.s[0].ids
  first   = data.aws_subnets.s[0].ids[0]
  file    = data.archive_file.zip.output_path
  remote  = data.terraform_remote_state.net.outputs.vpc_id
  text    = "x-${data.aws_ssm_parameter.p.value}"
}
"#,
    )]);
    assert_eq!(
        ran.clean().body("aws_x.x"),
        "{account: \"<AWS::AccountId>\", region: \"eu-west-1\", edge: \"us-east-1\", \
         value: \"<data.aws_ssm_parameter.p.value>\", path: \"/a/b\", subnets: \"<data.aws_subnets.s[0].ids>\", \
         first: ?data.aws_subnets.s[0].ids[0], file: \"./f.zip\", remote: ?data.terraform_remote_state.net.outputs.vpc_id, \
         text: \"x-<data.aws_ssm_parameter.p.value>\"}"
    );
}
