//! How offers, calls and conversations end. Shared by commands, lost sessions and time-outs.

use crate::{
    Event, Exchange, NewOffer, Seat,
    state::{Conversation, Participant},
};
use jackfield_wire::{
    Channel, ConversationState, EndReason, LeaveReason, Millis, OfferKind, OfferOutcome, Part, ParticipantId,
};

impl Exchange {
    /// The facts that end an offer without an agent's word: taken back, timed out, or its customer is gone.
    pub(crate) fn end_offer_as(&self, offer: &NewOffer, outcome: OfferOutcome) -> Vec<Event> {
        let mut events = vec![Event::OfferEnded {
            offer_id: offer.offer_id.clone(),
            conversation_id: offer.conversation_id.clone(),
            user_id: offer.user_id.clone(),
            outcome,
            reason: None,
            pause_until: None,
        }];
        events.extend(self.request_over(offer, outcome));
        events
    }

    /// With an escalation's offer the customer's request to talk ends, too.
    pub(super) fn request_over(&self, offer: &NewOffer, outcome: OfferOutcome) -> Option<Event> {
        let conversation = self.state.conversations.get(&offer.conversation_id)?;
        let session = conversation.asking.clone().filter(|_| offer.kind == OfferKind::Escalation)?;
        let conversation_id = offer.conversation_id.clone();
        Some(Event::VoiceRequested { conversation_id, session, requested: false, outcome: Some(outcome) })
    }

    /// Ends the open offers of a conversation.
    pub(crate) fn end_open_offer(&self, conversation: &Conversation, outcome: OfferOutcome) -> Vec<Event> {
        let offers = conversation.offers.iter().filter_map(|id| self.state.offers.get(id));
        offers.flat_map(|offer| self.end_offer_as(&offer.made, outcome)).collect()
    }

    /// A chat's voice ends with a leg, where one other at most is left: nobody talks to himself.
    pub(super) fn voice_over(&self, conversation: &Conversation, leaver: &Participant) -> Vec<Event> {
        // A monitor who hears on is nobody to talk to; `strays` ends its voice.
        let others = conversation
            .with_leg()
            .filter(|(p, _)| p.participant_id != leaver.participant_id && p.seat.part != Part::Monitor);
        let others: Vec<_> = others.map(|(p, _)| p).collect();
        let gone = std::iter::once(leaver).chain(others.iter().copied().filter(|_| others.len() == 1));
        gone.map(|participant| voice_left(conversation, &participant.participant_id)).collect()
    }

    /// A participant is gone for good, with all its channels.
    ///
    /// A customer takes the conversation with it. An agent does not: another agent of the conference becomes the owner, or else the customer
    /// goes back to its place in line, by its time of arrival, with its leg up where the conversation began by voice. The agent's open offers
    /// have ended before: with its last live session.
    pub(super) fn participant_gone(
        &self,
        conversation: &Conversation,
        gone: &Participant,
        how: LeaveReason,
        now: Millis,
    ) -> Vec<Event> {
        if gone.is_wrapping() {
            return self.wrapped_up(conversation, gone, None, how);
        }
        if !gone.is_customer() {
            return self.colleague_gone(conversation, gone, how, now);
        }
        let reason = match conversation.state {
            _ if how == LeaveReason::Lost => EndReason::CustomerLost,
            _ if conversation.is_waiting() => EndReason::Abandoned,
            _ => EndReason::CustomerLeft,
        };
        self.over(conversation, reason, Some((&gone.participant_id, how)), now)
    }

    fn colleague_gone(
        &self,
        conversation: &Conversation,
        gone: &Participant,
        how: LeaveReason,
        now: Millis,
    ) -> Vec<Event> {
        let another = conversation.agents().any(|p| p.participant_id != gone.participant_id);
        if !gone.seat.owner || another {
            return leaves(conversation, gone, how);
        }
        if self.tenant.queue(&conversation.queue_id).is_some() {
            return self.back_to_line(conversation, gone, how);
        }
        self.over(conversation, EndReason::AgentLost, Some((&gone.participant_id, how)), now)
    }

    /// The customer goes back to its place. Who was only there for the agent's sake goes with the agent.
    fn back_to_line(&self, conversation: &Conversation, agent: &Participant, how: LeaveReason) -> Vec<Event> {
        let mut events = Vec::new();
        for (customer, leg) in conversation.with_leg().filter(|(p, _)| p.is_customer()) {
            if conversation.channel == Channel::Chat {
                events.push(voice_left(conversation, &customer.participant_id));
            } else if leg.held {
                // Nobody is left who could take it back from hold.
                events.push(held(conversation, customer, false));
            }
        }
        let stays = |p: &&Participant| p.is_customer() || p.is_wrapping();
        for gone in conversation.participants.iter().filter(|p| !stays(p)) {
            let own = gone.participant_id == agent.participant_id;
            events.push(left(conversation, gone, if own { how } else { LeaveReason::Ended }));
        }
        events.push(state_changed(conversation, ConversationState::Queued, None));
        events
    }

