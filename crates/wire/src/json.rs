//! Reads JSON (RFC 8259) piece by piece, by the tokens of `hifijson`.
//!
//! Every page loads this code, so nothing here is generic: serde's readers are compiled anew for each type, and were a quarter of all the WebAssembly and
//! most of the time that an event took. What a type adds of its own is the list of its fields ([`crate::declare`]).

use crate::lean::Members;
use crate::limits;
use hifijson::str::{Lex as _, LexAlloc as _};
use hifijson::token::Lex as _;
use hifijson::{Read as _, SliceLexer, num::LexWrite as _};
use std::borrow::Cow;
use std::fmt;

/// What is wrong with a text, and where. Boxed: it is rare, and results are everywhere.
#[derive(Debug)]
pub(crate) struct Wrong(Box<Place>);

#[derive(Debug)]
struct Place {
    kind: Kind,
    what: Cow<'static, str>,
    /// The fields that lead there, the innermost last: `command.offerId`.
    path: String,
    /// How many bytes of the text stand before it.
    at: usize,
}

/// What sort of thing is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// No JSON, or not of the type that is due here.
    Malformed,
    /// An object whose `type` is not known.
    UnknownType,
    /// Objects and arrays within each other beyond [`limits::DEPTH`].
    TooDeep,
    /// An array of no frame, or of more than [`limits::BATCH`].
    BatchTooLong,
}

impl Wrong {
    pub(crate) fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The same, seen from the object around it.
    #[cold]
    fn within(mut self, field: &str) -> Self {
        let dot = if self.0.path.is_empty() || self.0.path.starts_with('[') { "" } else { "." };
        self.0.path = [field, dot, &self.0.path].concat();
        self
    }

    #[cold]
    fn at_item(self, item: usize) -> Self {
        self.within(&format!("[{item}]"))
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { path, what, at, .. } = &*self.0;
        if path.is_empty() {
            f.write_str(what)?
        } else {
            write!(f, "`{path}` {what}")?
        }
        write!(f, ", at byte {at}")
    }
}

/// A field's name as it is, from how [`crate::declare::field`] gives it: `"name":`.
fn plain(name: &str) -> &str {
    name.trim_matches(['"', ':'])
}

/// What reads a field's value, given the field's place in the list of names.
pub(crate) type ReadField<'f, 'a> = &'f mut dyn FnMut(&mut Reader<'a>, usize) -> Result<(), Wrong>;

