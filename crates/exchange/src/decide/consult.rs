//! Advice from a colleague, which the customer does not hear.

use super::{
    Caller, Facts, PartIn,
    ending::{alone_on_the_line, held, left, seat_changed},
    external::check_by_voice,
    handover::{back_from_hold, check_active, check_no_consult, check_nothing_pending, resumed},
    wrong_state,
};
use crate::{
    Event, Exchange, NewOffer, Seat,
    state::{Conversation, Participant},
};
use jackfield_wire::{
    Code, ConversationId, LeaveReason, Millis, OfferEndReason, OfferOutcome, Part, PendingKind, Side, Target,
    WireError,
};

impl Exchange {
    /// Asks for advice.
    ///
    /// ```text
    ///  talking ──consult──▶ pending ──accepted──▶ on the consult side, the customer held ◀──swap──▶ with the customer, the consulted held
    ///     ▲                    │                     │ cancelConsult, or the consulted leaves            │
    ///     └────────────────────┴─────────────────────┴──────────────────────────────────────────────────┘
    ///                                                │ the owner is lost: the consulted is the owner
    ///                                                │ completeConsult: the consulted is the owner, the first in wrap-up
    ///                                                │ conference: all on the main side, the consulted an agent
    /// ```
    ///
    /// In a chat there are no sides: the consulted reads along and writes notes to its colleagues. A telephone number is consulted by voice; see [`super::external`].
    pub(super) fn consult(
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
        self.ask_colleague((conversation, agent), target, PendingKind::Consult, now)
    }

    /// The colleague has come: both talk among themselves.
    pub(super) fn consult_begins(
        &self,
        caller: Caller<'_>,
        offer: &NewOffer,
        conversation: &Conversation,
    ) -> Vec<Event> {
        let seat = Seat { part: Part::Consulted, side: Side::Consult, ..Seat::default() }.without_ownership();
        let mut events = self.comes_in(caller, offer, conversation, seat);
        if let Some(owner) = conversation.owner().filter(|owner| owner.leg.is_some()) {
            events.extend(to_side(conversation, owner, Side::Consult));
        }
        events
    }

    pub(super) fn complete_consult(&self, caller: Caller<'_>, id: &ConversationId, now: Millis) -> Facts {
        let ((conversation, agent), consulted) = self.consulting(caller, id)?;
        if consulted.is_external() {
            check_by_voice(conversation)?;
            return Ok(self.given_outside(conversation, agent, consulted, now));
        }
        let mut events = vec![seat_changed(conversation, consulted, Seat::default())];
        let without = Participant { seat: agent.seat.clone().without_ownership(), ..agent.clone() };
        events.extend(alone_on_the_line(conversation, &without));
        events.extend(self.steps_out(conversation, agent, LeaveReason::Left, now));
        events.extend(resumed(conversation, consulted));
        events.extend(back_from_hold(conversation));
        Ok(events)
    }

    /// Ends the consult, or takes back what nobody has answered yet.
    pub(super) fn cancel_consult(&self, caller: Caller<'_>, id: &ConversationId, now: Millis) -> Facts {
        let (conversation, agent) = self.serving_part(caller, id)?;
        if let Some(pending) = conversation.pending.as_ref().filter(|p| p.by == agent.participant_id) {
            if pending.ordered_by.is_some() {
                let message = "a supervisor ordered the transfer; ask it to order otherwise";
                return Err(WireError::new(Code::NotAllowed, message));
            }
            if let Some(events) = self.stop_dialing(conversation, now) {
                return Ok(events);
            }
            if super::callback::is_calling(conversation) {
                return Err(wrong_state("the customer is being called back; hang up to stop that"));
            }
            return Ok(self.end_open_offers(
                conversation,
                OfferOutcome::Rescinded,
                OfferEndReason::TakenBack,
            ));
        }
        let (_, consulted) = self.consulting(caller, id)?;
        let mut events = back_to_customer(conversation);
        events.extend(alone_on_the_line(conversation, consulted));
        events.push(left(conversation, consulted, LeaveReason::Ended));
        Ok(events)
    }

    pub(super) fn swap(&self, caller: Caller<'_>, id: &ConversationId) -> Facts {
        let ((conversation, agent), _) = self.consulting(caller, id)?;
        if agent.leg.is_none() {
            return Err(wrong_state("there is no voice connection to swap; a chat has no sides"));
        }
        let side = if agent.seat.side == Side::Main { Side::Consult } else { Side::Main };
        Ok(to_side(conversation, agent, side))
    }

    /// All come together.
    pub(super) fn conference(&self, caller: Caller<'_>, id: &ConversationId) -> Facts {
        let ((conversation, agent), consulted) = self.consulting(caller, id)?;
        let mut events = Vec::new();
        if agent.seat.side != Side::Main {
            events.push(seat_changed(conversation, agent, Seat::default()));
        }
        let seat = match consulted.seat.part {
            Part::External => Seat::external(Side::Main),
            _ => Seat::default().without_ownership(),
        };
        events.push(seat_changed(conversation, consulted, seat));
        events.extend(resumed(conversation, consulted));
        events.extend(back_from_hold(conversation));
        Ok(events)
    }

    /// The caller's part as the owner, and the colleague it consults.
    fn consulting<'a>(
        &'a self,
        caller: Caller<'_>,
        id: &ConversationId,
    ) -> Result<(PartIn<'a>, &'a Participant), WireError> {
        let (conversation, agent) = self.owning_part(caller, id)?;
        let consulted = conversation.consulted();
        let consulted =
            consulted.ok_or_else(|| wrong_state("nobody is being consulted; use consult first"))?;
        Ok(((conversation, agent), consulted))
    }
}

/// The owner is lost while it consults: the colleague, who knows what it is about, has the customer now.
pub(super) fn inherited(
    conversation: &Conversation,
    gone: &Participant,
    heir: &Participant,
    how: LeaveReason,
) -> Vec<Event> {
    let mut events = vec![seat_changed(conversation, heir, Seat::default())];
    let without = Participant { seat: gone.seat.clone().without_ownership(), ..gone.clone() };
    events.extend(alone_on_the_line(conversation, &without));
    events.push(left(conversation, gone, how));
    events.extend(resumed(conversation, heir));
    events.extend(back_from_hold(conversation));
    events
}

/// The owner goes to one side; who is on the other waits, held. With another agent, the customer is not left alone.
pub(super) fn to_side(conversation: &Conversation, owner: &Participant, side: Side) -> Vec<Event> {
    let mut events = vec![seat_changed(conversation, owner, Seat { side, ..owner.seat.clone() })];
    let away = side == Side::Consult && conversation.agents().count() == 1;
    let customer = conversation.customer().map(|customer| (customer, away));
    let consulted = conversation.consulted().map(|consulted| (consulted, side == Side::Main));
    for (whom, hold) in [customer, consulted].into_iter().flatten() {
        let changes = whom.leg.as_ref().is_some_and(|leg| leg.held != hold);
        events.extend(changes.then(|| held(conversation, whom, hold)));
    }
    events
}

/// The owner is with the customer again, without the one it consulted.
pub(super) fn back_to_customer(conversation: &Conversation) -> Vec<Event> {
    let owner = conversation.owner().filter(|owner| owner.seat.side == Side::Consult);
    let mut events: Vec<_> =
        owner.map(|o| seat_changed(conversation, o, Seat::default())).into_iter().collect();
    if !events.is_empty() {
        events.extend(back_from_hold(conversation));
    }
    events
}
