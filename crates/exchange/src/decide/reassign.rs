//! A supervisor gives a conversation to another agent or queue, wherever it stands.

use super::{
    Caller, Facts, PartIn, ending::left, handover::check_no_consult, invalid, supervise::ordered,
    transfer::placed, wrong_state,
};
use crate::{
    DirectAgent, Event, Exchange, Needs,
    state::{Conversation, Participant},
};
use jackfield_wire::{
    Availability, Code, ConversationId, ConversationState, LeaveReason, Millis, OfferEndReason, OfferOutcome,
    PendingKind, QueueId, SupervisorOrder, Target, UserId, WireError,
};

impl Exchange {
    /// Reassigns.
    ///
    /// ```text
    ///  queued, offered ──to an agent──▶ queued: for that one first, then for all who fit      (the open offers are taken back)
    ///                  ──to a queue───▶ queued there or where that overflows, by the time since which it has waited
    ///  active          ──to an agent──▶ active, pending: as a transfer by its owner, who can't take it back
    ///                  ──to a queue───▶ queued there or where that overflows; the owner is in wrap-up
    ///  parked          ──to either────▶ queued, as from the line; who had parked it leaves
    /// ```
    pub(super) fn reassign(
        &self,
        caller: Caller<'_>,
        id: &ConversationId,
        target: &Target,
        now: Millis,
    ) -> Facts {
        let conversation = self.supervised(caller, id)?;
        match conversation.state {
            ConversationState::Queued | ConversationState::Offered => {
                self.reassign_waiting(caller, conversation, target, now)
            }
            ConversationState::Active => self.reassign_active(caller, conversation, target, now),
            ConversationState::Parked => self.reassign_parked(caller, conversation, target, now),
            ConversationState::WrapUp | ConversationState::Ended => {
                Err(wrong_state("the customer is gone; there is nobody to serve any more"))
            }
        }
    }

    fn reassign_waiting(
        &self,
        caller: Caller<'_>,
        conversation: &Conversation,
        target: &Target,
        now: Millis,
    ) -> Facts {
        let offers: Vec<_> = self.state.offers_in(conversation).collect();
        let mut concerned: Vec<&UserId> = offers.iter().map(|offer| &offer.made.user_id).collect();
        check_another(target, &concerned, "the conversation is being offered to target already")?;
        let (placed, next) = self.replaced(conversation, target, now)?;
        concerned.extend(next.filter(|next| offers.iter().all(|offer| offer.made.user_id != **next)));
        // Where nobody has it yet, the order concerns its customer alone, who is never told.
        let customer = conversation.customer().map(|customer| &customer.user_id);
        concerned.extend(customer.filter(|_| offers.is_empty() && next.is_none()));
        let mut events: Vec<_> =
            concerned.into_iter().map(|who| order_for(caller, conversation, who)).collect();
        events.extend(self.end_open_offers(
            conversation,
            OfferOutcome::Rescinded,
            OfferEndReason::Reassigned,
        ));
        events.extend(pause_over(conversation, next));
        events.extend(placed);
        Ok(events)
    }

    fn reassign_active(
        &self,
        caller: Caller<'_>,
        conversation: &Conversation,
        target: &Target,
        now: Millis,
    ) -> Facts {
        let owner = owner_of(conversation)?;
        super::callback::check_reached(conversation)?;
        check_no_consult(conversation)
            .map_err(|_| wrong_state("the agent consults a colleague; wait until that is over"))?;
        check_another(target, &[&owner.user_id], "target has the conversation already")?;
        let mut events = vec![order_for(caller, conversation, &owner.user_id)];
        // What the agent had asked for makes way; what follows is decided on how things stand then.
        events.extend(self.end_open_offers(conversation, OfferOutcome::Canceled, OfferEndReason::Reassigned));
        events.extend(conversation.dialing().map(|number| left(conversation, number, LeaveReason::Removed)));
        let cleared = without_request(conversation);
        let owner = owner_of(&cleared)?;
        match target {
            Target::Queue { queue_id } => events.extend(self.to_queue(&cleared, owner, queue_id, now)?),
            other => events.extend(self.order_transfer(caller, (&cleared, owner), other, now)?),
        }
        Ok(events)
    }

    /// A transfer that the owner did not ask for, and can't take back.
    fn order_transfer(&self, caller: Caller<'_>, part: PartIn<'_>, target: &Target, now: Millis) -> Facts {
        let mut events = self.ask_colleague(part, target, PendingKind::Transfer, now)?;
        for event in &mut events {
            match event {
                Event::PendingChanged { pending: Some(pending), .. } => {
                    pending.ordered_by = Some(caller.who.user_id.clone());
                }
                Event::OfferMade(offer) => offer.reason.order = format!("given by {}", caller.who.name),
                _ => {}
            }
        }
        Ok(events)
    }

    fn reassign_parked(
        &self,
        caller: Caller<'_>,
        conversation: &Conversation,
        target: &Target,
        now: Millis,
    ) -> Facts {
        let owner = owner_of(conversation)?;
        let message = "target has parked the conversation, and it comes back to it by itself";
        check_another(target, &[&owner.user_id], message)?;
        let (placed, next) = self.replaced(conversation, target, now)?;
        let concerned = [Some(&owner.user_id), next].into_iter().flatten();
        let mut events: Vec<_> = concerned.map(|who| order_for(caller, conversation, who)).collect();
        events.extend(pause_over(conversation, next));
        events.extend(placed);
        events.extend(self.back_to_line(conversation, owner, LeaveReason::Left));
        Ok(events)
    }

