//! Asking the customer: the mirror of an offer, which asks an agent.

use super::{
    Caller, Facts,
    callback::is_calling,
    handover::{check_active, check_no_consult, check_nothing_pending, pending_changed},
    wrong_state,
};
use crate::{
    Event, Exchange, Pending,
    state::{Conversation, Participant},
};
use jackfield_wire::{
    Channel, Code, ConversationId, Millis, OfferOutcome, ParticipantId, PendingKind, SessionId, Target,
    WireError,
};

impl Exchange {
    /// The agent of a chat asks its customer to talk.
    ///
    /// ```text
    ///  chat ──startVoice, by its owner──▶ chat, pending: the customer is asked ──answerRequest, startVoice: yes──▶ chat with voice
    ///    ▲                                   │
    ///    └───────────────────────────────────┘ no, timed out; taken back (hangUp, cancelConsult); one of the two is gone
    /// ```
    ///
    /// Until then the agent keeps room for the call.
    pub(super) fn ask_to_talk(&self, caller: Caller<'_>, id: &ConversationId, now: Millis) -> Facts {
        let (conversation, agent) = self.owning_part(caller, id)?;
        check_active(conversation)?;
        check_nothing_pending(conversation)?;
        check_no_consult(conversation)?;
        let customer = conversation.customer().ok_or_else(|| wrong_state("the customer is gone"))?;
        if !self.state.is_live(&customer.user_id) {
            return Err(wrong_state("the customer is away for the moment; try again soon"));
        }
        if self.talks(&customer.user_id) {
            return Err(wrong_state("the customer is in another call; try again later"));
        }
        if !self.has_room(&agent.user_id, &[Channel::Voice]) {
            return Err(WireError::new(
                Code::NoCapacity,
                "you have no room for a call; finish another first",
            ));
        }
        Ok(vec![self.ask_customer(
            conversation,
            (&agent.participant_id, Some(caller.session)),
            customer,
            PendingKind::Voice,
            now,
        )])
    }

    /// The customer of a conversation is asked something, for as long as an offer rings.
    pub(super) fn ask_customer(
        &self,
        conversation: &Conversation,
        (by, session): (&ParticipantId, Option<&SessionId>),
        customer: &Participant,
        kind: PendingKind,
        now: Millis,
    ) -> Event {
        let target = Target::Customer { user_id: customer.user_id.clone() };
        let pending = Pending {
            until: Some(now + u64::from(self.tenant.offer_timeout_ms(&conversation.queue_id))),
            session: session.cloned(),
            ..Pending::new(kind, target, by, now)
        };
        pending_changed(conversation, kind, Some(pending), None)
    }

    /// The customer says yes or no.
    pub(super) fn answer(&self, caller: Caller<'_>, id: &ConversationId, accept: bool, now: Millis) -> Facts {
        let (conversation, customer) = self.part(caller, id)?;
        if !customer.is_customer() {
            return Err(WireError::new(Code::NotAllowed, "only the customer answers what it is asked"));
        }
        let open = asked(conversation).filter(|pending| pending.until.is_none_or(|until| now < until));
        let pending = open
            .ok_or_else(|| wrong_state("nothing is asked of you; it was taken back, or its time is over"))?;
        if !accept {
            return Ok(match pending.kind {
                PendingKind::Callback => self.callback_declined(conversation, customer, now),
                _ => self.asking_over(conversation, OfferOutcome::Rejected),
            });
        }
        if pending.kind == PendingKind::Voice || conversation.channel == Channel::Voice {
            self.check_not_talking(caller)?;
        }
        Ok(match pending.kind {
            PendingKind::Outbound => self.reached(caller.session, conversation, customer),
            PendingKind::Callback => self.called_back(caller, conversation, customer),
            _ => self.talk(caller, conversation, customer, pending),
        })
    }

    /// The customer has not answered what it was asked, or a telephone number that rings.
    pub(crate) fn asking_timed_out(&self, conversation: &Conversation, now: Millis) -> Vec<Event> {
        if is_calling(conversation) {
            return self.not_answered(conversation, OfferOutcome::TimedOut, now);
        }
        let dialed = self.dialed_in_vain(conversation, now);
        dialed.unwrap_or_else(|| self.asking_over(conversation, OfferOutcome::TimedOut))
    }

    /// The chat becomes a call: the customer's leg in the session that says yes, the agent's in the one that asked.
    fn talk(
        &self,
        caller: Caller<'_>,
        conversation: &Conversation,
        customer: &Participant,
        pending: &Pending,
    ) -> Vec<Event> {
        let mut events = self.asking_over(conversation, OfferOutcome::Accepted);
        let own = Some((&customer.participant_id, caller.session));
        let asking = pending.session.as_ref().map(|session| (&pending.by, session));
        events.extend(own.into_iter().chain(asking).map(|(participant, session)| Event::VoiceJoined {
            conversation_id: conversation.conversation_id.clone(),
            participant_id: participant.clone(),
            session: session.clone(),
        }));
        events
    }

    /// What the customer is asked is answered or taken back, or a telephone number rings no more; nothing, where neither is so.
    pub(crate) fn asking_over(&self, conversation: &Conversation, outcome: OfferOutcome) -> Vec<Event> {
        let over = asked(conversation);
        let over = over.map(|pending| pending_changed(conversation, pending.kind, None, Some(outcome)));
        over.into_iter().chain(self.dialing_over(conversation, outcome)).collect()
    }
}

/// What the customer of a conversation is asked.
pub(super) fn asked(conversation: &Conversation) -> Option<&Pending> {
    conversation.pending.as_ref().filter(|pending| pending.asks_customer())
}
