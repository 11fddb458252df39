//! A switchboard from and to the store.

use super::{
    Asked, BodyRow, Entry, KeyDigest, Output, SessionFact, Settings, Switchboard,
    entry::{hex, hex_option},
    outbox::Told,
};
use crate::{Event, Exchange, ExchangeState, FloorFilter, Identity, Order, TenantConfig};
use jackfield_wire::{Answer, CommandId, ConversationId, Millis, Outcome, QueueId, Role, SessionId, UserId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A switchboard at a point of its journal. The entries after it are replayed upon it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Saved {
    /// The batch after which it was taken: it may be written only when that batch is on disk.
    #[serde(skip)]
    pub after_batch: u64,
    at: Millis,
    exchange: ExchangeState,
    sessions: Vec<SavedSession>,
    rooms: Vec<ConversationId>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct SavedSession {
    session: SessionId,
    user: UserId,
    role: Role,
    #[serde(with = "hex")]
    key: KeyDigest,
    #[serde(default, with = "hex_option", skip_serializing_if = "Option::is_none")]
    previous: Option<KeyDigest>,
    #[serde(default)]
    away: bool,
    #[serde(default)]
    floor: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    floor_queues: Option<BTreeSet<QueueId>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    floor_agents: Option<BTreeSet<UserId>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    watched: Vec<UserId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    answers: Vec<(CommandId, u64, Outcome)>,
}

impl Switchboard {
    /// What is to be kept of it. `None` where facts were gathered that [`Switchboard::flush`] has not made a batch of yet.
    pub fn snapshot(&self) -> Option<Saved> {
        if !self.outbox.is_flushed() || !self.is_writable() {
            return None;
        }
        Some(Saved {
            after_batch: self.outbox.newest_batch(),
            at: self.now,
            exchange: self.exchange.state().clone(),
            sessions: self.sessions.iter().map(saved).collect(),
            rooms: self.rooms.conversations(),
        })
    }

    /// A switchboard as it was kept. Entries that were written later follow by [`Switchboard::replay`], then [`Switchboard::start`].
    pub fn restore(config: TenantConfig, settings: Settings, saved: Saved) -> Self {
        let mut board = Self::new(Exchange::from_state(config, saved.exchange), settings);
        board.tick(saved.at);
        for session in saved.sessions {
            board.restore_session(session);
        }
        for conversation in &saved.rooms {
            board.rooms.set_both(&board.exchange, conversation);
        }
        board
    }

    /// Takes in an entry of the journal. Nobody is told: there is nobody yet.
    pub fn replay(&mut self, entry: &Entry) {
        self.tick(entry.at);
        let mut touched = BTreeSet::new();
        for event in &entry.events {
            self.exchange.apply(event, entry.at);
            self.note(event);
            if let Event::SessionClosed { session, .. } = event
                && let Some(slot) = self.sessions.slot(session)
            {
                self.sessions.remove(slot);
            }
            if event.touches_legs() {
                touched.extend(event.conversation().cloned());
            }
        }
        for conversation in touched {
            self.rooms.set_both(&self.exchange, &conversation);
        }
        entry.facts.iter().for_each(|fact| self.take_fact(fact));
        if let (Some(asked), Some(outcome)) = (&entry.asked, &entry.outcome) {
            self.take_answer(asked, outcome);
        }
    }

    /// Puts back what the journal does not hold, after everything was replayed and before [`Switchboard::start`]. All rows are to come that
    /// were written for what is open.
    pub fn furnish(&mut self, rows: impl IntoIterator<Item = BodyRow>) {
        rows.into_iter().for_each(|row| self.exchange.furnish(&row));
    }

    /// Begins, after everything was replayed: no session has a connection, so all are away until they resume. Their grace time counts from
    /// now, not from before the restart; the calls go on.
    pub fn start(&mut self, now: Millis) {
        self.tick(now);
        for slot in self.sessions.slots() {
            let Some(session) = self.sessions.get(slot) else { continue };
            let (session, away) = (session.id().clone(), session.away);
            if away {
                let _ = self.order(&Order::SessionBack { session: session.clone() });
            }
            // Refused only for a session that the exchange does not know; then there is nothing to be away.
            let _ = self.order(&Order::SessionAway { session });
        }
        let rooms: Vec<_> = self.rooms.iter().map(|(room, legs)| (room.clone(), legs.clone())).collect();
        for ((conversation, side), legs) in rooms {
            self.outbox.tell_now(Told::Do(Output::SetRoom { conversation, side, legs }));
        }
        self.end_calls();
        self.pass_time();
    }

    /// Takes in a change of the switchboard's own care of a session.
    pub(super) fn take_fact(&mut self, fact: &SessionFact) {
        match fact {
            SessionFact::Key { session, digest, previous } => {
                let session = self.sessions.slot(session).and_then(|slot| self.sessions.get_mut(slot));
                if let Some(session) = session {
                    (session.key, session.previous) = (*digest, *previous);
                }
            }
            // For the host's record.
            SessionFact::Quality { .. } => {}
            SessionFact::Watch { session, floor, queues, agents, users } => {
                let filter = FloorFilter {
                    queues: queues.as_ref().map(|ids| ids.iter().cloned().collect()),
                    agents: agents.as_ref().map(|ids| ids.iter().cloned().collect()),
                };
                if let Some(slot) = self.sessions.slot(session) {
                    let users = users.iter().cloned().collect();
                    self.sessions.watch(slot, Some(filter).filter(|_| *floor), users);
                }
            }
        }
    }

    /// Remembers an answer that was given.
    pub(super) fn take_answer(&mut self, asked: &Asked, outcome: &Outcome) {
        let most = self.settings.remembered_answers;
        let session = self.sessions.slot(&asked.session).and_then(|slot| self.sessions.get_mut(slot));
        if let Some(session) = session {
            session.answers.finish(&asked.id, asked.digest, Answer::Ok(outcome.clone()), most);
        }
    }

    fn restore_session(&mut self, saved: SavedSession) {
        let who = Identity::new(saved.user, "", saved.role);
        self.note(&Event::SessionOpened { session: saved.session.clone(), who });
        let Some(slot) = self.sessions.slot(&saved.session) else { return };
        let filter = FloorFilter { queues: saved.floor_queues, agents: saved.floor_agents };
        let floor = Some(filter).filter(|_| saved.floor);
        self.sessions.watch(slot, floor, saved.watched.into_iter().collect());
        let most = self.settings.remembered_answers;
        if let Some(session) = self.sessions.get_mut(slot) {
            (session.key, session.previous, session.away) = (saved.key, saved.previous, saved.away);
            for (id, digest, outcome) in saved.answers {
                session.answers.finish(&id, digest, Answer::Ok(outcome), most);
            }
        }
    }
}

fn saved(session: &super::session::Session) -> SavedSession {
    let kept = |(id, digest, answer): (&CommandId, u64, &Answer)| match answer {
        // A voice connection does not outlive the gateway, so neither does what was agreed for it.
        Answer::Ok(Outcome::MediaAnswer { .. }) | Answer::Error(_) => None,
        Answer::Ok(outcome) => Some((id.clone(), digest, outcome.clone())),
    };
    SavedSession {
        session: session.id().clone(),
        user: session.viewer.user_id.clone(),
        role: session.viewer.role,
        key: session.key,
        previous: session.previous,
        away: session.away,
        floor: session.viewer.watches_floor,
        floor_queues: session.viewer.floor_filter.queues.clone(),
        floor_agents: session.viewer.floor_filter.agents.clone(),
        watched: session.viewer.watched.iter().cloned().collect(),
        answers: session.answers.given().filter_map(kept).collect(),
    }
}
