//! A VPC that functions run in, and whose traffic nobody records.

use crate::access::role::functions;
use crate::subject::vpc::{Residents, here};
use crate::verdict::judge::whole;
use crate::{Check, Context, Draft, Findings};
use maremma_iam::Match;
use maremma_model::noun::{AnyLink, FlowLog, Vpc};
use maremma_model::{
    AnyId, Confidence, Control, Equivalent, Existence, Fix, Id, Peer, Resource, Rule, Severity, State, Tier, Verdict,
    Why,
};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "flow-logs-off",
        title: "VPC without flow logs",
        tier: Tier::Hygiene,
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        subject: "AWS::EC2::VPC",
        controls: &[
            Control::fsbp("EC2.6"),
            Control::nist("AC-4(26)"),
            Control::nist("SI-4"),
            Control::pci("10.2.1"),
            Control::owasp("SAS-5"),
        ],
        equivalents: &[
            Equivalent::exact(Peer::Checkov, "CKV2_AWS_11"),
            Equivalent::near(Peer::Prowler, "vpc_flow_logs_enabled"),
            Equivalent::near(Peer::SecurityHub, "FSBP EC2.6"),
            Equivalent::near(Peer::Config, "vpc-flow-logs-enabled"),
            Equivalent::near(Peer::CfnNag, "W60"),
            Equivalent::near(Peer::Trivy, "AWS-0178"),
        ],
        page: include_str!("flow_logs_off.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let residents = Residents::of(context);
    let mut unasked = None;
    for (id, vpc) in context.estate.vpcs.iter() {
        let within = residents.of_vpc(id);
        let name = context.name(id);
        let bad = format!(
            "Nobody records the traffic of VPC {name}, in which {} runs",
            functions(context, &within)
        );
        let (is, why) = recorded(context, &residents, id, vpc);
        let draft = if within.is_empty() {
            let says = "no function of this input runs in the VPC";
            Draft::new(id, Verdict::NotApplicable, says, whole(&vpc.resource, says))
        } else {
            let missing = context.unasked("AWS::EC2::FlowLog", &vpc.resource);
            match is {
                Match::No if missing.is_some() => {
                    unasked = missing;
                    let says = "the flow logs of the account were not asked for";
                    Draft::new(id, Verdict::NotApplicable, says, whole(&vpc.resource, says))
                }
                Match::Yes => {
                    let says = "flow logs record the traffic";
                    Draft::new(id, Verdict::Pass, says, whole(&vpc.resource, says))
                }
                Match::No => Draft::new(
                    id,
                    Verdict::Fail,
                    bad,
                    whole(&vpc.resource, "no flow log is on the VPC"),
                ),
                Match::Unknown => {
                    let doubt = "a flow log may be on the VPC";
                    let message = format!("not known whether {bad}: {doubt}");
                    Draft::new(id, Verdict::Undetermined, message, whole(&vpc.resource, doubt)).undecided(why)
                }
            }
        };
        findings.add(draft.affects(within).fix(fix(&vpc.resource)));
    }
    if let Some(why) = unasked {
        findings.not_assessed(format!("not all flow logs are known: {why}"));
    }
}

/// Whether the traffic of functions in a VPC is recorded: of the VPC, or of each of their subnets.
fn recorded(context: &Context<'_>, residents: &Residents, id: Id<Vpc>, vpc: &Vpc) -> (Match, Option<Why>) {
    let on = |on: AnyId| covered(context, on, &vpc.resource);
    let whole = on(id.into());
    let within = residents.subnets().filter(|subnet| {
        let row = context.estate.subnets.get(*subnet);
        row.is_some_and(|row| here(&row.vpc).any(|of| of == id))
    });
    let each: Vec<_> = within.map(|subnet| on(subnet.into())).collect();
    let all = match each.as_slice() {
        [] => Match::No,
        subnets => Match::all(subnets.iter().map(|(is, _)| *is)),
    };
    let why = std::iter::once(&whole).chain(&each).find_map(|(_, why)| why.clone());
    (whole.0.or(all), why)
}

/// Whether a flow log is on something, and what decides that.
fn covered(context: &Context<'_>, on: AnyId, of: &Resource) -> (Match, Option<Why>) {
    let logs = context.estate.flow_logs.values();
    let logs = logs
        .filter(|log| log.resource.unit == of.unit)
        .map(|log| is_on(log, on, of));
    logs.min_by_key(|(is, _)| match is {
        Match::Yes => 0,
        Match::Unknown => 1,
        Match::No => 2,
    })
    .unwrap_or((Match::No, None))
}

fn is_on(log: &FlowLog, on: AnyId, of: &Resource) -> (Match, Option<Why>) {
    let named = log.on.possible().filter_map(AnyLink::here).any(|id| id == on);
    let unknown = match &log.on.state {
        State::Unknown(unknown) => Some(&unknown.why),
        _ => None,
    };
    match (named, unknown) {
        // What is given at deployment is rather something that is not made here.
        (false, _) => (Match::No, None),
        (true, Some(why)) => (Match::Unknown, Some(why.clone())),
        (true, None) => match &log.resource.exists {
            Existence::Always => (Match::Yes, None),
            same if *same == of.exists => (Match::Yes, None),
            Existence::When(words) => (Match::Unknown, Some(Why::Condition(words.clone()))),
            Existence::OffByDefault(_) => (Match::No, None),
        },
    }
}

fn fix(vpc: &Resource) -> Fix {
    let name = vpc.address.rsplit('/').next().unwrap_or("Vpc");
    Fix::new("Record the traffic of the VPC").snippet(format!(
        "{name}FlowLog:\n  \
           Type: AWS::EC2::FlowLog\n  \
           Properties:\n    \
             ResourceType: VPC\n    \
             ResourceId: !Ref {name}\n    \
             TrafficType: ALL\n    \
             LogDestinationType: s3\n    \
             LogDestination: !GetAtt FlowLogBucket.Arn"
    ))
}
