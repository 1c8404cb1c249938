//! A member of a row as a snapshot holds it: what checks of one's own see, and all that they see.

use maremma_model::AnyId;
use serde::de::value::{Error, MapDeserializer, SeqDeserializer};
use serde::de::{self, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde::ser::{self, Impossible, Serialize, Serializer};
use std::sync::Arc;

/// Data with the names of its types, as `serde` tells them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum View {
    Null,
    Bool(bool),
    Integer(i64),
    Text(Arc<str>),
    List(Vec<View>),
    Record(&'static str, Vec<(&'static str, View)>),
    /// The enum, the variant, and what is in it.
    Variant(&'static str, &'static str, Box<View>),
    Row(AnyId),
}

impl View {
    /// All of a value.
    pub(crate) fn of(value: &(impl Serialize + ?Sized)) -> Option<View> {
        value.serialize(Viewer { only: None }).ok()
    }

    pub(crate) fn field(&self, name: &str) -> Option<&View> {
        match self {
            View::Record(_, fields) => fields.iter().find(|(key, _)| *key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The value in the model's own type again.
    pub(crate) fn restore<'v, T: de::Deserialize<'v>>(&'v self) -> Option<T> {
        T::deserialize(self).ok()
    }
}

/// Makes a view of a value; of the struct at its top only one field, where that is asked for.
pub(crate) struct Viewer<'n> {
    pub(crate) only: Option<&'n str>,
}

const WHOLE: Viewer<'static> = Viewer { only: None };

pub(crate) struct Items(Vec<View>);

pub(crate) struct Fields<'n> {
    name: &'static str,
    /// The variant of the enum of that name, where it is one.
    variant: Option<&'static str>,
    only: Option<&'n str>,
    fields: Vec<(&'static str, View)>,
}

macro_rules! integers {
    ($($method:ident: $type:ty),+) => {
        $(fn $method(self, value: $type) -> Result<View, Error> {
            i64::try_from(value).map(View::Integer).map_err(ser::Error::custom)
        })+
    };
}

/// What no noun holds; a test views and restores every table.
macro_rules! foreign {
    ($($method:ident($($type:ty),*) -> $result:ty;)+) => {
        $(fn $method(self, $(_: $type),*) -> Result<$result, Error> {
            Err(ser::Error::custom(stringify!($method)))
        })+
    };
}

type Never = Impossible<View, Error>;

impl<'n> Serializer for Viewer<'n> {
    type Ok = View;
    type Error = Error;
    type SerializeSeq = Items;
    type SerializeTuple = Never;
    type SerializeTupleStruct = Never;
    type SerializeTupleVariant = Never;
    type SerializeMap = Never;
    type SerializeStruct = Fields<'n>;
    type SerializeStructVariant = Fields<'n>;

    integers! {
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64
    }

    foreign! {
        serialize_f32(f32) -> View;
        serialize_f64(f64) -> View;
        serialize_char(char) -> View;
        serialize_bytes(&[u8]) -> View;
        serialize_tuple(usize) -> Never;
        serialize_tuple_struct(&'static str, usize) -> Never;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Never;
        serialize_map(Option<usize>) -> Never;
    }

    fn serialize_bool(self, value: bool) -> Result<View, Error> {
        Ok(View::Bool(value))
    }

    fn serialize_str(self, value: &str) -> Result<View, Error> {
        Ok(View::Text(value.into()))
    }

    fn serialize_none(self) -> Result<View, Error> {
        Ok(View::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<View, Error> {
        value.serialize(WHOLE)
    }

    fn serialize_unit(self) -> Result<View, Error> {
        Ok(View::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<View, Error> {
        Ok(View::Null)
    }

    fn serialize_unit_variant(self, of: &'static str, _: u32, variant: &'static str) -> Result<View, Error> {
        Ok(View::Variant(of, variant, Box::new(View::Null)))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<View, Error> {
        let inner = value.serialize(WHOLE)?;
        let row = match inner {
            View::Integer(row) => u32::try_from(row).ok().and_then(|row| AnyId::of(name, row)),
            _ => None,
        };
        Ok(row.map_or(inner, View::Row))
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        of: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<View, Error> {
        Ok(View::Variant(of, variant, Box::new(value.serialize(WHOLE)?)))
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Items, Error> {
        Ok(Items(Vec::with_capacity(length.unwrap_or(0).min(1024))))
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Fields<'n>, Error> {
        Ok(Fields {
            name,
            variant: None,
            only: self.only,
            fields: Vec::new(),
        })
    }

    fn serialize_struct_variant(
        self,
        of: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Fields<'n>, Error> {
        Ok(Fields {
            name: of,
            variant: Some(variant),
            only: None,
            fields: Vec::new(),
        })
    }
}

impl ser::SerializeSeq for Items {
    type Ok = View;
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.0.push(value.serialize(WHOLE)?);
        Ok(())
    }

    fn end(self) -> Result<View, Error> {
        Ok(View::List(self.0))
    }
}

impl ser::SerializeStruct for Fields<'_> {
    type Ok = View;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        if self.only.is_none_or(|only| only == key) {
            self.fields.push((key, value.serialize(WHOLE)?));
        }
        Ok(())
    }

    fn end(self) -> Result<View, Error> {
        let record = View::Record(self.name, self.fields);
        Ok(match self.variant {
            Some(variant) => View::Variant(self.name, variant, Box::new(record)),
            None => record,
        })
    }
}

impl ser::SerializeStructVariant for Fields<'_> {
    type Ok = View;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        ser::SerializeStruct::serialize_field(self, key, value)
    }

    fn end(self) -> Result<View, Error> {
        ser::SerializeStruct::end(self)
    }
}

impl<'de> IntoDeserializer<'de, Error> for &'de View {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for &'de View {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            View::Null => visitor.visit_unit(),
            View::Bool(value) => visitor.visit_bool(*value),
            View::Integer(value) => visitor.visit_i64(*value),
            View::Text(text) => visitor.visit_str(text),
            View::List(items) => visitor.visit_seq(SeqDeserializer::new(items.iter())),
            View::Record(_, fields) => {
                visitor.visit_map(MapDeserializer::new(fields.iter().map(|(key, value)| (*key, value))))
            }
            View::Variant(_, variant, value) => visitor.visit_enum(Chosen { variant, value }),
            View::Row(id) => visitor.visit_u32(u32::try_from(id.row()).unwrap_or(u32::MAX)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            View::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq
        tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct Chosen<'de> {
    variant: &'static str,
    value: &'de View,
}

impl<'de> de::EnumAccess<'de> for Chosen<'de> {
    type Error = Error;
    type Variant = &'de View;

    fn variant_seed<V: de::DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self::Variant), Error> {
        seed.deserialize(self.variant.into_deserializer())
            .map(|variant| (variant, self.value))
    }
}

impl<'de> de::VariantAccess<'de> for &'de View {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    fn newtype_variant_seed<T: de::DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        self.deserialize_any(visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{kinds, relate, types};
    use super::*;
    use maremma_model::{Estate, Location};
    use maremma_source::{Options, read_texts};
    use std::collections::BTreeSet;
    use std::path::Path;

    /// Templates that set every property.
    fn corpus() -> Estate {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/kinds");
        let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let texts: Vec<_> = paths
            .map(|path| (path.display().to_string(), std::fs::read_to_string(&path).unwrap()))
            .collect();
        let texts: Vec<_> = texts
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .collect();
        read_texts(&texts, &Options::default())
    }

    #[test]
    fn every_member_of_every_row_is_viewed() {
        let estate = corpus();
        let mut seen = BTreeSet::new();
        for (id, head) in estate.resources() {
            let view = estate.serialize_row(id, WHOLE).unwrap().unwrap();
            assert_eq!(view.field("resource").unwrap().restore().as_ref(), Some(head), "{id:?}");
            let View::Record(_, fields) = &view else {
                panic!("{view:?}")
            };
            for (name, _) in &types::noun(id.noun()).unwrap().members {
                let own = fields.iter().any(|(own, _)| own == name);
                assert!(
                    own || types::HEAD.contains(name) || relate::find(id.noun(), name).is_some(),
                    "{id:?} {name}"
                );
            }
            seen.insert((id.noun(), head.kind.to_string()));
        }
        for kind in kinds::all() {
            let (_, noun) = kinds::find(kind).unwrap();
            assert!(
                seen.contains(&(noun, kind.to_owned())),
                "no {noun} of {kind} in the corpus"
            );
        }
        for (_, noun) in Estate::TABLES {
            assert!(
                kinds::of(noun).next().is_some() || ["Forwarding", "Other"].contains(noun),
                "{noun}"
            );
        }
    }

    #[test]
    fn what_is_viewed_is_restored() {
        let estate = corpus();
        let role = estate.roles.values().next().unwrap();
        assert_eq!(
            View::of(&role.trust.at).unwrap().restore::<Location>(),
            Some(role.trust.at.clone())
        );
        let document = role.trust.value().unwrap();
        assert_eq!(View::of(document).unwrap().restore().as_ref(), Some(document));
    }
}
