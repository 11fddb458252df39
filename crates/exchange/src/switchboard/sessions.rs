//! All sessions of a tenant, and the ways to find them.

use super::{ConnectionId, session::Session};
use crate::{Audience, FloorFilter};
use jackfield_wire::{Millis, SessionId, UserId};
use std::collections::{BTreeSet, HashMap};

/// A session's place in the table. It is used again after the session is over, so nothing that outlives a call may hold it.
pub(super) type Slot = u32;

/// All sessions. The maps are only looked up, never walked: their order is not the same in two runs.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    table: Vec<Option<Box<Session>>>,
    free: Vec<Slot>,
    by_id: HashMap<SessionId, Slot>,
    by_user: HashMap<UserId, Vec<Slot>>,
    by_connection: HashMap<ConnectionId, Slot>,
    watchers: HashMap<UserId, Vec<Slot>>,
    floor: BTreeSet<Slot>,
    timers: BTreeSet<(Millis, Slot)>,
}

impl Sessions {
    /// The session in a place.
    pub(super) fn get(&self, slot: Slot) -> Option<&Session> {
        self.table.get(slot as usize)?.as_deref()
    }

    /// The session in a place.
    pub(super) fn get_mut(&mut self, slot: Slot) -> Option<&mut Session> {
        self.table.get_mut(slot as usize)?.as_deref_mut()
    }

    /// A session's place.
    pub(super) fn slot(&self, session: &SessionId) -> Option<Slot> {
        self.by_id.get(session).copied()
    }

    /// The place of the session on a connection.
    pub(super) fn on(&self, connection: ConnectionId) -> Option<Slot> {
        self.by_connection.get(&connection).copied()
    }

    /// The sessions of a user.
    pub(super) fn of(&self, user: &UserId) -> &[Slot] {
        self.by_user.get(user).map_or(&[], Vec::as_slice)
    }

    /// The sessions that watch the floor.
    pub(super) fn floor(&self) -> impl Iterator<Item = Slot> + '_ {
        self.floor.iter().copied()
    }

    /// Whether any session watches the floor.
    pub(super) fn floor_is_watched(&self) -> bool {
        !self.floor.is_empty()
    }

    /// All places that are taken, in order.
    pub(super) fn slots(&self) -> Vec<Slot> {
        (0..).zip(&self.table).filter(|(_, session)| session.is_some()).map(|(slot, _)| slot).collect()
    }

    /// All sessions, in the order of their places.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Session> {
        self.table.iter().filter_map(Option::as_deref)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.by_id.len()
    }

    /// How many are on a connection.
    pub(super) fn connected(&self) -> usize {
        self.by_connection.len()
    }

    /// Takes a session in.
    pub(super) fn insert(&mut self, session: Session) -> Slot {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.table.push(None);
            // As many sessions as a 32-bit number counts would need more memory than any machine has.
            (self.table.len() - 1) as Slot
        });
        self.by_id.insert(session.id().clone(), slot);
        self.by_user.entry(session.viewer.user_id.clone()).or_default().push(slot);
        self.table[slot as usize] = Some(Box::new(session));
        slot
    }

    /// Takes a session out, with everything that leads to it.
    pub(super) fn remove(&mut self, slot: Slot) -> Option<Box<Session>> {
        self.watch(slot, None, BTreeSet::new());
        self.sleep(slot);
        self.detach(slot);
        let session = self.table.get_mut(slot as usize)?.take()?;
        self.free.push(slot);
        self.by_id.remove(session.id());
        unlist(&mut self.by_user, &session.viewer.user_id, slot);
        Some(session)
    }

    /// Takes a session out together with its connection.
    pub(super) fn remove_whole(&mut self, slot: Slot) -> Option<Box<Session>> {
        let attached = self.detach(slot);
        let mut session = self.remove(slot)?;
        session.attached = attached;
        Some(session)
    }

    /// Puts a session on a connection; gives back the one it was on before.
    pub(super) fn attach(
        &mut self,
        slot: Slot,
        attached: super::session::Attached,
    ) -> Option<Box<super::session::Attached>> {
        let before = self.detach(slot);
        if let Some(session) = self.table.get_mut(slot as usize).and_then(Option::as_deref_mut) {
            self.by_connection.insert(attached.connection, slot);
            session.attached = Some(Box::new(attached));
        }
        before
    }

    /// Takes a session off its connection.
    pub(super) fn detach(&mut self, slot: Slot) -> Option<Box<super::session::Attached>> {
        let attached = self.get_mut(slot)?.attached.take()?;
        self.by_connection.remove(&attached.connection);
        Some(attached)
    }

    /// Sets what a session watches: what of the floor (`None` for nothing), and whose presence.
    pub(super) fn watch(&mut self, slot: Slot, floor: Option<FloorFilter>, users: BTreeSet<UserId>) {
        let Some(session) = self.table.get_mut(slot as usize).and_then(Option::as_deref_mut) else { return };
        for user in session.viewer.watched.difference(&users) {
            unlist(&mut self.watchers, user, slot);
        }
        for user in users.difference(&session.viewer.watched) {
            self.watchers.entry(user.clone()).or_default().push(slot);
        }
        session.viewer.watched = users;
        session.viewer.watches_floor = floor.is_some();
        if floor.is_some() {
            self.floor.insert(slot);
        } else {
            self.floor.remove(&slot);
        }
        session.viewer.floor_filter = floor.unwrap_or_default();
    }

    /// Wakes a session at a time, and not at the one set before.
    pub(super) fn wake_at(&mut self, slot: Slot, at: Millis) {
        self.sleep(slot);
        if let Some(session) = self.get_mut(slot) {
            session.wake = Some(at);
            self.timers.insert((at, slot));
        }
    }

    /// A session whose time has come.
    pub(super) fn due(&mut self, now: Millis) -> Option<Slot> {
        let &(at, slot) = self.timers.first().filter(|(at, _)| *at <= now)?;
        self.timers.remove(&(at, slot));
        if let Some(session) = self.get_mut(slot) {
            session.wake = None;
        }
        Some(slot)
    }

    /// When the next session's time comes.
    pub(super) fn deadline(&self) -> Option<Millis> {
        self.timers.first().map(|(at, _)| *at)
    }

    /// The sessions of an audience, each once.
    pub(super) fn audience(&self, audience: &Audience, slots: &mut Vec<Slot>) {
        slots.clear();
        match audience {
            Audience::Nobody => {}
            Audience::Session(session) => slots.extend(self.slot(session)),
            Audience::Users(users) => {
                for user in users {
                    slots.extend_from_slice(self.of(user));
                }
            }
            Audience::PresenceOf(user) => {
                slots.extend_from_slice(self.of(user));
                slots.extend_from_slice(self.watchers.get(user).map_or(&[], Vec::as_slice));
            }
        }
        // A user may be named twice, and may watch itself.
        slots.sort_unstable();
        slots.dedup();
    }

    fn sleep(&mut self, slot: Slot) {
        if let Some(at) = self.get_mut(slot).and_then(|session| session.wake.take()) {
            self.timers.remove(&(at, slot));
        }
    }
}

