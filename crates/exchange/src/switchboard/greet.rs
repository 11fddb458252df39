//! Hello and welcome.

use super::{
    ConnectionId, Entry, Fresh, ResumeRequest, SessionFact, Storage, Switchboard, error_text,
    outbox::Told,
    session::{Attached, Greeting},
    sessions::Slot,
    storage_refusal, text_of,
};
use crate::{Event, Identity, Order};
use jackfield_wire::{Code, Millis, Resumed, ServerFrame, SessionId, Signal, WireError};

/// Who says hello.
#[derive(Debug)]
pub(super) struct Caller {
    /// By its token.
    pub(super) identity: Identity,
    /// When that token's time is over.
    pub(super) token_expires_at: Millis,
    /// Random numbers for it.
    pub(super) fresh: Fresh,
}

impl Switchboard {
    /// A connection says hello: it goes on with its session, or opens a new one.
    pub(super) fn hello(&mut self, connection: ConnectionId, caller: Caller, resume: Option<ResumeRequest>) {
        self.outbox.open(connection);
        if let Err(error) = self.may_enter(&caller) {
            return self.refuse(connection, error);
        }
        let slot = resume.as_ref().and_then(|resume| self.resumable(resume, &caller.identity));
        match (slot, resume) {
            (Some(slot), Some(resume)) => self.resume(connection, slot, caller, &resume),
            (_, resume) => self.open_session(connection, caller, resume.is_some()),
        }
    }

    /// Ends a connection that has no session, or shall have none any more, with the reason as its last frame.
    pub(super) fn refuse(&mut self, connection: ConnectionId, error: WireError) {
        let code = error.code;
        self.outbox.tell_now(Told::Frame { connection, text: error_text(error) });
        self.outbox.tell_now(Told::Close { connection, code });
    }

    /// Goes on with the welcome of a session: one thing that it waited for has come.
    pub(super) fn greet_on(&mut self, session: &SessionId) {
        let Some(slot) = self.sessions.slot(session) else { return };
        let attached = self.sessions.get_mut(slot).and_then(|session| session.attached.as_mut());
        let Some(greeting) = attached.and_then(|attached| attached.greeting.as_mut()) else { return };
        greeting.waiting = greeting.waiting.saturating_sub(1);
        if greeting.waiting == 0 {
            self.welcome(slot);
        }
    }

    /// Makes a session wait for what its snapshot needs, then welcomes it.
    pub(super) fn greet(&mut self, slot: Slot) {
        let Some(session) = self.sessions.get(slot) else { return };
        let id = session.id().clone();
        let snapshot = self.exchange.snapshot(&session.viewer, self.now);
        let waiting = self.ask_for_newest(&id, &snapshot);
        let attached = self.sessions.get_mut(slot).and_then(|session| session.attached.as_mut());
        if let Some(greeting) = attached.and_then(|attached| attached.greeting.as_mut()) {
            greeting.waiting = waiting;
        }
        if waiting == 0 {
            self.welcome(slot);
        }
    }

    fn may_enter(&self, caller: &Caller) -> Result<(), WireError> {
        if self.closing {
            return Err(Code::Restarting.into());
        }
        if self.storage != Storage::Good {
            return Err(storage_refusal(self.settings.storage_pause_ms));
        }
        if caller.token_expires_at <= self.machine_now {
            return Err(Code::TokenExpired.into());
        }
        Ok(())
    }

    /// The session to go on with, if it is there, the key fits, and it is the same user in the same role.
    fn resumable(&self, resume: &ResumeRequest, who: &Identity) -> Option<Slot> {
        let slot = self.sessions.slot(&resume.session_id)?;
        let session = self.sessions.get(slot)?;
        let same = session.viewer.user_id == who.user_id && session.viewer.role == who.role;
        (same && session.opens_with(&resume.key_digest)).then_some(slot)
    }

