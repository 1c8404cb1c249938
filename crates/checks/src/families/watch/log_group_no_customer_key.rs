//! A log group of functions that is encrypted with a key of AWS's.

use crate::subject::logs::{Logs, only_retention};
use crate::verdict::given::judge_given;
use crate::verdict::judge::whole;
use crate::{Check, Context, Draft, Findings};
use maremma_model::noun::AnyLink;
use maremma_model::{Confidence, Control, Equivalent, Fix, Peer, Rule, Severity, Tier, Verdict};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "log-group-no-customer-key",
        title: "Logs of functions without a customer managed key",
        tier: Tier::Hygiene,
        severity: Severity::Info,
        confidence: Confidence::High,
        subject: "AWS::Logs::LogGroup",
        controls: &[
            Control::nist("AU-9(3)"),
            Control::nist("SC-28(1)"),
            Control::pci("10.3.2"),
            Control::owasp("SAS-5"),
        ],
        equivalents: &[
            Equivalent::exact(Peer::Checkov, "CKV_AWS_158"),
            Equivalent::near(Peer::CfnNag, "W84"),
            Equivalent::near(Peer::Config, "cloudwatch-log-group-encrypted"),
            Equivalent::near(Peer::Prowler, "cloudwatch_log_group_kms_encryption_enabled"),
        ],
        page: include_str!("log_group_no_customer_key.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let writers = Logs::of(context).writers();
    for (id, group) in context.estate.log_groups.iter() {
        let functions = writers.get(&id);
        let excused = match functions {
            None => Some("no function here writes to the log group"),
            Some(_) if only_retention(group) => Some("the resource sets the retention of a log group only"),
            Some(_) => None,
        };
        let draft = match excused {
            Some(says) => Draft::new(id, Verdict::NotApplicable, says, whole(&group.resource, says)),
            None => {
                let show = |key: &AnyLink| context.any_linked(key);
                let empty = |key: &AnyLink| matches!(key, AnyLink::Outside(text) if text.as_literal() == Some(""));
                let judgement = judge_given(&group.resource, "KmsKeyId", &group.kms_key, &show, &empty);
                let bad = "CloudWatch Logs encrypts the logs with a key of its own, which no policy of yours guards";
                Draft::judged(id, judgement, bad).fix(fix())
            }
        };
        findings.add(draft.affects(functions.into_iter().flatten().copied()));
    }
}

fn fix() -> Fix {
    Fix::new("Name a key of yours, whose policy lets CloudWatch Logs use it for this log group").snippet(
        "KmsKeyId: !GetAtt Key.Arn\n\n\
         # in the policy of the key\n\
         - Effect: Allow\n  \
           Principal: {Service: !Sub \"logs.${AWS::Region}.amazonaws.com\"}\n  \
           Action: [kms:Encrypt, kms:Decrypt, kms:GenerateDataKey*, kms:DescribeKey]\n  \
           Resource: \"*\"\n  \
           Condition: {ArnLike: {\"kms:EncryptionContext:aws:logs:arn\": !Sub \"arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:*\"}}",
    )
}
