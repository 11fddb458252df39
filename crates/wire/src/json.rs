//! Reads JSON (RFC 8259) piece by piece.
//!
//! Every page loads this code, so nothing here is generic: serde's readers are compiled anew for each type, and were a quarter of all the WebAssembly and
//! most of the time that an event took. What a type adds of its own is the list of its fields ([`crate::declare`]).

use crate::lean::Members;
use crate::limits;
use std::borrow::Cow;
use std::fmt;
use token::Tokens;

mod token;

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
    name.strip_prefix('"').and_then(|name| name.strip_suffix("\":")).unwrap_or(name)
}

/// The members that are kept of an object. They mostly stand together, and are copied in one go.
#[derive(Default)]
struct Kept {
    text: String,
    run: Option<(usize, usize)>,
}

impl Kept {
    /// The member that began there, and was just read, is kept.
    fn member(&mut self, reader: &Reader<'_>, began: usize) {
        let (from, _) = self.run.unwrap_or((began, 0));
        self.run = Some((from, reader.tokens.at()));
    }

    /// The member that was just read is not kept.
    fn gap(&mut self, reader: &Reader<'_>) {
        if let Some((from, to)) = self.run.take() {
            if !self.text.is_empty() {
                self.text.push(',');
            }
            self.text.push_str(reader.tokens.between(from, to));
        }
    }

    fn end(mut self, reader: &Reader<'_>) -> Members {
        if self.text.is_empty()
            && let Some((from, to)) = self.run
        {
            return Members::new(reader.tokens.between(from, to));
        }
        self.gap(reader);
        Members::new(&self.text)
    }
}

/// What reads a field's value, given the field's place in the list of names.
pub(crate) type ReadField<'f, 'a> = &'f mut dyn FnMut(&mut Reader<'a>, usize) -> Result<(), Wrong>;

