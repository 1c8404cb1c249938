//! A security group of a function that lets everything out.

use crate::access::role::functions;
use crate::subject::traffic::{doubt, is_about_all_ports, is_about_everywhere, place};
use crate::subject::vpc::{Residents, here};
use crate::verdict::judge::{evidence, whole};
use crate::verdict::possible::any;
use crate::{Check, Context, Draft, Findings};
use maremma_iam::Match;
use maremma_model::noun::{SecurityGroup, TrafficRule};
use maremma_model::{
    Confidence, Control, Equivalent, Evidence, Fact, Fix, Id, Peer, Rule, Severity, State, Tier, Verdict, Why,
};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "vpc-security-group-egress-open",
        title: "Security group that lets everything out",
        tier: Tier::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        subject: "AWS::EC2::SecurityGroup",
        controls: &[Control::nist("AC-4"), Control::nist("SC-7(5)"), Control::owasp("SAS-3")],
        equivalents: &[
            Equivalent::near(Peer::Checkov, "CKV_AWS_382"),
            Equivalent::near(Peer::Trivy, "AWS-0104"),
            Equivalent::near(Peer::CfnNag, "F1000"),
            Equivalent::near(Peer::CfnNag, "W5"),
        ],
        page: include_str!("vpc_security_group_egress_open.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let residents = Residents::of(context);
    for (id, group) in context.estate.security_groups.iter() {
        let behind = residents.of_group(id);
        let (verdict, evidence, undecided) = if behind.is_empty() {
            let says = "no function of this input is behind the group";
            (Verdict::NotApplicable, whole(&group.resource, says), None)
        } else {
            out(context, id, group)
        };
        let bad = format!(
            "Security group {} lets {} send anything anywhere",
            context.name(id),
            functions(context, &behind)
        );
        let message = match verdict {
            Verdict::Fail => bad,
            Verdict::Undetermined => format!("not known whether {bad}: {}", evidence.says),
            Verdict::Pass | Verdict::NotApplicable => evidence.says.clone(),
        };
        let draft = Draft::new(id, verdict, message, evidence).undecided(undecided);
        findings.add(draft.affects(behind).fix(fix()));
    }
}

type Told = (Verdict, Evidence, Option<Why>);

fn out(context: &Context<'_>, id: Id<SecurityGroup>, group: &SecurityGroup) -> Told {
    let beside = beside(context, id);
    let by_default = matches!(group.egress.state, State::Default(_));
    if !(by_default && beside.is_some()) {
        let own = own(group);
        if own.0 != Verdict::Pass {
            return own;
        }
    }
    beside.unwrap_or_else(|| own(group))
}

/// The rules written on the group, or those that AWS adds where none is.
fn own(group: &SecurityGroup) -> Told {
    let told = any(&group.egress, &opens);
    let attribute = |says: String| {
        let fact = Fact::Attribute {
            name: "SecurityGroupEgress".into(),
            value: None,
        };
        evidence(&group.resource, told.at, says, fact)
    };
    let when = told.when.map(|when| format!(" when {when}")).unwrap_or_default();
    match (told.is, told.value) {
        (Match::Yes, _) if matches!(group.egress.state, State::Default(_)) => {
            let says = "SecurityGroupEgress is not set, so everything is let out".to_owned();
            (Verdict::Fail, attribute(says), None)
        }
        (Match::Yes, _) => {
            let says = "all ports are open to every address".to_owned();
            (Verdict::Fail, attribute(says), None)
        }
        (Match::Unknown, Some(rule)) => {
            let why = told.why.or_else(|| doubt(rule)).cloned();
            let says = match (&why, told.why) {
                (Some(why), None) => format!("what the rule opens is not known: {why}"),
                _ => format!("all ports may be open to every address{when}"),
            };
            (Verdict::Undetermined, attribute(says), why)
        }
        (Match::Unknown, None) => {
            let says = "SecurityGroupEgress is known only at deployment".to_owned();
            (Verdict::Undetermined, attribute(says), told.why.cloned())
        }
        (Match::No, _) => {
            let says = "no rule opens all ports to every address".to_owned();
            (Verdict::Pass, attribute(says), None)
        }
    }
}

/// The gravest of the rules that stand beside the group. With one of them, AWS CloudFormation removes
/// the rule that lets everything out. Source: github.com/aws/aws-cdk, issue 987.
fn beside(context: &Context<'_>, id: Id<SecurityGroup>) -> Option<Told> {
    let rows = context.estate.security_group_rules.values();
    let rows = rows.filter(|row| row.egress && here(&row.group).any(|group| group == id));
    let told = rows.map(|row| {
        let says = |says: &str| {
            let fact = Fact::Attribute {
                name: "CidrIp".into(),
                value: None,
            };
            evidence(&row.resource, place(&row.rule), says, fact)
        };
        match opens(&row.rule) {
            Match::Yes => (Verdict::Fail, says("all ports are open to every address"), None),
            Match::No => (
                Verdict::Pass,
                says("the rule does not open all ports to every address"),
                None,
            ),
            Match::Unknown => {
                let why = doubt(&row.rule).cloned();
                (Verdict::Undetermined, says("what the rule opens is not known"), why)
            }
        }
    });
    told.min_by_key(|(verdict, ..)| *verdict)
}

fn opens(rule: &TrafficRule) -> Match {
    is_about_all_ports(rule).and(is_about_everywhere(rule))
}

fn fix() -> Fix {
    Fix::new("Let out only what the function calls: its data stores, and VPC endpoints").snippet(
        "SecurityGroupEgress:\n  \
           - {IpProtocol: tcp, FromPort: 443, ToPort: 443, DestinationPrefixListId: pl-s3-of-the-region}\n  \
           - {IpProtocol: tcp, FromPort: 5432, ToPort: 5432, DestinationSecurityGroupId: !Ref DatabaseSecurityGroup}",
    )
}
