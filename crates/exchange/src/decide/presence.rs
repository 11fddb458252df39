//! What users prefer to be, what their sessions say of them, and whose presence they watch.

use super::{Caller, Facts, done, invalid};
use crate::{
    Body, Decision, Event, Exchange, ReasonConfig,
    index::Deadline,
    presence::{
        OF_SESSION, PREFERRED, PREFERRED_MS, SESSION_DEFAULT_MS, SESSION_MS, STATUS_MS, default_activity,
        faded, pairs, preferred_default_ms, said,
    },
    state::{NextPresence, Status},
};
use jackfield_wire::{
    Activity, Availability, ChosenPresence, Code, Millis, OfferEndReason, OfferKind, OfferOutcome, Outcome,
    Role, Unanswered, UserId, WireError, limits,
};
use std::ops::RangeInclusive;

/// A presence that somebody asks for, as `setPresence` has it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) availability: Availability,
    pub(crate) activity: Option<Activity>,
    /// The id of one of the tenant's reasons.
    pub(crate) reason: Option<&'a str>,
    pub(crate) expires_in_ms: Option<u64>,
    pub(crate) after_work: bool,
}

impl Exchange {
    pub(super) fn prefer(&self, caller: Caller<'_>, wanted: &Wanted<'_>, now: Millis) -> Facts {
        has_presence(caller)?;
        self.set_presence_of(&caller.who.user_id, wanted, now)
    }

    /// Puts a user of the configuration who has a session where it, or a supervisor, wants it. Whether the asker may is the caller's to say.
    ///
    /// # Errors
    /// `invalidField`, naming the field and what it may be.
    pub(crate) fn set_presence_of(&self, user_id: &UserId, wanted: &Wanted<'_>, now: Millis) -> Facts {
        let next = self.check_wanted(wanted)?;
        let Some(user) = self.state.users.get(user_id) else { return Ok(Vec::new()) };
        let queues = wanted.after_work && self.work(user_id).in_hand;
        let mut events = if queues {
            let queued = Event::PresenceQueued { user_id: user_id.clone(), next: next.clone() };
            Vec::from_iter((user.next.as_ref() != Some(&next)).then_some(queued))
        } else {
            let is_so = user.next.is_none() && user.preferred == Some(next.from(now));
            Vec::from_iter((!is_so).then(|| wished(user_id, &next, now)))
        };
        if !events.is_empty() && next.availability != Availability::Available {
            events.extend(self.stop_ringing(user_id));
        }
        Ok(events)
    }

    /// Nothing is preferred any more.
    pub(super) fn clear_presence(&self, caller: Caller<'_>) -> Facts {
        has_presence(caller)?;
        let user_id = &caller.who.user_id;
        let Some(user) = self.state.users.get(user_id) else { return Ok(Vec::new()) };
        if user.preferred.is_none() && user.next.is_none() {
            return Ok(Vec::new());
        }
        let mut events = vec![Event::PresenceCleared { user_id: user_id.clone() }];
        if self.said(user, None).0 != Availability::Available {
            events.extend(self.stop_ringing(user_id));
        }
        Ok(events)
    }

    /// What the caller's session says of its user.
    pub(super) fn say_presence(
        &self,
        caller: Caller<'_>,
        (availability, activity): (Availability, Activity),
        lasts_ms: Option<u64>,
        now: Millis,
    ) -> Facts {
        has_presence(caller)?;
        if !OF_SESSION.contains(&(availability, activity)) {
            let message = "availability and activity do not go together for a session; give one of";
            return Err(invalid(format!("{message} {}", pairs(OF_SESSION))));
        }
        check_time(lasts_ms, &SESSION_MS)?;
        let presence = said(availability, activity, lasts_ms.unwrap_or(SESSION_DEFAULT_MS), now);
        let session = caller.session.clone();
        let mut events = Vec::new();
        let user = self.state.users.get(&caller.who.user_id).filter(|u| u.preferred.is_none());
        let together = user.map(|u| self.said(u, Some((caller.session, &presence))).0);
        if together.is_some_and(|a| a != Availability::Available) {
            events = self.stop_ringing(&caller.who.user_id);
        }
        events.insert(0, Event::SessionPresenceSet { session, presence });
        Ok(events)
    }