/// Goes through a text once.
pub(crate) struct Reader<'a> {
    lexer: SliceLexer<'a>,
    size: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { lexer: SliceLexer::new(text.as_bytes()), size: text.len(), depth: 0 }
    }

    /// A reader of what stands this deep in another text.
    pub(crate) fn inside(text: &'a str, depth: usize) -> Self {
        Self { depth, ..Self::new(text) }
    }

    /// Reads an object: `field` is called for each field that is among the names ([`crate::declare::field`]), once; others are passed over.
    pub(crate) fn object(&mut self, names: &[&str], field: ReadField<'_, 'a>) -> Result<(), Wrong> {
        self.fields(names, None, field)
    }

    /// Reads an object as [`Reader::object`] does, and keeps its members as they stand, but for those of the names whose bits are in `taken`.
    pub(crate) fn keeping(
        &mut self,
        names: &[&str],
        (taken, rest): (u64, &mut Members),
        field: ReadField<'_, 'a>,
    ) -> Result<(), Wrong> {
        self.fields(names, Some((taken, rest)), field)
    }

    fn fields(
        &mut self,
        names: &[&str],
        mut keep: Option<(u64, &mut Members)>,
        field: ReadField<'_, 'a>,
    ) -> Result<(), Wrong> {
        let (mut due, mut seen) = (0, 0u64);
        self.container(b'{', "must be an object", &mut |reader| {
            reader.lexer.eat_whitespace();
            let member = reader.lexer.as_slice();
            let place = match reader.due_field(names, due) {
                Some(place) => place,
                None => {
                    let key = reader.key()?;
                    match names.iter().position(|name| plain(name) == key) {
                        Some(place) => place,
                        None => {
                            reader.skip().map_err(|wrong| wrong.within(&key))?;
                            if let Some((_, rest)) = &mut keep {
                                rest.push(reader.since(member));
                            }
                            return Ok(());
                        }
                    }
                }
            };
            due = place + 1;
            let twice = seen & (1 << place) != 0;
            seen |= 1 << place;
            let read = if twice { Err(reader.wrong("stands there twice")) } else { field(reader, place) };
            read.map_err(|wrong| wrong.within(plain(names.get(place).unwrap_or(&""))))?;
            if let Some((taken, rest)) = &mut keep
                && *taken & (1 << place) == 0
            {
                rest.push(reader.since(member));
            }
            Ok(())
        })
    }

    /// What was read since the text went on like this.
    fn since(&self, before: &'a [u8]) -> &'a str {
        let read = before.len() - self.lexer.as_slice().len();
        // Never refused: the text is UTF-8, and JSON's tokens begin and end at whole letters.
        std::str::from_utf8(&before[..read]).unwrap_or_default()
    }

    /// Passes over a value of any kind, and gives it as it stands.
    pub(crate) fn raw(&mut self) -> Result<&'a str, Wrong> {
        self.lexer.eat_whitespace();
        let before = self.lexer.as_slice();
        self.skip()?;
        Ok(self.since(before))
    }

    /// Goes through the members of an object that stands without its braces: their names, themselves, their values.
    pub(crate) fn loose(&mut self, member: &mut dyn FnMut(&str, &'a str, &'a str)) {
        while self.lexer.ws_peek().is_some() {
            let before = self.lexer.as_slice();
            let Ok(key) = self.key() else { return };
            let Ok(value) = self.raw() else { return };
            member(&key, self.since(before), value);
            if self.lexer.expect(SliceLexer::ws_peek, b',').is_none() {
                return;
            }
        }
    }

    /// Fields mostly come in the order in which they are declared, without a space: then a name need not be taken apart, only compared.
    fn due_field(&mut self, names: &[&str], due: usize) -> Option<usize> {
        (due..names.len()).find(|place| self.lexer.strip_prefix(names[*place].as_bytes()))
    }

    /// Reads an object, whatever its keys are.
    pub(crate) fn members(
        &mut self,
        member: &mut dyn FnMut(&mut Self, &str) -> Result<(), Wrong>,
    ) -> Result<(), Wrong> {
        self.container(b'{', "must be an object", &mut |reader| {
            let key = reader.key()?;
            member(reader, &key).map_err(|wrong| wrong.within(&key))
        })
    }

    /// A field's name, and the colon after it.
    fn key(&mut self) -> Result<Cow<'a, str>, Wrong> {
        if self.lexer.ws_peek() != Some(b'"') {
            return Err(self.wrong("is not valid JSON: a field's name is due"));
        }
        let key = self.text()?;
        match self.lexer.expect(SliceLexer::ws_peek, b':') {
            Some(()) => Ok(key),
            None => Err(self.wrong("is not valid JSON: a colon is due").within(&key)),
        }
    }

    /// Reads an array.
    pub(crate) fn array(
        &mut self,
        item: &mut dyn FnMut(&mut Self) -> Result<(), Wrong>,
    ) -> Result<(), Wrong> {
        let mut count = 0;
        self.container(b'[', "must be a list", &mut |reader| {
            item(reader).map_err(|wrong| wrong.at_item(count))?;
            count += 1;
            Ok(())
        })
    }

    /// Reads a text.
    pub(crate) fn text(&mut self) -> Result<Cow<'a, str>, Wrong> {
        if self.lexer.expect(SliceLexer::ws_peek, b'"').is_none() {
            return Err(self.wrong("must be a text"));
        }
        self.lexer.str_string().map_err(|_| self.wrong("is not a valid JSON text"))
    }

    /// Reads a number, as it is written, and says whether it has neither a fraction nor an exponent.
    pub(crate) fn number(&mut self) -> Result<(&'a str, bool), Wrong> {
        self.lexer.eat_whitespace();
        let number = self.lexer.num_string().validated();
        number.map(|(text, parts)| (text, parts.is_int())).map_err(|_| self.wrong("must be a number"))
    }

    /// Reads a whole number.
    pub(crate) fn whole(&mut self) -> Result<u64, Wrong> {
        self.lexer.eat_whitespace();
        let slice = self.lexer.as_slice();
        // Nearly all are of up to fifteen digits: those need no second look.
        let digits = slice.iter().take(16).take_while(|byte| byte.is_ascii_digit()).count();
        let plain = matches!(slice.get(digits), Some(b',' | b'}' | b']')) && slice.first() != Some(&b'0');
        if plain && (1..16).contains(&digits) {
            self.lexer = SliceLexer::new(&slice[digits..]);
            return Ok(slice[..digits].iter().fold(0, |number, digit| number * 10 + u64::from(digit - b'0')));
        }
        let (text, whole) = self.number()?;
        text.parse()
            .ok()
            .filter(|_| whole)
            .ok_or_else(|| self.wrong("must be a whole number from 0 to 2⁶⁴ - 1"))
    }

    /// Reads `true` or `false`.
    pub(crate) fn flag(&mut self) -> Result<bool, Wrong> {
        self.lexer.eat_whitespace();
        self.lexer.null_or_bool().flatten().ok_or_else(|| self.wrong("must be true or false"))
    }

    /// Reads one of these words, and gives its place among them.
    pub(crate) fn word(&mut self, words: &[&str]) -> Result<usize, Wrong> {
        let text = self.text()?;
        let place = words.iter().position(|word| *word == text);
        place.ok_or_else(|| self.wrong(format!("must be one of {}", words.join(", "))))
    }

    /// Passes over `null`, if that is what comes.
    pub(crate) fn null(&mut self) -> Result<bool, Wrong> {
        if self.lexer.ws_peek() != Some(b'n') {
            return Ok(false);
        }
        match self.lexer.null_or_bool() {
            Some(None) => Ok(true),
            _ => Err(self.wrong("is not valid JSON")),
        }
    }

    /// Passes over a value of any kind.
    pub(crate) fn skip(&mut self) -> Result<(), Wrong> {
        match self.lexer.ws_peek() {
            Some(b'{') => self.members(&mut |reader, _| reader.skip()),
            Some(b'[') => self.array(&mut Self::skip),
            Some(b'"') => {
                self.lexer.discarded().str_ignore().map_err(|_| self.wrong("is not a valid JSON text"))
            }
            Some(b'-' | b'0'..=b'9') => self.number().map(|_| ()),
            _ => self.lexer.null_or_bool().map(|_| ()).ok_or_else(|| self.wrong("is not valid JSON")),
        }
    }

    /// The object's `type`, wherever it stands in it. The object is still to be read after that.
    pub(crate) fn tag(&self) -> Result<Cow<'a, str>, Wrong> {
        // Objects mostly begin with it: then nothing else is looked at.
        let mut first = self.ahead();
        if first.lexer.strip_prefix(b"{\"type\":") {
            return first.text().map_err(|wrong| wrong.within("type"));
        }
        let (mut ahead, mut tag) = (self.ahead(), None);
        ahead.members(&mut |reader, key| match key {
            "type" => reader.text().map(|text| tag = Some(text)),
            _ => reader.skip(),
        })?;
        tag.ok_or_else(|| self.missing("\"type\":"))
    }

    /// Passes over an object of which nothing but its `type` counts.
    pub(crate) fn pass(&mut self) -> Result<(), Wrong> {
        self.object(&["\"type\":"], &mut |reader, _| reader.skip())
    }

    /// Another reader, at the same place.
    pub(crate) fn ahead(&self) -> Self {
        Self { lexer: SliceLexer::new(self.lexer.as_slice()), ..*self }
    }

    /// The first byte of the value that comes.
    pub(crate) fn due(&mut self) -> Option<u8> {
        self.lexer.ws_peek()
    }

    /// Whether an array comes.
    pub(crate) fn is_array(&mut self) -> bool {
        self.due() == Some(b'[')
    }

    /// Refuses whatever else comes.
    pub(crate) fn end(&mut self) -> Result<(), Wrong> {
        match self.lexer.ws_peek() {
            None => Ok(()),
            Some(_) => Err(self.wrong("the text goes on after its end")),
        }
    }

    /// What is wrong with the value that was just read or is due.
    #[cold]
    pub(crate) fn wrong(&self, what: impl Into<Cow<'static, str>>) -> Wrong {
        self.refuse(Kind::Malformed, what.into())
    }

    #[cold]
    pub(crate) fn refuse(&self, kind: Kind, what: Cow<'static, str>) -> Wrong {
        let at = self.size - self.lexer.as_slice().len();
        Wrong(Box::new(Place { kind, what, path: String::new(), at }))
    }

    /// A field that must be there is not.
    #[cold]
    pub(crate) fn missing(&self, name: &str) -> Wrong {
        self.wrong("is missing").within(plain(name))
    }

    /// The object's `type` is none of those that there are.
    #[cold]
    pub(crate) fn unknown(&self, tag: &str) -> Wrong {
        self.refuse(Kind::UnknownType, format!("is of the unknown type `{tag}`").into())
    }

    fn container(
        &mut self,
        open: u8,
        due: &'static str,
        item: &mut dyn FnMut(&mut Self) -> Result<(), Wrong>,
    ) -> Result<(), Wrong> {
        if self.lexer.expect(SliceLexer::ws_peek, open).is_none() {
            return Err(self.wrong(due));
        }
        // One level for the batch itself.
        if self.depth > limits::DEPTH {
            let what = format!("nests deeper than {} levels", limits::DEPTH);
            return Err(self.refuse(Kind::TooDeep, what.into()));
        }
        self.depth += 1;
        // In ASCII, both closing brackets stand two after the opening ones.
        self.items(open + 2, item)?;
        self.depth -= 1;
        Ok(())
    }

    fn items(
        &mut self,
        close: u8,
        item: &mut dyn FnMut(&mut Self) -> Result<(), Wrong>,
    ) -> Result<(), Wrong> {
        if self.lexer.expect(SliceLexer::ws_peek, close).is_some() {
            return Ok(());
        }
        loop {
            item(self)?;
            if self.lexer.expect(SliceLexer::ws_peek, b',').is_none() {
                break;
            }
        }
        self.lexer
            .expect(SliceLexer::ws_peek, close)
            .ok_or_else(|| self.wrong("is not valid JSON: a comma or the end is due"))
    }
}
