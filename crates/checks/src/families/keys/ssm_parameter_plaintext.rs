//! A secret in a parameter that is not encrypted.

use crate::access::role::functions;
use crate::context::dependents::Dependents;
use crate::verdict::judge::{Judgement, judge, whole};
use crate::verdict::possible::is;
use crate::{Check, Context, Draft, Findings};
use maremma_iam::Match;
use maremma_model::noun::{Parameter, ParameterContent};
use maremma_model::{Confidence, Control, Equivalent, Fix, Id, Peer, Rule, Severity, Text, Tier, Verdict, Why};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "ssm-parameter-plaintext",
        title: "Secret in a plain parameter",
        tier: Tier::Hardening,
        severity: Severity::Medium,
        confidence: Confidence::High,
        subject: "AWS::SSM::Parameter",
        controls: &[Control::nist("SC-28"), Control::owasp("SAS-7")],
        equivalents: &[Equivalent::near(Peer::Checkov, "CKV2_AWS_34")],
        page: include_str!("ssm_parameter_plaintext.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let dependents = Dependents::new(context);
    for (id, row) in context.estate.parameters.iter() {
        let held = held(row);
        let users = match held {
            Held::Nothing => Vec::new(),
            Held::Surely(_) | Held::Maybe(_) | Held::ByName(_) => dependents.of_parameter(id),
        };
        let excused = match held {
            Held::Nothing => Some("neither its name nor its value says that the parameter is a secret"),
            _ if users.is_empty() => Some("no function of this input depends on the parameter"),
            _ => None,
        };
        if let Some(says) = excused {
            let draft = Draft::new(id, Verdict::NotApplicable, says, whole(&row.resource, says));
            findings.add(draft);
            continue;
        }
        let draft = draft(context, id, row, &held, &functions(context, &users));
        findings.add(draft.affects(users));
    }
    dependents.tell(findings);
}

fn draft(context: &Context<'_>, id: Id<Parameter>, row: &Parameter, held: &Held<'_>, users: &str) -> Draft {
    let mut judgement = judge(&row.resource, "Type", &row.kind, |kind| {
        match kind.map(Text::as_literal) {
            Some(Some(kind)) => Some(matches!(kind, "String" | "StringList")),
            Some(None) => None,
            None => Some(false), // CloudFormation refuses it
        }
    });
    if let (Held::Maybe(why), Verdict::Fail) = (held, judgement.verdict) {
        judgement = Judgement {
            verdict: Verdict::Undetermined,
            undecided: why.iter().map(|why| (*why).clone()).collect(),
            ..judgement
        };
        judgement.evidence.says += ", and whether Value is a secret is not known";
    }
    let because = match held {
        Held::Surely(why) => format!("its value holds {}", origin(why)),
        Held::ByName(name) => format!("it is called {name}"),
        Held::Maybe(_) | Held::Nothing => "its value may be one".to_owned(),
    };
    let message = format!(
        "Parameter {} keeps a secret unencrypted, on which {users} depends: {because}, and whoever may read parameters reads it",
        context.name(id)
    );
    let confidence = match held {
        Held::ByName(_) => Confidence::Medium,
        _ => Confidence::High,
    };
    let fix = Fix::new(
        "Keep it in Secrets Manager and let the function read it there; CloudFormation cannot make a SecureString",
    )
    .snippet("TheSecret:\n  Type: AWS::SecretsManager::Secret\n  Properties:\n    GenerateSecretString: {PasswordLength: 40}");
    Draft::judged(id, judgement, message).confidence(confidence).fix(fix)
}

/// Whether a secret is in it.
enum Held<'a> {
    Nothing,
    Surely(&'a Why),
    /// In some worlds only, or nothing is known of the value.
    Maybe(Option<&'a Why>),
    ByName(String),
}

fn held(row: &Parameter) -> Held<'_> {
    let secret = is(&row.content, &|content| {
        matches!(content, Some(ParameterContent::Secret(_))).into()
    });
    let origin = row.content.possible().find_map(|content| match content {
        ParameterContent::Secret(why) => Some(why),
        ParameterContent::Pointer | ParameterContent::Other => None,
    });
    match (secret.is, origin) {
        (Match::Yes, Some(why)) => return Held::Surely(why),
        (Match::Unknown, Some(_)) => return Held::Maybe(secret.why),
        _ => {}
    }
    let points = is(&row.content, &|content| {
        matches!(content, Some(ParameterContent::Pointer) | None).into()
    });
    match named(row) {
        Some(name) if points.is.is_no() => Held::ByName(name),
        Some(_) if points.is.is_unknown() => Held::Maybe(points.why),
        _ => Held::Nothing,
    }
}

