//! Conversations: how they begin, and how their parties end them.

use super::{Caller, Facts, check_short, context::attributes_at_start, wrong_state};
use crate::{
    Decision, Event, Exchange, NewConversation,
    rules::{Arrival, Placement},
};
use jackfield_wire::{
    Attributes, Channel, Code, ConversationId, EndReason, LeaveReason, Millis, Outcome, QueueId, Role,
    UserId, WireError,
};

impl Exchange {
    pub(super) fn start(
        &self,
        caller: Caller<'_>,
        asked: Option<&QueueId>,
        channel: Channel,
        subject: Option<&str>,
        attributes: &Attributes,
        now: Millis,
    ) -> Result<Decision, WireError> {
        if caller.who.role != Role::Customer {
            return Err(WireError::new(Code::NotAllowed, "only customers can ask for help"));
        }
        check_short("subject", subject)?;
        let attributes = attributes_at_start(&self.tenant.config, attributes, &caller.who.attributes)?;
        if asked.is_some_and(|queue| self.tenant.queue(queue).is_none()) {
            return Err(Code::NotFound.into());
        }
        let (customer, of_token) = (caller.who.user_id.as_str(), &caller.who.attributes);
        let arrival = Arrival {
            asked,
            channel,
            subject,
            attributes: &attributes,
            customer,
            of_token,
            waited_ms: 0,
            outbound: false,
        };
        let Placement { target, rule, plan, head_start_ms, failures } = self.place_arrival(arrival, now)?;
        self.check_alone(caller, &target.queue_id, channel)?;
        let new = NewConversation {
            conversation_id: self.state.counters.next_conversation(),
            queue_id: target.queue_id,
            channel,
            subject: subject.map(str::to_owned),
            attributes,
            participant_id: self.state.counters.next_participant(),
            who: caller.who.clone(),
            session: caller.session.clone(),
            priority: target.priority,
            virtual_start: (head_start_ms > 0).then(|| now.saturating_sub(head_start_ms.into())),
            needs: target.needs,
            rule,
            outbound: None,
        };
        let planned = self.planned(&new.conversation_id, plan, failures);
        let outcome = Outcome::ConversationStarted { conversation_id: new.conversation_id.clone() };
        let started = Event::ConversationStarted(Box::new(new));
        Ok(Decision { events: std::iter::once(started).chain(planned).collect(), outcome })
    }

    /// A customer waits or talks once per queue, and talks in one conversation at a time: a session has one microphone.
    fn check_alone(&self, caller: Caller<'_>, queue_id: &QueueId, channel: Channel) -> Result<(), WireError> {
        let mut open = self.state.conversations_of(&caller.who.user_id);
        if open.any(|c| c.queue_id == *queue_id) {
            return Err(wrong_state(
                "you have a conversation open on this queue; go on there or end it first",
            ));
        }
        if channel == Channel::Voice {
            self.check_not_talking(caller)?;
        }
        Ok(())
    }

    pub(super) fn check_not_talking(&self, caller: Caller<'_>) -> Result<(), WireError> {
        match self.talks(&caller.who.user_id) {
            true => Err(wrong_state("you are in a call already; hang up there first")),
            false => Ok(()),
        }
    }

    /// Whether a customer or a supervisor has voice in some conversation, or has asked for it.
    pub(super) fn talks(&self, user_id: &UserId) -> bool {
        let mut open = self.state.conversations_of(user_id);
        open.any(|c| c.asking.is_some() || c.participant_of(user_id).is_some_and(|p| p.leg.is_some()))
    }

    pub(super) fn end(&self, caller: Caller<'_>, id: &ConversationId, now: Millis) -> Facts {
        let (conversation, participant) = self.part(caller, id)?;
        if participant.is_wrapping() {
            return Err(wrong_state("the conversation is over; finish its wrap-up"));
        }
        super::supervise::not_monitoring(participant)?;
        if participant.is_customer() {
            return Ok(self.participant_gone(conversation, participant, LeaveReason::Left, now));
        }
        if !participant.seat.owner {
            return Ok(self.goes(conversation, participant, LeaveReason::Left, true, now));
        }
        if conversation.is_previewed() {
            return self.skip(caller, id, None, now);
        }
        Ok(self.over(conversation, EndReason::AgentLeft, None, now))
    }
}
