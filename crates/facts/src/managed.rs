//! AWS managed policies: about 1,600 documents, kept compressed until one is asked for.
//!
//! The data file is a row of zlib streams ("blocks") of about 64 KB of text each, so that a lookup inflates one of
//! them and not three megabytes. A block is a run of lines sorted by policy name:
//! `name TAB path TAB version TAB document`, the document compact JSON, which holds no raw tab or line break.

use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;
use serde::Deserialize;
use std::borrow::Cow;

/// An AWS managed policy as the table knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManagedPolicy {
    pub name: String,
    /// `/`, `/service-role/`, `/job-function/`.
    pub path: String,
    /// The default version at the date of the table: `v3`.
    pub version: String,
    /// The policy document as JSON text.
    pub document: String,
}

impl ManagedPolicy {
    /// Its ARN in a partition: `aws`, `aws-cn`, `aws-us-gov`.
    pub fn arn(&self, partition: &str) -> String {
        format!("arn:{partition}:iam::aws:policy{}{}", self.path, self.name)
    }
}

/// No block of a well-formed file is larger; a replaced file may not make us inflate more.
const MAX_BLOCK: usize = 4 << 20;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Index {
    blocks: Vec<Block>,
    /// How many policies the blocks hold.
    #[serde(rename = "policies")]
    _policies: usize,
    /// SHA-256 of the data file, which `cargo xtask generate --check` verifies.
    #[serde(rename = "sha256")]
    _sha256: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Block {
    /// The name of its first policy.
    first: String,
    offset: usize,
    length: usize,
}

#[derive(Debug, Default)]
pub(crate) struct ManagedPolicies {
    blocks: Vec<Block>,
    data: Cow<'static, [u8]>,
}

impl ManagedPolicies {
    /// `None` where a block lies outside of the data.
    pub(crate) fn new(index: Index, data: Cow<'static, [u8]>) -> Option<ManagedPolicies> {
        let table = ManagedPolicies {
            blocks: index.blocks,
            data,
        };
        table
            .blocks
            .iter()
            .all(|block| table.bytes(block).is_some())
            .then_some(table)
    }

    pub(crate) fn by_arn(&self, arn: &str) -> Option<ManagedPolicy> {
        let (partition, rest) = arn.strip_prefix("arn:")?.split_once(':')?;
        let resource = rest.strip_prefix("iam::aws:policy")?;
        let (path, name) = resource.split_at_checked(resource.rfind('/')? + 1)?;
        let policy = self.by_name(name)?;
        (!partition.is_empty() && policy.path == path).then_some(policy)
    }

    pub(crate) fn by_name(&self, name: &str) -> Option<ManagedPolicy> {
        let after = self.blocks.partition_point(|block| block.first.as_str() <= name);
        let text = self.inflate(self.blocks.get(after.checked_sub(1)?)?)?;
        text.lines()
            .filter_map(parse_line)
            .find(|policy| policy.name == name)
            .map(|line| line.owned())
    }

    /// Every policy, block by block.
    #[cfg(test)]
    pub(crate) fn all(&self) -> Vec<ManagedPolicy> {
        let texts = self.blocks.iter().filter_map(|block| self.inflate(block));
        texts
            .flat_map(|text| {
                text.lines()
                    .filter_map(parse_line)
                    .map(|line| line.owned())
                    .collect::<Vec<_>>()
            })
            .collect()
    }

    fn inflate(&self, block: &Block) -> Option<String> {
        let inflated = decompress_to_vec_zlib_with_limit(self.bytes(block)?, MAX_BLOCK).ok()?;
        String::from_utf8(inflated).ok()
    }

    fn bytes(&self, block: &Block) -> Option<&[u8]> {
        self.data.get(block.offset..block.offset.checked_add(block.length)?)
    }
}

struct Line<'a> {
    name: &'a str,
    path: &'a str,
    version: &'a str,
    document: &'a str,
}

impl Line<'_> {
    fn owned(&self) -> ManagedPolicy {
        ManagedPolicy {
            name: self.name.to_owned(),
            path: self.path.to_owned(),
            version: self.version.to_owned(),
            document: self.document.to_owned(),
        }
    }
}

fn parse_line(line: &str) -> Option<Line<'_>> {
    let mut parts = line.splitn(4, '\t');
    Some(Line {
        name: parts.next()?,
        path: parts.next()?,
        version: parts.next()?,
        document: parts.next()?,
    })
}
