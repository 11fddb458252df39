//! What transfers, consults and invitations have in common: whom one may ask, the offer, and how the asking ends.

use super::{Caller, Facts, PartIn, ending::held, invalid, wrong_state};
use crate::{
    Event, Exchange, NewOffer, Pending,
    state::{Conversation, Participant},
};
use jackfield_wire::{
    Channel, Code, ConversationId, ConversationState, Millis, OfferKind, OfferOutcome, OfferReason,
    PendingKind, QueueId, Target, UserId, WireError,
};

impl Exchange {
    /// The caller's part in a conversation that it serves as its owner.
    pub(super) fn owning_part<'a>(
        &'a self,
        caller: Caller<'_>,
        id: &ConversationId,
    ) -> Result<PartIn<'a>, WireError> {
        let (conversation, agent) = self.serving_part(caller, id)?;
        if !agent.seat.owner {
            let message = "only the agent who serves the customer can do this; ask it";
            return Err(WireError::new(Code::NotAllowed, message));
        }
        Ok((conversation, agent))
    }

    /// Makes the offer by which a colleague is asked.
    pub(super) fn ask_colleague(
        &self,
        (conversation, agent): PartIn<'_>,
        target: &Target,
        kind: PendingKind,
        now: Millis,
    ) -> Facts {
        if let Target::Number { number } = target {
            return self.dial((conversation, agent), number, kind, now);
        }
        let user_id = self.colleague(conversation, agent, target)?;
        let channels = channels_of(conversation);
        self.check_can_take(&user_id, &channels)?;
        let pending = Pending::new(kind, target.clone(), &agent.participant_id, now);
        let mut events = asked_for(conversation, pending);
        events.push(Event::OfferMade(Box::new(NewOffer {
            offer_id: self.state.counters.next_offer(),
            conversation_id: conversation.conversation_id.clone(),
            user_id,
            kind: offer_kind(kind),
            channel: conversation.channel,
            expires_at: now + u64::from(self.tenant.offer_timeout_ms(&conversation.queue_id)),
            reason: OfferReason {
                order: format!("asked for by {}", agent.name),
                candidates: 1,
                ..OfferReason::default()
            },
        })));
        Ok(events)
    }

    /// Whom a target means.
    fn colleague(
        &self,
        conversation: &Conversation,
        agent: &Participant,
        target: &Target,
    ) -> Result<UserId, WireError> {
        let user_id = match target {
            Target::Number { .. } | Target::Customer { .. } => {
                return Err(invalid("target is a customer; name an agent or a queue"));
            }
            Target::Queue { queue_id } => self.first_of(conversation, queue_id)?,
            Target::Agent { user_id } => user_id.clone(),
        };
        if user_id == agent.user_id {
            return Err(invalid("target is yourself; name a colleague"));
        }
        let is_agent =
            self.tenant.user(&user_id).is_some_and(|u| u.roles.iter().any(|r| crate::view::serves(*r)));
        if !is_agent {
            return Err(WireError::new(Code::NotFound, "target: there is no such agent"));
        }
        if conversation.participant_of(&user_id).is_some_and(|p| !p.is_wrapping()) {
            return Err(wrong_state("target is in the conversation already"));
        }
        Ok(user_id)
    }

    /// The agent of a queue who is ready for the conversation and has been idle longest.
    fn first_of(&self, conversation: &Conversation, queue_id: &QueueId) -> Result<UserId, WireError> {
        let queue = self.tenant.queue(queue_id).ok_or(Code::NotFound)?;
        let serving = self.tenant.config.users.iter().filter(|user| user.serves(queue));
        let ready = serving.filter(|user| {
            let ready = self.standing(&user.user_id).map(|s| s.ready).unwrap_or_default();
            let needed = channels_of(conversation);
            needed.iter().all(|&channel| ready[crate::standing::slot(channel)])
                && conversation.participant_of(&user.user_id).is_none()
        });
        let idle = |user_id: &UserId| self.state.users.get(user_id).map(|u| u.idle_since);
        let first = ready.map(|user| (idle(&user.user_id), user.user_id.clone())).min();
        first.map(|(_, user_id)| user_id).ok_or_else(|| {
            WireError::new(
                Code::NoCapacity,
                "no agent of that queue is ready; try again, or name a colleague",
            )
        })
    }

    pub(super) fn check_can_take(&self, user_id: &UserId, channels: &[Channel]) -> Result<(), WireError> {
        if !self.state.can_take_offers(user_id, None) {
            return Err(WireError::new(Code::NoCapacity, "the colleague is not signed in, or is away"));
        }
        if !self.has_room(user_id, channels) {
            let message = "the colleague has no room for another conversation on this channel";
            return Err(WireError::new(Code::NoCapacity, message));
        }
        if !self.may_interrupt(user_id, channels) {
            let message =
                "the colleague is at work that may not be interrupted by this; try again, or name another";
            return Err(WireError::new(Code::NoCapacity, message));
        }
        Ok(())
    }

    /// What follows when nobody takes what was asked for: the customer is back from the hold that a transfer put it on.
    pub(super) fn pending_over(&self, conversation: &Conversation, outcome: OfferOutcome) -> Vec<Event> {
        let Some(pending) = &conversation.pending else { return Vec::new() };
        let mut events = vec![pending_changed(conversation, pending.kind, None, Some(outcome))];
        if pending.holds {
            events.extend(back_from_hold(conversation));
        }
        events
    }
}

