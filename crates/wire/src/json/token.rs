//! JSON's tokens (RFC 8259), taken from a text one by one.
//!
//! By hand, and plain: this runs over every byte that a session receives. What is a text already needs no second look at its UTF-8: all of JSON's marks are ASCII,
//! which is never a part of another letter.

use std::borrow::Cow;

/// A place in a text, and how tokens are taken from there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// How many bytes of the text stand before what comes next.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// What stands from there to here.
    pub(super) fn since(&self, from: usize) -> &'a str {
        self.between(from, self.at)
    }

    /// What stands between two places.
    pub(super) fn between(&self, from: usize, to: usize) -> &'a str {
        self.text.get(from..to).unwrap_or_default()
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The first byte of what comes next, past the space before it.
    pub(super) fn peek(&mut self) -> Option<u8> {
        loop {
            let byte = self.byte();
            if !matches!(byte, Some(b' ' | b'\n' | b'\r' | b'\t')) {
                return byte;
            }
            self.at += 1;
        }
    }

    /// Takes this byte, and the space before it, if that is what comes.
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let comes = self.peek() == Some(byte);
        self.at += usize::from(comes);
        comes
    }

    /// Takes these letters, if they are what comes, with no space before them.
    pub(super) fn take_letters(&mut self, letters: &str) -> bool {
        let comes =
            self.text.as_bytes().get(self.at..).is_some_and(|rest| rest.starts_with(letters.as_bytes()));
        self.at += if comes { letters.len() } else { 0 };
        comes
    }

    /// The rest of a text whose first quote was taken. `None`: it has no end, a control character, or an escape that is none.
    pub(super) fn text(&mut self) -> Option<Cow<'a, str>> {
        let from = self.at;
        if self.until_mark()? == b'"' {
            let text = self.since(from);
            self.at += 1;
            return Some(Cow::Borrowed(text));
        }
        let mut made = String::from(self.since(from));
        loop {
            made.push(self.escape()?);
            let from = self.at;
            let mark = self.until_mark()?;
            made.push_str(self.since(from));
            if mark == b'"' {
                self.at += 1;
                return Some(Cow::Owned(made));
            }
        }
    }

    /// Passes over the rest of a text whose first quote was taken; says whether it is one. Halves of a letter are let through: they mean nothing to nobody here.
    pub(super) fn skip_text(&mut self) -> bool {
        loop {
            match self.until_mark() {
                Some(b'"') => {
                    self.at += 1;
                    return true;
                }
                Some(_) if self.skip_escape() => {}
                _ => return false,
            }
        }
    }

    /// Goes on to the quote or backslash that comes next; `None` where neither does, or a control character comes before it.
    fn until_mark(&mut self) -> Option<u8> {
        loop {
            match self.byte()? {
                mark @ (b'"' | b'\\') => return Some(mark),
                0..=0x1f => return None,
                _ => self.at += 1,
            }
        }
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.byte()?;
        self.at += 1;
        Some(byte)
    }

    fn skip_escape(&mut self) -> bool {
        self.at += 1;
        match self.next() {
            Some(b'u') => self.hex().is_some(),
            kind => kind.and_then(escaped).is_some(),
        }
    }

    /// The letter of the escape that comes.
    fn escape(&mut self) -> Option<char> {
        self.at += 1;
        match self.next()? {
            b'u' => {
                let first = self.hex()?;
                if !(0xd800..0xdc00).contains(&first) {
                    return char::from_u32(first);
                }
                // A letter beyond the first 65,536 is two escapes.
                let low =
                    if self.take_letters("\\u") { self.hex()?.checked_sub(0xdc00)? } else { return None };
                if low < 0x400 { char::from_u32(0x10000 + ((first - 0xd800) << 10) + low) } else { None }
            }
            kind => escaped(kind),
        }
    }

    /// Four hexadecimal digits.
    fn hex(&mut self) -> Option<u32> {
        let mut number = 0;
        for _ in 0..4 {
            number = number * 16 + char::from(self.next()?).to_digit(16)?;
        }
        Some(number)
    }

    /// Takes a number as it is written, and says whether it has neither a fraction nor an exponent.
    pub(super) fn number(&mut self) -> Option<(&'a str, bool)> {
        self.peek();
        let from = self.at;
        self.take_letters("-");
        // No zero before other digits.
        if !self.take_letters("0") {
            self.digits()?;
        }
        let whole = self.at;
        if self.take_letters(".") {
            self.digits()?;
        }
        if self.take_letters("e") || self.take_letters("E") {
            let _ = self.take_letters("+") || self.take_letters("-");
            self.digits()?;
        }
        Some((self.since(from), self.at == whole))
    }

    /// One digit or more.
    fn digits(&mut self) -> Option<()> {
        let from = self.at;
        while self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > from).then_some(())
    }

    /// Takes a whole number of up to 15 digits that a comma or a bracket ends, as nearly all are.
    pub(super) fn small(&mut self) -> Option<u64> {
        self.peek();
        let (from, mut number) = (self.at, 0);
        while let Some(digit @ b'0'..=b'9') = self.byte() {
            // More than that are looked at again.
            if self.at - from == 15 {
                break;
            }
            number = number * 10 + u64::from(digit - b'0');
            self.at += 1;
        }
        let zero_first = self.at > from + 1 && self.text.as_bytes().get(from) == Some(&b'0');
        if self.at > from && !zero_first && matches!(self.byte(), Some(b',' | b'}' | b']')) {
            return Some(number);
        }
        self.at = from;
        None
    }

    /// Takes `true` or `false` (`Some(Some(_))`) or `null` (`Some(None)`).
    pub(super) fn word(&mut self) -> Option<Option<bool>> {
        match self.peek()? {
            b't' => self.take_letters("true").then_some(Some(true)),
            b'f' => self.take_letters("false").then_some(Some(false)),
            _ => self.take_letters("null").then_some(None),
        }
    }
}

