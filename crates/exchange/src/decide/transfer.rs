//! Handing a conversation over without talking about it first.

use super::{
    Caller, Facts,
    ending::left,
    handover::{back_from_hold, check_active, check_no_consult, check_nothing_pending, pending_changed},
    reassign::without_request,
    wrong_state,
};
use crate::{
    Event, Exchange, FailedTransfer, Needs, NewOffer, Routing, Seat,
    state::{Conversation, Participant},
};
use jackfield_wire::{
    Channel, Code, ConversationId, ConversationState, LeaveReason, Millis, OfferKind, OfferOutcome,
    PendingKind, QueueId, Target, WireError,
};

impl Exchange {
    /// A blind transfer.
    ///
    /// ```text
    ///  to an agent: active ──▶ active, pending: the customer held and told ──accepted──▶ active with the next; the first is in wrap-up
    ///                 ▲                     │
    ///                 └─────────────────────┘ taken back; rejected, timed out, rescinded (on_failed_transfer: owner)
    ///                                       ├──▶ queued: rejected, timed out, rescinded (on_failed_transfer: queue); the first is in wrap-up
    ///                                       └──▶ queued: the transferring agent is lost meanwhile
    ///  to a queue:  active ──▶ queued there or where that overflows, by the time since which it has waited; the first is in wrap-up, numbers in the conference are gone
    ///  to a number: active ──▶ active, pending: the customer held and told ──answered──▶ active without an agent; the first is in wrap-up
    ///                 ▲                     │
    ///                 └─────────────────────┘ busy, no answer, rejected, unreachable, taken back
    /// ```
    pub(super) fn transfer(
        &self,
        caller: Caller<'_>,
        id: &ConversationId,
        target: &Target,
        now: Millis,
    ) -> Facts {
        let (conversation, agent) = self.owning_part(caller, id)?;
        check_active(conversation)?;
        check_nothing_pending(conversation)?;
        check_no_consult(conversation)?;
        match target {
            Target::Queue { queue_id } => self.to_queue(conversation, agent, queue_id, now),
            other => self.ask_colleague((conversation, agent), other, PendingKind::Transfer, now),
        }
    }

    pub(super) fn to_queue(
        &self,
        conversation: &Conversation,
        agent: &Participant,
        queue_id: &QueueId,
        now: Millis,
    ) -> Facts {
        if self.tenant.queue(queue_id).is_none() {
            return Err(WireError::new(Code::NotFound, "target: there is no such queue"));
        }
        if conversation.agents().count() > 1 {
            let message =
                "other agents are in the conference; hang up to leave it to them, or remove them first";
            return Err(wrong_state(message));
        }
        let (placed, planned) = self.place_transfer(conversation, queue_id, now)?;
        let mut events = self.gives_up(conversation, agent, placed, now);
        events.extend(planned);
        Ok(events)
    }

    /// The owner goes to the work after its part, and the customer waits where it is placed.
    fn gives_up(
        &self,
        conversation: &Conversation,
        agent: &Participant,
        placed: Event,
        now: Millis,
    ) -> Vec<Event> {
        let mut events = self.voice_out(conversation);
        events.extend(self.steps_out(conversation, agent, LeaveReason::Left, now));
        let stays =
            |p: &&Participant| p.is_customer() || p.is_wrapping() || p.participant_id == agent.participant_id;
        let gone = conversation.participants.iter().filter(|p| !stays(p));
        events.extend(gone.map(|p| left(conversation, p, LeaveReason::Ended)));
        events.push(placed);
        events.push(super::ending::state_changed(conversation, ConversationState::Queued, None));
        events
    }

    /// What follows where nobody took a transfer that was offered: nothing, or, where the tenant or the queue says so, the customer waits for any agent of its queue.
    pub(crate) fn transfer_failed(&self, offer: &NewOffer, now: Millis) -> Vec<Event> {
        let conversation = self.state.conversations.get(&offer.conversation_id);
        let conversation = conversation.filter(|_| offer.kind == OfferKind::Transfer);
        conversation.map_or_else(Vec::new, |conversation| self.without_taker(conversation, now))
    }

    /// The same for a conversation, whoever or whatever was asked.
    pub(super) fn without_taker(&self, conversation: &Conversation, now: Millis) -> Vec<Event> {
        let queue = self.tenant.queue(&conversation.queue_id);
        let on_failed = queue.map(|q| q.on_failed_transfer.unwrap_or(self.tenant.config.on_failed_transfer));
        let cleared = without_request(conversation);
        let owner = cleared.owner().filter(|_| cleared.agents().count() == 1);
        match owner.filter(|_| on_failed == Some(FailedTransfer::Queue)) {
            Some(owner) => {
                let placed = placed(&cleared, &cleared.queue_id, Needs::default());
                self.gives_up(&cleared, owner, placed, now)
            }
            None => Vec::new(),
        }
    }

    /// The legs as they are in line: none in a chat, the customer's up where the conversation began by voice.
    pub(super) fn voice_out(&self, conversation: &Conversation) -> Vec<Event> {
        if conversation.channel == Channel::Voice {
            return back_from_hold(conversation).into_iter().collect();
        }
        let customers = conversation.with_leg().filter(|(p, _)| p.is_customer());
        customers.map(|(p, _)| super::ending::voice_left(conversation, &p.participant_id)).collect()
    }

    /// The next agent takes over; the first goes to the work after its part.
    pub(super) fn taken_over(
        &self,
        caller: Caller<'_>,
        offer: &NewOffer,
        conversation: &Conversation,
        now: Millis,
    ) -> Vec<Event> {
        let mut events = self.comes_in(caller, offer, conversation, Seat::default());
        if let Some(first) = conversation.owner() {
            events.extend(self.steps_out(conversation, first, LeaveReason::Left, now));
        }
        events.extend(back_from_hold(conversation));
        events
    }

    /// A colleague comes in: what was pending is answered. Who is still at the work after an earlier part in it gives that up.
    pub(super) fn comes_in(
        &self,
        caller: Caller<'_>,
        offer: &NewOffer,
        conversation: &Conversation,
        seat: Seat,
    ) -> Vec<Event> {
        let mut events = Vec::new();
        if let Some(pending) = &conversation.pending {
            events.push(pending_changed(conversation, pending.kind, None, Some(OfferOutcome::Accepted)));
        }
        events.extend(self.earlier_part_over(conversation, &offer.user_id));
        let talks = conversation.owner().is_some_and(|owner| owner.leg.is_some());
        events.push(Event::ParticipantJoined {
            conversation_id: conversation.conversation_id.clone(),
            participant_id: self.state.counters.next_participant(),
            who: caller.who.clone(),
            voice: talks.then(|| caller.session.clone()),
            seat,
        });
        events
    }
}

/// A conversation's place in a queue, with the time since which it has waited.
pub(super) fn placed(conversation: &Conversation, queue_id: &QueueId, needs: Needs) -> Event {
    Event::Routed(Box::new(Routing {
        conversation_id: conversation.conversation_id.clone(),
        queue_id: queue_id.clone(),
        priority: conversation.priority,
        virtual_start: conversation.virtual_start(),
        needs,
        rule: None,
        stays: None,
        ordered: true,
    }))
}
