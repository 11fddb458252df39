//! More than one agent with a customer: who comes in, who goes.

use super::{
    Caller, Facts,
    ending::{alone_on_the_line, left, seat_changed, voice_left},
    handover::{check_active, check_no_consult, check_nothing_pending},
    invalid,
};
use crate::{
    Event, Exchange, NewOffer, Seat,
    state::{Conversation, Participant},
};
use jackfield_wire::{
    Code, ConversationId, EndReason, LeaveReason, Millis, OfferEndReason, OfferOutcome, Part, ParticipantId,
    PendingKind, Target, UserId, WireError,
};

impl Exchange {
    /// Asks a colleague straight into the conversation.
    pub(super) fn invite(
        &self,
        caller: Caller<'_>,
        id: &ConversationId,
        target: &Target,
        now: Millis,
    ) -> Facts {
        let (conversation, agent) = self.serving_part(caller, id)?;
        check_active(conversation)?;
        check_nothing_pending(conversation)?;
        check_no_consult(conversation)?;
        self.ask_colleague((conversation, agent), target, PendingKind::Invite, now)
    }

    pub(super) fn invited_comes(
        &self,
        caller: Caller<'_>,
        offer: &NewOffer,
        conversation: &Conversation,
    ) -> Vec<Event> {
        self.comes_in(caller, offer, conversation, Seat::default().without_ownership())
    }

    pub(super) fn remove_participant(
        &self,
        caller: Caller<'_>,
        id: &ConversationId,
        whom: &ParticipantId,
        now: Millis,
    ) -> Facts {
        if super::supervise::supervises(caller).is_ok() && !self.owns(caller, id) {
            return self.take_out(caller, id, whom, now);
        }
        let (conversation, agent) = self.owning_part(caller, id)?;
        let whom = conversation.participant(whom).filter(|p| agent.sees(p)).ok_or(Code::NotFound)?;
        if whom.participant_id == agent.participant_id {
            return Err(invalid("participantId is your own; use hangUp or endConversation"));
        }
        match whom.seat.part {
            Part::Customer => {
                let gone = Some((&whom.participant_id, LeaveReason::Removed));
                Ok(self.over(conversation, EndReason::AgentLeft, gone, now))
            }
            Part::Monitor => {
                Err(WireError::new(Code::NotAllowed, "a supervisor can't be removed by who is supervised"))
            }
            Part::External => Ok(self.external_gone(conversation, whom, LeaveReason::Removed, now)),
            _ if whom.is_wrapping() => {
                Err(super::wrong_state("that colleague has left already, and is at the work after its part"))
            }
            _ => Ok(self.goes(conversation, whom, LeaveReason::Removed, true, now)),
        }
    }

    /// One of several colleagues goes, and the conversation goes on; to the work after its part, where it `wraps_up`.
    ///
    /// Where it was the owner, the one of the others who joined first is it now; a colleague it was consulting, and what it had asked for, go with it.
    pub(super) fn goes(
        &self,
        conversation: &Conversation,
        gone: &Participant,
        how: LeaveReason,
        wraps_up: bool,
        now: Millis,
    ) -> Vec<Event> {
        let mut events = Vec::new();
        if conversation.pending.as_ref().is_some_and(|p| p.by == gone.participant_id) {
            events.extend(self.offers_to_others_over(conversation, gone));
        }
        if gone.is_consulted() {
            events.extend(super::consult::back_to_customer(conversation));
        }
        if gone.seat.owner {
            events.extend(self.succeeded(conversation, gone));
        }
        events.extend(alone_on_the_line(conversation, gone));
        if wraps_up {
            events.extend(self.steps_out(conversation, gone, how, now));
        } else {
            events.push(left(conversation, gone, how));
        }
        events
    }

    /// Ends the open offers of a conversation but those to one who is gone: its own have ended before.
    pub(super) fn offers_to_others_over(
        &self,
        conversation: &Conversation,
        gone: &Participant,
    ) -> Vec<Event> {
        let offers = self.state.offers_in(conversation);
        let others = offers.filter(|offer| offer.made.user_id != gone.user_id);
        let why = Some(OfferEndReason::AskerGone);
        let others = others.flat_map(|offer| self.end_offer_as(&offer.made, OfferOutcome::Canceled, why));
        others.chain(self.asking_over(conversation, OfferOutcome::Canceled)).collect()
    }

    /// An agent's part is over, and the conversation goes on: to the work after it, where its queue gives time for that.
    pub(super) fn steps_out(
        &self,
        conversation: &Conversation,
        agent: &Participant,
        how: LeaveReason,
        now: Millis,
    ) -> Vec<Event> {
        let wrap_up_ms = self.wrap_up_ms(conversation);
        if wrap_up_ms == 0 || agent.seat.part != Part::Agent {
            return vec![left(conversation, agent, how)];
        }
        let leg = agent.leg.as_ref().map(|_| voice_left(conversation, &agent.participant_id));
        let until = now + u64::from(wrap_up_ms);
        let last_message = Some(conversation.last_message);
        let began = super::ending::wrap_up_began(conversation, agent, None, until, last_message);
        leg.into_iter().chain([began]).collect()
    }

    /// Another agent is the owner now, one who gives signs of life before others. Who was consulted by the one before goes with it.
    fn succeeded(&self, conversation: &Conversation, gone: &Participant) -> Vec<Event> {
        let mut events = Vec::new();
        if let Some(consulted) = conversation.consulted() {
            events.extend(super::consult::back_to_customer(conversation));
            events.push(left(conversation, consulted, LeaveReason::Ended));
        }
        let others = conversation.agents().filter(|p| p.participant_id != gone.participant_id);
        let heir = others.min_by_key(|p| self.state.is_away(p));
        let owns = |heir: &Participant| Seat { owner: true, ..heir.seat.clone() };
        events.extend(heir.map(|heir| seat_changed(conversation, heir, owns(heir))));
        events
    }

    /// Nobody is in a conversation twice: the work after an earlier part of it is over when an agent comes in again.
    pub(super) fn earlier_part_over(&self, conversation: &Conversation, user_id: &UserId) -> Vec<Event> {
        let earlier = conversation.participant_of(user_id).filter(|p| p.is_wrapping());
        earlier.map_or_else(Vec::new, |p| self.wrapped_up(conversation, p, None, LeaveReason::Left))
    }
}
