//! The state as JavaScript sees it: made when it is read, and only where something changed. What did not change is the same object.

use super::convert::{parsed, set};
use super::host::{Host, Made};
use crate::engine::view::{Fnv, Stamped};
use crate::engine::{Conversation, Engine, View};
use jackfield_wire::ConversationId;
use jackfield_wire::lean::{Floor, Json};
use js_sys::{Array, Object};
use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use wasm_bindgen::prelude::*;

type Table<K, V> = HashMap<K, V, BuildHasherDefault<Fnv>>;

/// JavaScript values made before.
#[derive(Default)]
pub(super) struct Cache {
    state: Option<((u64, u64), JsValue)>,
    parts: Table<&'static str, (u64, JsValue)>,
    conversations: Table<ConversationId, Entry>,
}

#[derive(Default)]
struct Entry {
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
        if let Some(view) = engine.view() {
            let rest = self.part("rest", &view.rest, |rest| host.made(Made::Rest as u32, &rest.object()));
            Object::assign(&state, rest.unchecked_ref());
        }
        set(&state, "connection", &engine.connection().name().into());
        set(&state, "voice", &engine.voice().name().into());
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
        set(state, "user", &self.part("user", &view.user, |user| parsed(&user.rest.object())));
        set(state, "presence", &self.part("presence", &view.presence, |own| parsed(&own.rest.object())));
        let watched = self.part("watched", &view.watched, |watched| {
            parsed(&Json::array(&watched.iter().map(|one| one.rest.object()).collect::<Vec<_>>()))
        });
        set(state, "watched", &watched);
        let offers = self.part("offers", &view.offers, |offers| {
            let offer = |json: String| host.made(Made::Offer as u32, &json);
            offers.iter().map(|one| offer(one.rest.object())).collect::<Array>().into()
        });
        set(state, "offers", &offers);
        if view.floor.get().is_some() {
            let made = |floor: &Floor| host.made(Made::Floor as u32, &floor.json());
            let floor =
                self.part("floor", &view.floor, |floor| floor.as_ref().map_or(JsValue::UNDEFINED, made));
            set(state, "floor", &floor);
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
            let value = before.remove(&message.stamp).unwrap_or_else(|| parsed(&message.json()));
            messages.push(&value);
            kept.insert(message.stamp, value);
        }
        let value = host.snapshot(&conversation.json(), &messages);
        if let Some(entry) = self.conversations.get_mut(id) {
            entry.messages = kept;
            entry.snapshot = Some((conversation.stamp, value.clone()));
        }
        value
    }

    /// Forgets a conversation that is gone.
    pub(super) fn forget(&mut self, id: &ConversationId) {
        self.conversations.remove(id);
    }
}
