//! Code signing that believes a foreign account.

use crate::access::role::functions;
use crate::subject::signing::signed_by;
use crate::verdict::answer::{Answer, Carrier, in_worlds};
use crate::{Check, Context, Findings};
use maremma_iam::{Arn, Standing};
use maremma_model::noun::{CodeSigningConfig, SigningProfile};
use maremma_model::{
    Confidence, Control, Fact, Fix, Link, Location, Rule, Setting, Severity, State, Text, Tier, UnitId, Why,
};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "signing-profile-foreign",
        title: "Code signing by a foreign account",
        tier: Tier::Hardening,
        severity: Severity::Medium,
        confidence: Confidence::High,
        subject: "AWS::Lambda::CodeSigningConfig",
        controls: &[Control::nist("CM-14"), Control::nist("SI-7"), Control::owasp("SAS-3")],
        equivalents: &[],
        page: include_str!("signing_profile_foreign.md"),
    },
    run,
};

const ATTRIBUTE: &str = "SigningProfileVersionArns";

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, row) in context.estate.code_signing_configs.iter() {
        let carrier = Carrier::of(id, &row.resource);
        let users = signed_by(context, id);
        if users.is_empty() {
            let answer = Answer::not_applicable(&row.resource.at, "no function of this input names it");
            findings.add(carrier.draft(answer, None));
            continue;
        }
        let bad = format!(
            "A foreign account vouches for the code of {}",
            functions(context, &users)
        );
        for (detail, answer) in answers(context, row, &bad) {
            let name = ATTRIBUTE.into();
            let value = Some(detail.clone());
            let draft = carrier.draft(answer.fact(Fact::Attribute { name, value }), None);
            findings.add(draft.detail(detail).affects(users.iter().copied()));
        }
    }
}

/// One answer a publisher, named as it is written.
fn answers(context: &Context<'_>, row: &CodeSigningConfig, bad: &str) -> Vec<(String, Answer)> {
    let unit = row.resource.unit;
    let of_item = |item: &Setting<Link<SigningProfile>>| {
        let answer = in_worlds(item, |link, at| of_publisher(context, unit, bad, link, at))?;
        let words = item.possible().next().map(|link| words(context, link));
        Some((words.unwrap_or_else(|| ATTRIBUTE.to_owned()), answer))
    };
    match &row.allowed_publishers.state {
        State::Unset => Vec::new(),
        State::Set(items) | State::Default(items) => items.iter().filter_map(of_item).collect(),
        State::Unknown(unknown) if unknown.candidates.is_empty() => {
            let at = &row.allowed_publishers.at;
            let answer = Answer::undetermined(at, bad, &unknown.why.to_string(), Some(unknown.why.clone()));
            vec![(ATTRIBUTE.to_owned(), answer)]
        }
        State::Unknown(unknown) => {
            let worlds = unknown.candidates.iter();
            let answers = worlds.flat_map(|world| {
                let items = world.state.value().into_iter().flatten().filter_map(of_item);
                items.map(|(words, answer)| (words, answer.only_when(&world.when)))
            });
            let mut answers: Vec<_> = answers.collect();
            answers.sort_by(|(a, one), (b, other)| a.cmp(b).then(one.weight().cmp(&other.weight())));
            answers.dedup_by(|(later, _), (first, _)| later == first);
            answers
        }
    }
}

fn words(context: &Context<'_>, link: &Link<SigningProfile>) -> String {
    match link {
        Link::Here(id) => context.name(*id).to_string(),
        Link::Outside(text) => text.to_string(),
        Link::Unknown(why) => why.name().to_owned(),
    }
}

fn of_publisher(
    context: &Context<'_>,
    unit: UnitId,
    bad: &str,
    link: Result<&Link<SigningProfile>, &Why>,
    at: &Location,
) -> Answer {
    match link {
        Ok(Link::Here(id)) => Answer::pass(at, format!("{} is a profile of this input", context.name(*id))),
        Ok(Link::Outside(text)) => match Arn::parse(text) {
            Some(arn) => of_account(context, unit, bad, (text, &arn.account), at),
            None => {
                let doubt = format!("whose profile {text} is, is not known");
                let no_arn = || Why::Unresolved("a signing profile is not named by its ARN".into());
                Answer::undetermined(at, bad, &doubt, Some(text.why().cloned().unwrap_or_else(no_arn)))
            }
        },
        Ok(Link::Unknown(why)) | Err(why) => Answer::undetermined(at, bad, &why.to_string(), Some(why.clone())),
    }
}

fn of_account(
    context: &Context<'_>,
    unit: UnitId,
    bad: &str,
    (profile, account): (&Text, &Text),
    at: &Location,
) -> Answer {
    let says = format!("{ATTRIBUTE} has {profile}");
    let fix = || {
        let fix = Fix::new("Sign with a profile of your own, or, where the publisher is meant, trust its account");
        match account {
            Text::Literal(id) => fix.snippet(format!("# maremma.toml\n[trust]\naccounts = [\"{id}\"]")),
            Text::Holed(_) => fix,
        }
    };
    match context.view(unit).account(account).standing {
        Standing::Own => Answer::pass(at, format!("{says}, of the own account")),
        Standing::Trusted => Answer::pass(at, format!("{says}, of a trusted account")),
        Standing::Foreign => {
            let message = format!("{bad}: account {account} is neither own nor trusted");
            Answer::fail(at, message, says).fix(fix())
        }
        Standing::Unknown => {
            let own = || Why::Pseudo("AWS::AccountId".into());
            let doubt = "which account is own is not known";
            Answer::undetermined(at, bad, doubt, Some(account.why().cloned().unwrap_or_else(own))).fix(fix())
        }
    }
}
