//! A function without tags.

use crate::subject::asked::{Asked, each_function};
use crate::verdict::judge::evidence;
use crate::verdict::possible::any;
use crate::{Check, Context, Draft, Findings};
use maremma_iam::Match;
use maremma_model::noun::Tag;
use maremma_model::{
    Confidence, Control, Equivalent, Fact, Fix, Function, Id, Peer, Rule, Severity, Text, Tier, Verdict,
};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "tags-missing",
        title: "Function without tags",
        tier: Tier::Hygiene,
        severity: Severity::Info,
        confidence: Confidence::Medium,
        subject: "AWS::Lambda::Function",
        controls: &[Control::nist("CM-8")],
        equivalents: &[
            Equivalent::exact(Peer::SecurityHub, "FSBP Lambda.6"),
            Equivalent::near(Peer::CloudSploit, "lambdaHasTags"),
        ],
        page: include_str!("tags_missing.md"),
    },
    run,
};

/// What AWS SAM puts on every function, whoever it is of.
const BY_SAM: &str = "lambda:createdBy";

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    each_function(context, findings, |_| Asked::Yes, |id, row| draft(context, id, row));
}

fn draft(context: &Context<'_>, id: Id<Function>, row: &Function) -> Draft {
    let told = any(&row.tags, &own);
    let (verdict, says) = match told.is {
        Match::Yes => (Verdict::Pass, "Tags has a tag of its own".to_owned()),
        Match::No => (Verdict::Fail, "Tags has no tag of its own".to_owned()),
        Match::Unknown => {
            let because = told.why.map_or_else(String::new, |why| format!(": {why}"));
            (
                Verdict::Undetermined,
                format!("whether Tags has a tag of its own is not known{because}"),
            )
        }
    };
    let at = match verdict {
        Verdict::Fail => &row.resource.at,
        _ => told.at,
    };
    let fact = Fact::Attribute {
        name: "Tags".into(),
        value: None,
    };
    let message = match verdict {
        Verdict::Fail => format!(
            "No tag of {} says whose it is, unless tags are added when it is deployed",
            context.name(id)
        ),
        _ => says.clone(),
    };
    let fix = Fix::new("Say whose the function is").snippet(
        "Tags: [{Key: owner, Value: TEAM}]\n\n\
         # AWS SAM, in the function\n\
         Tags: {owner: TEAM}",
    );
    Draft::new(id, verdict, message, evidence(&row.resource, at, says, fact))
        .undecided(told.why.cloned())
        .fix(fix)
}

/// Whether a tag was written by somebody.
fn own(tag: &Tag) -> Match {
    match tag.key.value().map(Text::as_literal) {
        Some(Some(key)) => (key != BY_SAM && !key.starts_with("aws:")).into(),
        // A key that is decided at deployment is one.
        Some(None) | None => Match::Yes,
    }
}
