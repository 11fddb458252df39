//! The call of a conversation that the house begins: it is dialled or skipped, rings, and is answered or not. What it looks like stands in [`super::outbound`].

use super::{
    Caller, Facts, PartIn, callback::voice_joined, check_short, ending::left, handover::pending_changed,
    list::skipped, wrong_state,
};
use crate::{
    ConversationBody, Event, Exchange, Identity, Pending, PreviewEnd, Progress, Seat,
    state::{Conversation, Participant},
};
use jackfield_wire::{
    Channel, ConversationId, EndReason, LeaveReason, Millis, OfferOutcome, OutboundStage, ParticipantId,
    PendingKind, SessionId, Target, UserId, WireError,
};

impl Exchange {
    /// The agent has seen enough: the customer is called.
    pub(super) fn dial_customer(&self, caller: Caller<'_>, id: &ConversationId, now: Millis) -> Facts {
        let customer = self.state.counters.next_participant();
        self.call(caller.session, self.previewing(caller, id)?, customer, now)
    }

    /// The agent does not want to call.
    pub(super) fn skip(
        &self,
        caller: Caller<'_>,
        id: &ConversationId,
        reason: Option<&str>,
        now: Millis,
    ) -> Facts {
        check_short("reason", reason)?;
        if super::supervise::supervises(caller).is_ok() && !self.owns(caller, id) {
            return self.withdraw(caller, id, reason, now);
        }
        let (conversation, agent) = self.previewing(caller, id)?;
        let mut events = vec![skipped(id, (Some(agent), None), reason)];
        events.extend(self.not_this_time(conversation, EndReason::Skipped, now));
        Ok(events)
    }

    fn previewing<'a>(&'a self, caller: Caller<'_>, id: &ConversationId) -> Result<PartIn<'a>, WireError> {
        let (conversation, agent) = self.owning_part(caller, id)?;
        match conversation.is_previewed() {
            true => Ok((conversation, agent)),
            false => Err(wrong_state(
                "the conversation is not in preview; its customer was called already, or came by itself",
            )),
        }
    }

    /// The time to look is over.
    pub(crate) fn preview_over(&self, id: &ConversationId, now: Millis) -> Vec<Event> {
        let Some(conversation) = self.state.conversations.get(id) else { return Vec::new() };
        let queue = self.tenant.queue(&conversation.queue_id);
        let dials = queue.is_some_and(|queue| queue.outbound.on_preview_end == PreviewEnd::Dial);
        if !dials {
            return self.not_this_time(conversation, EndReason::Skipped, now);
        }
        let session = conversation.outbound.as_ref().and_then(|outbound| outbound.progress.session.as_ref());
        let live = session.filter(|id| self.state.sessions.get(*id).is_some_and(|s| s.away_since.is_none()));
        let whom = self.state.counters.next_participant();
        let called = conversation.owner().zip(live);
        let called = called.map(|(agent, session)| self.call(session, (conversation, agent), whom, now));
        match called {
            Some(Ok(events)) => events,
            _ => self.not_this_time(conversation, EndReason::Unreached, now),
        }
    }

    /// The agent's voice comes up, and the customer is asked in its page, or its number is dialled. It comes in as `whom`.
    pub(super) fn call(
        &self,
        session: &SessionId,
        (conversation, agent): PartIn<'_>,
        whom: ParticipantId,
        now: Millis,
    ) -> Facts {
        let target = conversation.outbound.as_deref().map(|outbound| &outbound.target);
        let (until, comes) = match target {
            Some(Target::Number { number }) => self.ring_number(conversation, number, whom, now)?,
            Some(Target::Customer { user_id }) => self.ring_page(conversation, user_id, whom, now)?,
            _ => return Err(wrong_state("the conversation goes to nobody who could be called")),
        };
        let mut events = vec![calling(conversation, &comes)];
        if conversation.channel == Channel::Voice {
            events.push(voice_joined(conversation, &agent.participant_id, session));
        }
        let target = target.cloned().into_iter();
        let asking = target.map(|target| Pending {
            until: Some(until),
            ..Pending::new(PendingKind::Outbound, target, &agent.participant_id, now)
        });
        // Before the customer comes in: what it is asked is in the first that it sees of the conversation.
        events.extend(asking.map(|p| pending_changed(conversation, PendingKind::Outbound, Some(p), None)));
        events.push(comes);
        Ok(events)
    }

