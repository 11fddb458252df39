//! What follows when nobody answers an offer.

use crate::{Event, Exchange, NewOffer, NoAnswer, state::Offer};
use jackfield_wire::{Availability, Millis, OfferId, OfferKind, OfferOutcome, Unanswered};

impl Exchange {
    /// The time of an offer is over: the conversation waits at its own place again, or the others of the round ring on. The queue's rule says what becomes of the agent.
    pub(crate) fn offer_timed_out(&self, id: &OfferId, now: Millis) -> Vec<Event> {
        let Some(Offer { made, .. }) = self.state.offers.get(id) else { return Vec::new() };
        let mut events = self.end_offer_as(made, OfferOutcome::TimedOut, None);
        events.extend(self.transfer_failed(made, now));
        events.extend(self.passed_on(made));
        let available = self.chosen_availability(&made.user_id) == Availability::Available;
        if made.kind != OfferKind::Conversation || !available {
            return events;
        }
        match self.on_no_answer(made) {
            NoAnswer::Away => events.push(Self::put_away(&made.user_id, self.left_unanswered(made, now))),
            NoAnswer::Pause => {
                let until = now + u64::from(self.tenant.config.no_answer_pause_ms);
                let (user_id, unanswered) = (made.user_id.clone(), self.left_unanswered(made, now));
                events.push(Event::OffersPaused { user_id, until, unanswered });
            }
            NoAnswer::Keep => {
                let until = self.pause_after_refusal(now);
                events.iter_mut().for_each(|event| pause(event, until));
            }
        }
        events
    }

    /// Who was asked by name and did not take it is not asked again: others are, where they may be at some time.
    pub(super) fn passed_on(&self, made: &NewOffer) -> Option<Event> {
        let conversation = self.state.conversations.get(&made.conversation_id);
        let needs = conversation.filter(|_| made.reason.direct)?.needs.as_ref()?;
        let agent = needs.agent.as_ref().filter(|agent| agent.user_id == made.user_id)?;
        let (conversation_id, user_id) = (made.conversation_id.clone(), made.user_id.clone());
        agent.fallback_after_ms.map(|_| Event::AgentPassed { conversation_id, user_id })
    }

    fn on_no_answer(&self, made: &NewOffer) -> NoAnswer {
        let conversation = self.state.conversations.get(&made.conversation_id);
        let queue = conversation.and_then(|c| self.tenant.queue(&c.queue_id));
        queue.map_or_else(NoAnswer::default, |queue| queue.on_no_answer)
    }

    /// What the agent is set aside for.
    fn left_unanswered(&self, made: &NewOffer, now: Millis) -> Option<Box<Unanswered>> {
        let (offer_id, conversation_id) = (made.offer_id.clone(), made.conversation_id.clone());
        let queue_id = self.state.conversations.get(&conversation_id)?.queue_id.clone();
        Some(Box::new(Unanswered { offer_id, conversation_id, queue_id, at: now }))
    }

    /// Until when a conversation is not offered again to the agent who turned it down; `None`: it may be at once.
    pub(super) fn pause_after_refusal(&self, now: Millis) -> Option<Millis> {
        let pause = u64::from(self.tenant.config.refusal_pause_ms);
        (pause > 0).then(|| now + pause)
    }

    /// An agent who takes part in something again is there, whatever it left unanswered before.
    pub(super) fn back_from_pause(&self, user_id: &jackfield_wire::UserId) -> Option<Event> {
        let paused = self.state.users.get(user_id).is_some_and(|user| user.paused_until.is_some());
        paused.then(|| Event::OffersResumed { user_id: user_id.clone() })
    }
}

fn pause(event: &mut Event, until: Option<Millis>) {
    if let Event::OfferEnded { pause_until, .. } = event {
        *pause_until = until;
    }
}
