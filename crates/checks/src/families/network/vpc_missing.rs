//! A function outside of any VPC.

use crate::subject::asked::brought;
use crate::verdict::judge::{attribute, whole};
use crate::{Check, Context, Draft, Findings};
use maremma_model::noun::Subnet;
use maremma_model::{
    Confidence, Control, Equivalent, Fix, Function, Id, Link, Peer, Rule, Setting, Severity, State, Tier, Verdict, Why,
};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "vpc-missing",
        title: "Function outside of a VPC",
        tier: Tier::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        subject: "AWS::Lambda::Function",
        controls: &[
            Control::fsbp("Lambda.3"),
            Control::nist("SC-7"),
            Control::pci("1.3.1"),
            Control::owasp("SAS-3"),
        ],
        equivalents: &[
            Equivalent::exact(Peer::Checkov, "CKV_AWS_117"),
            Equivalent::near(Peer::Prowler, "awslambda_function_inside_vpc"),
            Equivalent::near(Peer::SecurityHub, "FSBP Lambda.3"),
            Equivalent::near(Peer::CfnNag, "W89"),
            Equivalent::near(Peer::Config, "lambda-inside-vpc"),
            Equivalent::near(Peer::ControlTower, "CT.LAMBDA.PR.3"),
            Equivalent::near(Peer::CdkNag, "LambdaInsideVPC"),
        ],
        page: include_str!("vpc_missing.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, function) in context.estate.functions.iter() {
        findings.add(draft(context, id, function).affects([id]));
    }
}

fn draft(context: &Context<'_>, id: Id<Function>, function: &Function) -> Draft {
    let not_applicable = |says: &str| Draft::new(id, Verdict::NotApplicable, says, whole(&function.resource, says));
    if function.edge {
        return not_applicable("the function runs at the edge, which has no VPC");
    }
    if !function.capacity_provider.is_unset() {
        return not_applicable("the function runs in the VPC of its capacity provider");
    }
    if let Some(says) = brought(function) {
        return not_applicable(says);
    }
    let subnets = &function.vpc.subnets;
    let mut evidence = attribute(
        &function.resource,
        "VpcConfig.SubnetIds",
        subnets,
        &|list| match list.len() {
            0 => "empty".to_owned(),
            1 => "one subnet".to_owned(),
            many => format!("{many} subnets"),
        },
    );
    let name = context.name(id);
    let bad = format!("{name} runs in no VPC");
    let (verdict, undecided) = missing(&subnets.state);
    let message = match verdict {
        Verdict::Fail => {
            if subnets.is_unset() {
                evidence.says = "VpcConfig is not set".to_owned();
            }
            bad
        }
        Verdict::Undetermined => format!("not known whether {bad}: {}", evidence.says),
        Verdict::Pass | Verdict::NotApplicable => "the function has subnets".to_owned(),
    };
    Draft::new(id, verdict, message, evidence)
        .undecided(undecided)
        .fix(fix())
}

/// Subnets that are given at deployment are subnets.
fn missing(state: &State<Vec<Setting<Link<Subnet>>>>) -> (Verdict, Vec<Why>) {
    match state {
        State::Unset => (Verdict::Fail, Vec::new()),
        State::Set(subnets) | State::Default(subnets) if subnets.is_empty() => (Verdict::Fail, Vec::new()),
        State::Set(_) | State::Default(_) => (Verdict::Pass, Vec::new()),
        State::Unknown(unknown) if unknown.candidates.is_empty() => match unknown.why {
            Why::Condition(_) | Why::Macro(_) | Why::Unresolved(_) | Why::NotKept => {
                (Verdict::Undetermined, vec![unknown.why.clone()])
            }
            _ => (Verdict::Pass, Vec::new()),
        },
        State::Unknown(unknown) => {
            let worlds = || unknown.candidates.iter().map(|candidate| missing(&candidate.state).0);
            match worlds().next() {
                Some(first) if first != Verdict::Undetermined && worlds().all(|world| world == first) => {
                    (first, Vec::new())
                }
                _ => (Verdict::Undetermined, vec![unknown.why.clone()]),
            }
        }
    }
}

fn fix() -> Fix {
    Fix::new(
        "Attach the function to private subnets, where it must reach what is in a VPC or must not reach the internet",
    )
    .snippet(
        "VpcConfig:\n  \
               SubnetIds: [!Ref PrivateSubnetA, !Ref PrivateSubnetB]\n  \
               SecurityGroupIds: [!Ref FunctionSecurityGroup]",
    )
}
