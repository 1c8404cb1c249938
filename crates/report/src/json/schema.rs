//! The shape of the JSON report. The JSON Schema is generated from these types, so their comments
//! are its descriptions.

use schemars::JsonSchema;
use serde::Serialize;
use std::borrow::Cow;

/// One run of `maremma scan`. Objects may gain fields within a version of the schema.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "maremma.scan/1")]
pub(crate) struct Scan<'a> {
    /// Always `maremma.scan/1`.
    #[schemars(extend("const" = "maremma.scan/1"))]
    pub schema: &'a str,
    pub tool: Tool<'a>,
    /// The date that stood for today, `YYYY-MM-DD`.
    pub as_of: &'a str,
    /// The facts about AWS that the run relied on.
    pub facts: Vec<Facts<'a>>,
    /// The targets as they were given.
    pub target: Vec<&'a str>,
    /// What was recognised in them: templates, accounts, snapshots.
    pub units: Vec<Unit<'a>>,
    /// How much of each table the input holds. What is not listed is absent.
    pub coverage: Vec<Coverage<'a>>,
    pub summary: Summary,
    /// What failed, then what could not be decided; with `--include-passed` then what passed and what
    /// does not apply. Each sorted by subject, check and detail.
    pub findings: Vec<Finding<'a>>,
    /// Failed or undetermined findings that do not count, each with the reason.
    pub suppressed: Vec<Finding<'a>>,
    /// What could not be read.
    pub gaps: Vec<Gap<'a>>,
    /// Checks that this input cannot answer.
    pub not_assessed: Vec<NotAssessed<'a>>,
    /// The controls of the framework that was asked for (`--framework`), each with what its checks say.
    pub frameworks: Vec<Framework<'a>>,
    /// About the run itself: suppressions that are unused or expired.
    pub notes: Vec<Note<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Tool<'a> {
    pub name: &'a str,
    pub version: &'a str,
    pub url: &'a str,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Facts<'a> {
    pub name: &'a str,
    /// Where they come from.
    pub source: &'a str,
    pub version: &'a str,
    /// `YYYY-MM-DD`.
    pub date: &'a str,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Unit<'a> {
    pub name: &'a str,
    /// `cloudformation`, `sam`, `cdk`, `snapshot`.
    pub format: &'a str,
    pub account: Option<&'a str>,
    pub region: Option<&'a str>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Coverage<'a> {
    /// The CloudFormation type.
    pub table: &'a str,
    /// `null` for all accounts of the run.
    pub account: Option<&'a str>,
    /// `null` for all regions of the run.
    pub region: Option<&'a str>,
    pub extent: Extent,
    /// Why it is partial.
    pub reason: Option<&'a str>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Extent {
    Complete,
    Partial,
    Absent,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Summary {
    pub functions: usize,
    pub files: usize,
    /// How many checks ran.
    pub checks: usize,
    /// The widest tier of the checks that ran.
    pub tier: Tier,
    pub verdicts: Verdicts,
    /// Failed findings by severity.
    pub severities: Severities,
    pub suppressed: usize,
    pub gaps: usize,
    pub not_assessed: usize,
    /// Findings of this severity or above fail the run.
    pub fail_on: Severity,
    /// How many do.
    pub failing: usize,
}

/// Findings by verdict, the suppressed ones aside.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Verdicts {
    pub fail: usize,
    pub undetermined: usize,
    pub pass: usize,
    pub not_applicable: usize,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Severities {
    pub critical: usize,
    pub high: usize,
    pub medium: usize,
    pub low: usize,
    pub info: usize,
}

/// One entry per check, subject and detail.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Finding<'a> {
    pub check: &'a str,
    pub tier: Tier,
    pub verdict: Verdict,
    pub severity: Severity,
    /// How sure a `fail` is, given that its evidence is as shown.
    pub confidence: Confidence,
    /// The resource that carries the setting.
    pub subject: Subject<'a>,
    /// The variable, statement or route, where a subject can have several findings of one check.
    pub detail: Option<&'a str>,
    /// The ids of the functions that it touches.
    pub affects: Vec<&'a str>,
    pub message: &'a str,
    pub location: Location<'a>,
    /// The first entry stands at `location`.
    pub evidence: Vec<Evidence<'a>>,
    /// What an undetermined verdict waits for.
    pub undecided: Vec<Undecided>,
    pub fix: Option<Fix<'a>>,
    /// Survives moved lines and renamed things around it.
    pub fingerprint: &'a str,
    pub equivalents: Vec<Equivalent<'a>>,
    /// The requirements of frameworks that the check is about.
    pub controls: Vec<Control<'a>>,
    /// Addresses of pages to read.
    pub references: Vec<String>,
    /// Why it does not count; only in `suppressed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suppression: Option<Suppression<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Subject<'a> {
    /// The CloudFormation type, whatever the source was.
    pub kind: &'a str,
    /// The ARN where all of it is known, otherwise `unit#address`.
    pub id: &'a str,
    pub name: &'a str,
    pub account: Option<&'a str>,
    pub region: Option<&'a str>,
    pub qualifier: Option<&'a str>,
    /// The address in the source, such as a logical id.
    pub address: &'a str,
}

/// Where evidence is found.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Location<'a> {
    File(File<'a>),
    Aws {
        arn: &'a str,
        attribute: &'a str,
        /// The call whose answer held it.
        call: &'a str,
    },
    Artifact {
        /// The digest of the artifact.
        artifact: &'a str,
        path: &'a str,
        line: Option<u32>,
    },
}

/// A stretch of a file. Lines and columns are 1-based, columns in Unicode code points; the end is
/// exclusive.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct File<'a> {
    /// Relative to the repository root of the target.
    pub file: &'a str,
    pub line: u32,
    pub column: u32,
    pub end_line: u32,
    pub end_column: u32,
    /// The resource that stands there.
    pub address: Option<&'a str>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Evidence<'a> {
    pub location: Location<'a>,
    pub says: &'a str,
    pub fact: Fact<'a>,
}

/// The evidence as data.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "type")]
pub(crate) enum Fact<'a> {
    /// An attribute and its value; `null` where it is not set.
    Attribute { name: &'a str, value: Option<&'a str> },
    /// A statement of a policy.
    Statement {
        policy: &'a str,
        sid: Option<&'a str>,
        index: u32,
    },
    /// A dated fact about AWS.
    Dated {
        subject: &'a str,
        event: &'a str,
        date: &'a str,
    },
    /// The resource itself.
    Resource,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Undecided {
    pub because: String,
    /// What decides it, such as an option.
    pub remedy: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Fix<'a> {
    pub says: &'a str,
    pub edit: Option<Edit<'a>>,
    /// What to paste where no stretch can be replaced.
    pub snippet: Option<Cow<'a, str>>,
}

/// A replacement of a stretch of a file; the end is exclusive.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Edit<'a> {
    pub file: &'a str,
    pub start_line: u32,
    pub start_column: u32,
    pub end_line: u32,
    pub end_column: u32,
    pub replacement: Cow<'a, str>,
    /// Whether values in the replacement are masked, so that it cannot be applied as it stands.
    pub masked: bool,
}

/// A check of another tool.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Equivalent<'a> {
    pub id: &'a str,
    /// Whether it asks the same, or nearly the same.
    pub exact: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Control<'a> {
    /// `fsbp`, `cis`, `nist`, `pci`, `owasp`.
    pub framework: &'a str,
    pub id: &'a str,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Framework<'a> {
    /// `fsbp`, `cis`, `nist`, `pci`, `owasp`.
    pub id: &'a str,
    pub title: &'a str,
    /// Those that a check is about, in natural order. The framework has others.
    pub controls: Vec<Outcome<'a>>,
}

/// A control, and how many verdicts of its checks there are.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Outcome<'a> {
    pub id: &'a str,
    pub status: Status,
    pub fail: usize,
    pub undetermined: usize,
    pub pass: usize,
    pub not_applicable: usize,
    /// Failed or undetermined, and accepted.
    pub suppressed: usize,
    /// The checks that are about it.
    pub checks: Vec<&'a str>,
    /// Those of them that did not run or did not see everything.
    pub not_assessed: Vec<NotAssessed<'a>>,
}

