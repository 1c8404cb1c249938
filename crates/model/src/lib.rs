//! The estate as nouns, and what is said about it: the vocabulary that every other room speaks.
//!
//! Nothing here reads a file, calls AWS or decides anything. A reader fills an [`Estate`], an
//! analysis asks it, a check says a [`Finding`] and a report prints it.

pub mod change;
pub mod document;
pub mod estate;
pub mod finding;
pub mod gap;
pub mod link;
pub mod noun;
pub mod place;
pub mod resource;
pub mod rule;
pub mod secret;
pub mod setting;
pub mod text;
pub mod tree;

pub use document::{Branch, Document, Field, Value};
pub use estate::{AnyId, Estate, Noun, Table};
pub use finding::{Evidence, Fact, Finding, Fix, Subject, Suppression, Verdict};
pub use gap::{Coverage, Extent, Gap, GapKind};
pub use link::{Id, Link};
pub use noun::*;
pub use place::{FileId, Location, Place, Pos, SourceFile, Span};
pub use resource::{Existence, Resource, Unit, UnitId};
pub use rule::{Confidence, Control, Equivalent, Framework, Peer, Rule, Severity, Tier};
pub use secret::{EnvValue, Judged, Secret};
pub use setting::{Candidate, Setting, State, Unknown};
pub use text::{Attribute, Hole, Piece, Text, Why};
pub use tree::{Entry, Node, NodeValue};
