//! What must hold: after each step, and when everything is calm.

use super::client::Client;
use super::node::SNAPSHOT_MESSAGES;
use super::world::World;
use jackfield::engine::{ConnectionState, Conversation, View};
use jackfield_exchange::{FloorFilter, Viewer};
use jackfield_wire::{
    AgentStats, Availability, ConversationView, MessageView, Role, SnapshotView, Visibility,
};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;

impl World {
    /// After each step: no agent over its capacity (I4), no leg without its session.
    pub(crate) fn check_step(&self, tenant: Option<usize>) -> Result<(), String> {
        let Some(node) = tenant.map(|tenant| &self.nodes[tenant]) else { return Ok(()) };
        let Some(board) = &node.board else { return Ok(()) };
        for agent in board.exchange().floor().agents {
            let capacity = node.config.user(&agent.user_id).map(|user| user.capacity).unwrap_or_default();
            if agent.voice > capacity.voice || agent.chats > capacity.chat {
                return Err(format!("I4: {agent:?} has more than {capacity:?}"));
            }
        }
        for ((conversation, _), legs) in &node.rooms {
            if let Some(leg) = legs.iter().find(|leg| !node.disk.account.is_open(&leg.session)) {
                return Err(format!("an orphan leg in {conversation}: {leg:?}"));
            }
        }
        Ok(())
    }

    /// When everything is calm: everybody sees the truth, and nothing that was acknowledged is lost.
    pub(crate) fn check_calm(&self) -> Result<(), String> {
        for client in &self.clients {
            self.check_client(client).map_err(|e| format!("{} of {}: {e}", client.user, client.tenant))?;
        }
        for node in &self.nodes {
            let board = node.board.as_ref().ok_or("a gateway is not up")?;
            for ((conversation, side), legs) in &node.rooms {
                if board.exchange().legs(conversation, *side) != *legs {
                    return Err(format!("the room of {conversation} is {legs:?} on side {side:?}"));
                }
            }
            let floor = board.exchange().floor();
            // Who has chats in hand may be ready for a call, and is no help to those who wait for a chat.
            let idle = |agent: &AgentStats| {
                agent.availability == Availability::Available && agent.voice + agent.chats == 0
            };
            let free = floor.agents.iter().any(idle);
            let mut queues = floor.queues.iter();
            if let Some(queue) = queues.find(|queue| free && queue.waiting > 0 && queue.agents_ready > 0) {
                return Err(format!("I6: somebody waits and somebody is free: {queue:?} {:?}", floor.agents));
            }
        }
        Ok(())
    }

    /// When everybody has left: nothing is left behind (I14).
    pub(crate) fn check_empty(&self) -> Result<(), String> {
        for tenant in 0..self.nodes.len() {
            let gauges = self.gauges(tenant).ok_or("a gateway is not up")?;
            if gauges != Default::default() {
                return Err(format!("I14: {gauges:?} is left"));
            }
            let board = self.nodes[tenant].board.as_ref().ok_or("a gateway is not up")?;
            let floor = board.exchange().floor();
            let idle = floor.agents.iter().all(|agent| agent.voice + agent.chats == 0);
            if !idle || floor.queues.iter().any(|queue| queue.waiting + queue.active > 0) {
                return Err(format!("I14: {floor:?} is left"));
            }
        }
        Ok(())
    }

    fn check_client(&self, client: &Client) -> Result<(), String> {
        let node = &self.nodes[client.tenant];
        for (text, place) in &client.acknowledged {
            if node.disk.account.texts.get(text) != Some(place) {
                return Err(format!("I1: {text} was acknowledged as {place:?} and is not there"));
            }
        }
        let never = BTreeSet::new();
        for conversation in &client.own {
            if !node.disk.account.ever.get(conversation).unwrap_or(&never).contains(&client.user_id()) {
                return Err(format!("it was shown {conversation}, where it never was"));
            }
        }
        if client.engine.connection() != ConnectionState::Ready {
            return Err(format!("is {:?} though nothing is broken", client.engine.connection()));
        }
        let view = client.engine.view().ok_or("has no view")?;
        let truth = self.truth(client, view)?;
        check_view(view, &truth)?;
        view.conversations.iter().try_for_each(|conversation| self.check_messages(client, conversation))
    }

    /// What the exchange would tell this session now, were it to ask.
    fn truth(&self, client: &Client, view: &View) -> Result<SnapshotView, String> {
        let board = self.nodes[client.tenant].board.as_ref().ok_or("its gateway is not up")?;
        let session = client.engine.session().ok_or("has no session")?.session_id.clone();
        let viewer = Viewer {
            user_id: client.user_id(),
            session,
            role: client.role,
            watches_floor: view.floor.get().is_some(),
            floor_filter: FloorFilter::default(),
            watched: view.watched.get().iter().map(|presence| presence.user_id.clone()).collect(),
        };
        Ok(board.exchange().snapshot(&viewer, self.now))
    }

