//! After the journal refused a write: what was told of it, and how to go on.

use super::{
    ConnectionId, Output, Storage, Switchboard, outbox::Told, requests::Purpose, session::Session,
    sessions::Slot, storage_refusal, text_of,
};
use jackfield_wire::{Answer, Code, CommandId, Millis, ServerFrame, WireError};

impl Switchboard {
    /// A batch, and all before it, is on disk.
    pub(super) fn committed(&mut self, batch: u64) {
        self.outbox.committed(batch);
        // The answer to a batch of before a failure says nothing of what was revoked since.
        if self.storage == Storage::Good {
            self.revoked.retain(|_, in_batch| *in_batch > batch);
        }
    }

    /// A batch is not on disk. Everything applied since the last one that is was never told to anybody; those who wait are told that
    /// nothing was changed.
    pub(super) fn commit_failed(&mut self, batch: u64) {
        if self.storage == Storage::Failed || batch <= self.outbox.committed_batch() {
            return;
        }
        self.storage = Storage::Failed;
        self.last_good = self.outbox.committed_batch();
        self.revoked.values_mut().for_each(|in_batch| *in_batch = u64::MAX);
        let error = storage_refusal(self.settings.storage_pause_ms);
        for told in self.outbox.fail() {
            match told {
                Told::Answer { connection, id, .. } => self.take_back(connection, id, &error),
                // Its new key was not written, so the client goes on with the one it has.
                Told::Welcome { connection, .. } => self.turn_out(connection, &error),
                Told::Close { connection, code } => self.refuse(connection, code.into()),
                Told::Event { .. } | Told::Frame { .. } | Told::Do(_) => {}
            }
        }
    }

    /// Goes on with the state as the store has it: `stored` is a switchboard made by [`Switchboard::new`] or [`Switchboard::restore`] and
    /// [`Switchboard::replay`], not started.
    ///
    /// Connections and their numbers stay, and nobody is told anything: what they were told before is all on disk, so it is true. For
    /// [`Settings::storage_pause_ms`](super::Settings::storage_pause_ms) no command that writes is taken, then the journal is tried again.
    pub fn recover(&mut self, now: Millis, stored: Self) {
        self.tick(now);
        self.end_requests();
        let old = std::mem::replace(&mut self.sessions, stored.sessions);
        self.exchange = stored.exchange;
        self.messages.take_back(self.last_good);
        let offers = self.exchange.state.offers.values();
        let offered: Vec<_> = offers.map(|offer| offer.made.conversation_id.clone()).collect();
        offered.iter().for_each(|conversation| self.read_ahead(conversation));
        self.typing = super::typing::Typing::default();
        self.storage = Storage::Paused(self.now + u64::from(self.settings.storage_pause_ms));
        self.unsettled = true;
        self.replace_rooms(stored.rooms);
        self.take_over(old);
        self.pass_time();
    }

    fn take_back(&mut self, connection: ConnectionId, id: CommandId, error: &WireError) {
        let answer = Answer::Error(error.clone());
        let text = text_of(&ServerFrame::Result { id: id.clone(), answer });
        self.outbox.tell_now(Told::Answer { connection, id, text });
    }

    fn turn_out(&mut self, connection: ConnectionId, error: &WireError) {
        if let Some(slot) = self.sessions.on(connection) {
            self.sessions.detach(slot);
        }
        self.refuse(connection, error.clone());
    }

    /// Answers those who wait for the store or the media plane; their questions are forgotten.
    fn end_requests(&mut self) {
        let error = storage_refusal(self.settings.storage_pause_ms);
        for purpose in self.requests.take_all() {
            if let Purpose::History { session, id, digest, .. }
            | Purpose::Past { session, id, digest }
            | Purpose::PastMessages { session, id, digest }
            | Purpose::Media { session, id, digest } = purpose
            {
                self.finish_waiting(&session, &id, digest, Err(error.clone()));
            }
        }
    }

    fn replace_rooms(&mut self, rooms: super::media::Rooms) {
        let old = std::mem::replace(&mut self.rooms, rooms);
        for (room, _) in old.iter().filter(|(room, _)| self.rooms.iter().all(|(other, _)| other != *room)) {
            let (conversation, side) = room.clone();
            self.outbox.tell_now(Told::Do(Output::ClearRoom { conversation, side }));
        }
        for (room, legs) in self.rooms.iter() {
            let ((conversation, side), legs) = (room.clone(), legs.clone());
            self.outbox.tell_now(Told::Do(Output::SetRoom { conversation, side, legs }));
        }
    }

    /// Puts the stored sessions on the connections of the ones before.
    fn take_over(&mut self, mut old: super::sessions::Sessions) {
        for slot in self.sessions.slots() {
            let before = self.sessions.get(slot).and_then(|session| old.slot(session.id()));
            match before.and_then(|before| old.remove_whole(before)) {
                Some(before) => self.inherit(slot, *before),
                None => self.wait_for(slot, self.now),
            }
        }
        // What is left was never on disk.
        for slot in old.slots() {
            if let Some(attached) = old.detach(slot) {
                self.refuse(attached.connection, Code::StorageUnavailable.into());
            }
        }
    }

    fn inherit(&mut self, slot: Slot, mut before: Session) {
        let whole = before.ring.take_back(self.last_good);
        let last_seen = before.last_seen;
        if let Some(session) = self.sessions.get_mut(slot) {
            (session.bucket, session.media) = (before.bucket, before.media);
            (session.slots, session.ring, session.last_seen) = (before.slots, before.ring, last_seen);
        }
        match before.attached {
            Some(attached) if whole && attached.greeting.is_none() => {
                self.sessions.attach(slot, *attached);
                self.sessions.wake_at(slot, self.now);
            }
            // It waits for its welcome, or its events can't be told apart any more: it comes back by a resume.
            Some(attached) => {
                self.refuse(attached.connection, Code::StorageUnavailable.into());
                self.wait_for(slot, last_seen);
            }
            None => self.wait_for(slot, last_seen),
        }
    }

    fn wait_for(&mut self, slot: Slot, last_seen: Millis) {
        if let Some(session) = self.sessions.get_mut(slot) {
            session.last_seen = last_seen;
        }
        self.wake_when_away(slot);
    }
}
