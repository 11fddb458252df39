//! Offers: accepted or turned down.

use super::{Caller, Facts, check_short, ending::state_changed, handover::channels_of};
use crate::{
    Decision, Event, Exchange, NewOffer, Seat,
    state::{Conversation, Offer},
};
use jackfield_wire::{
    Channel, Code, ConversationState, Millis, OfferEndReason, OfferId, OfferKind, OfferOutcome, Outcome,
    WireError,
};

impl Exchange {
    /// One compare-and-set: the offer is open, it is the caller's, and its time is not over. Nobody is connected before that.
    pub(super) fn accept(
        &self,
        caller: Caller<'_>,
        offer_id: &OfferId,
        now: Millis,
    ) -> Result<Decision, WireError> {
        let (offer, conversation) = self.open_offer(caller, offer_id, now)?;
        let offer = &offer.made;
        self.check_capacity(offer)?;
        self.check_other_channels(offer, conversation)?;
        let mut events = self.others_of_round_over(offer, conversation);
        events.push(offer_ended(offer, OfferOutcome::Accepted, None, None));
        events.extend(self.back_from_pause(&offer.user_id));
        match offer.kind {
            OfferKind::Conversation => events.extend(self.connect(caller, conversation, now)),
            OfferKind::Escalation => events.extend(self.escalate(caller, offer, conversation)),
            OfferKind::Transfer => events.extend(self.taken_over(caller, offer, conversation, now)),
            OfferKind::Consult => events.extend(self.consult_begins(caller, offer, conversation)),
            // Made as a conversation: that its customer is to be called back is the conversation's.
            OfferKind::Callback | OfferKind::Preview => {
                events.extend(self.connect(caller, conversation, now))
            }
            OfferKind::Invite => events.extend(self.invited_comes(caller, offer, conversation)),
        }
        let (offer_id, conversation_id) = (offer.offer_id.clone(), offer.conversation_id.clone());
        Ok(Decision { events, outcome: Outcome::OfferAccepted { offer_id, conversation_id } })
    }

    /// The first who accepts has it: the other offers of the round end before this one, so that the conversation is never seen back in line.
    fn others_of_round_over(&self, taken: &NewOffer, conversation: &Conversation) -> Vec<Event> {
        let others = self.state.offers_in(conversation).filter(|other| other.made.offer_id != taken.offer_id);
        let why = Some(OfferEndReason::TakenByColleague);
        others.flat_map(|other| self.end_offer_as(&other.made, OfferOutcome::Rescinded, why)).collect()
    }

    pub(super) fn reject(
        &self,
        caller: Caller<'_>,
        offer_id: &OfferId,
        reason: Option<&str>,
        now: Millis,
    ) -> Facts {
        check_short("reason", reason)?;
        let (offer, _) = self.open_offer(caller, offer_id, now)?;
        let pause = self.pause_after_refusal(now).filter(|_| offer.made.kind == OfferKind::Conversation);
        let mut events = vec![offer_ended(&offer.made, OfferOutcome::Rejected, reason, pause)];
        events.extend(self.request_over(&offer.made, OfferOutcome::Rejected));
        events.extend(self.transfer_failed(&offer.made, now));
        events.extend(self.passed_on(&offer.made));
        Ok(events)
    }

    /// Another's offer, one that ended and one that never was are the same to the caller. Of two who accept at the same moment, the second is told so.
    fn open_offer(
        &self,
        caller: Caller<'_>,
        offer_id: &OfferId,
        now: Millis,
    ) -> Result<(&Offer, &Conversation), WireError> {
        if !caller.serves() {
            return Err(WireError::new(Code::NotAllowed, "only agents and supervisors are made offers"));
        }
        let offer = self.state.offers.get(offer_id).ok_or_else(offer_gone)?;
        if offer.made.user_id != caller.who.user_id || now >= offer.made.expires_at {
            return Err(offer_gone());
        }
        let conversation = self.state.conversations.get(&offer.made.conversation_id);
        Ok((offer, conversation.ok_or_else(offer_gone)?))
    }

    /// The load counts the offer itself. It can be over the capacity only where that was lowered after the offer was made.
    fn check_capacity(&self, offer: &NewOffer) -> Result<(), WireError> {
        let capacity = self.tenant.user(&offer.user_id).map(|u| u.capacity).unwrap_or_default();
        let most = match offer.channel {
            Channel::Voice => capacity.voice,
            Channel::Chat => capacity.chat,
        };
        if self.load(&offer.user_id).of(offer.channel) > most { Err(Code::NoCapacity.into()) } else { Ok(()) }
    }

    /// A chat that became a call takes room for voice as well, which its offer does not count.
    fn check_other_channels(&self, offer: &NewOffer, conversation: &Conversation) -> Result<(), WireError> {
        if matches!(offer.kind, OfferKind::Conversation | OfferKind::Escalation) {
            return Ok(());
        }
        let others = channels_of(conversation).into_iter().filter(|channel| *channel != offer.channel);
        let others: Vec<_> = others.collect();
        if self.has_room(&offer.user_id, &others) { Ok(()) } else { Err(Code::NoCapacity.into()) }
    }

    fn connect(&self, caller: Caller<'_>, conversation: &Conversation, now: Millis) -> Vec<Event> {
        let conversation_id = conversation.conversation_id.clone();
        let agent = self.state.counters.next_participant();
        let looks_first = conversation.is_unreached();
        let mut events = self.earlier_part_over(conversation, &caller.who.user_id);
        events.push(state_changed(conversation, ConversationState::Active, None));
        events.push(Event::ParticipantJoined {
            conversation_id,
            participant_id: agent.clone(),
            who: caller.who.clone(),
            voice: (conversation.channel == Channel::Voice && !looks_first).then(|| caller.session.clone()),
            seat: Seat::default(),
        });
        events.extend(self.previewed(caller.session, conversation, now));
        events.extend(self.call_back(conversation, &agent, now));
        events
    }

    /// The chat becomes a call: the customer's leg in the session that asked, the agent's in the one that accepts.
    fn escalate(&self, caller: Caller<'_>, offer: &NewOffer, conversation: &Conversation) -> Vec<Event> {
        let customer = conversation.customer().zip(conversation.asking.as_ref());
        let agent = conversation.participant_of(&offer.user_id).zip(Some(caller.session));
        let legs = [customer, agent].into_iter().flatten().map(|(participant, session)| Event::VoiceJoined {
            conversation_id: conversation.conversation_id.clone(),
            participant_id: participant.participant_id.clone(),
            session: session.clone(),
        });
        self.request_over(offer, OfferOutcome::Accepted).into_iter().chain(legs).collect()
    }
}

fn offer_gone() -> WireError {
    let message = "the offer is no longer open: a colleague has taken it, its time was over, or the customer is gone; \
                   wait for the next one";
    WireError::new(Code::OfferGone, message)
}

fn offer_ended(
    offer: &NewOffer,
    outcome: OfferOutcome,
    reason: Option<&str>,
    pause_until: Option<Millis>,
) -> Event {
    Event::OfferEnded {
        offer_id: offer.offer_id.clone(),
        conversation_id: offer.conversation_id.clone(),
        user_id: offer.user_id.clone(),
        outcome,
        reason: reason.map(str::to_owned),
        why: None,
        pause_until,
    }
}
