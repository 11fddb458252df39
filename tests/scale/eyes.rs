//! What is told to whom, held against what they may know.

use super::{
    books::{Books, Talk},
    network::{DIALLED, is_number},
    oracle::Oracle,
};
use jackfield_exchange::{Audience, Event, Exchange, Viewer};
use jackfield_wire::{Millis, MonitorMode, Role, SessionId, UserId};
use serde_json::Value;
use std::collections::BTreeSet;

/// Up to this place, a customer is told where in its line it stands, and each change of that.
const PLACES_TOLD: u64 = 50;

/// What only colleagues may read: it stands in messages, notes, tags, links and attributes that agents set.
pub(crate) const SECRET: &str = "for-colleagues-only";

/// Words that stand in nothing that a customer is told.
const INTERNAL: [&str; 10] = [
    SECRET,
    DIALLED,
    "\"internal\"",
    "\"wrapUp\"",
    "\"monitor\"",
    "whisper",
    "\"consult",
    "disposition",
    "\"offer\":",
    "\"tags\"",
];

type Check = Result<(), String>;

/// A fact that was just applied, as each whom it concerns sees it, and some whom it does not concern.
///
/// # Errors
/// Who was told what.
pub(crate) fn check(exchange: &Exchange, books: &Books, event: &Event, strangers: &[UserId]) -> Check {
    let Audience::Users(users) = exchange.audience(event) else { return Ok(()) };
    let concerned: BTreeSet<&UserId> = users.iter().collect();
    for user in concerned.iter().copied().filter(|user| !is_number(user)).chain(strangers) {
        let viewer = viewer(user)?;
        let told = exchange.project(&viewer, event);
        for told in told.into_iter().chain(exchange.project_rest(&viewer, event)) {
            let told = serde_json::to_value(&told).map_err(|error| error.to_string())?;
            if !concerned.contains(user) {
                return Err(format!("{user} is told of another's: {told}"));
            }
            let talk = event.conversation().and_then(|id| books.talks.get(id));
            if is_customer(user) {
                check_customer(user, talk, &told)?;
            } else if let Some(talk) = talk {
                check_colleague(user, talk, &told)?;
            }
        }
    }
    Ok(())
}

/// All that a customer sees when it comes back.
///
/// # Errors
/// What it must not see.
pub(crate) fn check_snapshot(
    exchange: &Exchange,
    (books, oracle): (&Books, &Oracle),
    user: &UserId,
    now: Millis,
) -> Check {
    let seen =
        serde_json::to_value(exchange.snapshot(&viewer(user)?, now)).map_err(|error| error.to_string())?;
    for conversation in seen["conversations"].as_array().into_iter().flatten() {
        let id = conversation["conversationId"].as_str().unwrap_or_default();
        let talk = books.talks.iter().find(|(known, _)| known.as_str() == id).map(|(_, talk)| talk);
        check_customer(user, talk, conversation)?;
        let Some(talk) = talk.filter(|talk| talk.waits()) else { continue };
        let (place, told) = (oracle.place_in_line(books, talk) as u64, conversation["position"].as_u64());
        if place <= PLACES_TOLD && told != Some(place) {
            return Err(format!("{user} is told that it stands at {told:?}, and stands at {place}"));
        }
    }
    check_customer(user, None, &seen)
}

fn viewer(user: &UserId) -> Result<Viewer, String> {
    let session = SessionId::parse(user.as_str()).map_err(|error| error.to_string())?;
    let role = match user.as_str() {
        _ if is_customer(user) => Role::Customer,
        _ if is_supervisor(user) => Role::Supervisor,
        _ => Role::Agent,
    };
    Ok(Viewer::new(user.clone(), session, role))
}

fn check_customer(user: &UserId, talk: Option<&Talk>, told: &Value) -> Check {
    let text = told.to_string();
    if let Some(word) = INTERNAL.iter().find(|word| text.contains(**word)) {
        return Err(format!("{user} is told {word}: {text}"));
    }
    if let Some(other) = customers_in(&text).find(|other| *other != user.as_str()) {
        return Err(format!("{user} is told of {other}: {text}"));
    }
    let Some(talk) = talk else { return Ok(()) };
    if talk.customer != *user {
        return Err(format!("{user} is told of {}'s conversation: {text}", talk.customer));
    }
    // Before it is called, and when it has gone, it knows of nothing.
    if talk.party_of(user).is_none() && told["type"] != "conversationRemoved" {
        return Err(format!("{user} is told of a conversation in which it is not: {text}"));
    }
    let hidden = named(told, "participantId")
        .into_iter()
        .find(|id| !talk.shown.iter().any(|shown| shown.as_str() == *id));
    hidden.map_or(Ok(()), |hidden| Err(format!("{user} is told of {hidden}, whom it must not know: {text}")))
}

/// Who listens is known to nobody but by the notice that the tenant may give.
fn check_colleague(user: &UserId, talk: &Talk, told: &Value) -> Check {
    if told["type"] == "supervised" {
        return Ok(());
    }
    let listens = talk.parties.iter().filter(|(_, party)| {
        let listens = party.seat.monitor.as_ref().is_some_and(|m| m.mode == MonitorMode::Listen);
        listens && party.user != *user
    });
    let named = named(told, "participantId");
    // What happens to it in the very fact that makes it listen is that it goes, for the others.
    let gone = matches!(told["type"].as_str(), Some("participantLeft"));
    let known = listens.map(|(id, _)| id.as_str()).find(|id| named.contains(id) && !gone);
    known.map_or(Ok(()), |id| Err(format!("{user} is told of {id}, who listens: {told}")))
}

/// All values of a field, wherever it stands.
fn named<'a>(value: &'a Value, field: &str) -> BTreeSet<&'a str> {
    match value {
        Value::Object(fields) => {
            let own = fields.get(field).and_then(Value::as_str);
            own.into_iter().chain(fields.values().flat_map(|value| named(value, field))).collect()
        }
        Value::Array(values) => values.iter().flat_map(|value| named(value, field)).collect(),
        _ => BTreeSet::new(),
    }
}

pub(crate) fn is_customer(user: &UserId) -> bool {
    user.as_str().starts_with("kim-")
}

pub(crate) fn is_supervisor(user: &UserId) -> bool {
    user.as_str().starts_with("sue-")
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

#[test]
fn finds_a_field_wherever_it_stands() {
    let value =
        serde_json::json!({ "a": [{ "id": "x" }, { "b": { "id": "y", "c": { "id": "z" } } }], "id": "w" });
    assert_eq!(named(&value, "id"), BTreeSet::from(["w", "x", "y", "z"]));
}