    /// The facts that place it in line where a target says, and the agent for whom it is first.
    fn replaced<'a>(
        &self,
        conversation: &Conversation,
        target: &'a Target,
        now: Millis,
    ) -> Result<(Vec<Event>, Option<&'a UserId>), WireError> {
        match target {
            Target::Number { number } => {
                self.number_to_dial(number)?;
                Err(wrong_state(
                    "nobody talks with the customer yet; a number can take over a call only, name an agent or a queue",
                ))
            }
            Target::Customer { .. } => Err(invalid("target is a customer; name an agent or a queue")),
            Target::Queue { queue_id } => Ok((self.placed_in(conversation, queue_id, now)?, None)),
            Target::Agent { user_id } => {
                self.check_ready(conversation, user_id)?;
                let fallback_after_ms = Some(self.tenant.offer_timeout_ms(&conversation.queue_id));
                let agent = Some(DirectAgent { user_id: user_id.clone(), fallback_after_ms });
                let before = conversation.needs.as_deref().cloned().unwrap_or_default();
                let needs = Needs { agent, ..before };
                Ok((vec![placed(conversation, &conversation.queue_id, needs)], Some(user_id)))
            }
        }
    }

    /// The facts that place it in a queue for anybody, or where that overflows: as a transfer does.
    fn placed_in(&self, conversation: &Conversation, queue_id: &QueueId, now: Millis) -> Facts {
        if self.tenant.queue(queue_id).is_none() {
            return Err(WireError::new(Code::NotFound, "target: there is no such queue"));
        }
        let meant_for_one = conversation.needs.as_ref().is_some_and(|needs| needs.agent.is_some());
        let waits = conversation.is_waiting() && !meant_for_one;
        if conversation.queue_id == *queue_id {
            // It has its place there; neither a full queue nor a closed one turns it away.
            let message = "the conversation waits in that queue already";
            let stays = || vec![placed(conversation, queue_id, Needs::default())];
            return if waits { Err(wrong_state(message)) } else { Ok(stays()) };
        }
        let (placed, planned) = self.place_transfer(conversation, queue_id, now)?;
        let to = match &placed {
            Event::Routed(routing) => Some(&routing.queue_id),
            _ => None,
        };
        if waits && to == Some(&conversation.queue_id) {
            let message = "that queue takes nobody now, and overflows into the one in which the conversation waits already";
            return Err(wrong_state(message));
        }
        Ok([placed].into_iter().chain(planned).collect())
    }

    /// Whether an agent can be offered a conversation: not another may be ringing for it, only something it has room beside.
    fn check_ready(&self, conversation: &Conversation, user_id: &UserId) -> Result<(), WireError> {
        if !self.is_agent(user_id) {
            return Err(WireError::new(Code::NotFound, "target: there is no such agent"));
        }
        if conversation.participant_of(user_id).is_some() {
            return Err(wrong_state("target is at the work after its part in this conversation"));
        }
        self.check_can_take(user_id, &[conversation.channel])?;
        if self.standing(user_id).is_none_or(|standing| standing.availability != Availability::Available) {
            let message = "target is not available; set its presence first, or name another agent";
            return Err(WireError::new(Code::NoCapacity, message));
        }
        Ok(())
    }
}

fn owner_of(conversation: &Conversation) -> Result<&Participant, WireError> {
    conversation.owner().ok_or_else(|| wrong_state("no agent has the conversation"))
}

/// Nothing is given to the one agent who has it.
fn check_another(target: &Target, has: &[&UserId], message: &str) -> Result<(), WireError> {
    match target {
        Target::Agent { user_id } if *has == [user_id] => Err(wrong_state(message)),
        _ => Ok(()),
    }
}

fn order_for(caller: Caller<'_>, conversation: &Conversation, whom: &UserId) -> Event {
    ordered(caller, SupervisorOrder::Reassign, whom, Some(&conversation.conversation_id))
}

/// Who turned it down a moment ago is asked again, where a supervisor says so.
fn pause_over(conversation: &Conversation, next: Option<&UserId>) -> Option<Event> {
    let user_id = next.filter(|id| conversation.pauses.iter().any(|pause| pause.user_id == **id))?.clone();
    Some(Event::PauseEnded { conversation_id: conversation.conversation_id.clone(), user_id })
}

/// The conversation as it is once what was asked for in it has ended.
pub(super) fn without_request(conversation: &Conversation) -> Conversation {
    let mut cleared = conversation.clone();
    cleared.participants.retain(|p| !p.dialing);
    let held = cleared.pending.take().is_some_and(|pending| pending.holds);
    (cleared.asking, cleared.offers) = (None, Vec::new());
    let customers = cleared.participants.iter_mut().filter(|p: &&mut Participant| held && p.is_customer());
    for leg in customers.filter_map(|p| p.leg.as_mut()) {
        leg.held = false;
    }
    cleared
}
