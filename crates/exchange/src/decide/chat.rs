//! Messages: written, delivered, read.

use super::{Caller, Facts, invalid, wrong_state};
use crate::{
    Body, Decision, Event, Exchange,
    state::{Conversation, Participant},
    view::last_message_for,
};
use jackfield_wire::{
    Code, ConversationId, ConversationState, Millis, Outcome, Part, Visibility, WireError, limits,
};

impl Exchange {
    pub(super) fn send(
        &self,
        caller: Caller<'_>,
        id: &ConversationId,
        text: &str,
        visibility: Visibility,
        now: Millis,
    ) -> Result<Decision, WireError> {
        let (conversation, participant) = self.part(caller, id)?;
        check_text(text)?;
        if participant.is_customer() && visibility == Visibility::Internal {
            let message = "customers can only write to everyone: leave visibility out";
            return Err(WireError::new(Code::NotAllowed, message));
        }
        check_wrap_up(participant, visibility)?;
        if conversation.is_previewed() && visibility == Visibility::Everyone {
            return Err(wrong_state("the customer has not been called yet; dial first, or add a note"));
        }
        if participant.seat.part == Part::Consulted && visibility == Visibility::Everyone {
            let message = "you are consulted: set visibility to internal, or wait until you have taken over";
            return Err(WireError::new(Code::NotAllowed, message));
        }
        super::supervise::check_may_write(participant, visibility)?;
        let number = conversation.last_message + 1;
        let added = added(caller, conversation, participant, visibility, text, now);
        let mut events = vec![added];
        if participant.is_customer() && conversation.state == ConversationState::Parked {
            // Who writes is not to wait for the end of the time.
            events.extend(self.parked_over(conversation, now));
        }
        Ok(Decision { events, outcome: Outcome::MessageSent { number, at: now } })
    }

    /// Marks only grow: a smaller number than before is an old one on its way, and changes nothing.
    pub(super) fn mark(
        &self,
        caller: Caller<'_>,
        id: &ConversationId,
        delivered: Option<u64>,
        read: Option<u64>,
    ) -> Facts {
        let (conversation, participant) = self.part(caller, id)?;
        let last = last_message_for(conversation, participant);
        for (field, number) in [("delivered", delivered), ("read", read)] {
            if number.is_some_and(|n| n > last) {
                let message = format!("{field} runs ahead: the newest message is number {last}");
                return Err(WireError::new(Code::OutOfOrder, message));
            }
        }
        let read = participant.read.number.max(read.unwrap_or(0));
        // What was read has arrived.
        let delivered = participant.delivered.number.max(delivered.unwrap_or(0)).max(read);
        if (delivered, read) == (participant.delivered.number, participant.read.number) {
            return Ok(Vec::new());
        }
        let conversation_id = conversation.conversation_id.clone();
        let participant_id = participant.participant_id.clone();
        Ok(vec![Event::MessagesMarked { conversation_id, participant_id, delivered, read }])
    }
}

pub(super) fn added(
    caller: Caller<'_>,
    conversation: &Conversation,
    participant: &Participant,
    visibility: Visibility,
    text: &str,
    at: Millis,
) -> Event {
    Event::MessageAdded {
        conversation_id: conversation.conversation_id.clone(),
        number: conversation.last_message + 1,
        command_id: caller.command_id.clone(),
        participant_id: participant.participant_id.clone(),
        name: participant.name.clone(),
        role: participant.role,
        at,
        visibility,
        note: false,
        body: Body(text.into()),
    }
}

pub(super) fn check_wrap_up(participant: &Participant, visibility: Visibility) -> Result<(), WireError> {
    let Some(wrap_up) = &participant.wrap_up else { return Ok(()) };
    if visibility == Visibility::Everyone {
        return Err(wrong_state("your part is over; only internal notes can be written now"));
    }
    if wrap_up.last_message.is_some() {
        return Err(wrong_state("the conversation goes on without you; give your note with finishWrapUp"));
    }
    Ok(())
}

pub(super) fn check_text(text: &str) -> Result<(), WireError> {
    if text.trim().is_empty() {
        return Err(invalid("text is empty; write something"));
    }
    if text.len() > limits::TEXT_BYTES {
        let (bytes, most) = (text.len(), limits::TEXT_BYTES);
        return Err(invalid(format!("text has {bytes} bytes; at most {most} are taken: send it in parts")));
    }
    Ok(())
}
