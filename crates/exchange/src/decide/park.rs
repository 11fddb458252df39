//! Setting a conversation aside, and coming back to it.

use super::{
    Caller, Facts,
    ending::{held, left, state_changed, voice_left},
    handover::{back_from_hold, check_active, check_no_consult, check_nothing_pending},
    transfer::placed,
    wrong_state,
};
use crate::{
    DirectAgent, Event, Exchange, Needs, Seat,
    state::{Conversation, Participant},
};
use jackfield_wire::{Channel, Code, ConversationId, ConversationState, LeaveReason, Millis, WireError};

impl Exchange {
    /// Parks.
    ///
    /// ```text
    ///  active ──park──▶ parked ──pickUp, by its agent──▶ active
    ///                     │ pickUp, by a colleague of the queue ──▶ active with that one
    ///                     │ the queue's time is over, or the customer writes ──▶ queued: for its agent first, then for all
    /// ```
    pub(super) fn park(&self, caller: Caller<'_>, id: &ConversationId) -> Facts {
        let (conversation, agent) = self.owning_part(caller, id)?;
        check_active(conversation)?;
        check_nothing_pending(conversation)?;
        check_no_consult(conversation)?;
        if conversation.agents().count() > 1 {
            return Err(wrong_state("other agents are in the conference; hang up to leave it to them"));
        }
        super::external::check_no_number(conversation)?;
        let mut events: Vec<_> =
            agent.leg.iter().map(|_| voice_left(conversation, &agent.participant_id)).collect();
        for (other, leg) in conversation.with_leg().filter(|(p, _)| p.participant_id != agent.participant_id)
        {
            if conversation.channel == Channel::Chat {
                events.push(voice_left(conversation, &other.participant_id));
            } else if !leg.held {
                events.push(held(conversation, other, true));
            }
        }
        events.push(state_changed(conversation, ConversationState::Parked, None));
        Ok(events)
    }

    pub(super) fn pick_up(&self, caller: Caller<'_>, id: &ConversationId) -> Facts {
        let conversation = self.state.conversations.get(id).ok_or(Code::NotFound)?;
        let own = conversation.participant_of(&caller.who.user_id);
        let queue = self.tenant.queue(&conversation.queue_id);
        let serves = self.tenant.user(&caller.who.user_id).zip(queue).is_some_and(|(u, q)| u.serves(q));
        if !caller.serves() || (own.is_none() && !(serves && conversation.state == ConversationState::Parked))
        {
            return Err(Code::NotFound.into());
        }
        if conversation.state != ConversationState::Parked {
            return Err(wrong_state("the conversation is not parked"));
        }
        if !self.has_room(&caller.who.user_id, &[conversation.channel]) {
            return Err(WireError::new(
                Code::NoCapacity,
                "you have no room for it now; finish or park another first",
            ));
        }
        Ok(self.picked_up(caller, conversation, own))
    }

    fn picked_up(
        &self,
        caller: Caller<'_>,
        conversation: &Conversation,
        own: Option<&Participant>,
    ) -> Vec<Event> {
        let conversation_id = conversation.conversation_id.clone();
        let voice = (conversation.channel == Channel::Voice).then(|| caller.session.clone());
        let mut events = vec![state_changed(conversation, ConversationState::Active, None)];
        if let Some(own) = own.filter(|own| own.seat.owner) {
            let participant_id = own.participant_id.clone();
            events.extend(voice.map(|session| Event::VoiceJoined {
                conversation_id,
                participant_id,
                session,
            }));
        } else {
            events.extend(self.earlier_part_over(conversation, &caller.who.user_id));
            let participant_id = self.state.counters.next_participant();
            let (who, seat) = (caller.who.clone(), Seat::default());
            events.push(Event::ParticipantJoined { conversation_id, participant_id, who, voice, seat });
            events.extend(conversation.owner().map(|before| left(conversation, before, LeaveReason::Left)));
        }
        events.extend(back_from_hold(conversation));
        events
    }

    /// A parked conversation comes back: to its agent first, and to all who serve its queue when that one does not take it.
    pub(crate) fn parked_over(&self, conversation: &Conversation, now: Millis) -> Vec<Event> {
        let Some(owner) = conversation.owner() else { return Vec::new() };
        if self.tenant.queue(&conversation.queue_id).is_none() {
            return self.participant_gone(conversation, owner, LeaveReason::Ended, now);
        }
        let agent = DirectAgent {
            user_id: owner.user_id.clone(),
            fallback_after_ms: Some(self.tenant.offer_timeout_ms(&conversation.queue_id)),
        };
        let needs = Needs { agent: Some(agent), ..Needs::default() };
        let mut events = vec![placed(conversation, &conversation.queue_id, needs)];
        events.extend(self.back_to_line(conversation, owner, LeaveReason::Left));
        events
    }
}
