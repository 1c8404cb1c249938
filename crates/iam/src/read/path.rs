//! The way to a part of a policy, spelled out only where a problem names it.

use std::fmt;
use std::sync::Arc;

/// `Statement[0].Principal.AWS[1]`, from its last step back.
#[derive(Clone, Copy)]
pub(super) struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Name(&'a str),
    Index(usize),
}

impl<'a> Path<'a> {
    pub(super) const POLICY: Path<'static> = Path::root("policy");
    pub(super) const STATEMENT: Path<'static> = Path::root("Statement");

    pub(super) const fn root(name: &'a str) -> Path<'a> {
        Path {
            parent: None,
            step: Step::Name(name),
        }
    }

    pub(super) fn name(&'a self, name: &'a str) -> Path<'a> {
        Path {
            parent: Some(self),
            step: Step::Name(name),
        }
    }

    pub(super) fn index(&'a self, index: usize) -> Path<'a> {
        Path {
            parent: Some(self),
            step: Step::Index(index),
        }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            write!(f, "{parent}")?;
        }
        match self.step {
            Step::Name(name) if self.parent.is_some() => write!(f, ".{name}"),
            Step::Name(name) => f.write_str(name),
            Step::Index(index) => write!(f, "[{index}]"),
        }
    }
}

impl From<&Path<'_>> for Arc<str> {
    fn from(path: &Path<'_>) -> Self {
        path.to_string().into()
    }
}
