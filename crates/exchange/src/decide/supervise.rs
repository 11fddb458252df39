//! What supervisors may do: monitor, take over, set an agent's presence.
//!
//! ```text
//!              monitor                       monitor, another way
//!  (not there) ───────▶ listening ◀──────▶ whispering ◀──────▶ barged in
//!       ▲                   │ stopMonitoring, the conversation is over     │
//!       └───────────────────┴──────────────────────────────────────────────┘
//!       the agent leaves: its successor is monitored     takeOver, from anywhere: the owner
//!
//!  customer and telephone number alone ──takeOver──▶ both with the supervisor, who is the owner
//! ```
//!
//! Every order is a fact of its own, [`Event::Supervised`], before those that come of it: who did what to whom stands in the journal.

use super::{
    Caller, Facts, PartIn,
    ending::{left, seat_changed, voice_left, wrap_up_began},
    invalid,
    presence::Wanted,
    wrong_state,
};
use crate::{
    Event, Exchange, Monitor, Seat, scope,
    state::{Conversation, Participant},
    tenant::Tenant,
};
use jackfield_wire::{
    Availability, Code, ConversationId, ConversationState, LeaveReason, Millis, MonitorMode, OfferEndReason,
    OfferOutcome, Part, ParticipantId, Role, SessionId, Side, SupervisorOrder, UserId, Visibility, WireError,
};

impl Exchange {
    pub(super) fn monitor(
        &self,
        caller: Caller<'_>,
        id: &ConversationId,
        mode: MonitorMode,
        whom: Option<&UserId>,
    ) -> Facts {
        let conversation = self.supervised(caller, id)?;
        if conversation.state != ConversationState::Active {
            return Err(wrong_state("no agent has the conversation; wait until one does"));
        }
        let agent = monitored(conversation, whom)?;
        if agent.user_id == caller.who.user_id {
            return Err(wrong_state("you serve this conversation yourself"));
        }
        let seat = Seat {
            part: Part::Monitor,
            side: Side::Main,
            owner: false,
            monitor: Some(Monitor { mode, whom: agent.participant_id.clone() }),
        };
        let own = conversation.participant_of(&caller.who.user_id);
        let mut events = match own {
            Some(own) => self.monitor_otherwise(caller, (conversation, own), seat)?,
            None => vec![self.monitor_joins(caller, conversation, seat)?],
        };
        if !events.is_empty() {
            let order = match mode {
                MonitorMode::Listen => SupervisorOrder::Listen,
                MonitorMode::Whisper => SupervisorOrder::Whisper,
                MonitorMode::Barge => SupervisorOrder::Barge,
            };
            events.insert(0, ordered(caller, order, &agent.user_id, Some(id)));
        }
        Ok(events)
    }

    fn monitor_joins(
        &self,
        caller: Caller<'_>,
        conversation: &Conversation,
        seat: Seat,
    ) -> Result<Event, WireError> {
        Ok(Event::ParticipantJoined {
            conversation_id: conversation.conversation_id.clone(),
            participant_id: self.state.counters.next_participant(),
            who: caller.who.clone(),
            voice: self.voice_for(caller, conversation)?,
            seat,
        })
    }

    fn monitor_otherwise(&self, caller: Caller<'_>, (conversation, own): PartIn<'_>, seat: Seat) -> Facts {
        if own.seat.part != Part::Monitor {
            return Err(wrong_state("you take part in this conversation; leave it first"));
        }
        let mut events = Vec::new();
        if own.leg.is_none()
            && let Some(session) = self.voice_for(caller, conversation)?
        {
            let (conversation_id, participant_id) =
                (conversation.conversation_id.clone(), own.participant_id.clone());
            events.push(Event::VoiceJoined { conversation_id, participant_id, session });
        }
        if own.seat != seat {
            events.push(seat_changed(conversation, own, seat));
        }
        Ok(events)
    }

    /// The session with which the caller hears a conversation, where there is something to hear.
    fn voice_for(
        &self,
        caller: Caller<'_>,
        conversation: &Conversation,
    ) -> Result<Option<SessionId>, WireError> {
        if conversation.with_leg().next().is_none() {
            return Ok(None);
        }
        self.check_not_talking(caller)?;
        Ok(Some(caller.session.clone()))
    }