fn origin(why: &Why) -> String {
    match why {
        // Terraform's are called as the attribute is in which they stand.
        Why::NoEcho(name) if name.contains('.') => "a sensitive value".to_owned(),
        Why::NoEcho(name) => format!("NoEcho parameter {name}"),
        other => other.name().to_owned(),
    }
}

/// The last part of the parameter's name, where that says that a secret is in it.
fn named(row: &Parameter) -> Option<String> {
    let name = row.resource.name.suffix();
    let own = name.rsplit('/').next().filter(|last| !last.is_empty());
    let logical = || row.resource.address.rsplit('/').next().map(without_kind);
    let last = own.or_else(logical)?;
    says_secret(last).then(|| last.to_owned())
}

/// A logical id without what it says of the resource itself: `DbPasswordParameter`.
fn without_kind(id: &str) -> &str {
    let mut id = id;
    while let Some(rest) = ["Parameter", "Param", "SSM", "Ssm"]
        .iter()
        .find_map(|end| id.strip_suffix(end))
    {
        id = rest;
    }
    id
}

/// Ends of names that nothing but a secret has. Not among them is what names of secrets, and settings
/// about them, end with (`db-secret`, `token-ttl`, `password-policy`).
const ENDS: &[&[&str]] = &[
    &["password"],
    &["passwd"],
    &["passphrase"],
    &["apikey"],
    &["api", "key"],
    &["api", "secret"],
    &["access", "token"],
    &["refresh", "token"],
    &["auth", "token"],
    &["api", "token"],
    &["bot", "token"],
    &["bearer", "token"],
    &["app", "secret"],
    &["client", "secret"],
    &["consumer", "secret"],
    &["jwt", "secret"],
    &["session", "secret"],
    &["shared", "secret"],
    &["signing", "secret"],
    &["webhook", "secret"],
    &["private", "key"],
    &["secret", "key"],
    &["secret", "access", "key"],
];

/// What keys for pages and apps are called, which everybody may know.
const PUBLIC: &[&str] = &["public", "publishable"];

fn says_secret(name: &str) -> bool {
    let words = words(name);
    if words.iter().any(|word| PUBLIC.contains(&word.as_str())) {
        return false;
    }
    ENDS.iter().any(|end| {
        let tail = words.len().checked_sub(end.len()).and_then(|start| words.get(start..));
        tail.is_some_and(|tail| tail.iter().zip(*end).all(|(word, wanted)| word == wanted))
    })
}

/// `dbPassword`, `DB_PASSWORD` and `db-password` are all `db`, `password`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for letter in name.chars() {
        let begins = letter.is_ascii_uppercase() && before.is_ascii_lowercase();
        if begins || !letter.is_ascii_alphanumeric() {
            words.push(String::new());
        }
        if letter.is_ascii_alphanumeric() {
            words
                .last_mut()
                .into_iter()
                .for_each(|word| word.push(letter.to_ascii_lowercase()));
        }
        before = letter;
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_secrets_themselves_say_secret() {
        for name in [
            "DbPassword",
            "DB_PASSWORD",
            "stripe-api-key",
            "apiKey",
            "client.secret",
            "password",
        ] {
            assert!(says_secret(name), "{name}");
        }
        for name in [
            "db-secret",
            "PasswordPolicy",
            "token-ttl",
            "apiKeyId",
            "public-key",
            "stripe-publishable-api-key",
            "password-arn",
            "compass",
            "",
        ] {
            assert!(!says_secret(name), "{name}");
        }
        assert_eq!(without_kind("DbPasswordSSMParameter"), "DbPassword");
    }
}
