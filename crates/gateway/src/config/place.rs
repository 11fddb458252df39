//! From a field's name to its line, and from a place in the text to the field.

use std::ops::Range;
use toml::de::{DeArray, DeTable, DeValue};

/// The line of a field, or of what is nearest around it: a field that is missing has none of its own.
pub(super) fn line_of(text: &str, field: &str) -> Option<usize> {
    let table = DeTable::parse(text).ok()?;
    let mut found: Option<Range<usize>> = None;
    let mut at = At::Table(table.get_ref());
    for step in steps(field) {
        let Some((span, next)) = at.step(step) else { break };
        found = Some(span);
        at = next;
    }
    found.map(|span| line_at(text, span.start))
}

/// The field that stands at a place in the text.
pub(super) fn field_at(text: &str, offset: usize) -> String {
    let mut field = String::new();
    if let Ok(table) = DeTable::parse(text) {
        walk(&At::Table(table.get_ref()), offset, &mut field);
    }
    field
}

/// The line of a place in the text, from 1.
pub(super) fn line_at(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

enum At<'a, 'i> {
    Table(&'a DeTable<'i>),
    Array(&'a DeArray<'i>),
    Leaf,
}

impl<'a, 'i> At<'a, 'i> {
    fn of(value: &'a DeValue<'i>) -> Self {
        match value {
            DeValue::Table(table) => Self::Table(table),
            DeValue::Array(array) => Self::Array(array),
            _ => Self::Leaf,
        }
    }

    fn step(&self, step: &str) -> Option<(Range<usize>, Self)> {
        match self {
            Self::Table(table) => {
                let (key, value) = table.iter().find(|(key, _)| key.get_ref() == step)?;
                Some((key.span(), Self::of(value.get_ref())))
            }
            Self::Array(array) => {
                let value = array.get(step.parse::<usize>().ok()?)?;
                Some((value.span(), Self::of(value.get_ref())))
            }
            Self::Leaf => None,
        }
    }
}

/// `tenants[0].auth` is `tenants`, `0`, `auth`.
fn steps(field: &str) -> impl Iterator<Item = &str> {
    field.split(['.', '[', ']']).filter(|step| !step.is_empty())
}

fn walk(at: &At<'_, '_>, offset: usize, field: &mut String) -> bool {
    match at {
        At::Table(table) => table.iter().any(|(key, value)| {
            let length = field.len();
            if !field.is_empty() {
                field.push('.');
            }
            field.push_str(key.get_ref());
            let here = inside(&key.span(), offset) || inside(&value.span(), offset);
            let found = walk(&At::of(value.get_ref()), offset, field) || here;
            if !found {
                field.truncate(length);
            }
            found
        }),
        At::Array(array) => array.iter().enumerate().any(|(n, value)| {
            let length = field.len();
            field.push_str(&format!("[{n}]"));
            let found = walk(&At::of(value.get_ref()), offset, field) || inside(&value.span(), offset);
            if !found {
                field.truncate(length);
            }
            found
        }),
        At::Leaf => false,
    }
}

fn inside(span: &Range<usize>, offset: usize) -> bool {
    span.contains(&offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a = 1\n\n[[tenants]]\nname = 'x'\n[tenants.auth]\nkeys = [\n  { secret = 'y' },\n]\n";

    #[test]
    fn finds_the_line_of_a_field_or_of_what_is_around_it() {
        for (field, line) in [
            ("a", 1),
            ("tenants[0].name", 4),
            ("tenants[0].auth.keys[0].secret", 7),
            ("tenants[0].auth.issuer", 5),
            ("tenants[0].auth.keys[0].kid", 7),
        ] {
            assert_eq!(line_of(TEXT, field), Some(line), "{field}");
        }
        assert_eq!(line_of(TEXT, "nowhere"), None);
    }

    #[test]
    fn finds_the_field_at_a_place() {
        for (part, field) in
            [("a = 1", "a"), ("'x'", "tenants[0].name"), ("secret", "tenants[0].auth.keys[0].secret")]
        {
            assert_eq!(field_at(TEXT, TEXT.find(part).unwrap()), field);
        }
    }
}
