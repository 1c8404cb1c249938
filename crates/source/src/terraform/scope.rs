//! What an expression is evaluated in: the names that it may refer to.

use super::value::{Reference, Value};
use maremma_model::Place;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// One step of a traversal behind its root: `.name`, `[0]`, `["key"]` with the index already evaluated.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    Attribute(Arc<str>),
    Index(Value),
}

/// The names around an expression, and what must be counted while it is evaluated.
pub(crate) trait Scope {
    /// The value of a traversal (`var.stage`, `local.tags`, `module.api.url`, `aws_s3_bucket.a[0].arn`, `data.x.y.z`, `each.key`,
    /// `count.index`, `path.module`, `terraform.workspace`, a `for` variable): the scope takes as many steps as
    /// it needs to find a value, and says how many. `None` where the root is no name of it.
    fn name(&self, root: &str, steps: &[Step], at: Place) -> Option<(Value, usize)>;

    /// What one step into an object comes to: `.arn`, or `[0]` into a block that only its path names.
    fn attribute(&self, of: &Reference, step: &Step, at: Place) -> Value;

    /// A condition in words that mean one thing in the whole run, so that two values which hang on it go
    /// together: those of a module that is called several times name the call.
    fn condition(&self, words: &str) -> Arc<str> {
        words.into()
    }

    /// Told where something is not known that may as well be wrong: `try` and `can` do not decide by it.
    fn doubt(&self) {}

    /// Told where Terraform refuses something in one world and not in another: it stops in that one, so that what is
    /// made holds in the other. Only `try` and `can` go on.
    fn refused_in(&self, _world: &str) {}

    /// The place of a stretch of the file that the expression stands in, in bytes.
    fn place(&self, span: Range<usize>) -> Place;

    /// The directory that `file("${path.module}/x")`, and relative paths, are read from, and the one that
    /// nothing outside of is read.
    fn directory(&self) -> &Path;
    fn root(&self) -> &Path;

    /// How many templates of other texts the expression stands in, one in the other: a file may name itself.
    fn templates(&self) -> usize {
        0
    }

    /// Counts work and memory (expressions evaluated, values and bytes of text made): false where the whole
    /// evaluation has had enough, and nothing more is known.
    fn spend(&self, amount: usize) -> bool;

    /// Tells what is wrong with the configuration, and what to do. It is for what Terraform itself refuses:
    /// inside of `try` and `can` it is no gap, and decides. What merely cannot be known here is an unknown
    /// value, and no problem.
    fn problem(&self, reason: String, at: Place);
}