/// The worst of what is known: `not_assessed` is a control of which nothing fails, but whose checks did not see everything;
/// `suppressed` one of which what fails is accepted; `not_applicable` one for which there is nothing to judge.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    Fail,
    Undetermined,
    NotAssessed,
    Suppressed,
    Pass,
    NotApplicable,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Suppression<'a> {
    /// `comment`, `metadata`, `configuration`, `baseline`, or the tool whose skip it is.
    pub source: &'a str,
    pub reason: &'a str,
    pub until: Option<&'a str>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Gap<'a> {
    pub kind: GapKind,
    /// It names what can be done about it.
    pub reason: &'a str,
    pub location: Option<Location<'a>>,
    /// The checks that could not look; empty where all of them may be touched.
    pub affects: Vec<&'a str>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct NotAssessed<'a> {
    pub check: &'a str,
    pub reason: Cow<'a, str>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Note<'a> {
    pub message: &'a str,
    pub location: Option<Location<'a>>,
}

/// The words of a type of the model, for the schema; the values are written by the model itself.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Serialize)]
            #[serde(transparent)]
            pub(crate) struct $name(pub maremma_model::$name);

            impl JsonSchema for $name {
                fn schema_name() -> Cow<'static, str> {
                    stringify!($name).into()
                }

                fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                    let words: Vec<&str> = maremma_model::$name::ALL.iter().map(|value| value.word()).collect();
                    schemars::json_schema!({ "type": "string", "enum": words })
                }
            }
        )+
    };
}

words!(Tier, Severity, Confidence, Verdict);

/// `unparsed`: not well-formed or not of the type expected; `denied`: access was denied; `failed`: a
/// call or read failed; `unsupported`: recognised, and not understood by this version; `absent`:
/// referred to, and not there; `bounds`: over a bound of size, depth, count or time.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum GapKind {
    Unparsed,
    Denied,
    Failed,
    Unsupported,
    Absent,
    Bounds,
}
