//! What customers are told, held against what they may know.

use super::books::Books;
use jackfield_exchange::{Audience, Event, Exchange, Viewer};
use jackfield_wire::{Role, SessionId, UserId};
use std::collections::BTreeSet;

/// What only colleagues may read.
pub(crate) const SECRET: &str = "for colleagues only";

/// Words that stand in nothing that a customer is told.
const INTERNAL: [&str; 8] = [
    SECRET,
    "\"internal\"",
    "\"wrapUp\"",
    "\"monitor\"",
    "whisper",
    "\"consult",
    "disposition",
    "\"offer\":",
];

/// A fact that was just applied, as each customer sees whom it concerns, and one whom it does not concern.
///
/// # Errors
/// Who was told what.
pub(crate) fn check(
    exchange: &Exchange,
    books: &Books,
    event: &Event,
    stranger: Option<&UserId>,
) -> Result<(), String> {
    let Audience::Users(users) = exchange.audience(event) else { return Ok(()) };
    let concerned: BTreeSet<&UserId> = users.iter().filter(|user| is_customer(user)).collect();
    for user in concerned.iter().copied().chain(stranger) {
        let session = SessionId::parse(user.as_str()).map_err(|error| error.to_string())?;
        let viewer = Viewer::new(user.clone(), session, Role::Customer);
        let Some(told) = exchange.project(&viewer, event) else { continue };
        let text = serde_json::to_string(&told).map_err(|error| error.to_string())?;
        if !concerned.contains(user) {
            return Err(format!("{user} is told of another's: {text}"));
        }
        if let Some(word) = INTERNAL.iter().find(|word| text.contains(**word)) {
            return Err(format!("{user} is told {word}: {text}"));
        }
        if let Some(other) = customers_in(&text).find(|other| *other != user.as_str()) {
            return Err(format!("{user} is told of {other}: {text}"));
        }
        let own = event.conversation().and_then(|id| books.talks.get(id));
        if own.is_some_and(|talk| talk.customer != *user) {
            return Err(format!(
                "{user} is told of {}'s conversation: {text}",
                own.map_or("?", |t| t.customer.as_str())
            ));
        }
    }
    Ok(())
}

pub(crate) fn is_customer(user: &UserId) -> bool {
    user.as_str().starts_with("kim-")
}

/// The ids of customers in a text.
fn customers_in(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("kim-").map(|(from, _)| {
        let digits = text[from + 4..].bytes().take_while(u8::is_ascii_digit).count();
        &text[from..from + 4 + digits]
    })
}

#[test]
fn finds_others_in_a_text() {
    let found: Vec<_> = customers_in(r#"{"userId":"kim-12","name":"kim-3 of"}"#).collect();
    assert_eq!(found, ["kim-12", "kim-3"]);
}
