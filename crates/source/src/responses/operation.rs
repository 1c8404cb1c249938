//! What an operation of AWS tells: the resources that its answer lists, and the properties that it knows of one.

use super::reading::{Member, Reading};
use maremma_model::Document;

/// One operation, by its names in the AWS CLI.
pub(crate) struct Operation {
    pub(crate) service: &'static str,
    pub(crate) name: &'static str,
    /// The CloudFormation type of what the first argument names; empty where the call is about a whole region.
    pub(crate) of: &'static str,
    /// Where the answer itself names that.
    pub(crate) named_by: &'static str,
    /// The lists of the answer, by their paths, with what their members are. An empty path is the answer itself.
    pub(crate) lists: &'static [(&'static str, &'static Shape)],
    /// The properties that it tells of what the call is about, as [`Shape::properties`].
    pub(crate) tells: &'static str,
    /// What no list of properties says.
    pub(crate) run: Option<Hook>,
    /// What is so where AWS answers that there is none.
    pub(crate) none: Option<Hook>,
    /// The types of other resources that [`Operation::run`] declares.
    pub(crate) makes: &'static [&'static str],
    /// Why the list is not all of its table, where it is not.
    pub(crate) part: &'static str,
}

/// Does something to the resource that a part of an answer is about.
pub(crate) type Hook = fn(&mut Reading<'_>, &Member<'_>);

/// How a member of an answer becomes a resource.
pub(crate) struct Shape {
    /// The CloudFormation type.
    pub(crate) cfn: &'static str,
    /// The ARN, or what stands for one: `{Field}` is filled in from the member (`{#Field}` with what stands behind its
    /// last slash or colon, `{/Field}` without slashes before it), `{.}` with the member itself, `{0}` with an argument,
    /// `{partition}`, `{region}` and `{account}` from the call. A second pattern may follow a `|`.
    pub(crate) arn: &'static str,
    /// Ids and names by which others name it in its account and region, written alike; the first is its name.
    pub(crate) names: &'static str,
    /// Properties and where they stand in the member: `Name` where both are called alike, `Layers=Layers.*.Arn`
    /// elsewhere. What follows `=` may be a pattern as above, `^path` for a map whose keys begin with small letters, or
    /// `()` for what [`Shape::run`] sets.
    pub(crate) properties: &'static str,
    pub(crate) run: Option<Hook>,
    /// Another shape that some members have: versions stand among functions.
    pub(crate) other: Option<&'static Shape>,
    /// Which of the two a member has, where that is not always the first.
    pub(crate) which: Option<fn(&mut Reading<'_>, &Document) -> Which>,
}

pub(crate) enum Which {
    Itself,
    Other,
    /// It is none of ours: a key that AWS manages.
    Neither,
}

pub(crate) const SHAPE: Shape = Shape {
    cfn: "",
    arn: "",
    names: "",
    properties: "",
    run: None,
    other: None,
    which: None,
};

pub(crate) const OPERATION: Operation = Operation {
    service: "",
    name: "",
    of: "",
    named_by: "",
    lists: &[],
    tells: "",
    run: None,
    none: None,
    makes: &[],
    part: "",
};

/// Services that answer for all regions of an account at once.
/// Source: AWS general reference, "Service endpoints and quotas".
const GLOBAL: &[&str] = &["cloudfront", "iam", "s3api"];

impl Operation {
    pub(crate) fn is_global(&self) -> bool {
        GLOBAL.contains(&self.service) || (self.service, self.name) == ("s3control", "get-public-access-block")
    }

    /// Whether anything is read of its answers.
    pub(super) fn is_of_use(&self) -> bool {
        !self.lists.is_empty() || !self.tells.is_empty() || self.run.is_some()
    }

    /// The types of resources that an answer declares.
    pub(super) fn tables(&self) -> impl Iterator<Item = &'static str> {
        let listed = self.lists.iter().map(|(_, shape)| shape.cfn);
        listed.chain(self.makes.iter().copied())
    }
}

/// A property and where it stands in an answer.
pub(super) fn properties(list: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    list.split_whitespace()
        .map(|entry| entry.split_once('=').unwrap_or((entry, entry)))
}
