//! How offers, calls and conversations end. Shared by commands, lost sessions and time-outs.

use super::consult::back_to_customer;
use crate::{
    Event, Exchange, NewOffer, Seat,
    state::{Conversation, Participant},
};
use jackfield_wire::{
    Channel, ConversationState, EndReason, LeaveReason, Millis, OfferEndReason, OfferKind, OfferOutcome,
    Part, ParticipantId,
};

impl Exchange {
    /// The facts that end an offer without an agent's word: taken back, timed out, or its customer is gone.
    pub(crate) fn end_offer_as(
        &self,
        offer: &NewOffer,
        outcome: OfferOutcome,
        why: Option<OfferEndReason>,
    ) -> Vec<Event> {
        let mut events = vec![Event::OfferEnded {
            offer_id: offer.offer_id.clone(),
            conversation_id: offer.conversation_id.clone(),
            user_id: offer.user_id.clone(),
            outcome,
            reason: None,
            why,
            pause_until: None,
        }];
        events.extend(self.request_over(offer, outcome));
        events
    }

    /// With its offer what was asked for by it ends, too: the customer's request to talk, a transfer, a consult, an invitation.
    pub(super) fn request_over(&self, offer: &NewOffer, outcome: OfferOutcome) -> Vec<Event> {
        let Some(conversation) = self.state.conversations.get(&offer.conversation_id) else {
            return Vec::new();
        };
        let conversation_id = offer.conversation_id.clone();
        match (offer.kind, conversation.asking.clone()) {
            (OfferKind::Conversation, _) | (OfferKind::Escalation, None) => Vec::new(),
            (OfferKind::Escalation, Some(session)) => {
                let outcome = Some(outcome);
                vec![Event::VoiceRequested { conversation_id, session, requested: false, outcome }]
            }
            _ => self.pending_over(conversation, outcome),
        }
    }

    /// Ends the open offers of a conversation, and what its customer is asked.
    pub(crate) fn end_open_offers(
        &self,
        conversation: &Conversation,
        outcome: OfferOutcome,
        why: OfferEndReason,
    ) -> Vec<Event> {
        let offers = self.state.offers_in(conversation);
        let offers = offers.flat_map(|offer| self.end_offer_as(&offer.made, outcome, Some(why)));
        offers.chain(self.asking_over(conversation, outcome)).collect()
    }

    /// A chat's voice ends with a leg, where one other at most is left: nobody talks to himself.
    pub(super) fn voice_over(&self, conversation: &Conversation, leaver: &Participant) -> Vec<Event> {
        let own = std::iter::once(voice_left(conversation, &leaver.participant_id));
        own.chain(alone_on_the_line(conversation, leaver)).collect()
    }

    /// A leg of a chat's call is gone for good, and its owner stays. A consult that was held by voice is over with it.
    pub(super) fn leg_gone(
        &self,
        conversation: &Conversation,
        leaver: &Participant,
        how: LeaveReason,
        now: Millis,
    ) -> Vec<Event> {
        if leaver.is_consulted() {
            return self.goes(conversation, leaver, how, false, now);
        }
        let mut events = Vec::new();
        let consulted = conversation.consulted().filter(|c| leaver.seat.owner && c.leg.is_some());
        if let Some(consulted) = consulted {
            events.extend(back_to_customer(conversation));
            events.push(left(conversation, consulted, LeaveReason::Ended));
        }
        events.extend(self.voice_over(conversation, leaver));
        events
    }

    /// A participant is gone for good, with all its channels.
    ///
    /// A customer takes the conversation with it. An agent does not. Where it was the owner, the next is
    ///
    /// ```text
    ///  1. another agent of the conference, who is with the customer: first one who gives signs of life
    ///  2. the colleague whom it was consulting, if that one gives signs of life: it comes over to the customer
    ///  3. nobody: the customer goes back to its place in line, by its time of arrival, with its leg up where the conversation began by voice
    /// ```
    ///
    /// The agent's open offers have ended before: with its last live session.
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
        if conversation.is_calling() {
            return self.called_one_gone(conversation, gone, how);
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
            return self.goes(conversation, gone, how, false, now);
        }
        let mut events = self.offers_to_others_over(conversation, gone);
        if conversation.is_unreached() {
            // There is nobody yet who could go back to the line.
            events.extend(self.caller_gone(conversation, gone, how, now));
        } else if let Some(heir) =
            conversation.consulted().filter(|heir| !heir.is_external() && !self.state.is_away(heir))
        {
            events.extend(super::consult::inherited(conversation, gone, heir, how));
        } else if self.tenant.queue(&conversation.queue_id).is_some() {
            events.extend(self.back_to_line(conversation, gone, how));
        } else {
            let gone = Some((&gone.participant_id, how));
            events.extend(self.over(conversation, EndReason::AgentLost, gone, now));
        }
        events
    }

    /// The customer goes back to its place. Who was only there for the agent's sake goes with the agent.
    pub(super) fn back_to_line(
        &self,
        conversation: &Conversation,
        agent: &Participant,
        how: LeaveReason,
    ) -> Vec<Event> {
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
            _ => self.end_open_offers(conversation, OfferOutcome::Canceled, OfferEndReason::ConversationOver),
        };
        let wrap_up_ms = self.wrap_up_ms(conversation);
        // Who had parked it is at other work by now: there is no room for more after it.
        let served =
            conversation.state == ConversationState::Active && !conversation.is_previewed() && wrap_up_ms > 0;
        let stays =
            |p: &&Participant| p.is_wrapping() || (served && p.seat.part == Part::Agent && !is_gone(p));
        let (staying, leaving): (Vec<_>, Vec<_>) = conversation.participants.iter().partition(stays);
        let state = if staying.is_empty() { ConversationState::Ended } else { ConversationState::WrapUp };
        events.push(state_changed(conversation, state, Some(reason)));
        // Not before: an agent in a conversation that nobody is to be called back in serves its customer.
        events.extend(super::callback::callback_over(conversation));
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

/// Those whose leg in a chat's call goes with that of one who leaves: the last one would talk to himself.
pub(super) fn alone_on_the_line(conversation: &Conversation, leaver: &Participant) -> Vec<Event> {
    if leaver.leg.is_none() || conversation.channel == Channel::Voice {
        return Vec::new();
    }
    // Whom it consults goes with it. A monitor who hears on is nobody to talk to; `strays` ends its voice.
    let talks = |p: &Participant| match p.seat.part {
        _ if p.participant_id == leaver.participant_id => false,
        Part::Monitor => false,
        _ if p.is_consulted() => !leaver.seat.owner,
        _ => true,
    };
    let others: Vec<_> = conversation.with_leg().filter(|(p, _)| talks(p)).collect();
    let last = others.iter().filter(|_| others.len() == 1);
    last.map(|(p, _)| voice_left(conversation, &p.participant_id)).collect()
}

pub(super) fn state_changed(
    conversation: &Conversation,
    state: ConversationState,
    reason: Option<EndReason>,
) -> Event {
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
