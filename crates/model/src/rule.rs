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

/// A requirement of a framework: `Lambda.1` of AWS's Foundational Security Best Practices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Control {
    pub framework: Framework,
    pub id: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Framework {
    /// AWS Foundational Security Best Practices, as in Security Hub: `Lambda.1`.
    Fsbp,
    /// CIS AWS Compute Services Benchmark 1.0.0: `4.6`.
    Cis,
    /// NIST SP 800-53 revision 5: `AC-3`.
    Nist,
    /// PCI DSS 4.0: `7.2.1`.
    Pci,
    /// The Ten Most Critical Risks for Serverless Applications, and the two that CSA added: `SAS-1`.
    Owasp,
}

/// The id of a check of another tool that asks the same (`exact`) or nearly the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Equivalent {
    pub peer: Peer,
    pub id: &'static str,
    pub exact: bool,
}

/// Another tool whose checks are mapped to ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Peer {
    Checkov,
    Prowler,
    SecurityHub,
    CfnNag,
    Kics,
    Trivy,
    CfnLint,
    CdkNag,
    CloudSploit,
    CloudCustodian,
    Steampipe,
    ElectricEye,
    ServerlessRules,
    /// AWS Config's managed rules.
    Config,
    /// AWS Control Tower's controls.
    ControlTower,
    /// AWS Guard Rules Registry.
    Guard,
}

impl Control {
    pub const fn fsbp(id: &'static str) -> Self {
        Control::new(Framework::Fsbp, id)
    }

    pub const fn cis(id: &'static str) -> Self {
        Control::new(Framework::Cis, id)
    }

    pub const fn nist(id: &'static str) -> Self {
        Control::new(Framework::Nist, id)
    }

    pub const fn pci(id: &'static str) -> Self {
        Control::new(Framework::Pci, id)
    }

    pub const fn owasp(id: &'static str) -> Self {
        Control::new(Framework::Owasp, id)
    }

    const fn new(framework: Framework, id: &'static str) -> Self {
        Control { framework, id }
    }
}

impl Equivalent {
    pub const fn exact(peer: Peer, id: &'static str) -> Self {
        Equivalent { peer, id, exact: true }
    }

    pub const fn near(peer: Peer, id: &'static str) -> Self {
        Equivalent { peer, id, exact: false }
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
words!(Framework { Fsbp => "fsbp", Cis => "cis", Nist => "nist", Pci => "pci", Owasp => "owasp" });
words!(Peer {
    Checkov => "Checkov",
    Prowler => "Prowler",
    SecurityHub => "Security Hub",
    CfnNag => "cfn-nag",
    Kics => "KICS",
    Trivy => "Trivy",
    CfnLint => "cfn-lint",
    CdkNag => "cdk-nag",
    CloudSploit => "CloudSploit",
    CloudCustodian => "Cloud Custodian",
    Steampipe => "Steampipe",
    ElectricEye => "ElectricEye",
    ServerlessRules => "serverless-rules",
    Config => "AWS Config",
    ControlTower => "Control Tower",
    Guard => "Guard Rules Registry",
});