    /// Everybody sees the same messages, without a hole (I2).
    fn check_messages(&self, client: &Client, conversation: &Conversation) -> Result<(), String> {
        let id = conversation.conversation_id.clone();
        let stored = self.nodes[client.tenant].disk.messages.range((id.clone(), 0)..(id.clone(), u64::MAX));
        let stored: Vec<_> = stored.map(|(_, message)| message).collect();
        let visible =
            |m: &&&MessageView| client.role != Role::Customer || m.visibility == Visibility::Everyone;
        let newest = stored.iter().rev().take(SNAPSHOT_MESSAGES).filter(visible).count();
        let stored: Vec<_> = stored.iter().filter(visible).map(|m| (m.number, m.text.as_str())).collect();
        let seen: Vec<_> = conversation
            .thread
            .messages()
            .iter()
            .filter(|m| m.number > 0)
            .map(|m| (m.number, m.text.as_str()))
            .collect();
        // A page that came late has the newest only, and loads older ones as they are scrolled to.
        if !stored.ends_with(&seen) {
            return Err(format!("I2: sees {seen:?} of {stored:?} in {id}"));
        }
        if seen.len() < newest {
            return Err(format!("I2: sees only {seen:?} of {stored:?} in {id}"));
        }
        Ok(())
    }
}

fn check_view(view: &View, truth: &SnapshotView) -> Result<(), String> {
    same("user", &parsed(view.user.get().rest.object()), &json(&truth.user))?;
    same("presence", &parsed(view.presence.get().rest.object()), &json(&truth.presence))?;
    let mut rest = json(truth);
    for part in ["user", "presence", "offers", "conversations", "watched", "floor"] {
        rest.as_object_mut().ok_or("a snapshot is no object")?.remove(part);
    }
    same("queues and all the rest", &parsed(view.rest.get().object()), &rest)?;
    let offers = view.offers.get().iter().map(|offer| parsed(offer.rest.object()));
    same("offers", &by("offerId", offers), &by("offerId", truth.offers.iter().map(json)))?;
    let watched = view.watched.get().iter().map(|presence| parsed(presence.rest.object()));
    same("watched", &by("userId", watched), &by("userId", truth.watched.iter().map(json)))?;
    let floor = |floor: Value| {
        let rows = |key: &str| floor[key].as_array().cloned().unwrap_or_default().into_iter();
        (by("queueId", rows("queues")), by("userId", rows("agents")))
    };
    same(
        "floor",
        &view.floor.get().as_ref().map(|seen| floor(parsed(seen.json()))),
        &truth.floor.as_ref().map(|truth| floor(json(truth))),
    )?;
    let ids = |ids: Vec<_>| ids.into_iter().collect::<BTreeSet<_>>();
    same(
        "conversations",
        &ids(view.conversations.iter().map(|c| c.conversation_id.clone()).collect()),
        &ids(truth.conversations.iter().map(|c| c.conversation_id.clone()).collect()),
    )?;
    for truth in &truth.conversations {
        let seen = view.conversation(&truth.conversation_id).ok_or("a conversation is missing")?;
        check_conversation(seen, truth).map_err(|e| format!("{}: {e}", truth.conversation_id))?;
    }
    Ok(())
}

/// All that is shown of a conversation but its messages, which are looked at apart.
fn check_conversation(seen: &Conversation, truth: &ConversationView) -> Result<(), String> {
    let (mut seen, mut truth) = (parsed(seen.json()), json(truth));
    for (view, own) in [(&mut seen, &["unread", "typing", "reason"][..]), (&mut truth, &["messages"])] {
        let fields = view.as_object_mut().ok_or("a conversation is no object")?;
        own.iter().for_each(|key| _ = fields.remove(*key));
        let participants = fields.remove("participants").and_then(|list| list.as_array().cloned());
        let sorted = by("participantId", participants.unwrap_or_default().into_iter());
        fields.insert("participants".into(), sorted.into());
    }
    same("conversation", &seen, &truth)
}

fn parsed(text: String) -> Value {
    serde_json::from_str(&text).expect("the engine shows JSON")
}

fn json<T: Serialize>(truth: &T) -> Value {
    serde_json::to_value(truth).expect("what is told is JSON")
}

/// In the order of this member.
fn by(key: &str, items: impl Iterator<Item = Value>) -> Vec<Value> {
    let mut items: Vec<_> = items.collect();
    items.sort_by_key(|item| item[key].to_string());
    items
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, seen: &T, truth: &T) -> Result<(), String> {
    if seen == truth { Ok(()) } else { Err(format!("{what}: sees {seen:?}, true is {truth:?}")) }
}