    /// What the caller has to say about its presence, to colleagues.
    pub(super) fn set_status(
        &self,
        caller: Caller<'_>,
        text: Option<&str>,
        lasts_ms: Option<u64>,
        now: Millis,
    ) -> Facts {
        has_presence(caller)?;
        let (text, most) = (text.unwrap_or_default().trim(), limits::STATUS_MESSAGE_CHARACTERS);
        let length = text.chars().count();
        if length > most {
            return Err(invalid(format!(
                "text has {length} characters; at most {most} are taken: shorten it"
            )));
        }
        check_time(lasts_ms, &STATUS_MS)?;
        let user_id = caller.who.user_id.clone();
        let said = self.state.users.get(&user_id).and_then(|u| u.status.as_ref());
        if text.is_empty() {
            return Ok(said.map(|_| Event::StatusMessageCleared { user_id }).into_iter().collect());
        }
        let status = Status { body: Body(text.into()), until: lasts_ms.map(|ms| now.saturating_add(ms)) };
        if said == Some(&status) {
            return Ok(Vec::new());
        }
        let Status { body, until } = status;
        Ok(vec![Event::StatusMessageSet { user_id, body, until }])
    }

    /// What the time makes of a presence. Its deadline is over.
    pub(crate) fn presence_over(&self, deadline: &Deadline) -> Vec<Event> {
        match deadline {
            Deadline::Preferred(user_id) => vec![Event::PresenceCleared { user_id: user_id.clone() }],
            Deadline::Status(user_id) => vec![Event::StatusMessageCleared { user_id: user_id.clone() }],
            Deadline::OffersPaused(user_id) => vec![Event::OffersResumed { user_id: user_id.clone() }],
            Deadline::SessionPresence(id) => vec![Event::SessionPresenceEnded { session: id.clone() }],
            Deadline::SessionFade(id) => {
                let before = self.state.sessions.get(id).and_then(|s| s.presence.as_ref());
                let set = |presence| Event::SessionPresenceSet { session: id.clone(), presence };
                before.map(faded).map(set).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    /// What was to follow the work in hand, where that is done.
    pub(crate) fn nexts(&self, now: Millis) -> Vec<Event> {
        let due = self.index.next_due.first();
        let next = due.and_then(|id| Some((id, self.state.users.get(id)?.next.as_ref()?)));
        next.map(|(user_id, next)| wished(user_id, next, now)).into_iter().collect()
    }

    /// Away, because nobody answered; until it says otherwise.
    pub(crate) fn put_away(user_id: &UserId, unanswered: Option<Box<Unanswered>>) -> Event {
        Event::PresenceWished {
            user_id: user_id.clone(),
            availability: Availability::Away,
            activity: None,
            reason: None,
            until: None,
            unanswered,
        }
    }

    /// Who is not to be rung for new conversations stops ringing. A customer of its own who asks to talk may go on asking.
    fn stop_ringing(&self, user_id: &UserId) -> Vec<Event> {
        let offers = self.state.offers_of(user_id).filter(|o| o.made.kind == OfferKind::Conversation);
        offers
            .flat_map(|o| {
                self.end_offer_as(&o.made, OfferOutcome::Rescinded, Some(OfferEndReason::AgentNotReady))
            })
            .collect()
    }

    fn check_wanted(&self, wanted: &Wanted<'_>) -> Result<NextPresence, WireError> {
        let reason = self.check_reason(wanted)?;
        let availability = wanted.availability;
        let fits = reason.map_or_else(|| default_activity(availability), ReasonConfig::activity);
        let activity = wanted.activity.unwrap_or(fits);
        let settable = PREFERRED.iter().any(|(a, _)| *a == availability);
        if !settable || activity != fits {
            let pair = [(availability, fits)];
            let legal = pairs(if reason.is_some() { &pair } else { PREFERRED });
            return Err(invalid(format!(
                "availability and activity do not go together; give one of {legal}"
            )));
        }
        check_time(wanted.expires_in_ms, &PREFERRED_MS)?;
        let most = reason.and_then(|r| r.max_ms);
        if let Some((asked, most)) = wanted.expires_in_ms.zip(most).filter(|(asked, most)| asked > most) {
            let message = format!("expiresInMs is {asked}; this reason lasts at most {most}: give no more");
            return Err(invalid(message));
        }
        let default = most.unwrap_or_else(|| preferred_default_ms(availability));
        let lasts_ms = wanted.expires_in_ms.unwrap_or(default);
        Ok(NextPresence { availability, activity, reason: reason.map(|r| r.id.clone()), lasts_ms })
    }

    fn check_reason(&self, wanted: &Wanted<'_>) -> Result<Option<&ReasonConfig>, WireError> {
        let config = &self.tenant.config;
        let of = |r: &&ReasonConfig| r.availability == wanted.availability;
        let known = |reasons: Vec<&ReasonConfig>| {
            reasons.iter().map(|r| r.id.as_str()).collect::<Vec<_>>().join(", ")
        };
        let Some(id) = wanted.reason else {
            if !config.reason_required || wanted.availability == Availability::Available {
                return Ok(None);
            }
            let fit = known(config.reasons.iter().filter(of).collect());
            let given = wanted.availability.name();
            return Err(invalid(match fit.as_str() {
                "" => format!(
                    "reason is missing, and there is none for {given}; there are {}",
                    known(config.reasons.iter().collect())
                ),
                fit => format!("reason is missing; for {given} give one of {fit}"),
            }));
        };
        let Some(reason) = config.reasons.iter().find(|r| r.id == id) else {
            return Err(invalid(match config.reasons.is_empty() {
                true => "reason can't be given, as the tenant has none; leave it out".to_owned(),
                false => format!(
                    "reason is none of the tenant's; give one of {}",
                    known(config.reasons.iter().collect())
                ),
            }));
        };
        if of(&reason) {
            return Ok(Some(reason));
        }
        let (is, given) = (reason.availability.name(), wanted.availability.name());
        Err(invalid(format!("reason {id} goes with availability {is}, not with {given}; change one of them")))
    }

    pub(super) fn watch_presence(
        &self,
        caller: Caller<'_>,
        user_ids: &[UserId],
    ) -> Result<Decision, WireError> {
        if caller.who.role == Role::Customer {
            return Err(WireError::new(Code::NotAllowed, "customers can't watch presence"));
        }
        if user_ids.len() > limits::WATCHED_USERS {
            let most = limits::WATCHED_USERS;
            return Err(invalid(format!("userIds names {} users; name at most {most}", user_ids.len())));
        }
        if user_ids.iter().any(|id| self.tenant.user(id).is_none()) {
            return Err(Code::NotFound.into());
        }
        let presence = user_ids.iter().map(|id| self.presence_view(id)).collect();
        Ok(Decision { outcome: Outcome::Presence { presence }, ..done(Vec::new()) })
    }
}

fn has_presence(caller: Caller<'_>) -> Result<(), WireError> {
    if matches!(caller.who.role, Role::Agent | Role::Supervisor) {
        return Ok(());
    }
    Err(WireError::new(Code::NotAllowed, "only agents and supervisors have a presence to set"))
}

fn check_time(asked: Option<u64>, legal: &RangeInclusive<u64>) -> Result<(), WireError> {
    match asked.filter(|ms| !legal.contains(ms)) {
        Some(ms) => {
            let (least, most) = legal.clone().into_inner();
            Err(invalid(format!("expiresInMs is {ms}; give {least} to {most} milliseconds")))
        }
        None => Ok(()),
    }
}

fn wished(user_id: &UserId, next: &NextPresence, now: Millis) -> Event {
    let ChosenPresence { availability, activity, reason, until } = next.from(now);
    let (user_id, activity) = (user_id.clone(), Some(activity));
    Event::PresenceWished { user_id, availability, activity, reason, until, unanswered: None }
}
