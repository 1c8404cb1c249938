//! A function behind the default security group of its VPC.

use crate::subject::vpc::{Attached, attached};
use crate::verdict::judge::{evidence, whole};
use crate::verdict::possible::{Told, any};
use crate::{Check, Context, Draft, Findings};
use maremma_iam::Match;
use maremma_model::noun::AnyLink;
use maremma_model::{
    AnyId, Confidence, Control, Equivalent, Fact, Fix, Function, Id, Peer, Rule, Severity, Tier, Verdict,
};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "vpc-default-security-group",
        title: "Function behind the default security group",
        tier: Tier::Hardening,
        severity: Severity::Medium,
        confidence: Confidence::High,
        subject: "AWS::Lambda::Function",
        controls: &[
            Control::nist("AC-4(21)"),
            Control::nist("SC-7"),
            Control::owasp("SAS-3"),
        ],
        equivalents: &[
            Equivalent::near(Peer::Checkov, "CKV2_AWS_12"),
            Equivalent::near(Peer::Prowler, "ec2_securitygroup_default_restrict_traffic"),
            Equivalent::near(Peer::SecurityHub, "FSBP EC2.2"),
            Equivalent::near(Peer::Config, "vpc-default-security-group-closed"),
        ],
        page: include_str!("vpc_default_security_group.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, function) in context.estate.functions.iter() {
        let draft = match attached(context, function) {
            Ok(attached) if attached.vpc.security_groups.is_unset() => {
                let says = "the function has no security group";
                Draft::new(id, Verdict::NotApplicable, says, whole(&function.resource, says))
            }
            Ok(attached) => judged(context, id, attached),
            Err(says) => Draft::new(id, Verdict::NotApplicable, says, whole(&function.resource, says)),
        };
        findings.add(draft.affects([id]));
    }
}

fn judged(context: &Context<'_>, id: Id<Function>, attached: Attached<'_>) -> Draft {
    let told = any(&attached.vpc.security_groups, &|group| is_default(context, group));
    let says = words(context, &told);
    let fact = Fact::Attribute {
        name: "VpcConfig.SecurityGroupIds".into(),
        value: None,
    };
    let evidence = evidence(attached.resource, told.at, says.as_str(), fact);
    let bad = format!("{} shares the default security group of its VPC", context.name(id));
    match (told.is, told.value) {
        (Match::Yes, _) => Draft::new(id, Verdict::Fail, bad, evidence).fix(fix()),
        (Match::Unknown, Some(_)) => {
            let message = format!("not known whether {bad}: {says}");
            Draft::new(id, Verdict::Undetermined, message, evidence)
                .undecided(told.why.cloned())
                .fix(fix())
        }
        (Match::Unknown, None) => Draft::new(id, Verdict::NotApplicable, says, evidence),
        (Match::No, _) => Draft::new(id, Verdict::Pass, says, evidence),
    }
}

/// A group outside of the input has a name of its own: nothing says that it is the default one.
fn is_default(context: &Context<'_>, group: &AnyLink) -> Match {
    match group {
        AnyLink::Here(AnyId::Vpc(_)) => Match::Yes,
        AnyLink::Here(AnyId::SecurityGroup(id)) => {
            let row = context.estate.security_groups.get(*id);
            row.is_some_and(|row| row.is_default.value() == Some(&true)).into()
        }
        _ => Match::No,
    }
}

fn words(context: &Context<'_>, told: &Told<'_, AnyLink>) -> String {
    let when = told.when.map(|when| format!(" when {when}")).unwrap_or_default();
    match told.value {
        Some(AnyLink::Here(AnyId::Vpc(vpc))) if !told.is.is_no() => {
            format!("SecurityGroupIds has the default group of {}{when}", context.name(*vpc))
        }
        Some(AnyLink::Here(id)) if !told.is.is_no() => {
            format!("SecurityGroupIds has the default group {}{when}", context.name(*id))
        }
        None if told.is.is_unknown() => "the security groups are known only at deployment".to_owned(),
        _ => "SecurityGroupIds has no default group".to_owned(),
    }
}

fn fix() -> Fix {
    Fix::new("Give the function a security group of its own, with the egress that it needs").snippet(
        "VpcConfig:\n  \
           SecurityGroupIds: [!Ref FunctionSecurityGroup]\n\n\
         # in Resources\n\
         FunctionSecurityGroup:\n  \
           Type: AWS::EC2::SecurityGroup\n  \
           Properties:\n    \
             GroupDescription: Only what the function calls\n    \
             VpcId: !Ref Vpc\n    \
             SecurityGroupEgress:\n      \
               - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/16}",
    )
}