    fn resume(&mut self, connection: ConnectionId, slot: Slot, caller: Caller, resume: &ResumeRequest) {
        let Some(session) = self.sessions.get_mut(slot) else { return };
        session.last_seen = self.now;
        let (id, was_away) = (session.id().clone(), session.away);
        if let Some(old) = self.sessions.detach(slot) {
            self.refuse(old.connection, Code::SessionReplaced.into());
        }
        let events = if was_away { self.coming_back(&id) } else { Vec::new() };
        let (digest, previous) = (caller.fresh.key_digest, Some(resume.key_digest));
        let key = SessionFact::Key { session: id, digest, previous };
        self.enact(Entry { at: self.now, asked: None, outcome: None, facts: vec![key.clone()], events });
        self.take_fact(&key);
        self.settle();
        let resumed = self.how_to_resume(slot, resume);
        self.attach(connection, slot, caller, resumed, false);
    }

    /// The facts of a session's return. It may have none: the exchange never missed it.
    fn coming_back(&self, session: &SessionId) -> Vec<Event> {
        let order = Order::SessionBack { session: session.clone() };
        self.exchange.decide(&order, self.now).map(|decision| decision.events).unwrap_or_default()
    }

    /// Replays what was missed if all of it is still here, else tells everything anew.
    fn how_to_resume(&mut self, slot: Slot, resume: &ResumeRequest) -> Resumed {
        let same_epoch = resume.epoch == self.settings.epoch;
        let Some(session) = self.sessions.get_mut(slot) else { return Resumed::Snapshot };
        match resume.seq.filter(|seq| same_epoch && session.ring.after(*seq).is_some()) {
            Some(seq) => {
                // It holds: the ring has just said that it knows this number.
                let _ = session.ring.acknowledge(seq);
                Resumed::Replay
            }
            None => {
                session.ring.clear();
                Resumed::Snapshot
            }
        }
    }

    fn open_session(&mut self, connection: ConnectionId, caller: Caller, resume_failed: bool) {
        let id = caller.fresh.session_id.clone();
        match self.opening(&caller) {
            Err(error) => self.refuse(connection, error),
            Ok(events) => {
                let digest = caller.fresh.key_digest;
                let key = SessionFact::Key { session: id.clone(), digest, previous: None };
                let facts = vec![key.clone()];
                self.enact(Entry { at: self.now, asked: None, outcome: None, facts, events });
                self.take_fact(&key);
                // What follows from its opening belongs into its snapshot, not after it.
                self.settle();
                let Some(slot) = self.sessions.slot(&id) else {
                    return self.refuse(connection, Code::Internal.into());
                };
                // What the session was told of its own opening is in its snapshot.
                if let Some(session) = self.sessions.get_mut(slot) {
                    session.ring.clear();
                }
                self.attach(connection, slot, caller, Resumed::New, resume_failed);
            }
        }
    }

    fn opening(&self, caller: &Caller) -> Result<Vec<Event>, WireError> {
        let (who, session) = (caller.identity.clone(), caller.fresh.session_id.clone());
        let has = self.sessions.of(&who.user_id).len();
        if has >= self.settings.max_sessions_per_user {
            let message = format!("this user has {has} sessions; close one first");
            return Err(WireError::new(Code::TooManySessions, message));
        }
        if self.sessions.slot(&session).is_some() {
            return Err(WireError::new(Code::Internal, "a new session's id was in use"));
        }
        Ok(self.exchange.decide(&Order::OpenSession { session, who }, self.now)?.events)
    }

    fn attach(
        &mut self,
        connection: ConnectionId,
        slot: Slot,
        caller: Caller,
        resumed: Resumed,
        resume_failed: bool,
    ) {
        let attached = Attached {
            connection,
            key: caller.fresh.key,
            token_expires_at: caller.token_expires_at,
            renewal_asked: false,
            next_ping: self.now,
            pings: 0,
            greeting: Some(Greeting { resumed, resume_failed, waiting: 0, backlog: Vec::new() }),
        };
        self.sessions.attach(slot, attached);
        self.sessions.wake_at(slot, self.now + u64::from(self.settings.away_after_ms));
        match resumed {
            Resumed::Replay => self.welcome(slot),
            Resumed::New | Resumed::Snapshot => self.greet(slot),
        }
    }

