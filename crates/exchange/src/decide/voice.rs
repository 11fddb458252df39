//! Voice: add it to a chat, move it to another session, hold, mute, hang up.

use super::{
    Caller, Facts, PartIn,
    asking::asked,
    callback::is_calling,
    handover::{check_no_consult, check_nothing_pending},
    wrong_state,
};
use crate::{
    Event, Exchange, NewOffer,
    state::{Conversation, Leg, Participant},
};
use jackfield_wire::{
    Channel, Code, ConversationId, ConversationState, EndReason, LeaveReason, Millis, OfferEndReason,
    OfferKind, OfferOutcome, OfferReason, Part, ParticipantId, WireError,
};

impl Exchange {
    pub(super) fn start_voice(&self, caller: Caller<'_>, id: &ConversationId, now: Millis) -> Facts {
        let (conversation, participant) = self.part(caller, id)?;
        if let Some(leg) = &participant.leg {
            return Ok(move_voice(caller, conversation, participant, leg));
        }
        let called = conversation.customer().is_some_and(|customer| customer.leg.is_some());
        if called
            && participant.is_agent()
            && conversation.state == ConversationState::Active
            && !participant.is_wrapping()
        {
            return self.join_call(caller, conversation, participant);
        }
        if participant.is_agent() {
            return self.ask_to_talk(caller, id, now);
        }
        if !participant.is_customer() {
            let message = "only the customer and the agent who serves it can add voice to a chat";
            return Err(WireError::new(Code::NotAllowed, message));
        }
        if asked(conversation).is_some() {
            return self.answer(caller, id, true, now);
        }
        if conversation.callback.is_some() && conversation.is_waiting() {
            return self.wait_on_the_line(caller, (conversation, participant), now);
        }
        if conversation.state != ConversationState::Active {
            return Err(wrong_state("nobody is there to talk to yet; wait until an agent has joined"));
        }
        if conversation.asking.is_some() {
            return Err(wrong_state("the agent is being asked already; wait for its answer"));
        }
        if conversation.pending.is_some() || conversation.consulted().is_some() {
            return Err(wrong_state("the agent is talking with a colleague; try again in a moment"));
        }
        self.check_not_talking(caller)?;
        let agent = conversation.owner().ok_or_else(|| wrong_state("no agent is in this conversation"))?;
        self.check_can_talk(agent)?;
        Ok(self.ask_for_voice(caller, conversation, agent, now))
    }

    /// One of several agents comes into the call of a chat.
    fn join_call(&self, caller: Caller<'_>, conversation: &Conversation, agent: &Participant) -> Facts {
        if !self.has_room(&agent.user_id, &[Channel::Voice]) {
            return Err(Code::NoCapacity.into());
        }
        Ok(vec![Event::VoiceJoined {
            conversation_id: conversation.conversation_id.clone(),
            participant_id: agent.participant_id.clone(),
            session: caller.session.clone(),
        }])
    }

    fn check_can_talk(&self, agent: &Participant) -> Result<(), WireError> {
        let most = self.tenant.user(&agent.user_id).map_or(0, |u| u.capacity.voice);
        if self.load(&agent.user_id).voice >= most {
            return Err(Code::NoCapacity.into());
        }
        if !self.state.is_live(&agent.user_id) {
            return Err(WireError::new(Code::NoCapacity, "the agent is away for the moment; try again soon"));
        }
        Ok(())
    }

    fn ask_for_voice(
        &self,
        caller: Caller<'_>,
        conversation: &Conversation,
        agent: &Participant,
        now: Millis,
    ) -> Vec<Event> {
        let conversation_id = conversation.conversation_id.clone();
        let order = "the conversation's own agent".to_owned();
        let offer = NewOffer {
            offer_id: self.state.counters.next_offer(),
            conversation_id: conversation_id.clone(),
            user_id: agent.user_id.clone(),
            kind: OfferKind::Escalation,
            channel: Channel::Voice,
            expires_at: now + u64::from(self.tenant.offer_timeout_ms(&conversation.queue_id)),
            reason: OfferReason { order, candidates: 1, ..OfferReason::default() },
        };
        let session = caller.session.clone();
        let requested = Event::VoiceRequested { conversation_id, session, requested: true, outcome: None };
        vec![requested, Event::OfferMade(Box::new(offer))]
    }

