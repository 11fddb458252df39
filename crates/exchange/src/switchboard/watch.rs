//! What a session watches: the floor, the presence of others.

use super::{Entry, SessionFact, Switchboard, sessions::Slot};
use crate::{FloorFilter, Viewer};
use jackfield_wire::{Code, CommandId, Outcome, QueueId, Role, UserId, WireError, limits};
use std::collections::BTreeSet;

impl Switchboard {
    /// Answers `watchFloor`.
    pub(super) fn watch_floor(
        &mut self,
        slot: Slot,
        id: &CommandId,
        digest: u64,
        (on, queues, agents): (bool, Option<Vec<QueueId>>, Option<Vec<UserId>>),
    ) {
        let Some(before) = self.sessions.get(slot).map(|session| session.viewer.clone()) else { return };
        let floor_filter = match self.exchange.check_floor(&before, queues.as_deref(), agents.as_deref()) {
            Ok(asked) if on => asked,
            Ok(_) => FloorFilter::default(),
            Err(error) => return self.refuse_command(slot, id, digest, error),
        };
        let viewer = Viewer { watches_floor: on, floor_filter, ..before.clone() };
        if viewer != before {
            self.watch(&viewer);
        }
        let floor = self.exchange.floor_of(&viewer);
        let outcome = floor.map_or(Outcome::Done, |floor| Outcome::Floor { floor });
        self.answer_repeatable(slot, id, digest, outcome);
    }

    /// Answers `watchPresence`.
    pub(super) fn watch_presence(&mut self, slot: Slot, id: &CommandId, digest: u64, users: Vec<UserId>) {
        match self.watched_presence(slot, users) {
            Ok(outcome) => self.answer_repeatable(slot, id, digest, outcome),
            Err(error) => self.refuse_command(slot, id, digest, error),
        }
    }

    /// Sets what a session watches, for good: a restart and a reload change nothing about it.
    fn watch(&mut self, viewer: &Viewer) {
        let filter = viewer.floor_filter.clone();
        let fact = SessionFact::Watch {
            session: viewer.session.clone(),
            floor: viewer.watches_floor,
            queues: filter.queues.map(|ids| ids.into_iter().collect()),
            agents: filter.agents.map(|ids| ids.into_iter().collect()),
            users: viewer.watched.iter().cloned().collect(),
        };
        self.enact(Entry {
            at: self.now,
            asked: None,
            outcome: None,
            facts: vec![fact.clone()],
            events: Vec::new(),
        });
        self.take_fact(&fact);
    }

    fn watched_presence(&mut self, slot: Slot, users: Vec<UserId>) -> Result<Outcome, WireError> {
        let mut viewer =
            self.sessions.get(slot).map(|session| session.viewer.clone()).ok_or(Code::SessionUnknown)?;
        if viewer.role == Role::Customer {
            let message = "customers do not watch the presence of others";
            return Err(WireError::new(Code::NotAllowed, message));
        }
        if users.len() > limits::WATCHED_USERS {
            let message = format!("userIds names {} users; at most {}", users.len(), limits::WATCHED_USERS);
            return Err(WireError::new(Code::InvalidField, message));
        }
        let users: BTreeSet<_> = users.into_iter().collect();
        let changed = viewer.watched != users;
        viewer.watched = users;
        // Colleagues only: a customer's presence is nobody's business, and asking must not tell whether it exists.
        if let Some(user) = viewer.watched.iter().find(|user| self.exchange.tenant.user(user).is_none()) {
            return Err(WireError::new(
                Code::NotFound,
                format!("userIds names {user}: there is no such user"),
            ));
        }
        let presence = self.exchange.snapshot(&viewer, self.now).watched;
        if changed {
            self.watch(&viewer);
        }
        Ok(Outcome::Presence { presence })
    }
}