/// The channels for which a colleague must have room: that of the conversation, and voice where a chat became a call.
pub(super) fn channels_of(conversation: &Conversation) -> Vec<Channel> {
    let called = conversation.owner().is_some_and(|owner| owner.leg.is_some());
    let mut channels = vec![conversation.channel];
    if called && conversation.channel == Channel::Chat {
        channels.push(Channel::Voice);
    }
    channels
}

/// Something is asked for. The customer of a transfer waits for the answer on hold, where it is not held already.
pub(super) fn asked_for(conversation: &Conversation, pending: Pending) -> Vec<Event> {
    let kind = pending.kind;
    let waits = conversation.customer().filter(|customer| kind == PendingKind::Transfer && is_up(customer));
    let pending = Pending { holds: waits.is_some(), ..pending };
    let asked = pending_changed(conversation, kind, Some(pending), None);
    std::iter::once(asked).chain(waits.map(|customer| held(conversation, customer, true))).collect()
}

/// Whether somebody talks and is not held.
fn is_up(participant: &Participant) -> bool {
    participant.leg.as_ref().is_some_and(|leg| !leg.held)
}

/// The customer comes back from hold, where it is held.
pub(super) fn back_from_hold(conversation: &Conversation) -> Option<Event> {
    resumed(conversation, conversation.customer()?)
}

/// Somebody comes back from hold, where it is held.
pub(super) fn resumed(conversation: &Conversation, whom: &Participant) -> Option<Event> {
    whom.leg.as_ref().filter(|leg| leg.held).map(|_| held(conversation, whom, false))
}

pub(super) fn pending_changed(
    conversation: &Conversation,
    kind: PendingKind,
    pending: Option<Pending>,
    outcome: Option<OfferOutcome>,
) -> Event {
    Event::PendingChanged { conversation_id: conversation.conversation_id.clone(), kind, pending, outcome }
}

fn offer_kind(kind: PendingKind) -> OfferKind {
    match kind {
        PendingKind::Transfer => OfferKind::Transfer,
        PendingKind::Consult => OfferKind::Consult,
        // What customers are asked goes without an offer.
        PendingKind::Invite | PendingKind::Voice | PendingKind::Callback | PendingKind::Outbound => {
            OfferKind::Invite
        }
    }
}

/// Only an active conversation is handed over or enlarged.
pub(super) fn check_active(conversation: &Conversation) -> Result<(), WireError> {
    match conversation.state {
        ConversationState::Active if conversation.is_previewed() => {
            Err(wrong_state("the customer has not been called yet; dial or skip first"))
        }
        ConversationState::Active => Ok(()),
        ConversationState::Parked => Err(wrong_state("the conversation is parked; pick it up first")),
        _ => Err(wrong_state("the conversation is not active; look at its state")),
    }
}

/// One thing at a time is asked for.
pub(super) fn check_nothing_pending(conversation: &Conversation) -> Result<(), WireError> {
    if conversation.pending.is_some() {
        let message =
            "something is being asked already; wait for the answer, or take it back with cancelConsult";
        return Err(wrong_state(message));
    }
    if conversation.asking.is_some() {
        return Err(wrong_state("the customer asks to talk; answer that first"));
    }
    Ok(())
}

pub(super) fn check_no_consult(conversation: &Conversation) -> Result<(), WireError> {
    if conversation.consulted().is_some() {
        let message =
            "a colleague is being consulted; use completeConsult, cancelConsult or conference first";
        return Err(wrong_state(message));
    }
    Ok(())
}
