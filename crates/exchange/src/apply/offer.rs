//! Facts about offers and places in line.

use crate::{
    Exchange, NewOffer,
    index::{Deadline, LineId, PLACES_TOLD, set_member},
    state::{Offer, Pause, Tried},
};
use jackfield_wire::{
    Channel, ConversationId, ConversationState, Millis, OfferId, OfferKind, OfferOutcome, QueueId, UserId,
};

/// How many offers that are over a conversation remembers.
const TRIED: usize = 10;

impl Exchange {
    pub(super) fn make_offer(&mut self, made: &NewOffer, at: Millis) {
        self.state.counters.offers += 1;
        self.refresh_deadline(None, Some(made.expires_at), Deadline::Offer(made.offer_id.clone()));
        self.state.offers.insert(made.offer_id.clone(), Offer { made: made.clone(), offered_at: at });
        self.change_conversation(&made.conversation_id, |c| {
            c.offers.push(made.offer_id.clone());
            if made.kind == OfferKind::Conversation && c.state != ConversationState::Offered {
                (c.state, c.state_since) = (ConversationState::Offered, at);
            }
        });
        let unfit = self.state.offers.get(&made.offer_id).is_some_and(|offer| self.is_unfit(offer));
        set_member(&mut self.index.unfit, &made.offer_id, unfit);
        if let Some(user) = self.state.users.get_mut(&made.user_id) {
            user.offers.insert(made.offer_id.clone());
            user.last_offer = self.state.counters.offers;
        }
        self.refresh_agent(&made.user_id);
    }

    /// However the last of a round ended, the conversation waits at its own place again; what follows from an acceptance are facts of their own.
    pub(super) fn end_offer(
        &mut self,
        (offer_id, outcome): (&OfferId, OfferOutcome),
        conversation_id: &ConversationId,
        user_id: &UserId,
        pause_until: Option<Millis>,
        at: Millis,
    ) {
        let ended = self.state.offers.remove(offer_id);
        self.index.unfit.remove(offer_id);
        let expired = ended.as_ref().map(|o| o.made.expires_at);
        self.refresh_deadline(expired, None, Deadline::Offer(offer_id.clone()));
        let tried = ended.map(|offer| Tried { offer, outcome, ended_at: at });
        self.change_conversation(conversation_id, |c| {
            c.offers.retain(|open| open != offer_id);
            if c.tried.len() == TRIED {
                c.tried.remove(0);
            }
            c.tried.extend(tried);
            if c.offers.is_empty() && c.state == ConversationState::Offered {
                (c.state, c.state_since) = (ConversationState::Queued, at);
            }
            if let Some(until) = pause_until {
                c.pauses.retain(|p| p.user_id != *user_id);
                c.pauses.push(Pause { user_id: user_id.clone(), until });
            }
        });
        if let Some(user) = self.state.users.get_mut(user_id) {
            user.offers.remove(offer_id);
        }
        self.refresh_agent(user_id);
    }

    pub(super) fn tell_places(&mut self, queue_id: &QueueId, channel: Channel, from: u32) {
        let Some(queue) = self.tenant.queue_index(queue_id) else { return };
        let id = LineId { queue, channel };
        for (conversation_id, place) in self.places_from(id, from) {
            let wait = self.wait_at(id, place);
            if let Some(conversation) = self.state.conversations.get_mut(&conversation_id) {
                (conversation.place_told, conversation.wait_told) = (Some(place), wait);
            }
        }
        self.index.lines.places_told(id);
    }

    /// Who has the places of a line from one on, as far as places are told.
    pub(crate) fn places_from(&self, id: LineId, from: u32) -> Vec<(ConversationId, u32)> {
        let Some(line) = self.index.lines.get(id) else { return Vec::new() };
        let told = line.waiting.values().cloned().zip(1..=PLACES_TOLD);
        told.skip(from.saturating_sub(1) as usize).collect()
    }
}
