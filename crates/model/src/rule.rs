//! What a check is, apart from what it does.

use serde::Serialize;
use std::fmt;
use std::str::FromStr;

/// The metadata of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Names the bad state in kebab-case and reads well after "allow".
    pub id: &'static str,
    pub title: &'static str,
    pub tier: Tier,
    /// The severity where nothing about the subject raises or lowers it.
    pub severity: Severity,
    pub confidence: Confidence,
    /// The CloudFormation type of the subject: `AWS::Lambda::Url`.
    pub subject: &'static str,
    pub controls: &'static [Control],
    pub equivalents: &'static [Equivalent],
    /// The page in Markdown, fixtures included.
    pub page: &'static str,
}

/// Who needs to see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// An attacker gains by it.
    Core,
    /// Defence in depth that an expert would ask for here.
    Hardening,
    /// Good practice without a direct attack; shown with `--tier hygiene`.
    Hygiene,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Info,
    Low,
    Medium,
    High,
    Critical,
}

/// How sure a `fail` is, given that its evidence is as shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    Low,
    Medium,
    High,
}

/// A requirement of a framework: (`fsbp`, `Lambda.1`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Control {
    /// `fsbp`, `cis`, `nist`, `pci` or `owasp`.
    pub framework: &'static str,
    pub id: &'static str,
}

/// The id of a check of another tool that asks the same (`exact`) or nearly the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Equivalent {
    pub id: &'static str,
    pub exact: bool,
}

impl Control {
    pub const fn new(framework: &'static str, id: &'static str) -> Self {
        Control { framework, id }
    }
}

impl Equivalent {
    pub const fn exact(id: &'static str) -> Self {
        Equivalent { id, exact: true }
    }

    pub const fn near(id: &'static str) -> Self {
        Equivalent { id, exact: false }
    }
}

/// Names of an enum, declared once: the word in every output and on the command line.
macro_rules! words {
    ($type:ident { $($variant:ident => $word:literal),+ $(,)? }) => {
        impl $type {
            pub const ALL: &'static [$type] = &[$($type::$variant),+];

            pub fn word(self) -> &'static str {
                match self { $($type::$variant => $word),+ }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.word())
            }
        }

        impl FromStr for $type {
            type Err = String;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                match word {
                    $($word => Ok($type::$variant),)+
                    _ => Err(format!("expected one of {}", [$($word),+].join(", "))),
                }
            }
        }
    };
}
pub(crate) use words;

words!(Tier { Core => "core", Hardening => "hardening", Hygiene => "hygiene" });
words!(Severity { Info => "info", Low => "low", Medium => "medium", High => "high", Critical => "critical" });
words!(Confidence { Low => "low", Medium => "medium", High => "high" });
