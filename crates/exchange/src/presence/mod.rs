//! Presence as Microsoft Graph has it: the words and times, and what follows from what was chosen and what an agent has in hand.
//! The whole machine is drawn at [`crate::standing::Standing`].

mod words;

pub(crate) use words::*;

use crate::{
    Exchange, UserConfig,
    standing::Work,
    state::{NextPresence, Presence, SessionPresence, User},
};
use jackfield_wire::{Activity, Availability, CapacityView, ChannelLoad, ChosenPresence, SessionId, UserId};

impl Exchange {
    /// The presence of a user of the configuration, as it follows from the state now. `None` for customers and for who never had a session.
    ///
    /// Its time is the one that others were told: when it changes is for the fact to say.
    pub(crate) fn presence_of(&self, user_id: &UserId) -> Option<Presence> {
        let config = self.tenant.user(user_id)?;
        let user = self.state.users.get(user_id)?;
        let work = self.work(user_id);
        let (availability, activity) = self.shown_as(user_id, user, config, &work);
        let here = !user.sessions.is_empty();
        let preferred = user.preferred.clone().filter(|_| here);
        let as_preferred = |p: &&ChosenPresence| (p.availability, p.activity) == (availability, activity);
        Some(Presence {
            availability,
            activity,
            since: user.told.since,
            reason: preferred.as_ref().filter(as_preferred).and_then(|p| p.reason.clone()),
            preferred,
            next: user.next.as_ref().filter(|_| here).map(shown_next),
            capacity: here.then(|| capacity(config, &work)),
            wrap_ups: work.wrap_ups,
            paused_until: user.paused_until,
            unanswered: user.unanswered.clone().filter(|_| here),
        })
    }

    /// Availability and activity, by the table drawn at [`crate::standing::Standing`].
    pub(crate) fn shown_as(
        &self,
        user_id: &UserId,
        user: &User,
        config: &UserConfig,
        work: &Work,
    ) -> (Availability, Activity) {
        if user.sessions.is_empty() {
            return (Availability::Offline, Activity::Offline);
        }
        if !self.state.is_live(user_id) {
            return (Availability::Away, Activity::Away);
        }
        let chats_full = work.load.chat > 0 && work.load.chat >= config.capacity.chat;
        let (availability, activity) = self.chosen(user);
        match work {
            work if work.in_call => (Availability::Busy, Activity::InACall),
            work if work.call_wrap_up => (Availability::Busy, Activity::WrapUp),
            work if chats_full && work.wrap_ups > 0 => (Availability::Busy, Activity::WrapUp),
            _ if chats_full => (Availability::Busy, Activity::InAConversation),
            work if work.wrap_ups > 0 => (availability, Activity::WrapUp),
            _ => (availability, activity),
        }
    }

    /// What was chosen: by the user, or else by its sessions. Nobody is rung before one of them says so.
    fn chosen(&self, user: &User) -> (Availability, Activity) {
        if let Some(preferred) = &user.preferred {
            return (preferred.availability, preferred.activity);
        }
        self.said(user, None)
    }

    /// What those of a user's sessions say together that give signs of life; away where none says anything. One may be taken to say something else.
    pub(crate) fn said(
        &self,
        user: &User,
        instead: Option<(&SessionId, &SessionPresence)>,
    ) -> (Availability, Activity) {
        let sessions = user.sessions.iter().filter_map(|id| Some((id, self.state.sessions.get(id)?)));
        let live = sessions.filter(|(_, session)| session.away_since.is_none());
        let said = live.filter_map(|(id, session)| match instead {
            Some((other, presence)) if other == id => Some(presence),
            _ => session.presence.as_ref(),
        });
        aggregate(said).unwrap_or((Availability::Away, Activity::Away))
    }

    /// The availability that was chosen, whatever work lies above it.
    pub(crate) fn chosen_availability(&self, user_id: &UserId) -> Availability {
        self.state.users.get(user_id).map_or(Availability::Offline, |user| self.chosen(user).0)
    }

    /// Whether others were told another presence than there is.
    pub(crate) fn presence_is_due(&self, user_id: &UserId) -> bool {
        let told = self.state.users.get(user_id).map(|u| &u.told);
        self.presence_of(user_id).is_some_and(|now| Some(&now) != told)
    }

    /// Whether what was to follow the work in hand follows now.
    pub(crate) fn next_is_due(&self, user_id: &UserId) -> bool {
        self.state.users.get(user_id).is_some_and(|u| u.next.is_some()) && !self.work(user_id).in_hand
    }

    /// Whether no new work is to come, because something else is to follow the work in hand.
    pub(crate) fn waits_for_break(&self, user_id: &UserId) -> bool {
        let next = self.state.users.get(user_id).and_then(|u| u.next.as_ref());
        next.is_some_and(|n| n.availability != Availability::Available)
    }
}

fn shown_next(next: &NextPresence) -> ChosenPresence {
    let NextPresence { availability, activity, reason, .. } = next.clone();
    ChosenPresence { availability, activity, reason, until: None }
}

fn capacity(config: &UserConfig, work: &Work) -> CapacityView {
    CapacityView {
        voice: ChannelLoad { used: work.load.voice, of: config.capacity.voice },
        chat: ChannelLoad { used: work.load.chat, of: config.capacity.chat },
    }
}
