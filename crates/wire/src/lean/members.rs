//! The members of a JSON object, kept as they stood in the text.

use super::Json;
use crate::json::Reader;
use crate::read::Read;
use std::sync::Arc;

/// The members of a JSON object as they stood in the text, without the braces: `"a":1,"b":[2]`.
///
/// Cheap to clone: the text is shared. Equal by text: the gateway writes the same thing the same way.
///
/// ```
/// use jackfield_wire::lean::Members;
/// let mut members = Members::of(r#"{"a":1,"b":"x"}"#)?;
/// members.set("b", None);
/// members.set("c", Some("[2]"));
/// assert_eq!(members.object(), r#"{"a":1,"c":[2]}"#);
/// # Ok::<(), jackfield_wire::WireError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Members(Arc<str>);

impl Members {
    /// The members of an object.
    ///
    /// # Errors
    /// `malformedFrame` where the text is no JSON object.
    pub fn of(object: &str) -> Result<Self, crate::WireError> {
        let (mut from, mut members) = (Reader::new(object), Self::default());
        let read = from.keeping(&[], (0, &mut members), &mut |from, _| from.skip());
        read.and_then(|()| from.end()).map_err(crate::codec::refuse)?;
        Ok(members)
    }

    pub(crate) fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The text, without braces.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text of the object.
    pub fn object(&self) -> String {
        ["{", &self.0, "}"].concat()
    }

    /// A member's value, as it stands.
    pub fn get(&self, key: &str) -> Option<&str> {
        let mut found = None;
        Reader::new(&self.0).loose(&mut |name, _, value| {
            if name == key {
                found = Some(value);
            }
        });
        found
    }

    /// A member that is a text.
    pub fn text(&self, key: &str) -> Option<String> {
        self.read(key)
    }

    /// A member that is a whole number.
    pub fn whole(&self, key: &str) -> Option<u64> {
        self.read(key)
    }

    /// Whether a member is there and `true`.
    pub fn flag(&self, key: &str) -> bool {
        self.get(key) == Some("true")
    }

    /// A member of this type; `None` where it is not there, or another.
    pub(crate) fn read<T: Read>(&self, key: &str) -> Option<T> {
        T::read(&mut Reader::new(self.get(key)?)).ok()
    }

    /// Puts a value in place of a member's, or at the end; `None` takes the member away.
    pub fn set(&mut self, key: &str, value: Option<&str>) {
        let (mut made, mut value) = (Vec::new(), value);
        Reader::new(&self.0).loose(&mut |name, member, _| {
            if name != key {
                made.push(member.to_owned());
            } else if let Some(value) = value.take() {
                made.push(Json::member(key, value));
            }
        });
        made.extend(value.map(|value| Json::member(key, value)));
        *self = Self::new(&made.join(","));
    }

    /// Puts all of these members in place of those of the same names; `null`, and what the wire leaves out of views because it is empty, takes one away. Says
    /// whether any is another now.
    pub fn merge(&mut self, news: &Self) -> bool {
        let mut other = false;
        Reader::new(&news.0).loose(&mut |name, _, value| {
            let value = Some(value).filter(|value| !matches!(*value, "null" | "{}" | "[]"));
            if self.get(name) != value {
                self.set(name, value);
                other = true;
            }
        });
        other
    }
}
