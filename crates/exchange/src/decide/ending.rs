//! How offers, calls and conversations end. Shared by commands, lost sessions and time-outs.

use crate::{
    Event, Exchange, NewOffer,
    state::{Conversation, Participant},
};
use jackfield_wire::{
    Channel, ConversationState, EndReason, LeaveReason, Millis, OfferKind, OfferOutcome, ParticipantId,
    UserId,
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
    pub(super) fn end_open_offer(&self, conversation: &Conversation, outcome: OfferOutcome) -> Vec<Event> {
        let offers = conversation.offers.iter().filter_map(|id| self.state.offers.get(id));
        offers.flat_map(|offer| self.end_offer_as(&offer.made, outcome)).collect()
    }

    /// A chat's voice ends with a leg, where one other at most is left: nobody talks to himself.
    pub(super) fn voice_over(&self, conversation: &Conversation, leaver: &Participant) -> Vec<Event> {
        let others = conversation.with_leg().filter(|(p, _)| p.participant_id != leaver.participant_id);
        let others: Vec<_> = others.map(|(p, _)| p).collect();
        let gone = std::iter::once(leaver).chain(others.iter().copied().filter(|_| others.len() == 1));
        gone.map(|participant| voice_left(conversation, &participant.participant_id)).collect()
    }

    /// A participant is gone for good, with all its channels.
    ///
    /// A customer takes the conversation with it. An agent does not: the customer goes back to its place in line, by its time of arrival,
    /// with its leg up where the conversation began by voice. The agent's open offers have ended before: with its last live session.
    pub(super) fn participant_gone(
        &self,
        conversation: &Conversation,
        gone: &Participant,
        how: LeaveReason,
        now: Millis,
    ) -> Vec<Event> {
        let lost = how == LeaveReason::Lost;
        if !gone.is_customer() {
            return self.agent_gone(conversation, gone, how, now);
        }
        let reason = match conversation.state {
            _ if lost => EndReason::CustomerLost,
            _ if conversation.is_waiting() => EndReason::Abandoned,
            _ => EndReason::CustomerLeft,
        };
        self.over(conversation, reason, Some((&gone.participant_id, how)), now)
    }

    fn agent_gone(
        &self,
        conversation: &Conversation,
        agent: &Participant,
        how: LeaveReason,
        now: Millis,
    ) -> Vec<Event> {
        let queue_is_there = self.tenant.queue(&conversation.queue_id).is_some();
        if conversation.state == ConversationState::Active && queue_is_there {
            return self.back_to_line(conversation, agent, how);
        }
        self.over(conversation, EndReason::AgentLost, Some((&agent.participant_id, how)), now)
    }

    fn back_to_line(&self, conversation: &Conversation, agent: &Participant, how: LeaveReason) -> Vec<Event> {
        let mut events = Vec::new();
        for (customer, leg) in conversation.with_leg().filter(|(p, _)| p.is_customer()) {
            if conversation.channel == Channel::Chat {
                events.push(voice_left(conversation, &customer.participant_id));
            } else if leg.held {
                // Nobody is left who could take it back from hold.
                events.push(Event::HeldChanged {
                    conversation_id: conversation.conversation_id.clone(),
                    participant_id: customer.participant_id.clone(),
                    held: false,
                });
            }
        }
        events.push(left(conversation, agent, how));
        events.push(state_changed(conversation, ConversationState::Queued, None));
        events
    }

    /// The conversation is over: into wrap-up, where an agent has served it and stays, and out of the state otherwise.
    pub(crate) fn over(
        &self,
        conversation: &Conversation,
        reason: EndReason,
        gone: Option<(&ParticipantId, LeaveReason)>,
        now: Millis,
    ) -> Vec<Event> {
        let stays = |p: &&Participant| gone.is_none_or(|(id, _)| *id != p.participant_id);
        let mut events = match conversation.agent() {
            // The agent itself is gone: its offers ended with its last live session.
            Some(agent) if !stays(&agent) => Vec::new(),
            _ => self.end_open_offer(conversation, OfferOutcome::Canceled),
        };
        let wrap_up_ms = self.tenant.queue(&conversation.queue_id).map_or(0, |q| q.wrap_up_ms);
        let served = conversation.state == ConversationState::Active && wrap_up_ms > 0;
        let agent = conversation.agent().filter(stays).filter(|_| served);
        if let Some(agent) = agent {
            events.push(wrap_up_begins(conversation, &agent.user_id, reason, now + u64::from(wrap_up_ms)));
            if agent.leg.is_some() {
                events.push(voice_left(conversation, &agent.participant_id));
            }
        } else {
            events.push(state_changed(conversation, ConversationState::Ended, Some(reason)));
        }
        for participant in &conversation.participants {
            if agent.is_some_and(|a| a.participant_id == participant.participant_id) {
                continue;
            }
            let how = gone.filter(|(id, _)| **id == participant.participant_id);
            events.push(left(conversation, participant, how.map_or(LeaveReason::Ended, |(_, how)| how)));
        }
        if agent.is_none() {
            events.push(closed(conversation, None));
        }
        events
    }

    /// The work after a conversation is done, or its time is over.
    pub(crate) fn wrapped_up(&self, conversation: &Conversation, disposition: Option<&str>) -> Vec<Event> {
        let mut events = vec![state_changed(conversation, ConversationState::Ended, None)];
        events.extend(conversation.participants.iter().map(|p| left(conversation, p, LeaveReason::Ended)));
        events.push(closed(conversation, disposition));
        events
    }
}

fn state_changed(conversation: &Conversation, state: ConversationState, reason: Option<EndReason>) -> Event {
    let conversation_id = conversation.conversation_id.clone();
    Event::StateChanged { conversation_id, state, reason, wrap_up_by: None, wrap_up_until: None }
}

fn wrap_up_begins(conversation: &Conversation, agent: &UserId, reason: EndReason, until: Millis) -> Event {
    Event::StateChanged {
        conversation_id: conversation.conversation_id.clone(),
        state: ConversationState::WrapUp,
        reason: Some(reason),
        wrap_up_by: Some(agent.clone()),
        wrap_up_until: Some(until),
    }
}

fn left(conversation: &Conversation, participant: &Participant, reason: LeaveReason) -> Event {
    Event::ParticipantLeft {
        conversation_id: conversation.conversation_id.clone(),
        participant_id: participant.participant_id.clone(),
        user_id: participant.user_id.clone(),
        reason,
    }
}

fn closed(conversation: &Conversation, disposition: Option<&str>) -> Event {
    let conversation_id = conversation.conversation_id.clone();
    Event::ConversationClosed { conversation_id, disposition: disposition.map(str::to_owned) }
}

pub(super) fn voice_left(conversation: &Conversation, participant_id: &ParticipantId) -> Event {
    let conversation_id = conversation.conversation_id.clone();
    Event::VoiceLeft { conversation_id, participant_id: participant_id.clone() }
}