    pub(super) fn stop_monitoring(&self, caller: Caller<'_>, id: &ConversationId) -> Facts {
        let (conversation, own) = self.part(caller, id)?;
        let Some(monitor) = &own.seat.monitor else {
            return Err(wrong_state("you do not monitor this conversation"));
        };
        let agent = conversation.participant(&monitor.whom).map(|agent| &agent.user_id);
        let order = SupervisorOrder::StopMonitoring;
        let mut events: Vec<_> =
            agent.map(|whom| ordered(caller, order, whom, Some(id))).into_iter().collect();
        events.push(left(conversation, own, LeaveReason::Left));
        Ok(events)
    }

    /// Takes a conversation over: from its owner, or from nobody, where its customer was given to a telephone number and talks with that alone.
    pub(super) fn take_over(&self, caller: Caller<'_>, id: &ConversationId, now: Millis) -> Facts {
        let conversation = self.supervised(caller, id)?;
        let owner = conversation.owner().filter(|_| conversation.state == ConversationState::Active);
        if owner.is_none() && !conversation.is_outside() {
            return Err(wrong_state("no agent has the conversation; there is none to relieve"));
        }
        super::callback::check_reached(conversation)?;
        if owner.is_some_and(|owner| owner.user_id == caller.who.user_id) {
            return Err(wrong_state("you serve this conversation yourself"));
        }
        if conversation.participants.iter().any(|p| p.seat.side == Side::Consult) {
            return Err(wrong_state("the agent consults a colleague; wait until that is over"));
        }
        let own = conversation.participant_of(&caller.who.user_id);
        if own.is_some_and(Participant::is_wrapping) {
            return Err(wrong_state("finish your wrap-up of this conversation first"));
        }
        let voice = match own {
            Some(own) if own.leg.is_some() => None,
            _ => self.voice_for(caller, conversation)?,
        };
        // Where no agent has it, the order concerns its customer alone, who is never told.
        let whom = owner.or(conversation.customer());
        let order = |whom: &Participant| ordered(caller, SupervisorOrder::TakeOver, &whom.user_id, Some(id));
        let mut events: Vec<_> = whom.map(order).into_iter().collect();
        events.extend(self.end_open_offers(conversation, OfferOutcome::Canceled, OfferEndReason::TakenOver));
        events.extend(owner.into_iter().flat_map(|owner| self.relieve(conversation, owner, now)));
        events.extend(self.comes_to_serve(caller, conversation, own, voice));
        Ok(events)
    }

    /// The supervisor is the owner now, whether it was there as a monitor or not.
    fn comes_to_serve(
        &self,
        caller: Caller<'_>,
        conversation: &Conversation,
        own: Option<&Participant>,
        voice: Option<SessionId>,
    ) -> Vec<Event> {
        let conversation_id = conversation.conversation_id.clone();
        let Some(own) = own else {
            let (participant_id, who) = (self.state.counters.next_participant(), caller.who.clone());
            let seat = Seat::default();
            return vec![Event::ParticipantJoined { conversation_id, participant_id, who, voice, seat }];
        };
        let participant_id = own.participant_id.clone();
        let joined = voice.map(|session| Event::VoiceJoined { conversation_id, participant_id, session });
        [seat_changed(conversation, own, Seat::default())].into_iter().chain(joined).collect()
    }

    /// The owner leaves for the work after its part, where the queue gives time for that. Whom it held is taken back.
    fn relieve(&self, conversation: &Conversation, owner: &Participant, now: Millis) -> Vec<Event> {
        let mut events = Vec::new();
        let held = conversation.with_leg().filter(|(p, leg)| p.is_outsider() && leg.held);
        events.extend(held.map(|(p, _)| super::ending::held(conversation, p, false)));
        let wrap_up_ms = u64::from(self.wrap_up_ms(conversation));
        if wrap_up_ms == 0 {
            events.push(left(conversation, owner, LeaveReason::Left));
            return events;
        }
        if owner.leg.is_some() {
            events.push(voice_left(conversation, &owner.participant_id));
        }
        let newest = Some(conversation.last_message);
        events.push(wrap_up_began(conversation, owner, None, now + wrap_up_ms, newest));
        events
    }