    /// A page asks its user, for as long as an offer rings.
    fn ring_page(
        &self,
        conversation: &Conversation,
        user_id: &UserId,
        participant_id: ParticipantId,
        now: Millis,
    ) -> Result<(Millis, Event), WireError> {
        let known = self.check_reachable(user_id, &conversation.queue_id, conversation.channel)?;
        let until = now + u64::from(self.tenant.offer_timeout_ms(&conversation.queue_id));
        // Whoever has it called may know it by another name; it has one only, before a restart and after.
        let named = Some(conversation.customer_name.clone()).filter(|name| !name.is_empty());
        let who = Identity { name: named.unwrap_or_else(|| known.name.clone()), ..known.clone() };
        let conversation_id = conversation.conversation_id.clone();
        let seat = Seat::customer();
        Ok((until, Event::ParticipantJoined { conversation_id, participant_id, who, voice: None, seat }))
    }

    /// A number is dialled, and is the customer.
    fn ring_number(
        &self,
        conversation: &Conversation,
        number: &str,
        participant_id: ParticipantId,
        now: Millis,
    ) -> Result<(Millis, Event), WireError> {
        let number = self.number_to_dial(number)?;
        let rings_for = self.tenant.config.trunk.as_ref().map_or(0, |trunk| trunk.dial_timeout_ms);
        let until = now + u64::from(rings_for);
        let body = conversation.body().map(|mut body| {
            body.numbers.insert(participant_id.clone(), number.clone());
            Box::new(body)
        });
        let conversation_id = conversation.conversation_id.clone();
        Ok((until, Event::Dialed { conversation_id, participant_id, until, customer: true, number, body }))
    }

    /// The customer has answered, in its page or on its telephone.
    pub(super) fn reached(
        &self,
        session: &SessionId,
        conversation: &Conversation,
        customer: &Participant,
    ) -> Vec<Event> {
        let mut events = self.pending_over(conversation, OfferOutcome::Accepted);
        events.push(progressed(conversation, OutboundStage::Reached));
        if conversation.channel == Channel::Voice {
            events.push(voice_joined(conversation, &customer.participant_id, session));
        }
        events
    }

    /// The agent does not wait for an answer any longer.
    pub(super) fn give_up_calling(&self, conversation: &Conversation, now: Millis) -> Vec<Event> {
        self.stop_dialing(conversation, now)
            .unwrap_or_else(|| self.asking_over(conversation, OfferOutcome::Rescinded))
    }

    /// The customer that is called goes away before it answers.
    pub(super) fn called_one_gone(
        &self,
        conversation: &Conversation,
        customer: &Participant,
        how: LeaveReason,
    ) -> Vec<Event> {
        let mut events = self.pending_over(conversation, OfferOutcome::Canceled);
        events.push(left(conversation, customer, how));
        events
    }

    /// A customer was called and has not answered: the call is over.
    pub(crate) fn unanswered(&self, now: Millis) -> Vec<Event> {
        let id = self.index.unanswered.first();
        let conversation = id.and_then(|id| self.state.conversations.get(id));
        conversation.map_or_else(Vec::new, |c| self.not_this_time(c, EndReason::Unreached, now))
    }
}

/// The stage is another; what was tried so far stays.
pub(super) fn progressed(conversation: &Conversation, stage: OutboundStage) -> Event {
    let attempts = conversation.outbound.as_ref().map_or(0, |outbound| outbound.progress.attempts);
    changed(conversation, Progress { attempts, ..Progress::at(stage) })
}

pub(super) fn changed(conversation: &Conversation, progress: Progress) -> Event {
    let conversation_id = conversation.conversation_id.clone();
    Event::OutboundChanged { conversation_id, progress, body: None }
}

/// It is called, by the name that it comes in with. One who was put on a list before it came has none there yet: it stands in the conversation's row from now on,
/// or a restart would forget it.
fn calling(conversation: &Conversation, comes: &Event) -> Event {
    let mut event = progressed(conversation, OutboundStage::Calling);
    if let (Event::OutboundChanged { body, .. }, Event::ParticipantJoined { who, .. }) = (&mut event, comes)
        && conversation.customer_name.is_empty()
    {
        let known = conversation.body();
        *body = known.map(|known| Box::new(ConversationBody { name: who.name.clone(), ..known }));
    }
    event
}