    pub(super) fn hang_up(&self, caller: Caller<'_>, id: &ConversationId, now: Millis) -> Facts {
        let (conversation, participant) = self.part(caller, id)?;
        if participant.leg.is_none() {
            if participant.is_customer() && conversation.asking.is_some() {
                return Ok(self.end_open_offers(
                    conversation,
                    OfferOutcome::Canceled,
                    OfferEndReason::TakenBack,
                ));
            }
            if asked(conversation).is_some_and(|pending| pending.by == participant.participant_id) {
                return Ok(self.asking_over(conversation, OfferOutcome::Rescinded));
            }
            return Err(no_voice());
        }
        super::supervise::not_monitoring(participant)?;
        if is_calling(conversation) && participant.seat.owner {
            return Ok(self.not_answered(conversation, OfferOutcome::Rescinded, now));
        }
        if conversation.channel == Channel::Chat {
            return Ok(self.leg_gone(conversation, participant, LeaveReason::Left, now));
        }
        if participant.is_customer() {
            return Ok(self.participant_gone(conversation, participant, LeaveReason::Left, now));
        }
        let others = conversation.agents().any(|p| p.participant_id != participant.participant_id);
        if !participant.seat.owner || others {
            return Ok(self.goes(conversation, participant, LeaveReason::Left, true, now));
        }
        if conversation.is_calling() {
            return Ok(self.give_up_calling(conversation, now));
        }
        check_nothing_pending(conversation)?;
        check_no_consult(conversation)?;
        Ok(self.over(conversation, EndReason::AgentLeft, None, now))
    }

    pub(super) fn hold(
        &self,
        caller: Caller<'_>,
        id: &ConversationId,
        whom: Option<&ParticipantId>,
        held: bool,
    ) -> Facts {
        let (conversation, agent) = self.serving_part(caller, id)?;
        if agent.leg.is_none() {
            return Err(no_voice());
        }
        let others = others_with_leg((conversation, agent), whom)?;
        let changed = others.into_iter().filter(|(_, leg)| leg.held != held);
        Ok(changed
            .map(|(participant, _)| Event::HeldChanged {
                conversation_id: conversation.conversation_id.clone(),
                participant_id: participant.participant_id.clone(),
                held,
            })
            .collect())
    }

    pub(super) fn mute(
        &self,
        caller: Caller<'_>,
        id: &ConversationId,
        whom: Option<&ParticipantId>,
        muted: bool,
    ) -> Facts {
        let (conversation, own) = self.part(caller, id)?;
        let target = match whom {
            Some(whom) => conversation.participant(whom).filter(|p| own.sees(p)).ok_or(Code::NotFound)?,
            None => own,
        };
        if !own.is_agent() && target.participant_id != own.participant_id {
            return Err(WireError::new(Code::NotAllowed, "only the agents of a conversation mute others"));
        }
        let leg = target.leg.as_ref().ok_or_else(no_voice)?;
        if leg.muted == muted {
            return Ok(Vec::new());
        }
        let conversation_id = conversation.conversation_id.clone();
        Ok(vec![Event::MutedChanged {
            conversation_id,
            participant_id: target.participant_id.clone(),
            muted,
        }])
    }
}

fn move_voice(
    caller: Caller<'_>,
    conversation: &Conversation,
    participant: &Participant,
    leg: &Leg,
) -> Vec<Event> {
    if leg.session == *caller.session {
        return Vec::new();
    }
    vec![Event::VoiceJoined {
        conversation_id: conversation.conversation_id.clone(),
        participant_id: participant.participant_id.clone(),
        session: caller.session.clone(),
    }]
}

/// Those besides the caller whose voice is meant: the one named, or all.
fn others_with_leg<'a>(
    (conversation, own): PartIn<'a>,
    whom: Option<&ParticipantId>,
) -> Result<Vec<(&'a Participant, &'a Leg)>, WireError> {
    if whom.is_some_and(|whom| *whom == own.participant_id) {
        return Err(super::invalid(
            "participantId is your own; name another, or leave it out for all others",
        ));
    }
    if whom.is_some_and(|whom| conversation.participant(whom).is_none_or(|p| !own.sees(p))) {
        return Err(Code::NotFound.into());
    }
    // Nobody puts its supervisor on hold.
    let mut others = conversation.with_leg().filter(|(p, _)| p.seat.part != Part::Monitor && own.sees(p));
    let others = others.by_ref().filter(|(p, _)| p.participant_id != own.participant_id);
    let meant: Vec<_> = others.filter(|(p, _)| whom.is_none_or(|w| *w == p.participant_id)).collect();
    if meant.is_empty() { Err(no_voice()) } else { Ok(meant) }
}

fn no_voice() -> WireError {
    wrong_state("there is no voice connection to act on in this conversation; start voice first")
}
