//! Enums of the journal that are objects told apart by one member, written and read in one go.
//!
//! serde's own `#[serde(tag = "…")]` reads the same text, but collects each whole object into a tree first, as the tag might come last: half of the time
//! in which a journal is read. Here the tag comes first, as it was written, and the variant's fields are read from the text itself. Where it doesn't (a store
//! may sort an object's members), the object is read by way of a tree, too.
//!
//! An enum derives serde's traits with `remote = "Self"` and without a tag, which gives it functions of serde's own form for enums, `{"variant": {…}}`;
//! [`tagged!`](crate::tagged::tagged) makes the traits of these, with the tag put in between.

use serde::{
    Deserializer, Serialize, Serializer,
    de::{
        DeserializeSeed, EnumAccess, Error as _, IgnoredAny, IntoDeserializer, MapAccess, VariantAccess,
        Visitor,
        value::{CowStrDeserializer, MapAccessDeserializer},
    },
    ser::{Impossible, SerializeMap, SerializeStruct, SerializeStructVariant},
};
use serde_json::{Map, Value};
use std::{borrow::Cow, fmt, marker::PhantomData};

const LIST: &str = "a list has no members to stand beside a tag";

/// Gives an enum serde's traits, as an object that is told apart by the member of this name.
macro_rules! tagged {
    ($Enum:ty, $tag:literal) => {
        impl serde::Serialize for $Enum {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                Self::serialize(self, crate::tagged::Tagging::new(to, $tag))
            }
        }

        impl<'de> serde::Deserialize<'de> for $Enum {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                Self::deserialize(crate::tagged::Tagged::new(from, $tag))
            }
        }
    };
}
pub(crate) use tagged;

/// Reads an object as an enum.
pub(crate) struct Tagged<D> {
    from: D,
    tag: &'static str,
}

impl<D> Tagged<D> {
    pub(crate) fn new(from: D, tag: &'static str) -> Self {
        Self { from, tag }
    }
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Tagged<D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, D::Error> {
        Err(D::Error::custom("only an enum is told apart by a tag"))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.from.deserialize_map(Object { tag: self.tag, visitor })
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct seq tuple tuple_struct
        map struct identifier ignored_any
    }
}

/// Reads the members of an object.
struct Object<V> {
    tag: &'static str,
    visitor: V,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Object<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with a member `{}`", self.tag)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<V::Value, A::Error> {
        match members.next_key_seed(Name)? {
            Some(name) if name == self.tag => self.visitor.visit_enum(Members(members)),
            Some(name) => {
                let mut rest = Map::new();
                rest.insert(name.into_owned(), members.next_value()?);
                while let Some((name, value)) = members.next_entry()? {
                    rest.insert(name, value);
                }
                self.of_tree(rest)
            }
            None => Err(A::Error::missing_field(self.tag)),
        }
    }
}

impl<'de, V: Visitor<'de>> Object<V> {
    #[cold]
    fn of_tree<E: serde::de::Error>(self, mut members: Map<String, Value>) -> Result<V::Value, E> {
        let Some(Value::String(variant)) = members.remove(self.tag) else {
            return Err(E::missing_field(self.tag));
        };
        self.visitor.visit_enum(Tree { variant, members, error: PhantomData })
    }
}

/// The name of a member; it is mostly not copied.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

/// An object's members from the tag's value on: the variant, and what it holds.
struct Members<A>(A);

impl<'de, A: MapAccess<'de>> EnumAccess<'de> for Members<A> {
    type Error = A::Error;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(mut self, seed: S) -> Result<(S::Value, Self), A::Error> {
        let name = self.0.next_value_seed(Name)?;
        seed.deserialize(CowStrDeserializer::new(name)).map(|variant| (variant, self))
    }
}

impl<'de, A: MapAccess<'de>> VariantAccess<'de> for Members<A> {
    type Error = A::Error;

    fn unit_variant(mut self) -> Result<(), A::Error> {
        while self.0.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        seed.deserialize(MapAccessDeserializer::new(self.0))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, A::Error> {
        Err(A::Error::custom(LIST))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        visitor.visit_map(self.0)
    }
}

/// The same, of an object that was read into a tree.
struct Tree<E> {
    variant: String,
    members: Map<String, Value>,
    error: PhantomData<E>,
}

impl<'de, E: serde::de::Error> EnumAccess<'de> for Tree<E> {
    type Error = E;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), E> {
        seed.deserialize(self.variant.as_str().into_deserializer()).map(|variant| (variant, self))
    }
}

impl<'de, E: serde::de::Error> VariantAccess<'de> for Tree<E> {
    type Error = E;

