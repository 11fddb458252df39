//! Conversations: how they begin, and how their parties end them.

use super::{Caller, Facts, check_short, wrong_state};
use crate::{Decision, Event, Exchange, Needs, NewConversation, QueueConfig};
use jackfield_wire::{
    Attributes, Channel, Code, ConversationId, EndReason, LeaveReason, Millis, Outcome, QueueId, Role,
    WireError, check_attributes,
};

impl Exchange {
    pub(super) fn start(
        &self,
        caller: Caller<'_>,
        queue_id: &QueueId,
        channel: Channel,
        subject: Option<&str>,
        attributes: &Attributes,
    ) -> Result<Decision, WireError> {
        if caller.who.role != Role::Customer {
            return Err(WireError::new(Code::NotAllowed, "only customers can ask for help"));
        }
        check_short("subject", subject)?;
        let attributes = with_those_of_the_token(attributes, &caller.who.attributes)?;
        let queue = self.tenant.queue(queue_id).ok_or(Code::NotFound)?;
        self.check_room(queue, channel)?;
        self.check_alone(caller, queue_id, channel)?;
        let new = NewConversation {
            conversation_id: self.state.counters.next_conversation(),
            queue_id: queue_id.clone(),
            channel,
            subject: subject.map(str::to_owned),
            attributes,
            participant_id: self.state.counters.next_participant(),
            who: caller.who.clone(),
            session: caller.session.clone(),
            priority: 0,
            virtual_start: None,
            needs: Needs::default(),
            rule: None,
        };
        let outcome = Outcome::ConversationStarted { conversation_id: new.conversation_id.clone() };
        Ok(Decision { events: vec![Event::ConversationStarted(Box::new(new))], outcome })
    }

    fn check_room(&self, queue: &QueueConfig, channel: Channel) -> Result<(), WireError> {
        if !queue.channels.contains(&channel) {
            return Err(Code::QueueClosed.into());
        }
        let waiting = self.waiting_in(&queue.queue_id);
        match queue.max_waiting {
            Some(most) if waiting >= most as usize => Err(Code::QueueFull.into()),
            _ => Ok(()),
        }
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
        let user_id = &caller.who.user_id;
        let mut open = self.state.conversations_of(user_id);
        let talks =
            open.any(|c| c.asking.is_some() || c.participant_of(user_id).is_some_and(|p| p.leg.is_some()));
        if talks { Err(wrong_state("you are in a call already; hang up there first")) } else { Ok(()) }
    }

    pub(super) fn end(&self, caller: Caller<'_>, id: &ConversationId, now: Millis) -> Facts {
        let (conversation, participant) = self.part(caller, id)?;
        if participant.is_wrapping() {
            return Err(wrong_state("the conversation is over; finish its wrap-up"));
        }
        if participant.is_customer() {
            return Ok(self.participant_gone(conversation, participant, LeaveReason::Left, now));
        }
        Ok(self.over(conversation, EndReason::AgentLeft, None, now))
    }
}

/// The token's attributes are the word of the provider's back end: the page can't replace them.
fn with_those_of_the_token(asked: &Attributes, token: &Attributes) -> Result<Attributes, WireError> {
    check_attributes(asked)?;
    let mut all = asked.clone();
    all.extend(token.clone());
    check_attributes(&all).map_err(|error| {
        let message = format!("with those of the token, {}", error.message);
        WireError::new(error.code, message)
    })?;
    Ok(all)
}