/// Takes a place off a list, and the list out of the map with its last place.
fn unlist(lists: &mut HashMap<UserId, Vec<Slot>>, user: &UserId, slot: Slot) {
    if let Some(list) = lists.get_mut(user) {
        list.retain(|other| *other != slot);
        if list.is_empty() {
            lists.remove(user);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jackfield_wire::Role;

    fn user(text: &str) -> UserId {
        UserId::parse(text).unwrap()
    }

    fn with(sessions: &mut Sessions, who: &str, id: &str) -> Slot {
        sessions.insert(Session::new(user(who), SessionId::parse(id).unwrap(), Role::Agent, 1, 0))
    }

    fn found(sessions: &Sessions, audience: &Audience) -> Vec<Slot> {
        let mut slots = vec![99];
        sessions.audience(audience, &mut slots);
        slots
    }

    #[test]
    fn finds_an_audience_without_looking_at_anybody_else() {
        let mut sessions = Sessions::default();
        let (a, b, c) = (
            with(&mut sessions, "mina", "s1"),
            with(&mut sessions, "mina", "s2"),
            with(&mut sessions, "joon", "s3"),
        );
        sessions.watch(c, Some(FloorFilter::default()), [user("mina"), user("joon")].into());
        assert_eq!(found(&sessions, &Audience::PresenceOf(user("mina"))), [a, b, c]);
        assert_eq!(
            found(&sessions, &Audience::PresenceOf(user("joon"))),
            [c],
            "once, though it watches itself"
        );
        assert_eq!(found(&sessions, &Audience::Users(vec![user("mina"), user("mina")])), [a, b]);
        sessions.watch(c, None, [user("joon")].into());
        assert_eq!(found(&sessions, &Audience::PresenceOf(user("mina"))), [a, b]);
        assert!(!sessions.floor_is_watched());
        sessions.remove(a);
        assert_eq!(found(&sessions, &Audience::PresenceOf(user("mina"))), [b]);
    }

    #[test]
    fn a_session_that_is_gone_leaves_nothing_behind() {
        let mut sessions = Sessions::default();
        let slot = with(&mut sessions, "mina", "s1");
        sessions.watch(slot, Some(FloorFilter::default()), [user("joon")].into());
        sessions.wake_at(slot, 50);
        sessions.wake_at(slot, 40);
        assert_eq!(sessions.deadline(), Some(40));
        assert!(sessions.remove(slot).is_some());
        assert_eq!(sessions.deadline(), None);
        assert!(sessions.watchers.is_empty() && sessions.by_user.is_empty() && sessions.by_id.is_empty());
        assert_eq!(with(&mut sessions, "joon", "s2"), slot, "its place is used again");
        assert_eq!(found(&sessions, &Audience::PresenceOf(user("mina"))), Vec::<Slot>::new());
    }

    #[test]
    fn wakes_in_the_order_of_time() {
        let mut sessions = Sessions::default();
        let (a, b) = (with(&mut sessions, "mina", "s1"), with(&mut sessions, "joon", "s2"));
        sessions.wake_at(a, 20);
        sessions.wake_at(b, 10);
        assert_eq!(sessions.due(9), None);
        assert_eq!(sessions.due(25), Some(b));
        assert_eq!(sessions.due(25), Some(a));
        assert_eq!(sessions.due(25), None);
    }
}