/// Goes through a text once.
pub(crate) struct Reader<'a> {
    tokens: Tokens<'a>,
    depth: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { tokens: Tokens::new(text), depth: 0 }
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
        keep: Option<(u64, &mut Members)>,
        field: ReadField<'_, 'a>,
    ) -> Result<(), Wrong> {
        let (mut due, mut seen) = (0, 0u64);
        let (taken, rest) = keep.map_or((u64::MAX, None), |(taken, rest)| (taken, Some(rest)));
        let mut kept = Kept::default();
        let mut more = self.open(b'{', "must be an object")?;
        while more {
            self.due();
            let member = self.tokens.at();
            match self.place(names, due)? {
                Ok(place) => {
                    due = place + 1;
                    let twice = seen & (1 << place) != 0;
                    seen |= 1 << place;
                    let read = if twice { Err(self.wrong("stands there twice")) } else { field(self, place) };
                    read.map_err(|wrong| wrong.within(plain(names.get(place).unwrap_or(&""))))?;
                    match taken & (1 << place) {
                        0 => kept.member(self, member),
                        _ => kept.gap(self),
                    }
                }
                Err(key) => {
                    self.skip().map_err(|wrong| wrong.within(&key))?;
                    if taken != u64::MAX {
                        kept.member(self, member);
                    }
                }
            }
            more = self.goes_on(b'}')?;
        }
        if let Some(rest) = rest {
            *rest = kept.end(self);
        }
        Ok(())
    }

    /// Takes a field's name: its place among the names, or itself where it is none of them.
    fn place(&mut self, names: &[&str], due: usize) -> Result<Result<usize, Cow<'a, str>>, Wrong> {
        // Fields mostly come in the order in which they are declared, without a space: then a name need not be taken apart, only compared.
        if let Some(place) = (due..names.len()).find(|place| self.tokens.take_letters(names[*place])) {
            return Ok(Ok(place));
        }
        let key = self.key()?;
        Ok(names.iter().position(|name| name.len() == key.len() + 3 && plain(name) == key).ok_or(key))
    }

    /// Passes over a value of any kind, and gives it as it stands.
    pub(crate) fn raw(&mut self) -> Result<&'a str, Wrong> {
        self.due();
        let before = self.tokens.at();
        self.skip()?;
        Ok(self.tokens.since(before))
    }

    /// Goes through the members of an object that stands without its braces: their names, themselves, their values.
    pub(crate) fn loose(&mut self, member: &mut dyn FnMut(&str, &'a str, &'a str)) {
        while self.due().is_some() {
            let before = self.tokens.at();
            let Ok(key) = self.key() else { return };
            let Ok(value) = self.raw() else { return };
            member(&key, self.tokens.since(before), value);
            if !self.tokens.take(b',') {
                return;
            }
        }
    }

    /// Reads an object, whatever its keys are.
    pub(crate) fn members(
        &mut self,
        member: &mut dyn FnMut(&mut Self, &str) -> Result<(), Wrong>,
    ) -> Result<(), Wrong> {
        let mut more = self.open(b'{', "must be an object")?;
        while more {
            let key = self.key()?;
            member(self, &key).map_err(|wrong| wrong.within(&key))?;
            more = self.goes_on(b'}')?;
        }
        Ok(())
    }

    /// A field's name, and the colon after it.
    fn key(&mut self) -> Result<Cow<'a, str>, Wrong> {
        if self.due() != Some(b'"') {
            return Err(self.wrong("is not valid JSON: a field's name is due"));
        }
        let key = self.text()?;
        if self.tokens.take(b':') {
            Ok(key)
        } else {
            Err(self.wrong("is not valid JSON: a colon is due").within(&key))
        }
    }

    /// Reads an array.
    pub(crate) fn array(
        &mut self,
        item: &mut dyn FnMut(&mut Self) -> Result<(), Wrong>,
    ) -> Result<(), Wrong> {
        let mut count = 0;
        let mut more = self.open(b'[', "must be a list")?;
        while more {
            item(self).map_err(|wrong| wrong.at_item(count))?;
            count += 1;
            more = self.goes_on(b']')?;
        }
        Ok(())
    }

    /// Reads a text.
    pub(crate) fn text(&mut self) -> Result<Cow<'a, str>, Wrong> {
        if !self.tokens.take(b'"') {
            return Err(self.wrong("must be a text"));
        }
        self.tokens.text().ok_or_else(|| self.wrong("is not a valid JSON text"))
    }

    /// Reads a number, as it is written, and says whether it has neither a fraction nor an exponent.
    pub(crate) fn number(&mut self) -> Result<(&'a str, bool), Wrong> {
        self.tokens.number().ok_or_else(|| self.wrong("must be a number"))
    }

    /// Reads a whole number.
    pub(crate) fn whole(&mut self) -> Result<u64, Wrong> {
        if let Some(number) = self.tokens.small() {
            return Ok(number);
        }
        let (text, whole) = self.number()?;
        text.parse()
            .ok()
            .filter(|_| whole)
            .ok_or_else(|| self.wrong("must be a whole number from 0 to 2⁶⁴ - 1"))
    }

    /// Reads `true` or `false`.
    pub(crate) fn flag(&mut self) -> Result<bool, Wrong> {
        self.tokens.word().flatten().ok_or_else(|| self.wrong("must be true or false"))
    }

    /// Reads one of these words, and gives its place among them.
    pub(crate) fn word(&mut self, words: &[&str]) -> Result<usize, Wrong> {
        let text = self.text()?;
        let place = words.iter().position(|word| *word == text);
        place.ok_or_else(|| self.wrong(format!("must be one of {}", words.join(", "))))
    }

    /// Passes over `null`, if that is what comes.
    pub(crate) fn null(&mut self) -> Result<bool, Wrong> {
        if self.due() != Some(b'n') {
            return Ok(false);
        }
        match self.tokens.word() {
            Some(None) => Ok(true),
            _ => Err(self.wrong("is not valid JSON")),
        }
    }

    /// Passes over a value of any kind.
    pub(crate) fn skip(&mut self) -> Result<(), Wrong> {
        match self.due() {
            Some(b'{') => self.skip_object(),
            Some(b'[') => self.array(&mut Self::skip),
            Some(b'"') => self.skip_text(),
            Some(b'-' | b'0'..=b'9') => self.number().map(drop),
            _ => self.tokens.word().map(drop).ok_or_else(|| self.wrong("is not valid JSON")),
        }
    }

    fn skip_text(&mut self) -> Result<(), Wrong> {
        if self.tokens.take(b'"') && self.tokens.skip_text() {
            Ok(())
        } else {
            Err(self.wrong("is not a valid JSON text"))
        }
    }

    fn skip_object(&mut self) -> Result<(), Wrong> {
        self.members(&mut |reader, _| reader.skip())
    }

    /// The object's `type`, wherever it stands in it. The object is still to be read after that.
    pub(crate) fn tag(&self) -> Result<Cow<'a, str>, Wrong> {
        // Objects mostly begin with it: then nothing else is looked at.
        let mut first = self.ahead();
        if first.tokens.take_letters("{\"type\":") {
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
        Self { ..*self }
    }

    /// The first byte of the value that comes.
    pub(crate) fn due(&mut self) -> Option<u8> {
        self.tokens.peek()
    }

    /// Whether an array comes.
    pub(crate) fn is_array(&mut self) -> bool {
        self.due() == Some(b'[')
    }

    /// Refuses whatever else comes.
    pub(crate) fn end(&mut self) -> Result<(), Wrong> {
        match self.due() {
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
        let at = self.tokens.at();
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

    /// Takes an opening bracket; says whether anything stands in it.
    fn open(&mut self, bracket: u8, due: &'static str) -> Result<bool, Wrong> {
        if !self.tokens.take(bracket) {
            return Err(self.wrong(due));
        }
        // One level for the batch itself.
        if self.depth > limits::DEPTH {
            let what = format!("nests deeper than {} levels", limits::DEPTH);
            return Err(self.refuse(Kind::TooDeep, what.into()));
        }
        self.depth += 1;
        // In ASCII, both closing brackets stand two after the opening ones.
        let empty = self.tokens.take(bracket + 2);
        self.depth -= usize::from(empty);
        Ok(!empty)
    }

    /// Takes the comma behind a member or item, or the closing bracket; says which.
    fn goes_on(&mut self, bracket: u8) -> Result<bool, Wrong> {
        if self.tokens.take(b',') {
            return Ok(true);
        }
        if !self.tokens.take(bracket) {
            return Err(self.wrong("is not valid JSON: a comma or the end is due"));
        }
        self.depth -= 1;
        Ok(false)
    }
}
