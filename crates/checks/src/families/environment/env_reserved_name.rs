//! An environment variable whose name Lambda keeps for itself.

use crate::verdict::given::given;
use crate::verdict::judge::{evidence, whole};
use crate::{Check, Context, Draft, Findings};
use maremma_model::noun::Variable;
use maremma_model::{Confidence, Control, Equivalent, Fact, Fix, Function, Id, Peer, Rule, Severity, Tier, Verdict};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "env-reserved-name",
        title: "Environment variable with a reserved name",
        tier: Tier::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        subject: "AWS::Lambda::Function",
        controls: &[Control::owasp("SAS-3")],
        equivalents: &[Equivalent::exact(Peer::CfnLint, "E3663")],
        page: include_str!("env_reserved_name.md"),
    },
    run,
};

/// Source: AWS Lambda developer guide, "Working with Lambda environment variables", reserved environment
/// variables.
const RESERVED: [&str; 18] = [
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
];

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, row) in context.estate.functions.iter() {
        let reserved = row
            .environment
            .iter()
            .filter(|variable| RESERVED.contains(&&*variable.name));
        let drafts: Vec<_> = reserved.map(|variable| draft(id, row, variable)).collect();
        if drafts.is_empty() {
            let says = "no variable has a name that Lambda reserves";
            findings.add(Draft::new(id, Verdict::Pass, says, whole(&row.resource, says)).affects([id]));
        }
        for draft in drafts {
            findings.add(draft.affects([id]));
        }
    }
}

fn draft(id: Id<Function>, row: &Function, variable: &Variable) -> Draft {
    let name = &variable.name;
    let (there, undecided) = given(&variable.value.state, &|_| false);
    let message = match there {
        Some(false) => format!("{name} is not set"),
        _ => format!("Lambda refuses the variable {name}, whose name it keeps for itself"),
    };
    let says = format!("Lambda sets {name} itself");
    let fact = Fact::Attribute {
        name: format!("Environment.Variables.{name}").into(),
        value: None,
    };
    let verdict = match there {
        Some(false) => Verdict::Pass,
        _ => Verdict::Fail,
    };
    let draft = Draft::new(
        id,
        verdict,
        message,
        evidence(&row.resource, &variable.value.at, says, fact),
    );
    let draft = match there {
        None => draft.unless("it is left out", undecided),
        Some(_) => draft,
    };
    draft
        .detail(name.clone())
        .fix(Fix::new("Take another name, or read the variable that Lambda sets"))
}