    pub(super) fn set_agent_presence(
        &self,
        caller: Caller<'_>,
        user_id: &UserId,
        availability: Availability,
        reason: Option<&str>,
        now: Millis,
    ) -> Facts {
        self.supervised_agent(caller, user_id)?;
        if self.state.users.get(user_id).is_none_or(|user| user.sessions.is_empty()) {
            return Err(wrong_state("the agent is not signed in; it sets its presence when it is"));
        }
        let wanted = Wanted { availability, activity: None, reason, expires_in_ms: None, after_work: false };
        let mut events = self.set_presence_of(user_id, &wanted, now)?;
        if !events.is_empty() {
            events.insert(0, ordered(caller, SupervisorOrder::SetPresence, user_id, None));
        }
        Ok(events)
    }

    /// A supervisor takes an agent out of a conversation, which the others go on with. It does not end what it does not serve.
    pub(super) fn take_out(
        &self,
        caller: Caller<'_>,
        id: &ConversationId,
        whom: &ParticipantId,
        now: Millis,
    ) -> Facts {
        let conversation = self.supervised(caller, id)?;
        let whom = conversation.participant(whom).ok_or(Code::NotFound)?;
        let message = match whom.seat.part {
            Part::Customer => {
                "a supervisor does not end a conversation; take it over first, or ask its agent"
            }
            Part::Monitor if whom.user_id == caller.who.user_id => {
                "you monitor it; leave with stopMonitoring"
            }
            Part::Monitor => "a supervisor is not removed by another; it leaves with stopMonitoring",
            Part::Agent | Part::Consulted | Part::External => "",
        };
        if !message.is_empty() {
            return Err(WireError::new(Code::NotAllowed, message));
        }
        if whom.is_wrapping() {
            return Err(wrong_state("that agent has left already, and is at the work after its part"));
        }
        if conversation.agents().count() == 1 && whom.seat.owner {
            return Err(wrong_state("nobody else serves the customer; use reassign or takeOver"));
        }
        let mut events = vec![ordered(caller, SupervisorOrder::Remove, &whom.user_id, Some(id))];
        if whom.is_external() {
            events.extend(self.external_gone(conversation, whom, LeaveReason::Removed, now));
            return Ok(events);
        }
        if !whom.seat.owner {
            events.extend(self.goes(conversation, whom, LeaveReason::Removed, true, now));
            return Ok(events);
        }
        // What the owner was asked, or had asked for, ends before it goes: it is told of nothing after that.
        events.extend(self.end_open_offers(conversation, OfferOutcome::Canceled, OfferEndReason::AskerGone));
        let cleared = super::reassign::without_request(conversation);
        events.extend(self.goes(&cleared, whom, LeaveReason::Removed, true, now));
        Ok(events)
    }

    /// Whether the caller serves a conversation as its owner.
    pub(super) fn owns(&self, caller: Caller<'_>, id: &ConversationId) -> bool {
        let owner = self.state.conversations.get(id).and_then(Conversation::owner);
        owner.is_some_and(|owner| owner.user_id == caller.who.user_id)
    }

    /// A conversation of the tenant, for one who may supervise.
    pub(super) fn supervised(
        &self,
        caller: Caller<'_>,
        id: &ConversationId,
    ) -> Result<&Conversation, WireError> {
        supervises(caller)?;
        let conversation = self.state.conversations.get(id).ok_or(Code::NotFound)?;
        self.looks_after(&caller.who.user_id, caller.who.role, conversation)?;
        Ok(conversation)
    }

    /// Whether an agent is told of what a supervisor did: of all but of who listens, where the tenant says so.
    pub(crate) fn tells_of(&self, order: SupervisorOrder) -> bool {
        let of_monitoring = matches!(order, SupervisorOrder::Listen | SupervisorOrder::StopMonitoring);
        self.tenant.config.monitoring_notice || !of_monitoring
    }

    /// Monitors whose agent is gone follow the owner; where there is none, nothing is to be heard any more, or the conversation is parked or has come to
    /// a queue that is not theirs to look after, they go.
    pub(crate) fn strays(&self, _now: Millis) -> Vec<Event> {
        let id = self.index.strays.first();
        let conversation = id.and_then(|id| self.state.conversations.get(id));
        let stray = conversation.and_then(|c| stray(&self.tenant, c).map(|monitor| (c, monitor)));
        stray.map(|(c, monitor)| follow(&self.tenant, c, monitor)).into_iter().collect()
    }
}

