//! What time brings: pings, renewals, absences.

use super::{Storage, Switchboard, outbox::Told, sessions::Slot, text_of};
use crate::Order;
use jackfield_wire::{Code, Millis, ServerFrame};

impl Switchboard {
    /// Does what is due.
    pub(super) fn pass_time(&mut self) {
        if let Storage::Paused(until) = self.storage
            && until <= self.now
        {
            self.storage = Storage::Good;
            std::mem::take(&mut self.revoked).into_keys().for_each(|user| self.revoke(user));
        }
        while let Some(slot) = self.sessions.due(self.now) {
            self.session_due(slot);
        }
        self.end_typing();
        self.settle();
    }

    /// Looks at a session when its silence will have been long enough.
    pub(super) fn wake_when_away(&mut self, slot: Slot) {
        let Some(session) = self.sessions.get(slot) else { return };
        if !session.away {
            let at = session.last_seen + u64::from(self.settings.away_after_ms);
            self.sessions.wake_at(slot, at);
        }
    }

    /// When the journal is tried again.
    pub(super) fn pause_deadline(&self) -> Option<Millis> {
        match self.storage {
            Storage::Paused(until) => Some(until),
            Storage::Good | Storage::Failed => None,
        }
    }

    /// When the floor's watchers may be told again. There may be nothing to tell; then it costs one look.
    pub(super) fn floor_deadline(&self) -> Option<Millis> {
        let next = self.floor_told.saturating_add(u64::from(self.settings.floor_every_ms));
        let rolls = self.exchange.floor_rolls_at().max(next);
        let due = if next > self.now { next } else { rolls };
        self.sessions.floor_is_watched().then_some(due).filter(|due| *due > self.now)
    }

    /// Whether entries can be written now.
    pub(super) fn is_writable(&self) -> bool {
        self.storage == Storage::Good
    }

    fn session_due(&mut self, slot: Slot) {
        let away_after = u64::from(self.settings.away_after_ms);
        let Some(session) = self.sessions.get(slot) else { return };
        let silent_at = session.last_seen.saturating_add(away_after);
        match &session.attached {
            Some(attached) if attached.token_expires_at <= self.machine_now => {
                self.cut(slot, Code::TokenExpired.into());
            }
            Some(_) if silent_at <= self.now => {
                self.cut(slot, Code::Idle.into());
                self.gone_away(slot);
            }
            Some(_) => self.keep_alive(slot, silent_at),
            None if silent_at <= self.now => self.gone_away(slot),
            None => self.sessions.wake_at(slot, silent_at),
        }
    }

    /// Asks for a sign of life and for a new token, as they are due.
    fn keep_alive(&mut self, slot: Slot, silent_at: Millis) {
        let (now, machine_now) = (self.now, self.machine_now);
        let ping_every = u64::from(self.settings.ping_every_ms).max(1);
        let renew_before = u64::from(self.settings.renew_before_ms);
        let Some(attached) = self.sessions.get_mut(slot).and_then(|session| session.attached.as_mut()) else {
            return;
        };
        let (connection, token_expires_at) = (attached.connection, attached.token_expires_at);
        let mut frames = Vec::new();
        // A ping goes beside the line, so it could come before a welcome that waits for the journal.
        let welcomed = self.outbox.is_welcomed(connection);
        let renew_at = token_expires_at.saturating_sub(renew_before);
        if welcomed && !attached.renewal_asked && renew_at <= machine_now {
            attached.renewal_asked = true;
            frames.push(ServerFrame::AuthExpiring { token_expires_at });
        }
        if welcomed && attached.next_ping <= now {
            attached.pings += 1;
            attached.next_ping = now + ping_every;
            frames.push(ServerFrame::Ping { n: attached.pings });
        }
        let token_at = if attached.renewal_asked { token_expires_at } else { renew_at };
        let next_ping = if welcomed { attached.next_ping } else { now + ping_every };
        // At least a millisecond later: a wake-up that finds nothing to do must not find itself again.
        let next = next_ping.min(silent_at).min(self.clock.steady(token_at)).max(now + 1);
        self.sessions.wake_at(slot, next);
        for frame in frames {
            self.outbox.tell_now(Told::Frame { connection, text: text_of(&frame) });
        }
    }

    /// Tells the exchange that no sign of life comes from a session.
    fn gone_away(&mut self, slot: Slot) {
        let Some(session) = self.sessions.get(slot).filter(|session| !session.away) else { return };
        let order = Order::SessionAway { session: session.id().clone() };
        if !self.is_writable() {
            // The journal takes nothing now: try again when it may.
            let pause = u64::from(self.settings.storage_pause_ms).max(1);
            return self.sessions.wake_at(slot, self.now + pause);
        }
        // Refused only for a session that the exchange has closed, which is then gone here as well.
        let _ = self.order(&order);
    }
}
