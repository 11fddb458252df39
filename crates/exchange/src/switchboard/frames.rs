//! What a session's connection sends, and its end.

use super::{ConnectionId, Switchboard, error_text, outbox::Told, sessions::Slot, text_of};
use crate::{Identity, Order, TenantConfig};
use jackfield_wire::{ClientFrame, Code, Millis, ServerFrame, SignOutReason, UserId, WireError};

impl Switchboard {
    /// Takes in what a connection sent. What comes before its welcome waits for it.
    pub(super) fn frames(&mut self, connection: ConnectionId, frames: Vec<ClientFrame>) {
        let mut frames = frames.into_iter();
        while let Some(slot) = self.sessions.on(connection) {
            if !self.sign_of_life(slot) {
                return self.keep_for_later(slot, frames.collect());
            }
            let Some(frame) = frames.next() else { return };
            self.frame(connection, slot, frame);
        }
    }

    /// A connection handed over a new token.
    pub(super) fn renewed(&mut self, connection: ConnectionId, who: &Identity, token_expires_at: Millis) {
        let Some(slot) = self.sessions.on(connection) else { return };
        let (now, machine_now) = (self.now, self.machine_now);
        let Some(session) = self.sessions.get_mut(slot) else { return };
        session.last_seen = now;
        let same = session.viewer.user_id == who.user_id && session.viewer.role == who.role;
        let late = token_expires_at <= machine_now;
        if !same || late {
            let code = if same { Code::TokenExpired } else { Code::SubjectMismatch };
            return self.cut(slot, code.into());
        }
        if let Some(attached) = &mut session.attached {
            (attached.token_expires_at, attached.renewal_asked) = (token_expires_at, false);
        }
        self.sessions.wake_at(slot, now);
        let text = text_of(&ServerFrame::AuthAccepted { token_expires_at });
        self.outbox.tell_now(Told::Frame { connection, text });
    }

    /// A connection is gone. Its session waits.
    pub(super) fn disconnected(&mut self, connection: ConnectionId) {
        self.outbox.gone(connection);
        if let Some(slot) = self.sessions.on(connection) {
            self.sessions.detach(slot);
            self.wake_when_away(slot);
        }
    }

    /// Ends a session's connection, with the reason as its last frame. The session waits.
    pub(super) fn cut(&mut self, slot: Slot, error: WireError) {
        if let Some(attached) = self.sessions.detach(slot) {
            self.refuse(attached.connection, error);
        }
        self.wake_when_away(slot);
    }

    /// Ends all sessions of a user (W4). Where the journal takes nothing now, their connections end at once and the sessions later.
    pub(super) fn revoke(&mut self, user: UserId) {
        let sessions: Vec<_> = self.sessions.of(&user).to_vec();
        for slot in sessions {
            let Some(session) = self.sessions.get(slot).map(|session| session.id().clone()) else { continue };
            let order = Order::CloseSession { session, reason: SignOutReason::Removed };
            if !self.is_writable() || self.order(&order).is_err() {
                self.cut(slot, Code::SignedOut.into());
            }
        }
        let batch = if self.is_writable() { self.outbox.newest_batch() } else { u64::MAX };
        if batch > self.outbox.committed_batch() {
            self.revoked.insert(user, batch);
        }
    }

    /// Whoever the new configuration gives a role that it had not is enabled again: what was revoked before is over.
    pub(super) fn forgive(&mut self, after: &TenantConfig) {
        let before = self.exchange.config();
        let had = |id: &UserId, role| before.user(id).is_some_and(|user| user.roles.contains(role));
        let enabled =
            |id: &UserId| after.user(id).is_some_and(|user| user.roles.iter().any(|role| !had(id, role)));
        self.revoked.retain(|id, _| !enabled(id));
    }

    /// Tells everybody when to come back, and ends their connections.
    pub(super) fn shut_down(&mut self, after_ms: u32, within_ms: u32) {
        self.closing = true;
        let text = text_of(&ServerFrame::Restarting { after_ms, within_ms });
        for slot in self.sessions.slots() {
            let Some(attached) = self.sessions.detach(slot) else { continue };
            let connection = attached.connection;
            // In line: what was done is told before the end.
            self.outbox.tell(Told::Frame { connection, text: text.clone() });
            self.outbox.tell(Told::Close { connection, code: Code::Restarting });
        }
    }

    /// Notes a sign of life. Gives whether the session has been welcomed.
    fn sign_of_life(&mut self, slot: Slot) -> bool {
        let now = self.now;
        let Some(session) = self.sessions.get_mut(slot) else { return false };
        session.last_seen = now;
        session.connection().is_some()
    }

    fn keep_for_later(&mut self, slot: Slot, frames: Vec<ClientFrame>) {
        let most = self.settings.max_pending_commands as usize;
        let attached = self.sessions.get_mut(slot).and_then(|session| session.attached.as_mut());
        let Some(greeting) = attached.and_then(|attached| attached.greeting.as_mut()) else { return };
        greeting.backlog.extend(frames);
        if greeting.backlog.len() > most {
            let message = format!("more than {most} frames came before the welcome; wait for it");
            self.cut(slot, WireError::new(Code::TooSlow, message));
        }
    }

    fn frame(&mut self, connection: ConnectionId, slot: Slot, frame: ClientFrame) {
        match frame {
            ClientFrame::Command { id, command } => self.command(slot, &id, command),
            ClientFrame::Refused { id, error } => self.refused_unread(slot, &id, error),
            ClientFrame::Ack { seq } => self.acknowledged(connection, slot, seq),
            ClientFrame::Pong { .. } => self.proven(slot),
            ClientFrame::Bye { keep } => self.bye(connection, slot, keep),
            // `auth` is judged by the connection and comes as `Input::Renewed`; a second `hello` is the client's mistake.
            ClientFrame::Hello { .. } | ClientFrame::Auth { .. } => {
                let text = error_text(Code::HelloRepeated.into());
                self.outbox.tell_now(Told::Frame { connection, text });
            }
        }
        self.proven(slot);
    }

    /// A client that answers has got its welcome, and with it the new key: the one before is void.
    fn proven(&mut self, slot: Slot) {
        if let Some(session) = self.sessions.get_mut(slot) {
            session.previous = None;
        }
    }

    fn acknowledged(&mut self, connection: ConnectionId, slot: Slot, seq: u64) {
        let Some(session) = self.sessions.get_mut(slot) else { return };
        if session.ring.acknowledge(seq).is_err() {
            let message = format!("ack names event {seq}; the newest is {}", session.ring.last());
            let text = error_text(WireError::new(Code::OutOfOrder, message));
            self.outbox.tell_now(Told::Frame { connection, text });
        }
    }

    /// The client goes: for good, or for a reload.
    fn bye(&mut self, connection: ConnectionId, slot: Slot, keep: bool) {
        let session = self.sessions.get(slot).map(|session| session.id().clone());
        if let (false, true, Some(session)) = (keep, self.is_writable(), session) {
            // A session that the exchange does not know any more is cut just the same.
            let _ = self.order(&Order::CloseSession { session, reason: SignOutReason::Asked });
        }
        if self.sessions.on(connection).is_some() {
            self.sessions.detach(slot);
            self.outbox.tell(Told::Close { connection, code: Code::Closed });
            self.wake_when_away(slot);
        }
    }
}