/// A monitor who has nobody to monitor, who has a leg where nobody talks, or who may not look after the conversation any more.
pub(crate) fn stray<'a>(tenant: &Tenant, conversation: &'a Conversation) -> Option<&'a Participant> {
    let talks = |p: &Participant| p.leg.is_some() && p.seat.part != Part::Monitor;
    let silent = || !conversation.participants.iter().any(talks);
    let mut monitors = conversation.participants.iter().filter(|p| p.seat.part == Part::Monitor);
    monitors.find(|p| {
        agent_of(conversation, p).is_none() || p.leg.is_some() && silent() || foreign(tenant, conversation, p)
    })
}

fn agent_of<'a>(conversation: &'a Conversation, monitor: &Participant) -> Option<&'a Participant> {
    let whom = &monitor.seat.monitor.as_ref()?.whom;
    conversation.participant(whom).filter(|p| works(p))
}

fn works(participant: &Participant) -> bool {
    matches!(participant.seat.part, Part::Agent | Part::Consulted) && !participant.is_wrapping()
}

/// Whether there is nothing to monitor for a supervisor: the conversation is parked, or in a queue that it does not look after.
fn foreign(tenant: &Tenant, conversation: &Conversation, monitor: &Participant) -> bool {
    conversation.state == ConversationState::Parked
        || scope::looks_after(tenant, (&monitor.user_id, monitor.role), conversation).is_err()
}

fn follow(tenant: &Tenant, conversation: &Conversation, monitor: &Participant) -> Event {
    if foreign(tenant, conversation, monitor) {
        return left(conversation, monitor, LeaveReason::Ended);
    }
    if agent_of(conversation, monitor).is_some() {
        return voice_left(conversation, &monitor.participant_id);
    }
    match (conversation.owner().filter(|owner| works(owner)), &monitor.seat.monitor) {
        (Some(owner), Some(Monitor { mode, .. })) => {
            let whom = owner.participant_id.clone();
            let seat = Seat { monitor: Some(Monitor { mode: *mode, whom }), ..monitor.seat.clone() };
            seat_changed(conversation, monitor, seat)
        }
        _ => left(conversation, monitor, LeaveReason::Ended),
    }
}

fn monitored<'a>(
    conversation: &'a Conversation,
    whom: Option<&UserId>,
) -> Result<&'a Participant, WireError> {
    let found = match whom {
        Some(user_id) => conversation.participants.iter().find(|p| p.user_id == *user_id && works(p)),
        None => conversation.owner().filter(|owner| works(owner)),
    };
    found.ok_or_else(|| match whom {
        Some(user_id) => invalid(format!(
            "userId names {user_id}, who is no agent of this conversation; leave it out for its owner"
        )),
        None => wrong_state("no agent has the conversation; wait until one does"),
    })
}

pub(super) fn supervises(caller: Caller<'_>) -> Result<(), WireError> {
    match caller.who.role {
        Role::Supervisor | Role::Admin => Ok(()),
        _ => Err(WireError::new(Code::NotAllowed, "only supervisors and admins can do this")),
    }
}

pub(super) fn ordered(
    caller: Caller<'_>,
    order: SupervisorOrder,
    user_id: &UserId,
    conversation_id: Option<&ConversationId>,
) -> Event {
    let (by, user_id) = (caller.who.user_id.clone(), user_id.clone());
    Event::Supervised { by, order, user_id, conversation_id: conversation_id.cloned() }
}

/// Who monitors is no party: it can't end what it does not serve.
pub(super) fn not_monitoring(own: &Participant) -> Result<(), WireError> {
    if own.seat.part == Part::Monitor {
        let message = "you monitor this conversation; leave it with stopMonitoring, or take it over";
        return Err(WireError::new(Code::NotAllowed, message));
    }
    Ok(())
}

/// Who listens writes nothing, who whispers writes to colleagues only, who has barged in writes to everyone.
pub(super) fn check_may_write(own: &Participant, visibility: Visibility) -> Result<(), WireError> {
    let message = match own.seat.monitor.as_ref().map(|monitor| monitor.mode) {
        Some(MonitorMode::Listen) => "you listen: whisper or barge in to write",
        Some(MonitorMode::Whisper) if visibility == Visibility::Everyone => {
            "you whisper: set visibility to internal, or barge in to write to the customer"
        }
        _ => return Ok(()),
    };
    Err(WireError::new(Code::NotAllowed, message))
}