    /// Tells a session that it is open, then what it missed, then how its voice stands; then takes what it has sent already.
    fn welcome(&mut self, slot: Slot) {
        let (now, ping) = (self.now, u64::from(self.settings.ping_every_ms));
        let attached = self.sessions.get_mut(slot).and_then(|session| session.attached.as_mut());
        let Some(greeting) = attached.and_then(|attached| {
            attached.next_ping = now + ping;
            attached.greeting.take()
        }) else {
            return;
        };
        let Some((connection, seq, text)) = self.welcome_text(slot, greeting.resumed) else { return };
        self.outbox.tell(Told::Welcome { connection, text });
        if greeting.resume_failed {
            let text = error_text(Code::SessionUnknown.into());
            self.outbox.tell(Told::Frame { connection, text });
        }
        if greeting.resumed == Resumed::Replay {
            self.replay_ring(slot, connection, seq);
        }
        self.tell_voice(slot, connection, greeting.resumed);
        self.sessions.wake_at(slot, now);
        if !greeting.backlog.is_empty() {
            self.frames(connection, greeting.backlog);
        }
    }

    fn welcome_text(&mut self, slot: Slot, resumed: Resumed) -> Option<(ConnectionId, u64, String)> {
        let session = self.sessions.get(slot)?;
        let attached = session.attached.as_ref()?;
        let connection = attached.connection;
        let seq =
            session.ring.last() - if resumed == Resumed::Replay { session.ring.len() as u64 } else { 0 };
        let mut snapshot = match resumed {
            Resumed::Replay => None,
            _ => Some(Box::new(self.exchange.snapshot(&session.viewer, self.now))),
        };
        let frame = |snapshot| ServerFrame::Welcome {
            tenant_id: self.exchange.config().tenant_id.clone(),
            session_id: session.id().clone(),
            resume_key: attached.key.clone(),
            epoch: self.settings.epoch,
            seq,
            resumed,
            snapshot,
            now: self.now,
            token_expires_at: attached.token_expires_at,
            ping_every_ms: self.settings.ping_every_ms,
            grace_ms: self.exchange.config().grace_ms,
        };
        if let Some(snapshot) = &mut snapshot {
            self.put_newest(slot, &mut snapshot.conversations);
        }
        Some((connection, seq, text_of(&frame(snapshot))))
    }

    fn replay_ring(&mut self, slot: Slot, connection: ConnectionId, seq: u64) {
        let missed = self.sessions.get(slot).and_then(|session| session.ring.after(seq));
        for (seq, kept) in missed.into_iter().flatten() {
            self.outbox.tell(Told::Event { connection, seq, at: kept.at, body: kept.body.clone() });
        }
    }

    /// Signals are not kept, so a session that was away may have missed how its voice stands.
    fn tell_voice(&mut self, slot: Slot, connection: ConnectionId, resumed: Resumed) {
        if resumed == Resumed::New {
            return;
        }
        let Some(session) = self.sessions.get(slot) else { return };
        // After a restart nothing is known of its voice connection because there is none: where it has a leg, it must negotiate anew.
        let connected = session.media.or_else(|| self.rooms.has(session.id()).then_some(false));
        let slots = (!session.slots.is_empty()).then(|| self.slots_signal(slot)).flatten();
        let signals = connected.map(|connected| Signal::Media { connected }).into_iter().chain(slots);
        for signal in signals.collect::<Vec<_>>() {
            let text = text_of(&ServerFrame::Signal { signal });
            self.outbox.tell(Told::Frame { connection, text });
        }
    }
}
