//! Facts about sessions.

use crate::{
    Exchange, Identity,
    index::Deadline,
    state::{Presence, Session, User},
};
use jackfield_wire::{Availability, Millis, SessionId};

impl Exchange {
    pub(super) fn open_session(&mut self, session: &SessionId, who: &Identity, at: Millis) {
        self.state
            .sessions
            .insert(session.clone(), Session { who: who.clone(), away_since: None, presence: None });
        let customer = self.tenant.user(&who.user_id).is_none();
        let user = self.state.users.entry(who.user_id.clone()).or_insert_with(|| {
            let user = User::new();
            if customer { User { told: Presence::available(at), ..user } } else { user }
        });
        user.sessions.insert(session.clone());
        self.refresh_agent(&who.user_id);
    }

    pub(super) fn set_session_away(&mut self, id: &SessionId, since: Option<Millis>) {
        let Some(session) = self.state.sessions.get_mut(id) else { return };
        let before = std::mem::replace(&mut session.away_since, since);
        let user_id = session.who.user_id.clone();
        let (before, after) = (before.map(|b| self.grace_over(b)), since.map(|s| self.grace_over(s)));
        self.refresh_deadline(before, after, Deadline::Grace(id.clone()));
        self.refresh_agent(&user_id);
    }

    pub(super) fn drop_session(&mut self, id: &SessionId, at: Millis) {
        self.set_session_away(id, None);
        self.change_session_presence(id, None);
        let Some(session) = self.state.sessions.remove(id) else { return };
        let user_id = session.who.user_id;
        let Some(user) = self.state.users.get_mut(&user_id) else { return };
        user.sessions.remove(id);
        if user.sessions.is_empty() {
            let known = self.tenant.user(&user_id).is_some();
            self.change_user(&user_id, at, |user| {
                user.preferred.take_if(|p| !known || p.availability == Availability::Available);
                user.next = None;
                if user.paused_until.is_some() {
                    user.set_aside(None, None);
                }
                user.status.take_if(|_| !known);
            });
            // Who is to be called back is known until then.
            let waits = self.state.users.get(&user_id).is_some_and(|user| !user.conversations.is_empty());
            if self.tenant.user(&user_id).is_none() && !waits {
                self.state.users.remove(&user_id);
                return;
            }
        }
        self.refresh_agent(&user_id);
    }
}
