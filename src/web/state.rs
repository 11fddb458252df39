//! The state as JavaScript sees it: made when it is read, and only where something changed. What did not change is the same object.

use super::convert::{set, to_js};
use super::host::Host;
use crate::engine::view::{Fnv, Stamped};
use crate::engine::{Conversation, Engine, Message, MessageState, View};
use jackfield_wire::{
    Activity, Attributes, Availability, Channel, ConversationId, ConversationState, EndReason, Millis,
    OfferView, ParticipantId, ParticipantView, PresenceView, QueueId, QueueInfo, Role, Visibility,
    WrapUpView,
};
use js_sys::{Array, JsString, Object};
use serde::Serialize;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::Arc;
use wasm_bindgen::prelude::*;

/// Texts held as JavaScript strings: those that come again and again (ids, names, words). Crossing the border with a text is what costs.
const TEXTS: usize = 4_096;

type Table<K, V> = HashMap<K, V, BuildHasherDefault<Fnv>>;

/// JavaScript values made before.
#[derive(Default)]
pub(super) struct Cache {
    state: Option<((u64, u64), JsValue)>,
    parts: Table<&'static str, (u64, JsValue)>,
    conversations: Table<ConversationId, Entry>,
    texts: Table<String, JsString>,
}

#[derive(Default)]
struct Entry {
    /// The application's object.
    object: Option<JsValue>,
    snapshot: Option<(u64, JsValue)>,
    messages: Table<u64, JsValue>,
}

impl Cache {
    /// The session's state.
    pub(super) fn state(&mut self, engine: &Engine, host: &Host) -> JsValue {
        if let Some((stamp, value)) = &self.state
            && *stamp == engine.stamp()
        {
            return value.clone();
        }
        let state = Object::new();
        set(&state, "connection", &to_js(&engine.connection()));
        set(&state, "voice", &to_js(&engine.voice()));
        set(&state, "clockOffset", &(engine.clock_offset() as f64).into());
        if let Some(view) = engine.view() {
            self.view(&state, view, host);
        }
        let state = JsValue::from(state);
        self.state = Some((engine.stamp(), state.clone()));
        state
    }

    fn view(&mut self, state: &Object, view: &View, host: &Host) {
        let conversations = Array::new();
        for conversation in view.conversations.iter() {
            conversations.push(&self.snapshot(conversation, host));
        }
        set(state, "conversations", &conversations);
        set(state, "user", &self.part("user", &view.user, to_js));
        set(state, "presence", &self.part("presence", &view.presence, to_js));
        set(state, "watched", &self.part("watched", &view.watched, |watched| to_js(&**watched)));
        set(state, "queues", &self.part("queues", &view.queues, |queues| queues_to_js(queues)));
        set(state, "offers", &self.part("offers", &view.offers, |offers| offers_to_js(offers)));
        if view.floor.get().is_some() {
            set(state, "floor", &self.part("floor", &view.floor, to_js));
        }
    }

    fn part<T>(
        &mut self,
        name: &'static str,
        part: &Stamped<T>,
        make: impl FnOnce(&T) -> JsValue,
    ) -> JsValue {
        if let Some((stamp, value)) = self.parts.get(name)
            && *stamp == part.stamp()
        {
            return value.clone();
        }
        let value = make(part.get());
        self.parts.insert(name, (part.stamp(), value.clone()));
        value
    }

    /// A conversation's snapshot.
    pub(super) fn snapshot(&mut self, conversation: &Conversation, host: &Host) -> JsValue {
        let id = &conversation.conversation_id;
        let entry = self.conversations.entry(id.clone()).or_default();
        if let Some((stamp, value)) = &entry.snapshot
            && *stamp == conversation.stamp
        {
            return value.clone();
        }
        let mut before = std::mem::take(&mut entry.messages);
        let mut kept = Table::default();
        let messages = Array::new();
        for message in conversation.thread.messages() {
            let value = before.remove(&message.stamp).unwrap_or_else(|| self.message(host, message));
            messages.push(&value);
            kept.insert(message.stamp, value);
        }
        let value = to_js(&Head::of(conversation));
        set(value.unchecked_ref(), "messages", &messages);
        if let Some(entry) = self.conversations.get_mut(id) {
            entry.messages = kept;
            entry.snapshot = Some((conversation.stamp, value.clone()));
        }
        value
    }

    /// The application's object for a conversation.
    pub(super) fn object(&mut self, id: &ConversationId, host: &Host) -> JsValue {
        if let Some(object) = self.conversations.get(id).and_then(|entry| entry.object.clone()) {
            return object;
        }
        let object = host.conversation(&self.text(id.as_str()));
        self.conversations.entry(id.clone()).or_default().object = Some(object.clone());
        object
    }

