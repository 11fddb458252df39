//! JSON made by hand: what a client sends, and what it shows.

use super::{Command, Members};
use crate::{ClientInfo, CommandId, Resume};

/// Writes a JSON object, member by member.
///
/// ```
/// use jackfield_wire::lean::Json;
/// let mut json = Json::new();
/// json.text("name", "Ada \"P\"").whole("n", 3).flag("on", true);
/// assert_eq!(json.end(), r#"{"name":"Ada \"P\"","n":3,"on":true}"#);
/// ```
#[derive(Debug)]
pub struct Json(String);

impl Default for Json {
    fn default() -> Self {
        Self::new()
    }
}

impl Json {
    /// An object without members.
    pub fn new() -> Self {
        Self::after(String::new())
    }

    /// An object without members, that stands behind a text: [`Json::end`] gives both.
    pub fn after(mut text: String) -> Self {
        text.push('{');
        Self(text)
    }

    /// What a client sends or asks for: an object told apart by its `type`.
    pub fn of(kind: &str) -> Self {
        let mut json = Self::new();
        json.text("type", kind);
        json
    }

    /// A member whose value is JSON already.
    pub fn raw(&mut self, key: &str, value: &str) -> &mut Self {
        self.key(key).0.push_str(value);
        self
    }

    /// A member that is a text.
    pub fn text(&mut self, key: &str, value: &str) -> &mut Self {
        push_quoted(&mut self.key(key).0, value);
        self
    }

    /// A member that is a whole number.
    pub fn whole(&mut self, key: &str, value: u64) -> &mut Self {
        push_whole(&mut self.key(key).0, value);
        self
    }

    /// A member that is `true` or `false`.
    pub fn flag(&mut self, key: &str, value: bool) -> &mut Self {
        self.raw(key, if value { "true" } else { "false" })
    }

    /// A member that is a number of at least 0, to the thousandth; what is no number is 0.
    pub fn figure(&mut self, key: &str, value: f64) -> &mut Self {
        let thousandths = (value * 1000.0).round() as u64;
        let (whole, part) = (thousandths / 1000, (thousandths % 1000 + 1000).to_string());
        self.raw(key, &[&whole.to_string(), ".", part.get(1..).unwrap_or("0")].concat())
    }

    /// A member that is a list of values that are JSON already.
    pub fn list<S: AsRef<str>>(&mut self, key: &str, values: &[S]) -> &mut Self {
        self.raw(key, &Self::array(values))
    }

    /// Members as they are.
    pub fn members(&mut self, members: &Members) -> &mut Self {
        if !members.as_str().is_empty() {
            self.comma();
            self.0.push_str(members.as_str());
        }
        self
    }

    /// The object's text.
    pub fn end(&mut self) -> String {
        self.0.push('}');
        std::mem::take(&mut self.0)
    }

    /// A list of values that are JSON already.
    pub fn array<S: AsRef<str>>(values: &[S]) -> String {
        let mut text = String::from("[");
        for (n, value) in values.iter().enumerate() {
            if n > 0 {
                text.push(',');
            }
            text.push_str(value.as_ref());
        }
        text.push(']');
        text
    }

    pub(crate) fn member(key: &str, value: &str) -> String {
        ["\"", key, "\":", value].concat()
    }

    fn key(&mut self, key: &str) -> &mut Self {
        self.comma();
        self.0.push('"');
        self.0.push_str(key);
        self.0.push_str("\":");
        self
    }

    fn comma(&mut self) {
        if !self.0.ends_with('{') {
            self.0.push(',');
        }
    }
}

/// A text as JSON has it (RFC 8259, 7).
fn push_quoted(to: &mut String, text: &str) {
    to.push('"');
    // Nearly every text goes as it is: what has to be written otherwise is ASCII, and never a part of another letter.
    if text.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
        to.push_str(text);
    } else {
        text.chars().for_each(|letter| push_letter(to, letter));
    }
    to.push('"');
}

#[cold]
fn push_letter(to: &mut String, letter: char) {
    match letter {
        '"' | '\\' => to.extend(['\\', letter]),
        '\0'..='\u{1f}' => {
            let digit = |n: u32| char::from_digit(n, 16).unwrap_or('0');
            to.push_str("\\u00");
            to.extend([digit(letter as u32 >> 4), digit(letter as u32 & 15)]);
        }
        letter => to.push(letter),
    }
}

/// A whole number's digits. Without the library's formatter, which costs as much as the rest of an event's text.
fn push_whole(to: &mut String, value: u64) {
    if value > 9 {
        push_whole(to, value / 10);
    }
    to.push(char::from(b'0' + (value % 10) as u8));
}

/// The frame `hello`.
pub fn hello(token: &str, resume: Option<&Resume>, client: &ClientInfo) -> String {
    let mut json = Json::of("hello");
    json.text("token", token);
    if let Some(resume) = resume {
        json.raw("resume", &resume.json());
    }
    let client = Json::new().text("name", &client.name).text("version", &client.version).end();
    json.raw("client", &client).end()
}

impl Resume {
    /// The JSON that [`crate::decode_resume`] reads back.
    pub fn json(&self) -> String {
        let mut json = Json::new();
        json.text("sessionId", self.session_id.as_str()).text("key", self.key.expose());
        json.whole("epoch", self.epoch);
        if let Some(seq) = self.seq {
            json.whole("seq", seq);
        }
        json.end()
    }
}

/// The frame `auth`.
pub fn auth(token: &str) -> String {
    Json::of("auth").text("token", token).end()
}

/// The frame `command`.
pub fn command(id: &CommandId, command: &Command) -> String {
    Json::of("command").text("id", id.as_str()).raw("command", &command.json()).end()
}

/// The frame `ack`.
pub fn ack(seq: u64) -> String {
    Json::of("ack").whole("seq", seq).end()
}

/// The frame `pong`.
pub fn pong(n: u64) -> String {
    Json::of("pong").whole("n", n).end()
}

/// The frame `bye`.
pub fn bye(keep: bool) -> String {
    Json::of("bye").flag("keep", keep).end()
}