    /// The conversation is over: into wrap-up, where agents have served it and stay, and out of the state otherwise.
    pub(crate) fn over(
        &self,
        conversation: &Conversation,
        reason: EndReason,
        gone: Option<(&ParticipantId, LeaveReason)>,
        now: Millis,
    ) -> Vec<Event> {
        let is_gone = |p: &Participant| gone.is_some_and(|(id, _)| *id == p.participant_id);
        let mut events = match conversation.participants.iter().find(|p| is_gone(p)) {
            // An agent is gone: its offers ended with its last live session.
            Some(agent) if !agent.is_outsider() => Vec::new(),
            _ => self.end_open_offer(conversation, OfferOutcome::Canceled),
        };
        let wrap_up_ms = self.wrap_up_ms(conversation);
        let served = conversation.state == ConversationState::Active && wrap_up_ms > 0;
        let stays =
            |p: &&Participant| p.is_wrapping() || (served && p.seat.part == Part::Agent && !is_gone(p));
        let (staying, leaving): (Vec<_>, Vec<_>) = conversation.participants.iter().partition(stays);
        let state = if staying.is_empty() { ConversationState::Ended } else { ConversationState::WrapUp };
        events.push(state_changed(conversation, state, Some(reason)));
        let with_leg = staying.iter().filter(|p| p.leg.is_some());
        events.extend(with_leg.map(|p| voice_left(conversation, &p.participant_id)));
        for participant in leaving {
            let how = gone.filter(|_| is_gone(participant)).map_or(LeaveReason::Ended, |(_, how)| how);
            events.push(left(conversation, participant, how));
        }
        if staying.is_empty() {
            events.push(closed(conversation, None));
        }
        let until = now + u64::from(wrap_up_ms);
        let begin = staying.into_iter().filter(|p| !p.is_wrapping());
        events.extend(begin.map(|p| wrap_up_began(conversation, p, Some(reason), until, None)));
        events
    }

    /// The time that the queue gives for the work after a part.
    pub(super) fn wrap_up_ms(&self, conversation: &Conversation) -> u32 {
        self.tenant.queue(&conversation.queue_id).map_or(0, |q| q.wrap_up_ms)
    }

    /// The work after an agent's part is done, or its time is over. With the last one's the conversation leaves the state, if its customer
    /// is gone.
    pub(crate) fn wrapped_up(
        &self,
        conversation: &Conversation,
        agent: &Participant,
        disposition: Option<&str>,
        how: LeaveReason,
    ) -> Vec<Event> {
        let mut events = vec![Event::WrapUpEnded {
            conversation_id: conversation.conversation_id.clone(),
            participant_id: agent.participant_id.clone(),
            disposition: disposition.map(str::to_owned),
        }];
        let last = conversation.state == ConversationState::WrapUp && conversation.participants.len() == 1;
        if last {
            events.push(state_changed(conversation, ConversationState::Ended, None));
        }
        events.push(left(conversation, agent, how));
        if last {
            events.push(closed(conversation, disposition.or(conversation.disposition.as_deref())));
        }
        events
    }
}

/// One of several colleagues leaves, and the conversation goes on. Where it was the owner, the one of the others who joined first is it now.
fn leaves(conversation: &Conversation, gone: &Participant, how: LeaveReason) -> Vec<Event> {
    let mut events = Vec::new();
    let mut others = conversation.agents().filter(|p| p.participant_id != gone.participant_id);
    if let Some(heir) = others.next().filter(|_| gone.seat.owner) {
        events.push(seat_changed(conversation, heir, Seat { owner: true, ..heir.seat.clone() }));
    }
    events.push(left(conversation, gone, how));
    events
}

fn state_changed(conversation: &Conversation, state: ConversationState, reason: Option<EndReason>) -> Event {
    let conversation_id = conversation.conversation_id.clone();
    Event::StateChanged { conversation_id, state, reason, wrap_up_by: None, wrap_up_until: None }
}

pub(super) fn wrap_up_began(
    conversation: &Conversation,
    agent: &Participant,
    reason: Option<EndReason>,
    until: Millis,
    last_message: Option<u64>,
) -> Event {
    let conversation_id = conversation.conversation_id.clone();
    let participant_id = agent.participant_id.clone();
    Event::WrapUpBegan { conversation_id, participant_id, until, reason, last_message }
}

pub(crate) fn seat_changed(conversation: &Conversation, whose: &Participant, seat: Seat) -> Event {
    let (conversation_id, was) = (conversation.conversation_id.clone(), whose.seat.clone());
    Event::SeatChanged { conversation_id, participant_id: whose.participant_id.clone(), was, seat }
}

pub(super) fn held(conversation: &Conversation, whose: &Participant, held: bool) -> Event {
    let conversation_id = conversation.conversation_id.clone();
    Event::HeldChanged { conversation_id, participant_id: whose.participant_id.clone(), held }
}

pub(crate) fn left(conversation: &Conversation, participant: &Participant, reason: LeaveReason) -> Event {
    Event::ParticipantLeft {
        conversation_id: conversation.conversation_id.clone(),
        participant_id: participant.participant_id.clone(),
        user_id: participant.user_id.clone(),
        reason,
        seat: participant.seat.clone(),
        wrapping: participant.is_wrapping(),
    }
}

fn closed(conversation: &Conversation, disposition: Option<&str>) -> Event {
    let conversation_id = conversation.conversation_id.clone();
    Event::ConversationClosed { conversation_id, disposition: disposition.map(str::to_owned) }
}

pub(crate) fn voice_left(conversation: &Conversation, participant_id: &ParticipantId) -> Event {
    let conversation_id = conversation.conversation_id.clone();
    Event::VoiceLeft { conversation_id, participant_id: participant_id.clone() }
}
