//! Values that may be secrets: a type that cannot be printed by accident.

use crate::text::{Piece, Text, Why};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::sync::Arc;

/// A value that must not leave the process: no `Display`, no `Debug` content, no `Serialize`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Secret(Text);

impl Secret {
    pub fn new(value: Text) -> Self {
        Secret(value)
    }

    /// The clear value, for a classifier. What is made of it must not be printed.
    pub fn reveal(&self) -> &Text {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The value of an environment variable, stage variable, event source token or NoEcho parameter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EnvValue {
    /// As read, and not yet judged: may be a secret.
    Clear(Secret),
    /// Configuration by its name: the variables of [`INTERPRETER_HOOKS`], whose value is a flag or a
    /// path that the interpreter acts on.
    Plain(Text),
    Judged(Judged),
}

/// Variables by which a runtime loads code or changes how it starts: a wrapper, preloaded libraries,
/// search paths, interpreter options. Source: AWS Lambda developer guide, "Modifying the runtime
/// environment", and the manuals of the interpreters.
pub const INTERPRETER_HOOKS: &[&str] = &[
    "AWS_LAMBDA_EXEC_WRAPPER",
    "BASH_ENV",
    "CORECLR_PROFILER_PATH",
    "CORECLR_PROFILER_PATH_64",
    "CORECLR_PROFILER_PATH_ARM64",
    "DOTNET_ADDITIONAL_DEPS",
    "DOTNET_PROFILER_PATH",
    "DOTNET_SHARED_STORE",
    "DOTNET_STARTUP_HOOKS",
    "GEM_HOME",
    "GEM_PATH",
    "JAVA_TOOL_OPTIONS",
    "JDK_JAVA_OPTIONS",
    "LD_AUDIT",
    "LD_LIBRARY_PATH",
    "LD_PRELOAD",
    "NODE_OPTIONS",
    "NODE_PATH",
    "PERL5LIB",
    "PERL5OPT",
    "PYTHONHOME",
    "PYTHONPATH",
    "PYTHONSTARTUP",
    "RUBYLIB",
    "RUBYOPT",
    "_JAVA_OPTIONS",
];

/// What is kept of a value that was looked at and let go.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Judged {
    /// What the value is: `not kept` before the classifier has seen it.
    pub class: Arc<str>,
    pub kind: Option<Arc<str>>,
    /// In bytes.
    pub length: Option<u32>,
    /// A public token prefix (`AKIA`), or nothing.
    pub hint: Option<Arc<str>>,
}

impl EnvValue {
    /// The value of the variable `name`, as read.
    pub fn read(name: &str, value: Text) -> Self {
        if INTERPRETER_HOOKS.contains(&name) {
            EnvValue::Plain(value)
        } else {
            EnvValue::Clear(Secret::new(value))
        }
    }

    /// The value, where it was kept.
    pub fn reveal(&self) -> Option<&Text> {
        match self {
            EnvValue::Clear(secret) => Some(secret.reveal()),
            EnvValue::Plain(text) => Some(text),
            EnvValue::Judged(_) => None,
        }
    }
}

/// What a snapshot holds of a value.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kept {
    Plain(Text),
    /// Nothing but references: where a value comes from, not the value.
    Reference(Text),
    Judged(Judged),
}

/// Whether no character of the value is written out: all of it refers to something else, or it is one
/// dynamic reference (`{{resolve:secretsmanager:...}}`) with references in it.
fn is_reference(value: &Text) -> bool {
    let Text::Holed(pieces) = value else { return false };
    let one_dynamic = value.prefix().starts_with("{{resolve:") && value.suffix().ends_with("}}");
    let mut ends = 0;
    pieces.iter().all(|piece| match piece {
        Piece::Literal(text) => {
            ends += text.matches("}}").count();
            one_dynamic && ends <= 1
        }
        Piece::Hole(hole) => matches!(
            hole.why,
            Why::Attribute(_) | Why::Dynamic(_) | Why::Import(_) | Why::Parameter(_) | Why::Pseudo(_)
        ),
    })
}

/// Snapshots and raw dumps hold only what was judged, what is configuration by its name, and
/// references to other resources.
impl Serialize for EnvValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let kept = match self {
            EnvValue::Plain(text) => Kept::Plain(text.clone()),
            EnvValue::Judged(judged) => Kept::Judged(judged.clone()),
            EnvValue::Clear(secret) if is_reference(secret.reveal()) => Kept::Reference(secret.reveal().clone()),
            EnvValue::Clear(_) => Kept::Judged(Judged {
                class: "not kept".into(),
                kind: None,
                length: None,
                hint: None,
            }),
        };
        kept.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for EnvValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Kept::deserialize(deserializer).map(|kept| match kept {
            Kept::Plain(text) => EnvValue::Plain(text),
            Kept::Reference(text) => EnvValue::Clear(Secret::new(text)),
            Kept::Judged(judged) => EnvValue::Judged(judged),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Hole;

    fn kept(pieces: &[&str]) -> bool {
        let piece = |text: &&str| match text.strip_prefix('@') {
            Some(name) => Piece::Hole(Hole {
                why: Why::Attribute(name.into()),
                stands_for: None,
            }),
            None => Piece::Literal((*text).into()),
        };
        is_reference(&Text::from_pieces(pieces.iter().map(piece)))
    }

    #[test]
    fn only_what_is_nothing_but_references_is_kept() {
        assert!(kept(&["@Database.Id"]));
        assert!(kept(&["@Host", "@Port"]));
        assert!(kept(&[
            "{{resolve:secretsmanager:",
            "@Database.Id",
            ":SecretString:password}}"
        ]));
        assert!(!kept(&["hunter2"]));
        assert!(!kept(&["user:hunter2@", "@Host"]));
        assert!(!kept(&["{{resolve:ssm:", "@Name", "}}hunter2{{resolve:ssm:b}}"]));
        assert!(!kept(&["{{resolve:ssm:", "@Name", "}}hunter2"]));
    }
}
