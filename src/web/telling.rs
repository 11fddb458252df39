//! Events on their way to listeners: as JSON, many at once, since each call from here to JavaScript and each text that crosses costs more than an event does.
//! Only those that somebody listens to are written.

use super::convert::error_json;
use crate::engine::Event;
use jackfield_wire::lean::Json;
use jackfield_wire::{ConversationId, WireError};

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

/// Writes an event for the host, behind what is written already: its number, its conversation, its content. What is one thing alone (a message, a presence) goes
/// as that thing.
pub(super) fn write(event: &Event, seen: impl Fn(&ConversationId) -> bool, mut to: String) -> String {
    to.push_str(&number(event).to_string());
    match conversation(event).filter(|id| seen(id)) {
        Some(id) => [",\"", id.as_str(), "\","].iter().for_each(|part| to.push_str(part)),
        None => to.push_str(",null,"),
    }
    let mut json = Json::after(to);
    content(event, &mut json);
    json.end()
}

fn content(event: &Event, json: &mut Json) {
    match event {
        Event::PresenceChanged { presence } => _ = json.members(&presence.rest),
        Event::MessageAdded { message, .. } | Event::MessageChanged { message, .. } => message.write(json),
        Event::ParticipantJoined { participant, .. } | Event::ParticipantChanged { participant, .. } => {
            participant.write(json);
        }
        Event::OfferMade { offer } => _ = json.members(&offer.rest),
        Event::ConversationStateChanged { rest, .. } | Event::VoiceRequested { rest, .. } => {
            json.members(rest);
        }
        Event::OfferEnded { conversation_id, rest, .. } => {
            json.members(rest).text("conversationId", conversation_id.as_str());
        }
        Event::ConversationRemoved { conversation_id, .. } => {
            json.text("conversationId", conversation_id.as_str());
        }
        Event::ParticipantLeft { participant, rest, .. } => {
            json.members(rest).raw("participant", &participant.json());
        }
        Event::Other { kind, conversation_id, rest } => {
            json.text("type", kind);
            if let Some(id) = conversation_id {
                json.text("conversationId", id.as_str());
            }
            json.members(rest);
        }
        small => figures(small, json),
    }
}

/// Events of a word or a figure.
fn figures(event: &Event, json: &mut Json) {
    match event {
        Event::ConnectionChanged { connection, error, retry_in_ms } => {
            json.text("connection", connection.name());
            if let Some(ms) = retry_in_ms {
                json.whole("retryInMs", *ms);
            }
            write_error(error, json);
        }
        Event::VoiceChanged { voice, error } => write_error(error, json.text("voice", voice.name())),
        Event::Closed { error } => write_error(error, json),
        Event::PositionChanged { position, .. } => _ = json.whole("position", (*position).into()),
        Event::TypingChanged { participant_ids, .. } => {
            let ids: Vec<_> = participant_ids.iter().map(|id| ["\"", id.as_str(), "\""].concat()).collect();
            json.list("participantIds", &ids);
        }
        Event::Quality { quality, .. } => _ = json.raw("quality", &quality.json()),
        _ => {}
    }
}

fn write_error(error: &Option<WireError>, json: &mut Json) {
    if let Some(error) = error {
        json.raw("error", &error_json(error));
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
