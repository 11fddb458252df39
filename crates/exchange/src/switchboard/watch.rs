//! What a session watches: the floor, the presence of others.

use super::{Entry, SessionFact, Switchboard, sessions::Slot};
use jackfield_wire::{Code, CommandId, Outcome, Role, UserId, WireError, limits};
use std::collections::BTreeSet;

impl Switchboard {
    /// Answers `watchFloor`.
    pub(super) fn watch_floor(&mut self, slot: Slot, id: &CommandId, digest: u64, on: bool) {
        let Some(viewer) = self.sessions.get(slot).map(|session| session.viewer.clone()) else { return };
        if !matches!(viewer.role, Role::Supervisor | Role::Admin) {
            let message = "only supervisors and admins watch the floor";
            return self.refuse_command(slot, id, digest, WireError::new(Code::NotAllowed, message));
        }
        if viewer.watches_floor != on {
            self.watch(slot, on, viewer.watched);
        }
        let outcome = if on { Outcome::Floor { floor: self.exchange.floor() } } else { Outcome::Done };
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
    fn watch(&mut self, slot: Slot, floor: bool, users: BTreeSet<UserId>) {
        let Some(session) = self.sessions.get(slot).map(|session| session.id().clone()) else { return };
        let fact = SessionFact::Watch { session, floor, users: users.into_iter().collect() };
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
            self.watch(slot, viewer.watches_floor, viewer.watched);
        }
        Ok(Outcome::Presence { presence })
    }
}
