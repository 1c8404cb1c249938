//! The type of a member, told by how `serde` would read it.

use super::types::{Record, Type};
use maremma_model::Estate;
use serde::de::value::Error;
use serde::de::{self, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use std::sync::Arc;

/// Reads nothing: it hands out a least value of everything asked for, and writes down what was asked.
///
/// A setting is what it is a setting of, a link the row that it leads to. Of an enum only the first variant
/// is looked at: that of a state is the value that is set, that of a link the row.
pub(crate) struct Trace<'t>(pub(crate) &'t mut Type);

macro_rules! least {
    ($($method:ident => $of:ident, $visit:ident($value:expr);)+) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            *self.0 = Type::$of;
            visitor.$visit($value)
        })+
    };
}

impl<'de> Deserializer<'de> for Trace<'_> {
    type Error = Error;

    least! {
        deserialize_bool => Bool, visit_bool(false);
        deserialize_i8 => Number, visit_i8(0);
        deserialize_i16 => Number, visit_i16(0);
        deserialize_i32 => Number, visit_i32(0);
        deserialize_i64 => Number, visit_i64(0);
        deserialize_u8 => Number, visit_u8(0);
        deserialize_u16 => Number, visit_u16(0);
        deserialize_u32 => Number, visit_u32(0);
        deserialize_u64 => Number, visit_u64(0);
        deserialize_f32 => Number, visit_f32(0.0);
        deserialize_f64 => Number, visit_f64(0.0);
        deserialize_char => Text, visit_char(' ');
        deserialize_str => Text, visit_str("");
        deserialize_string => Text, visit_str("");
        deserialize_identifier => Text, visit_str("");
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(de::Error::custom("a type that describes itself"))
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_any(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_any(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        *self.0 = Type::Nothing;
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        let value = visitor.visit_newtype_struct(Trace(&mut *self.0))?;
        if Estate::TABLES.iter().any(|(_, noun)| *noun == name) {
            *self.0 = Type::Row(Some(name));
        }
        Ok(value)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let mut of = Type::Nothing;
        let value = visitor.visit_seq(One(Some(&mut of)))?;
        *self.0 = Type::List(Box::new(of));
        Ok(value)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_any(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_any(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_any(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let mut members = Vec::new();
        let value = visitor.visit_map(Fields {
            fields: fields.iter(),
            members: &mut members,
        })?;
        *self.0 = match name {
            "Setting" => members.into_iter().next().map_or(Type::Nothing, |(_, state)| state),
            "Document" => Type::Any,
            _ => Type::Record(Arc::new(Record { name, members })),
        };
        Ok(value)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let mut inner = Type::Nothing;
        let first = variants.first().copied().unwrap_or_default();
        let value = visitor.visit_enum(First {
            variant: first,
            inner: &mut inner,
        })?;
        *self.0 = match name {
            "State" | "Link" => inner,
            "AnyLink" => Type::Row(None),
            "Kept" => kept(),
            _ => Type::Text,
        };
        Ok(value)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_unit(visitor)
    }
}

/// What there is of a value that may be a secret.
fn kept() -> Type {
    let members = vec![("kind", Type::Text), ("text", Type::Text)];
    Type::Record(Arc::new(Record { name: "Value", members }))
}

struct One<'t>(Option<&'t mut Type>);

impl<'de> SeqAccess<'de> for One<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        self.0.take().map(|of| seed.deserialize(Trace(of))).transpose()
    }
}

struct Fields<'m> {
    fields: std::slice::Iter<'static, &'static str>,
    members: &'m mut Vec<(&'static str, Type)>,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some(field) = self.fields.next() else {
            return Ok(None);
        };
        self.members.push((field, Type::Nothing));
        seed.deserialize((*field).into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let mut unnamed = Type::Nothing;
        let of = self.members.last_mut().map_or(&mut unnamed, |(_, of)| of);
        seed.deserialize(Trace(of))
    }
}

struct First<'t> {
    variant: &'static str,
    inner: &'t mut Type,
}

impl<'de, 't> de::EnumAccess<'de> for First<'t> {
    type Error = Error;
    type Variant = Trace<'t>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Trace<'t>), Error> {
        let variant = seed.deserialize(self.variant.into_deserializer())?;
        Ok((variant, Trace(self.inner)))
    }
}

impl<'de> de::VariantAccess<'de> for Trace<'_> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        self.deserialize_struct("", fields, visitor)
    }
}
