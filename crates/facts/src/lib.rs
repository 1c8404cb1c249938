//! Facts about AWS with source, date and hash: embedded, and replaceable at run time.
//!
//! `cargo xtask facts` writes the files of `data/` from packages of public registries; each begins with
//! the package, version, licence and date it comes from. What a table does not know is `None`, never "invalid":
//! AWS may have added it since.

mod managed;
mod publishers;
mod runtimes;
mod sam;
mod source;
#[cfg(test)]
mod tests;

pub use managed::ManagedPolicy;
pub use publishers::{Publisher, PublisherKind};
pub use runtimes::{Lifecycle, Runtimes};
pub use sam::{SamConnectors, SamTemplate};
pub use source::{STALE_AFTER_DAYS, SourceInfo};

use managed::ManagedPolicies;
use publishers::Publishers;
use sam::SamTemplates;
use source::Envelope;
use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Everything that can go wrong with facts that replace the embedded ones.
#[derive(Debug, thiserror::Error)]
pub enum FactsError {
    #[error("cannot read {}", path.display())]
    Read { path: PathBuf, source: std::io::Error },
    #[error("{name} is not a facts file of this version")]
    Form {
        name: &'static str,
        source: serde_json::Error,
    },
    #[error("{name} has blocks outside of its data file")]
    Blocks { name: &'static str },
    #[error("facts were already in use: replace them before the first question")]
    Late,
}

/// When a runtime is deprecated and blocked.
pub fn runtimes() -> &'static Runtimes {
    &tables().runtimes
}

/// Who publishes layers from this account, if it is AWS or a vendor whose package says so.
pub fn layer_publisher(account: &str) -> Option<&'static Publisher> {
    tables().publishers.get(account)
}

/// The AWS managed policy of this ARN, in whatever partition.
///
/// The document is that of the `aws` partition. Policies of other partitions are the same but for the
/// partition in their ARNs; the caller that needs more must ask the account.
pub fn managed_policy(arn: &str) -> Option<ManagedPolicy> {
    tables().managed.by_arn(arn)
}

/// The AWS managed policy of this name, wherever its path puts it: `AWSLambdaBasicExecutionRole`.
pub fn managed_policy_named(name: &str) -> Option<ManagedPolicy> {
    tables().managed.by_name(name)
}

/// A policy template of AWS SAM: `SQSPollerPolicy`.
pub fn sam_template(name: &str) -> Option<&'static SamTemplate> {
    tables().sam_templates.get(name)
}

/// What a SAM connector grants between two kinds of resources.
pub fn sam_connectors() -> &'static SamConnectors {
    &tables().sam_connectors
}

/// Where each table comes from, in the order of the tables' names.
pub fn sources() -> &'static [SourceInfo] {
    &tables().sources
}

/// Uses the facts files of a directory instead of the embedded ones; a file that is not there stays embedded.
///
/// To be called before the first question, so that one run never mixes two versions of a fact.
pub fn replace_from(directory: &Path) -> Result<(), FactsError> {
    let tables = Tables::read(|file| {
        let path = directory.join(file.name);
        match std::fs::read(&path) {
            Ok(bytes) => Ok(Cow::Owned(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Cow::Borrowed(file.embedded)),
            Err(source) => Err(FactsError::Read { path, source }),
        }
    })?;
    TABLES.set(tables).map_err(|_| FactsError::Late)
}

static TABLES: OnceLock<Tables> = OnceLock::new();

fn tables() -> &'static Tables {
    // INVARIANT: the embedded files read; a test holds it. Were it broken, no fact would be known.
    TABLES.get_or_init(|| Tables::read(|file| Ok(Cow::Borrowed(file.embedded))).unwrap_or_default())
}

/// A file of `data/`.
struct DataFile {
    name: &'static str,
    embedded: &'static [u8],
}

const RUNTIMES: DataFile = DataFile {
    name: "runtime-lifecycle.json",
    embedded: include_bytes!("../data/runtime-lifecycle.json"),
};
const PUBLISHERS: DataFile = DataFile {
    name: "layer-publishers.json",
    embedded: include_bytes!("../data/layer-publishers.json"),
};
const POLICIES: DataFile = DataFile {
    name: "managed-policies.json",
    embedded: include_bytes!("../data/managed-policies.json"),
};
const SAM_TEMPLATES: DataFile = DataFile {
    name: "sam-policy-templates.json",
    embedded: include_bytes!("../data/sam-policy-templates.json"),
};
const SAM_CONNECTORS: DataFile = DataFile {
    name: "sam-connectors.json",
    embedded: include_bytes!("../data/sam-connectors.json"),
};
const POLICY_BLOCKS: DataFile = DataFile {
    name: "managed-policies.bin",
    embedded: include_bytes!("../data/managed-policies.bin"),
};

#[derive(Default)]
struct Tables {
    runtimes: Runtimes,
    publishers: Publishers,
    managed: ManagedPolicies,
    sam_templates: SamTemplates,
    sam_connectors: SamConnectors,
    sources: Vec<SourceInfo>,
}

impl Tables {
    fn read(bytes_of: impl Fn(&DataFile) -> Result<Cow<'static, [u8]>, FactsError>) -> Result<Tables, FactsError> {
        let mut sources = Vec::new();
        let publishers = Envelope::parse(PUBLISHERS.name, &bytes_of(&PUBLISHERS)?)?.open(&mut sources);
        let index = Envelope::parse(POLICIES.name, &bytes_of(&POLICIES)?)?.open(&mut sources);
        let managed =
            ManagedPolicies::new(index, bytes_of(&POLICY_BLOCKS)?).ok_or(FactsError::Blocks { name: POLICIES.name })?;
        let runtimes = Envelope::parse(RUNTIMES.name, &bytes_of(&RUNTIMES)?)?.open(&mut sources);
        let sam_connectors = Envelope::parse(SAM_CONNECTORS.name, &bytes_of(&SAM_CONNECTORS)?)?.open(&mut sources);
        let sam_templates = Envelope::parse(SAM_TEMPLATES.name, &bytes_of(&SAM_TEMPLATES)?)?.open(&mut sources);
        Ok(Tables {
            runtimes,
            publishers,
            managed,
            sam_templates,
            sam_connectors,
            sources,
        })
    }
}