    /// Lets go of the application's objects: each holds its session, and what is held here is held for ever by the WebAssembly's table.
    pub(super) fn release(&mut self) {
        self.conversations.values_mut().for_each(|entry| drop(entry.object.take()));
    }

    /// Forgets a conversation that is gone.
    pub(super) fn forget(&mut self, id: &ConversationId) {
        self.conversations.remove(id);
    }

    pub(super) fn message(&mut self, host: &Host, message: &Message) -> JsValue {
        let (participant_id, name) = (self.text(message.participant_id.as_str()), self.text(&message.name));
        let command_id = message.command_id.as_str();
        host.message(
            message.number as f64,
            &[command_id, &message.text].concat(),
            // An id is ASCII: as many letters as bytes.
            command_id.len() as u32,
            &participant_id,
            &name,
            message.role as u32,
            message.at as f64,
            message.visibility as u32,
            message.own,
            message.state as u32,
        )
    }

    pub(super) fn presence(&mut self, host: &Host, presence: &PresenceView) -> JsValue {
        let user_id = self.text(presence.user_id.as_str());
        host.presence(&user_id, presence.availability as u32, presence.activity as u32, presence.since as f64)
    }

    pub(super) fn participant(&mut self, host: &Host, participant: &ParticipantView) -> JsValue {
        let participant_id = self.text(participant.participant_id.as_str());
        let (user_id, name) = (self.text(participant.user_id.as_str()), self.text(&participant.name));
        host.participant(
            &participant_id,
            &user_id,
            &name,
            participant.role as u32,
            participant.joined_at as f64,
            participant.away,
            participant.delivered as f64,
            participant.read as f64,
            &participant.voice.as_ref().map_or(JsValue::UNDEFINED, to_js),
        )
    }

    pub(super) fn offer(&mut self, offer: &OfferView) -> JsValue {
        offer_to_js(offer)
    }

    /// The words that the host is told by their places, in the order in which it takes them: roles, availabilities, activities, visibilities,
    /// states of a message.
    pub(super) fn words() -> Array {
        Array::of5(
            &to_js(Role::ALL),
            &to_js(Availability::ALL),
            &to_js(Activity::ALL),
            &to_js(Visibility::ALL),
            &to_js(&MessageState::ALL),
        )
    }

    /// A text as a JavaScript string, made once.
    pub(super) fn text(&mut self, text: &str) -> JsString {
        if let Some(known) = self.texts.get(text) {
            return known.clone();
        }
        if self.texts.len() >= TEXTS {
            self.texts.clear();
        }
        let made = JsString::from(text);
        self.texts.insert(text.to_owned(), made.clone());
        made
    }
}

/// A conversation's snapshot but for its messages.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Head<'a> {
    conversation_id: &'a ConversationId,
    queue_id: &'a QueueId,
    channel: Channel,
    state: ConversationState,
    state_since: Millis,
    created_at: Millis,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    attributes: &'a Attributes,
    participants: &'a [Arc<ParticipantView>],
    voice_requested: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<u32>,
    last_message: u64,
    unread: usize,
    typing: &'a [ParticipantId],
    #[serde(skip_serializing_if = "Option::is_none")]
    wrap_up: Option<&'a WrapUpView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<EndReason>,
}

impl<'a> Head<'a> {
    fn of(conversation: &'a Conversation) -> Self {
        Self {
            conversation_id: &conversation.conversation_id,
            queue_id: &conversation.queue_id,
            channel: conversation.channel,
            state: conversation.state,
            state_since: conversation.state_since,
            created_at: conversation.created_at,
            subject: conversation.subject.as_deref(),
            attributes: &conversation.attributes,
            participants: &conversation.participants,
            voice_requested: conversation.voice_requested,
            position: conversation.position,
            last_message: conversation.thread.last(),
            unread: conversation.thread.unread(),
            typing: &conversation.typing,
            wrap_up: conversation.wrap_up.as_ref(),
            reason: conversation.reason,
        }
    }
}

/// The wire leaves empty lists and maps out; the package's types promise them.
fn queues_to_js(queues: &[QueueInfo]) -> JsValue {
    let list = Array::new();
    for queue in queues {
        let value = to_js(queue);
        set(value.unchecked_ref(), "dispositions", &to_js(&queue.dispositions));
        list.push(&value);
    }
    list.into()
}

fn offers_to_js(offers: &[OfferView]) -> JsValue {
    offers.iter().map(offer_to_js).collect::<Array>().into()
}

fn offer_to_js(offer: &OfferView) -> JsValue {
    let value = to_js(offer);
    let reason = to_js(&offer.reason);
    set(reason.unchecked_ref(), "skills", &to_js(&offer.reason.skills));
    set(value.unchecked_ref(), "reason", &reason);
    value
}
