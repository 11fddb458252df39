//! Addresses that an agent's page may open: checked, and filled in from templates.

use crate::state::Conversation;
use jackfield_wire::{AttributeValue, limits};

/// Whether an address may be opened in a page.
///
/// Nothing but `http:` and `https:` is taken, so that `javascript:` and its like never reach a page; no user name before the host, with
/// which an address looks like another; and no space or control character.
///
/// # Errors
/// What is wrong, to follow the field's name.
pub(crate) fn check_url(url: &str) -> Result<(), String> {
    if url.len() > limits::URL_BYTES {
        return Err(format!("has {} bytes; at most {} are taken", url.len(), limits::URL_BYTES));
    }
    if url.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
        return Err("has a space, a control character or a backslash; percent-encode it".to_owned());
    }
    match host(url) {
        None => Err("must begin with http:// or https://".to_owned()),
        Some("") => Err("has no host".to_owned()),
        Some(host) if host.contains('@') => Err("must not name a user before the host".to_owned()),
        Some(_) => Ok(()),
    }
}

/// What stands between the scheme and the path.
fn host(url: &str) -> Option<&str> {
    let rest = ["http://", "https://"].iter().find_map(|scheme| {
        let (begin, rest) = url.split_at_checked(scheme.len())?;
        begin.eq_ignore_ascii_case(scheme).then_some(rest)
    })?;
    rest.split(['/', '?', '#']).next()
}

/// What can be filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place<'a> {
    CustomerId,
    CustomerName,
    ConversationId,
    QueueId,
    Attribute(&'a str),
}

/// A piece of a template: as it stands, or to be filled in.
enum Piece<'a> {
    Text(&'a str),
    Fill(Place<'a>),
}

/// Whether a template can be filled in.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn check_template(template: &str) -> Result<(), String> {
    check_url(template)?;
    if host(template).is_some_and(|host| host.contains(['{', '}'])) {
        return Err(
            "nothing can be filled in before the path: who writes an attribute would choose the host"
                .to_owned(),
        );
    }
    pieces(template).map(|_| ())
}

fn pieces(template: &str) -> Result<Vec<Piece<'_>>, String> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((text, after)) = rest.split_once('{') {
        pieces.push(Piece::Text(text));
        let (name, after) = after.split_once('}').ok_or("a brace is not closed")?;
        pieces.push(Piece::Fill(place(name).ok_or_else(|| format!("{{{name}}} is nothing to fill in"))?));
        rest = after;
    }
    pieces.push(Piece::Text(rest));
    Ok(pieces)
}

fn place(name: &str) -> Option<Place<'_>> {
    match name {
        "customer.userId" => Some(Place::CustomerId),
        "customer.name" => Some(Place::CustomerName),
        "conversation.id" => Some(Place::ConversationId),
        "queue.id" => Some(Place::QueueId),
        other => other.strip_prefix("attributes.").filter(|name| !name.is_empty()).map(Place::Attribute),
    }
}

/// Fills a template in for a conversation; nothing where something is not there, or where the address would be too long.
pub(crate) fn fill(template: &str, conversation: &Conversation) -> Option<String> {
    let mut url = String::with_capacity(template.len() + 32);
    for piece in pieces(template).ok()? {
        match piece {
            Piece::Text(text) => url.push_str(text),
            Piece::Fill(place) => encode(&value(place, conversation)?, &mut url),
        }
    }
    (url.len() <= limits::URL_BYTES).then_some(url)
}

fn value(place: Place<'_>, conversation: &Conversation) -> Option<String> {
    let found = match place {
        Place::CustomerId => conversation.customer_id.as_ref()?.to_string(),
        Place::CustomerName => conversation.customer_name.clone(),
        Place::ConversationId => conversation.conversation_id.to_string(),
        Place::QueueId => conversation.queue_id.to_string(),
        Place::Attribute(name) => match conversation.attributes.get(name)? {
            AttributeValue::Text(text) => text.clone(),
            AttributeValue::Number(number) => number.to_string(),
            AttributeValue::Flag(flag) => flag.to_string(),
            AttributeValue::Texts(texts) => texts.join(","),
        },
    };
    (!found.is_empty()).then_some(found)
}

/// Percent-encodes all but the unreserved characters (RFC 3986, section 2.3).
fn encode(text: &str, to: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            to.push(byte.into());
        } else {
            to.extend(['%', DIGITS[usize::from(byte >> 4)].into(), DIGITS[usize::from(byte & 15)].into()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_web_is_linked_to() {
        for good in ["https://crm.example", "http://crm.example:8080/a?b=c#d", "HTTPS://crm.example/@mina"] {
            assert_eq!(check_url(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "crm.example",
            "//crm.example",
            "javascript:alert(1)",
            "JavaScript:alert(1)//https://crm.example",
            "data:text/html,x",
            "ftp://crm.example",
            "https://",
            "https:///path",
            "https://bank.example@evil.example/",
            "https://crm.example/a b",
            "https://crm.example/\u{0}",
            "https://crm.example\\@evil.example",
            " https://crm.example",
        ] {
            assert!(check_url(bad).is_err(), "{bad}");
        }
        assert!(check_url(&format!("https://crm.example/{}", "x".repeat(limits::URL_BYTES))).is_err());
    }

    #[test]
    fn what_is_filled_in_can_not_become_more_than_a_value() {
        let mut url = String::new();
        encode("a b&c=d/../é", &mut url);
        assert_eq!(url, "a%20b%26c%3Dd%2F..%2F%C3%A9");
    }
}
