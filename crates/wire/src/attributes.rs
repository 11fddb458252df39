//! Typed facts about a conversation.

use crate::json::{Reader, Wrong};
use crate::read::Read;
use crate::{Code, WireError, limits};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{collections::BTreeMap, fmt};

/// Facts about a conversation by name, as the customer's page, the provider's back end or an agent gave them.
///
/// ```
/// use jackfield_wire::{Attributes, AttributeValue};
/// let given: Attributes = serde_json::from_str(r#"{"tier":"gold","orders":3,"vip":true,"parcels":["A-17","A-18"]}"#)?;
/// assert_eq!(given["tier"], AttributeValue::from("gold"));
/// assert_eq!(given["orders"].as_number(), Some(3.0));
/// # Ok::<(), serde_json::Error>(())
/// ```
pub type Attributes = BTreeMap<String, AttributeValue>;

/// The value of an attribute: in JSON a text, a number, `true` or `false`, or a list of texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttributeValue {
    /// A text.
    Text(String),
    /// A number.
    Number(Number),
    /// True or false.
    Flag(bool),
    /// A list of texts.
    Texts(Vec<String>),
}

/// A number that JavaScript and JSON keep as it is: finite, and between ±(2⁵³ − 1). Whole ones are exact and are written without a fraction.
///
/// ```
/// use jackfield_wire::Number;
/// assert_eq!(Number::new(4711.0).and_then(Number::whole), Some(4711));
/// assert_eq!(Number::new(9007199254740992.0), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number(f64);

// There is no NaN among them.
impl Eq for Number {}

impl Number {
    /// The number, unless it is infinite, no number, or beyond ±(2⁵³ − 1).
    pub fn new(number: f64) -> Option<Self> {
        // Adding zero makes one of the two zeros.
        (number.abs() <= limits::ATTRIBUTE_NUMBER as f64).then_some(Self(number + 0.0))
    }

    /// The number.
    pub fn get(self) -> f64 {
        self.0
    }

    /// The number, where it has no fraction.
    pub fn whole(self) -> Option<i64> {
        (self.0.fract() == 0.0).then_some(self.0 as i64)
    }
}

impl From<i32> for Number {
    fn from(number: i32) -> Self {
        Self(number.into())
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl AttributeValue {
    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(number.get()),
            _ => None,
        }
    }

    /// Bytes that count against the limits: those of the texts, 8 for a number, 1 for true or false.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Number(_) => 8,
            Self::Flag(_) => 1,
            Self::Texts(texts) => texts.iter().map(String::len).sum(),
        }
    }
}

impl From<&str> for AttributeValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for AttributeValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i32> for AttributeValue {
    fn from(number: i32) -> Self {
        Self::Number(number.into())
    }
}

