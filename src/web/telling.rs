//! Events on their way to listeners. Only those that somebody listens to are made.

use super::convert::{error_to_js, parsed, set};
use super::host::{Host, Made};
use super::state::Cache;
use crate::engine::Event;
use jackfield_wire::lean::{Json, Members};
use jackfield_wire::{ConversationId, WireError};
use js_sys::Object;
use wasm_bindgen::prelude::*;

/// The names of all events; an event's place here is its number.
pub(super) const NAMES: [&str; 20] = [
    "connectionChanged",
    "voiceChanged",
    "closed",
    "presenceChanged",
    "offerMade",
    "offerEnded",
    "conversationAdded",
    "conversationStateChanged",
    "conversationRemoved",
    "positionChanged",
    "voiceRequested",
    "participantJoined",
    "participantChanged",
    "participantLeft",
    "messageAdded",
    "messageChanged",
    "typingChanged",
    "floorChanged",
    "quality",
    "conversationChanged",
];

/// An event's place in [`NAMES`]; the one after the last for what is not known here.
pub(super) fn number(event: &Event) -> u32 {
    match event {
        Event::ConnectionChanged { .. } => 0,
        Event::VoiceChanged { .. } => 1,
        Event::Closed { .. } => 2,
        Event::PresenceChanged { .. } => 3,
        Event::OfferMade { .. } => 4,
        Event::OfferEnded { .. } => 5,
        Event::ConversationAdded { .. } => 6,
        Event::ConversationStateChanged { .. } => 7,
        Event::ConversationRemoved { .. } => 8,
        Event::PositionChanged { .. } => 9,
        Event::VoiceRequested { .. } => 10,
        Event::ParticipantJoined { .. } => 11,
        Event::ParticipantChanged { .. } => 12,
        Event::ParticipantLeft { .. } => 13,
        Event::MessageAdded { .. } => 14,
        Event::MessageChanged { .. } => 15,
        Event::TypingChanged { .. } => 16,
        Event::FloorChanged => 17,
        Event::Quality { .. } => 18,
        Event::ConversationChanged { .. } => 19,
        Event::Other { .. } => NAMES.len() as u32,
    }
}

/// The event's content, but its conversation. What is one thing alone (a message, a presence) goes as that thing.
pub(super) fn content(event: &Event, host: &Host, cache: &mut Cache) -> JsValue {
    match event {
        Event::ConnectionChanged { connection, error, retry_in_ms } => {
            let object = one("connection", &connection.name().into());
            if let Some(ms) = retry_in_ms {
                set(&object, "retryInMs", &(*ms as f64).into());
            }
            with_error(object, error)
        }
        Event::VoiceChanged { voice, error } => with_error(one("voice", &voice.name().into()), error),
        Event::Closed { error } => with_error(Object::new(), error),
        Event::PresenceChanged { presence } => parsed(&presence.rest.object()),
        Event::OfferMade { offer } => host.made(Made::Offer as u32, &offer.rest.object()),
        Event::MessageAdded { message, .. } | Event::MessageChanged { message, .. } => {
            cache.message(host, message)
        }
        Event::ParticipantJoined { participant, .. } | Event::ParticipantChanged { participant, .. } => {
            parsed(&participant.json())
        }
        Event::ParticipantLeft { participant, rest, .. } => {
            parsed(&Json::new().members(rest).raw("participant", &participant.json()).end())
        }
        other => plain(other),
    }
}

/// Events whose content is small and rare.
fn plain(event: &Event) -> JsValue {
    let named = |id: &ConversationId, rest: &Members| {
        parsed(&Json::new().members(rest).text("conversationId", id.as_str()).end())
    };
    match event {
        Event::OfferEnded { conversation_id, rest, .. } => named(conversation_id, rest),
        Event::ConversationStateChanged { rest, .. } | Event::VoiceRequested { rest, .. } => {
            parsed(&rest.object())
        }
        Event::ConversationRemoved { conversation_id, .. } => named(conversation_id, &Members::default()),
        Event::PositionChanged { position, .. } => one("position", &(*position).into()).into(),
        Event::TypingChanged { participant_ids, .. } => {
            let ids = participant_ids.iter().map(|id| JsValue::from_str(id.as_str()));
            one("participantIds", &ids.collect::<js_sys::Array>()).into()
        }
        Event::Quality { quality, .. } => one("quality", &parsed(&quality.json())).into(),
        Event::Other { kind, conversation_id, rest } => {
            let mut json = Json::of(kind);
            if let Some(id) = conversation_id {
                json.text("conversationId", id.as_str());
            }
            parsed(&json.members(rest).end())
        }
        _ => JsValue::UNDEFINED,
    }
}

/// The conversation that the event is about, where listeners get it as an object.
pub(super) fn conversation(event: &Event) -> Option<&ConversationId> {
    match event {
        Event::ConversationAdded { conversation_id }
        | Event::ConversationStateChanged { conversation_id, .. }
        | Event::PositionChanged { conversation_id, .. }
        | Event::VoiceRequested { conversation_id, .. }
        | Event::ParticipantJoined { conversation_id, .. }
        | Event::ParticipantChanged { conversation_id, .. }
        | Event::ParticipantLeft { conversation_id, .. }
        | Event::MessageAdded { conversation_id, .. }
        | Event::MessageChanged { conversation_id, .. }
        | Event::TypingChanged { conversation_id, .. }
        | Event::ConversationChanged { conversation_id }
        | Event::Quality { conversation_id, .. } => Some(conversation_id),
        Event::Other { conversation_id, .. } => conversation_id.as_ref(),
        _ => None,
    }
}

fn one(key: &str, value: &JsValue) -> Object {
    let object = Object::new();
    set(&object, key, value);
    object
}

fn with_error(object: Object, error: &Option<WireError>) -> JsValue {
    if let Some(error) = error {
        set(&object, "error", &error_to_js(error));
    }
    object.into()
}
