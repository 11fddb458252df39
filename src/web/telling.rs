//! Events on their way to listeners. Only those that somebody listens to are made.

use super::convert::{error_to_js, set, to_js};
use super::host::Host;
use super::state::Cache;
use crate::engine::Event;
use jackfield_wire::{ConversationId, WireError};
use js_sys::Object;
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// The names of all events; an event's place here is its number.
pub(super) const NAMES: [&str; 19] = [
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
];

/// An event's place in [`NAMES`].
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
    }
}

/// The event's content, but its conversation. What is one thing alone (a message, a presence) goes as that thing.
pub(super) fn content(event: &Event, host: &Host, cache: &mut Cache) -> JsValue {
    match event {
        Event::ConnectionChanged { connection, error, retry_in_ms } => {
            with_error(&[("connection", to_js(connection)), ("retryInMs", to_js(retry_in_ms))], error)
        }
        Event::VoiceChanged { voice, error } => with_error(&[("voice", to_js(voice))], error),
        Event::Closed { error } => with_error(&[], error),
        Event::PresenceChanged { presence } => cache.presence(host, presence),
        Event::OfferMade { offer } => cache.offer(offer),
        Event::MessageAdded { message, .. } | Event::MessageChanged { message, .. } => {
            cache.message(host, message)
        }
        Event::ParticipantJoined { participant, .. } | Event::ParticipantChanged { participant, .. } => {
            cache.participant(host, participant)
        }
        other => plain(other, host, cache),
    }
}

/// Events whose content is small and rare.
fn plain(event: &Event, host: &Host, cache: &mut Cache) -> JsValue {
    match event {
        Event::OfferEnded { offer_id, conversation_id, outcome } => fields(&[
            ("offerId", to_js(offer_id)),
            ("conversationId", to_js(conversation_id)),
            ("outcome", to_js(outcome)),
        ]),
        Event::ConversationStateChanged { state, reason, .. } => {
            fields(&[("state", to_js(state)), ("reason", to_js(reason))])
        }
        Event::ConversationRemoved { conversation_id, .. } => one("conversationId", conversation_id),
        Event::PositionChanged { position, .. } => one("position", position),
        Event::VoiceRequested { requested, outcome, .. } => {
            fields(&[("requested", to_js(requested)), ("outcome", to_js(outcome))])
        }
        Event::ParticipantLeft { participant, reason, .. } => {
            fields(&[("participant", cache.participant(host, participant)), ("reason", to_js(reason))])
        }
        Event::TypingChanged { participant_ids, .. } => one("participantIds", participant_ids),
        Event::Quality { quality, .. } => one("quality", quality),
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
        | Event::Quality { conversation_id, .. } => Some(conversation_id),
        _ => None,
    }
}

fn one<T: Serialize>(key: &str, value: &T) -> JsValue {
    fields(&[(key, to_js(value))])
}

/// An object of these fields; `null` and `undefined` ones are left out.
fn fields(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (key, value) in fields {
        if !value.is_null() && !value.is_undefined() {
            set(&object, key, value);
        }
    }
    object.into()
}

fn with_error(rest: &[(&str, JsValue)], error: &Option<WireError>) -> JsValue {
    let object = fields(rest);
    if let Some(error) = error {
        set(object.unchecked_ref(), "error", &error_to_js(error));
    }
    object
}