impl From<bool> for AttributeValue {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<Vec<String>> for AttributeValue {
    fn from(texts: Vec<String>) -> Self {
        Self::Texts(texts)
    }
}

/// Whether attributes keep within the limits: their count, the bytes of a name, of a value and of all together, the length of a list.
///
/// # Errors
/// `attributesTooLarge`, or `invalidField` for a name that is empty; the message says which attribute, how much it is and how much is taken.
///
/// ```
/// use jackfield_wire::{Attributes, Code, check_attributes};
/// let large = Attributes::from([("page".to_owned(), "x".repeat(3000).into())]);
/// let refused = check_attributes(&large).unwrap_err();
/// assert_eq!(refused.code, Code::AttributesTooLarge);
/// assert_eq!(refused.message, "attributes.page has 3000 bytes; at most 2048 are taken: keep it elsewhere and send its key");
/// ```
pub fn check_attributes(attributes: &Attributes) -> Result<(), WireError> {
    within("attributes", "entries", attributes.len(), limits::ATTRIBUTES, "send what agents and rules need")?;
    for (name, value) in attributes {
        check_attribute(name, value)?;
    }
    let bytes = attributes.iter().map(|(name, value)| name.len() + value.bytes()).sum();
    let remedy = "keep the larger ones elsewhere and send their keys";
    within("attributes", "bytes of names and values", bytes, limits::ATTRIBUTE_BYTES, remedy)
}

fn check_attribute(name: &str, value: &AttributeValue) -> Result<(), WireError> {
    if name.trim().is_empty() {
        let message = "attributes has an entry without a name; give each a name";
        return Err(WireError::new(Code::InvalidField, message));
    }
    within("a name in attributes", "bytes", name.len(), limits::ATTRIBUTE_NAME_BYTES, "shorten it")?;
    let field = format!("attributes.{name}");
    if let AttributeValue::Texts(texts) = value {
        within(&field, "entries", texts.len(), limits::ATTRIBUTE_LIST, "send the first of them")?;
    }
    let remedy = "keep it elsewhere and send its key";
    within(&field, "bytes", value.bytes(), limits::ATTRIBUTE_VALUE_BYTES, remedy)
}

fn within(field: &str, unit: &str, found: usize, most: usize, remedy: &str) -> Result<(), WireError> {
    if found <= most {
        return Ok(());
    }
    let message = format!("{field} has {found} {unit}; at most {most} are taken: {remedy}");
    Err(WireError::new(Code::AttributesTooLarge, message))
}

const WRONG: &str = "must be a text, a number, true or false, or a list of texts";
const TOO_LARGE: &str = "must be a number between ±9007199254740991 (2⁵³ − 1); send a longer one as a text";

impl Read for AttributeValue {
    fn read(from: &mut Reader<'_>) -> Result<Self, Wrong> {
        match from.due() {
            Some(b'"') => String::read(from).map(Self::Text),
            Some(b't' | b'f') => bool::read(from).map(Self::Flag),
            Some(b'[') => Vec::read(from).map(Self::Texts),
            Some(b'-' | b'0'..=b'9') => {
                let (text, _) = from.number()?;
                let number = text.parse().ok().and_then(Number::new);
                number.map(Self::Number).ok_or_else(|| from.wrong(TOO_LARGE))
            }
            _ => Err(from.wrong(WRONG)),
        }
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.whole() {
            Some(whole) => to.serialize_i64(whole),
            None => to.serialize_f64(self.0),
        }
    }
}

impl Serialize for AttributeValue {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => to.serialize_str(text),
            Self::Number(number) => number.serialize(to),
            Self::Flag(flag) => to.serialize_bool(*flag),
            Self::Texts(texts) => texts.serialize(to),
        }
    }
}

impl<'de> Deserialize<'de> for AttributeValue {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Visitor)
    }
}

struct Visitor;

impl<'de> de::Visitor<'de> for Visitor {
    type Value = AttributeValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a number, true or false, or a list of texts")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(text.into())
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Self::Value, E> {
        Ok(text.into())
    }

    fn visit_bool<E: de::Error>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(flag.into())
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Self::Value, E> {
        Number::new(number).map(AttributeValue::Number).ok_or_else(|| E::custom(TOO_LARGE))
    }

