//! Readers for plain structs and words, smaller than serde's derived ones: those also take arrays for structs, numbers for words and objects for both, which nobody
//! sends. Every page loads this code, and each type has its own copy of it.

use serde::de::{Deserializer, Error, Visitor};
use std::fmt;

/// Reads a struct from an object only.
pub(crate) struct FromObject<D>(pub(crate) D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for FromObject<D> {
    type Error = D::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(visitor)
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// Reads a word, and gives its place among the names (of the variants, with their first letter large).
///
/// # Errors
/// Where it is no text, or none of them; all that there are stand in the message.
pub(crate) fn word<'de, D: Deserializer<'de>>(
    from: D,
    names: &'static [&'static str],
) -> Result<usize, D::Error> {
    from.deserialize_str(Word(names))
}

struct Word(&'static [&'static str]);

impl Visitor<'_> for Word {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one of")?;
        self.0.iter().try_for_each(|name| {
            let (first, rest) = name.split_at(1);
            write!(f, " `{}{rest}`", first.to_ascii_lowercase())
        })
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<usize, E> {
        let place = self.0.iter().position(|name| is(name, text));
        place.ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
    }
}

fn is(name: &str, word: &str) -> bool {
    let (Some((n, name)), Some((w, word))) = (name.as_bytes().split_first(), word.as_bytes().split_first())
    else {
        return false;
    };
    n.to_ascii_lowercase() == *w && name == word
}

#[cfg(test)]
mod tests {
    use crate::{Activity, QueueInfo};

    #[test]
    fn every_word_is_read_as_it_is_written() {
        for &word in Activity::ALL {
            let text = serde_json::to_string(&word).unwrap();
            assert_eq!(serde_json::from_str::<Activity>(&text).unwrap(), word);
        }
        for wrong in [r#""InACall""#, r#""incall""#, r#""""#, "1", r#"{"inACall":null}"#] {
            let refused = serde_json::from_str::<Activity>(wrong).unwrap_err().to_string();
            assert!(refused.contains("`inACall`"), "{refused}");
        }
    }

    #[test]
    fn a_struct_is_an_object() {
        let queue = serde_json::from_str::<QueueInfo>(
            r#"{"queueId":"q1","name":"Sales","channels":["chat"],"new":[1]}"#,
        );
        assert_eq!(queue.unwrap().name, "Sales");
        assert!(serde_json::from_str::<QueueInfo>(r#"["q1","Sales",["chat"],[]]"#).is_err());
        let missing = serde_json::from_str::<QueueInfo>(r#"{"queueId":"q1"}"#).unwrap_err().to_string();
        assert!(missing.contains("missing field `name`"), "{missing}");
    }
}
