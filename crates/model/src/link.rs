//! References between resources, resolved even when the physical value is not known.

use crate::estate::Noun;
use crate::text::{Text, Why};
use serde::de::{Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

/// The row of a resource in its table.
pub struct Id<T> {
    row: u32,
    noun: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    pub(crate) fn new(row: u32) -> Self {
        Id { row, noun: PhantomData }
    }

    pub fn row(self) -> usize {
        self.row as usize
    }
}

/// A number, in a newtype that is named after the noun.
impl<T: Noun> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(T::NAME, &self.row)
    }
}

impl<'de, T: Noun> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Row<T>(PhantomData<fn() -> T>);

        impl<'de, T: Noun> Visitor<'de> for Row<T> {
            type Value = Id<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "the row of a {}", T::NAME)
            }

            fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Id<T>, D::Error> {
                u32::deserialize(deserializer).map(Id::new)
            }
        }

        deserializer.deserialize_newtype_struct(T::NAME, Row(PhantomData))
    }
}

// Derives would ask these of `T`, which is only a name here.
impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.row == other.row
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.row.cmp(&other.row)
    }
}
impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.row.hash(state);
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.row)
    }
}

/// A reference to a resource of kind `T`.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", bound = "T: Noun")]
pub enum Link<T> {
    /// A resource of this estate.
    Here(Id<T>),
    /// A resource outside this estate, by its ARN or name as written.
    Outside(Text),
    Unknown(Why),
}

impl<T> Link<T> {
    pub fn here(&self) -> Option<Id<T>> {
        match self {
            Link::Here(id) => Some(*id),
            Link::Outside(_) | Link::Unknown(_) => None,
        }
    }
}

impl<T> Clone for Link<T> {
    fn clone(&self) -> Self {
        match self {
            Link::Here(id) => Link::Here(*id),
            Link::Outside(text) => Link::Outside(text.clone()),
            Link::Unknown(why) => Link::Unknown(why.clone()),
        }
    }
}
impl<T> PartialEq for Link<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl<T> Eq for Link<T> {}
impl<T> PartialOrd for Link<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Link<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Link::Here(a), Link::Here(b)) => a.cmp(b),
            (Link::Outside(a), Link::Outside(b)) => a.cmp(b),
            (Link::Unknown(a), Link::Unknown(b)) => a.cmp(b),
            (Link::Here(_), _) | (Link::Outside(_), Link::Unknown(_)) => Ordering::Less,
            (_, Link::Here(_)) | (Link::Unknown(_), Link::Outside(_)) => Ordering::Greater,
        }
    }
}
impl<T> Hash for Link<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Link::Here(id) => id.hash(state),
            Link::Outside(text) => text.hash(state),
            Link::Unknown(why) => why.hash(state),
        }
    }
}
impl<T> fmt::Debug for Link<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Link::Here(id) => write!(f, "Here({id:?})"),
            Link::Outside(text) => write!(f, "Outside({text})"),
            Link::Unknown(why) => write!(f, "Unknown({why})"),
        }
    }
}