/// What a letter after a backslash stands for.
fn escaped(kind: u8) -> Option<char> {
    Some(match kind {
        b'"' | b'\\' | b'/' => char::from(kind),
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text between quotes, read here and by serde.
    fn text(inside: &str) -> (Option<String>, Option<String>) {
        let all = format!("\"{inside}\"");
        let mut tokens = Tokens::new(&all);
        assert!(tokens.take(b'"'));
        let ours = tokens.text().filter(|_| tokens.at() == all.len()).map(Cow::into_owned);
        (ours, serde_json::from_str(&all).ok())
    }

    #[test]
    fn texts_are_what_serde_takes_them_for() {
        let taken = [
            "",
            "plain",
            "확인",
            r#"\"\\\/\b\f\n\r\t"#,
            r"a\u0041b",
            r"\uD83D\uDE00",
            r"\ud83d\ude00!",
            r"\u00e9\u0000",
            r"\uFFFF",
            "\u{7f}\u{80}",
        ];
        for inside in taken {
            let (ours, theirs) = text(inside);
            assert_eq!(ours, theirs, "{inside}");
            assert!(ours.is_some(), "{inside}");
        }
        let refused = [
            "\n",
            "\u{1f}",
            r"\x",
            r"\u12",
            r"\u12g4",
            r"\uD83D",
            r"\uD83Dx",
            r"\uD83D\n",
            r"\uD83D\u0041",
            r"\uDE00",
            r"\uD83D\uE000",
            "\\",
            r"\u+123",
            "a\"b",
        ];
        for inside in refused {
            assert_eq!(text(inside), (None, None), "{inside}");
        }
    }

    #[test]
    fn numbers_are_what_serde_takes_them_for() {
        let texts = [
            "0",
            "-0",
            "7",
            "-12",
            "1.5",
            "0.25",
            "1e3",
            "1E+3",
            "-1.5e-3",
            "123456789012345",
            "18446744073709551615",
            "",
            "-",
            "01",
            "1.",
            ".5",
            "1e",
            "1e+",
            "+1",
            "0x1",
            "1.e3",
            "--1",
        ];
        for text in texts {
            let mut tokens = Tokens::new(text);
            let ours = tokens.number().filter(|_| tokens.at() == text.len());
            assert_eq!(ours.is_some(), serde_json::from_str::<f64>(text).is_ok(), "{text}");
            let whole = ours.is_some_and(|(_, whole)| whole);
            assert_eq!(whole, serde_json::from_str::<i128>(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_small_number_is_taken_with_its_end_in_sight() {
        let small = |text: &str| Tokens::new(text).small();
        for (text, number) in [("0,", 0), (" 12}", 12), ("999999999999999]", 999_999_999_999_999)] {
            assert_eq!(small(text), Some(number), "{text}");
        }
        for text in ["", "7", "00,", "012,", "-1,", "1.5,", "1e3,", "1000000000000000,", "x,"] {
            let mut tokens = Tokens::new(text);
            assert_eq!((tokens.small(), tokens.at()), (None, 0), "{text}: left as it was");
        }
    }

    #[test]
    fn words_are_whole() {
        let word = |text: &str| Tokens::new(text).word();
        assert_eq!(
            [word("true"), word(" false"), word("null")],
            [Some(Some(true)), Some(Some(false)), Some(None)]
        );
        for text in ["", "nul", "True", "x", "\"true\""] {
            assert_eq!(word(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_passed_over_may_hold_half_a_letter() {
        let skipped = |text: &str| Tokens::new(text).skip_text();
        assert!(skipped(r#"a\uD83D\n\"b""#) && skipped("\""));
        assert!(
            !skipped(r#"a\u12g4""#)
                && !skipped(r#"\x""#)
                && !skipped("a\n\"")
                && !skipped("a")
                && !skipped("\\")
        );
    }
}
