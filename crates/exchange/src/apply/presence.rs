//! Facts about presence.

use crate::{
    Event, Exchange,
    index::Deadline,
    presence::default_activity,
    state::{OFFLINE, Presence, SessionPresence, Status, User},
};
use jackfield_wire::{Availability, ChosenPresence, Millis, SessionId, UserId};

impl Exchange {
    pub(super) fn apply_presence(&mut self, event: &Event, at: Millis) {
        match event {
            Event::PresenceWished { user_id, availability, activity, reason, until, unanswered } => {
                let activity = activity.unwrap_or_else(|| default_activity(*availability));
                let (availability, reason, until) = (*availability, reason.clone(), *until);
                let preferred = ChosenPresence { availability, activity, reason, until };
                self.change_user(user_id, at, |user| {
                    user.prefer(Some(preferred));
                    user.set_aside(None, unanswered.clone());
                });
            }
            Event::PresenceCleared { user_id } => {
                self.change_user(user_id, at, |user| user.prefer(None));
            }
            Event::PresenceQueued { user_id, next } => {
                self.change_user(user_id, at, |user| user.next = Some(next.clone()));
            }
            Event::OffersPaused { user_id, until, unanswered } => {
                self.change_user(user_id, at, |user| user.set_aside(Some(*until), unanswered.clone()));
            }
            Event::OffersResumed { user_id } => {
                self.change_user(user_id, at, |user| user.set_aside(None, None));
            }
            Event::SessionPresenceSet { session, presence } => {
                self.set_session_presence(session, Some(presence.clone()), at);
            }
            Event::SessionPresenceEnded { session } => self.set_session_presence(session, None, at),
            Event::StatusMessageSet { user_id, body, until } => {
                let status = Status { body: body.clone(), until: *until };
                self.change_user(user_id, at, |user| user.status = Some(status));
            }
            Event::StatusMessageCleared { user_id } => {
                self.change_user(user_id, at, |user| user.status = None);
            }
            Event::PresenceChanged { user_id, availability, activity, reason } => {
                let said = Presence {
                    availability: *availability,
                    activity: *activity,
                    reason: reason.clone(),
                    ..self.presence_of(user_id).unwrap_or(OFFLINE)
                };
                self.set_told(user_id, said, at);
            }
            _ => {}
        }
    }

    /// Changes what a user chose, and what is derived from it. Who becomes available by it has been idle since now.
    pub(super) fn change_user(&mut self, user_id: &UserId, at: Millis, change: impl FnOnce(&mut User)) {
        let before = self.chosen_availability(user_id);
        let Some(user) = self.state.users.get_mut(user_id) else { return };
        let (ended, quiet, paused) = (user.preferred_until(), user.status_until(), user.paused_until);
        change(user);
        let (ends, quiets, pauses) = (user.preferred_until(), user.status_until(), user.paused_until);
        self.refresh_deadline(paused, pauses, Deadline::OffersPaused(user_id.clone()));
        self.refresh_deadline(ended, ends, Deadline::Preferred(user_id.clone()));
        self.refresh_deadline(quiet, quiets, Deadline::Status(user_id.clone()));
        self.chose(user_id, before, at);
    }

    fn set_session_presence(&mut self, id: &SessionId, presence: Option<SessionPresence>, at: Millis) {
        let Some(user_id) = self.state.sessions.get(id).map(|s| s.who.user_id.clone()) else { return };
        let before = self.chosen_availability(&user_id);
        self.change_session_presence(id, presence);
        self.chose(&user_id, before, at);
    }

    /// Changes what a session says, and its deadlines.
    pub(super) fn change_session_presence(&mut self, id: &SessionId, presence: Option<SessionPresence>) {
        let Some(session) = self.state.sessions.get_mut(id) else { return };
        let before = std::mem::replace(&mut session.presence, presence.clone());
        let times =
            |p: &Option<SessionPresence>| (p.as_ref().map(|p| p.until), p.as_ref().and_then(|p| p.fades_at));
        let ((ended, faded), (ends, fades)) = (times(&before), times(&presence));
        self.refresh_deadline(ended, ends, Deadline::SessionPresence(id.clone()));
        self.refresh_deadline(faded, fades, Deadline::SessionFade(id.clone()));
    }

    fn chose(&mut self, user_id: &UserId, before: Availability, at: Millis) {
        let after = self.chosen_availability(user_id);
        if before != after
            && after == Availability::Available
            && let Some(user) = self.state.users.get_mut(user_id)
        {
            user.idle_since = at;
        }
        self.refresh_agent(user_id);
    }

    fn set_told(&mut self, user_id: &UserId, said: Presence, at: Millis) {
        if let Some(user) = self.state.users.get_mut(user_id) {
            let before = &user.told;
            let goes_on = (before.availability, before.activity, &before.reason)
                == (said.availability, said.activity, &said.reason);
            let since = if goes_on { before.since } else { at };
            user.told = Presence { since, ..said };
        }
        self.refresh_agent(user_id);
    }
}