    // A cast may round, but never into the bounds from beyond them: the first number beyond is a float itself.
    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
        self.visit_f64(number as f64)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Self::Value, E> {
        self.visit_f64(number as f64)
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        Vec::deserialize(de::value::SeqAccessDeserializer::new(list)).map(AttributeValue::Texts)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for AttributeValue {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "AttributeValue".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let most = limits::ATTRIBUTE_NUMBER;
        schemars::json_schema!({
            "description": "The value of an attribute.",
            "anyOf": [
                { "type": "string" },
                { "type": "number", "minimum": -(most as i64), "maximum": most },
                { "type": "boolean" },
                { "type": "array", "items": { "type": "string" } },
            ],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<AttributeValue, String> {
        AttributeValue::read(&mut Reader::new(text)).map_err(|wrong| wrong.to_string())
    }

    #[test]
    fn values_are_plain_json_to_both_readers() {
        let number = |n| AttributeValue::Number(Number::new(n).unwrap());
        let table = [
            (r#""gold""#, AttributeValue::from("gold")),
            ("true", true.into()),
            ("false", false.into()),
            ("0", 0.into()),
            ("-17", (-17).into()),
            ("0.1", number(0.1)),
            ("0.30000000000000004", number(0.1 + 0.2)),
            ("9007199254740991", number(9_007_199_254_740_991.0)),
            ("-9007199254740991", number(-9_007_199_254_740_991.0)),
            ("1e-7", number(0.000_000_1)),
            (r#"["a","b"]"#, vec!["a".to_owned(), "b".to_owned()].into()),
            ("[]", Vec::new().into()),
        ];
        for (text, value) in table {
            assert_eq!(read(text).as_ref(), Ok(&value), "{text}");
            assert_eq!(serde_json::from_str::<AttributeValue>(text).unwrap(), value, "{text}");
            assert_eq!(serde_json::to_string(&value).unwrap(), text);
        }
        // Other ways to write the same numbers.
        for (text, value) in [("-0", 0), ("-0.0", 0), ("3.0", 3), ("1e3", 1000)] {
            assert_eq!(read(text), Ok(value.into()), "{text}");
            assert_eq!(serde_json::from_str::<AttributeValue>(text).unwrap(), value.into(), "{text}");
        }
    }

    #[test]
    fn what_is_no_value_is_refused_by_both_readers() {
        let numbers = ["9007199254740992", "-9007199254740992", "9007199254740993", "1e999", "1e20"];
        let others = ["null", "{}", "[1]", "[[]]", "", "tru", "1.", "[null]"];
        for text in numbers.into_iter().chain(others) {
            assert!(read(text).is_err(), "{text}");
            assert!(serde_json::from_str::<AttributeValue>(text).is_err(), "{text}");
        }
        for text in numbers {
            assert!(read(text).unwrap_err().contains("2⁵³"), "{text}");
        }
        assert!(read("null").unwrap_err().starts_with(WRONG));
    }

    #[test]
    fn each_limit_is_said_with_its_name_and_measure() {
        let one = |name: &str, value: AttributeValue| Attributes::from([(name.to_owned(), value)]);
        let texts = |count: usize, bytes: usize| vec!["x".repeat(bytes); count].into();
        let named = |count: usize, bytes: usize| {
            (0..count).map(|n| (n.to_string(), "x".repeat(bytes).into())).collect::<Attributes>()
        };
        let table = [
            (one("page", "x".repeat(limits::ATTRIBUTE_VALUE_BYTES).into()), None),
            (
                one("page", "x".repeat(limits::ATTRIBUTE_VALUE_BYTES + 1).into()),
                Some("attributes.page has 2049 bytes"),
            ),
            (one("list", texts(limits::ATTRIBUTE_LIST, 1)), None),
            (one("list", texts(limits::ATTRIBUTE_LIST + 1, 1)), Some("attributes.list has 33 entries")),
            (one("list", texts(3, 1000)), Some("attributes.list has 3000 bytes")),
            (one(&"n".repeat(limits::ATTRIBUTE_NAME_BYTES), true.into()), None),
            (
                one(&"n".repeat(limits::ATTRIBUTE_NAME_BYTES + 1), true.into()),
                Some("a name in attributes has 65 bytes"),
            ),
            (named(limits::ATTRIBUTES, 100), None),
            (named(limits::ATTRIBUTES + 1, 1), Some("attributes has 33 entries")),
            (named(5, 1000), Some("attributes has 5005 bytes of names and values; at most 4096")),
        ];
        for (attributes, wrong) in table {
            match (check_attributes(&attributes), wrong) {
                (Ok(()), None) => {}
                (Err(error), Some(said)) => {
                    assert_eq!(error.code, Code::AttributesTooLarge, "{error}");
                    assert!(error.message.starts_with(said), "{error}");
                }
                (found, due) => panic!("{found:?}, due: {due:?}"),
            }
        }
        assert_eq!(check_attributes(&one(" ", true.into())).unwrap_err().code, Code::InvalidField);
    }
}