    fn unit_variant(self) -> Result<(), E> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, E> {
        seed.deserialize(Value::Object(self.members)).map_err(E::custom)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, E> {
        Err(E::custom(LIST))
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, E> {
        Value::Object(self.members).deserialize_map(visitor).map_err(E::custom)
    }
}

/// Writes an enum as an object, the tag first.
pub(crate) struct Tagging<S> {
    to: S,
    tag: &'static str,
    /// Whose members come, where that is known.
    variant: Option<&'static str>,
}

impl<S> Tagging<S> {
    pub(crate) fn new(to: S, tag: &'static str) -> Self {
        Self { to, tag, variant: None }
    }
}

/// The members after the tag.
pub(crate) struct After<T>(T);

impl<T: SerializeStruct> SerializeStructVariant for After<T> {
    type Ok = T::Ok;
    type Error = T::Error;

    fn serialize_field<V: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &V,
    ) -> Result<(), T::Error> {
        self.0.serialize_field(name, value)
    }

    fn skip_field(&mut self, name: &'static str) -> Result<(), T::Error> {
        self.0.skip_field(name)
    }

    fn end(self) -> Result<T::Ok, T::Error> {
        self.0.end()
    }
}

/// What has no members of its own can't stand beside a tag.
macro_rules! refused {
    ($($name:ident: $type:ty),* $(,)?) => {
        $(fn $name(self, _: $type) -> Result<S::Ok, S::Error> { Err(no_object()) })*
    };
}

fn no_object<E: serde::ser::Error>() -> E {
    E::custom("only an object's members can stand beside a tag")
}

impl<S: Serializer> Serializer for Tagging<S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Impossible<S::Ok, S::Error>;
    type SerializeTuple = Impossible<S::Ok, S::Error>;
    type SerializeTupleStruct = Impossible<S::Ok, S::Error>;
    type SerializeTupleVariant = Impossible<S::Ok, S::Error>;
    type SerializeMap = Impossible<S::Ok, S::Error>;
    type SerializeStruct = S::SerializeStruct;
    type SerializeStructVariant = After<S::SerializeStruct>;

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<S::Ok, S::Error> {
        let mut members = self.to.serialize_map(Some(1))?;
        members.serialize_entry(self.tag, variant)?;
        members.end()
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        value.serialize(Self { variant: Some(variant), ..self })
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        _: u32,
        variant: &'static str,
        members: usize,
    ) -> Result<Self::SerializeStructVariant, S::Error> {
        Self { variant: Some(variant), ..self }.serialize_struct(name, members).map(After)
    }

    fn serialize_struct(self, name: &'static str, members: usize) -> Result<S::SerializeStruct, S::Error> {
        let variant = self.variant.ok_or_else(no_object)?;
        let mut object = self.to.serialize_struct(name, members + 1)?;
        object.serialize_field(self.tag, variant)?;
        Ok(object)
    }

    refused! {
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_u8: u8, serialize_u16: u16,
        serialize_u32: u32, serialize_u64: u64, serialize_f32: f32, serialize_f64: f64, serialize_char: char, serialize_str: &str, serialize_bytes: &[u8],
        serialize_unit_struct: &'static str,
    }

    fn serialize_none(self) -> Result<S::Ok, S::Error> {
        Err(no_object())
    }

    fn serialize_unit(self) -> Result<S::Ok, S::Error> {
        Err(no_object())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<S::Ok, S::Error> {
        Err(no_object())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: &T,
    ) -> Result<S::Ok, S::Error> {
        Err(no_object())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, S::Error> {
        Err(no_object())
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, S::Error> {
        Err(no_object())
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, S::Error> {
        Err(no_object())
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, S::Error> {
        Err(no_object())
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, S::Error> {
        Err(no_object())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Long {
        how_long: u64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        said: Option<String>,
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(remote = "Self", rename_all = "camelCase", rename_all_fields = "camelCase")]
    enum Told {
        Nothing,
        AllOfIt(Box<Long>),
        ABit {
            of_what: String,
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            more: Vec<Told>,
        },
    }
    tagged!(Told, "type");

    /// The same by serde's own tag.
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
    enum Peer {
        Nothing,
        AllOfIt(Box<Long>),
        ABit {
            of_what: String,
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            more: Vec<Peer>,
        },
    }

    fn told() -> Vec<Told> {
        let long = |said: Option<&str>| Box::new(Long { how_long: u64::MAX, said: said.map(str::to_owned) });
        let all = Told::AllOfIt(long(Some("a \"quote\", é")));
        let bit =
            Told::ABit { of_what: "type".to_owned(), more: vec![Told::Nothing, Told::AllOfIt(long(None))] };
        vec![Told::Nothing, all, bit]
    }

    fn read(text: &str) -> Result<Told, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    #[test]
    fn is_written_and_read_as_serde_does() {
        for one in told() {
            let text = serde_json::to_string(&one).unwrap();
            assert_eq!(read(&text).unwrap(), one, "{text}");
            let peer: Peer = serde_json::from_str(&text).unwrap();
            assert_eq!(serde_json::to_string(&peer).unwrap(), text);
        }
    }

    #[test]
    fn the_tag_may_stand_anywhere_and_be_escaped() {
        let bit = Told::ABit { of_what: "it".to_owned(), more: Vec::new() };
        for text in [
            r#"{"ofWhat":"it","type":"aBit"}"#,
            r#"{"\u0074ype":"aB\u0069t","ofWhat":"it"}"#,
            r#"{"type":"aBit","unknown":[{"x":1}],"ofWhat":"it"}"#,
        ] {
            assert_eq!(read(text).unwrap(), bit, "{text}");
        }
        let nothing = [r#"{"type":"nothing","later":{"more":true}}"#, r#"{"later":{},"type":"nothing"}"#];
        for text in nothing {
            assert_eq!(read(text).unwrap(), Told::Nothing, "{text}");
        }
        // Numbers keep their last digit where a tree lies between.
        let long = format!(r#"{{"howLong":{},"type":"allOfIt"}}"#, u64::MAX);
        assert_eq!(read(&long).unwrap(), Told::AllOfIt(Box::new(Long { how_long: u64::MAX, said: None })));
    }

    #[test]
    fn what_is_no_such_object_is_refused_with_the_reason() {
        for (text, reason) in [
            ("{}", "missing field `type`"),
            (r#"{"ofWhat":"it"}"#, "missing field `type`"),
            (r#"{"type":"aLot"}"#, "unknown variant `aLot`"),
            (r#"{"type":"aBit"}"#, "missing field `ofWhat`"),
            (r#"{"howLong":"x","type":"allOfIt"}"#, "invalid type: string"),
            ("[]", "an object with a member `type`"),
            (r#"{"type":7}"#, "expected text"),
        ] {
            let said = read(text).unwrap_err();
            assert!(said.contains(reason), "{text}: {said}");
        }
    }
}
