//! A function without the extension of CloudWatch Lambda Insights.

use crate::subject::asked::{Asked, each_function};
use crate::verdict::judge::evidence;
use crate::verdict::possible::any;
use crate::{Check, Context, Draft, Findings};
use maremma_iam::{Arn, Match};
use maremma_model::noun::LayerVersion;
use maremma_model::{
    Confidence, Control, Equivalent, Fact, Fix, Function, Id, Link, Peer, Rule, Severity, Text, Tier, Verdict,
};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "insights-missing",
        title: "Function without Lambda Insights",
        tier: Tier::Hygiene,
        severity: Severity::Info,
        confidence: Confidence::High,
        subject: "AWS::Lambda::Function",
        controls: &[Control::cis("4.2"), Control::owasp("SAS-5")],
        equivalents: &[
            Equivalent::near(Peer::CloudSploit, "lambdaEnhancedMonitoring"),
            Equivalent::exact(Peer::Steampipe, "lambda_function_cloudwatch_insights_enabled"),
        ],
        page: include_str!("insights_missing.md"),
    },
    run,
};

/// The names of the layers, by architecture: `LambdaInsightsExtension`, `LambdaInsightsExtension-Arm64`.
/// Source: Amazon CloudWatch user guide, "Available versions of the Lambda Insights extension".
const LAYER: &str = "LambdaInsightsExtension";

/// Runtimes that run no extensions. Source: AWS Lambda developer guide, "Using the Lambda Extensions API".
const WITHOUT_EXTENSIONS: [&str; 8] = [
    "dotnetcore1.0",
    "dotnetcore2.0",
    "dotnetcore2.1",
    "go1.x",
    "nodejs6.10",
    "nodejs8.10",
    "python2.7",
    "python3.6",
];

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    each_function(context, findings, asked, |id, row| draft(context, id, row));
}

fn asked(row: &Function) -> Asked {
    let runtime = row.runtime.value().and_then(Text::as_literal).unwrap_or("");
    if WITHOUT_EXTENSIONS.contains(&runtime) {
        return Asked::No("the runtime runs no extensions");
    }
    Asked::not_at_edge(row, "Lambda@Edge has no layers")
        .and(Asked::no_image(row, "an image brings its extensions itself"))
        .and(Asked::not_managed(
            row,
            "whether Lambda Insights runs on instances of a capacity provider is not documented",
        ))
        .and(Asked::not_signed(
            row,
            "the function takes only layers that its own publishers have signed",
        ))
}

fn draft(context: &Context<'_>, id: Id<Function>, row: &Function) -> Draft {
    let told = any(&row.layers, &|layer| is_insights(context, layer));
    let fact = |value| Fact::Attribute {
        name: "Layers".into(),
        value,
    };
    let fix = Fix::new("Add the layer of your region and architecture, and let the role write its logs").snippet(
        "Layers:\n  \
           - !Sub \"arn:aws:lambda:${AWS::Region}:580247275435:layer:LambdaInsightsExtension:60\" # account and version of your region\n\n\
         # in the role\n\
         ManagedPolicyArns: [!Sub \"arn:${AWS::Partition}:iam::aws:policy/CloudWatchLambdaInsightsExecutionRolePolicy\"]",
    );
    let at = |says: &str, value| evidence(&row.resource, told.at, says, fact(value));
    match told.is {
        Match::Yes => {
            let says = "Layers has the extension of Lambda Insights";
            Draft::new(id, Verdict::Pass, says, at(says, Some(LAYER.to_owned())))
        }
        Match::No => {
            let says = "Layers has no extension of Lambda Insights";
            let evidence = evidence(&row.resource, &row.layers.at, says, fact(None));
            let message = format!("CloudWatch Lambda Insights does not watch {}", context.name(id));
            Draft::new(id, Verdict::Fail, message, evidence).fix(fix)
        }
        Match::Unknown => {
            let because = told.why.map_or_else(String::new, |why| format!(": {why}"));
            let says = format!("whether Layers has the extension of Lambda Insights is not known{because}");
            let message = format!(
                "not known whether CloudWatch Lambda Insights watches {}{because}",
                context.name(id)
            );
            Draft::new(id, Verdict::Undetermined, message, at(&says, None))
                .undecided(told.why.cloned())
                .fix(fix)
        }
    }
}

fn is_insights(context: &Context<'_>, layer: &Link<LayerVersion>) -> Match {
    match layer {
        Link::Here(id) => context.name(*id).starts_with(LAYER).into(),
        Link::Outside(text) => {
            let resource = Arn::parse(text).map(|arn| arn.resource);
            match resource.as_ref().unwrap_or(text) {
                Text::Literal(name) => name.trim_start_matches("layer:").starts_with(LAYER).into(),
                holed @ Text::Holed(_) => by_start(holed.prefix().trim_start_matches("layer:")),
            }
        }
        Link::Unknown(_) => Match::Unknown,
    }
}

/// Of the layer's name only the beginning is known.
fn by_start(start: &str) -> Match {
    if start.starts_with(LAYER) {
        Match::Yes
    } else if LAYER.starts_with(start) {
        Match::Unknown
    } else {
        Match::No
    }
}
