//! The work after a conversation.

use super::{Caller, Facts, PartIn, check_short, context, invalid, wrong_state};
use crate::{Event, Exchange, QueueConfig, state::WrapUp};
use jackfield_wire::{Code, ConversationId, LeaveReason, Millis, WireError};

impl Exchange {
    pub(super) fn finish(
        &self,
        caller: Caller<'_>,
        id: &ConversationId,
        disposition: Option<&str>,
        note: Option<&str>,
        now: Millis,
    ) -> Facts {
        let ((conversation, agent), _) = self.own_wrap_up(caller, id)?;
        check_short("note", note)?;
        let queue_id = agent.served_queue().unwrap_or(&conversation.queue_id);
        check_disposition(self.tenant.queue(queue_id), disposition)?;
        // The note is kept as what it is: a message to colleagues, in the table of the messages.
        let note = note.filter(|note| !note.trim().is_empty());
        let note = note.map(|text| context::note(caller, (conversation, agent), text, now));
        let over = self.wrapped_up(conversation, agent, disposition, LeaveReason::Ended);
        Ok(note.into_iter().chain(over).collect())
    }

    pub(super) fn extend(&self, caller: Caller<'_>, id: &ConversationId) -> Facts {
        let ((conversation, agent), wrap_up) = self.own_wrap_up(caller, id)?;
        let queue = self.tenant.queue(agent.served_queue().unwrap_or(&conversation.queue_id));
        let most = queue.map_or(0, |q| q.wrap_up_extensions);
        if wrap_up.extensions >= most {
            let message = format!("this wrap-up was extended {most} times, which is all the queue gives");
            return Err(wrong_state(format!("{message}; finish it")));
        }
        let until = wrap_up.until + u64::from(queue.map_or(0, |q| q.wrap_up_ms));
        let participant_id = Some(agent.participant_id.clone());
        Ok(vec![Event::WrapUpExtended { conversation_id: id.clone(), participant_id, until }])
    }

    fn own_wrap_up<'a>(
        &'a self,
        caller: Caller<'_>,
        id: &ConversationId,
    ) -> Result<(PartIn<'a>, &'a WrapUp), WireError> {
        let (conversation, agent) = self.part(caller, id)?;
        if agent.is_outsider() {
            return Err(WireError::new(Code::NotAllowed, "only agents have work after a conversation"));
        }
        let wrap_up = agent.wrap_up.as_ref();
        let wrap_up = wrap_up.ok_or_else(|| wrong_state("the conversation is not in your wrap-up"))?;
        Ok(((conversation, agent), wrap_up))
    }
}

fn check_disposition(queue: Option<&QueueConfig>, given: Option<&str>) -> Result<(), WireError> {
    let known = queue.map_or(&[][..], |q| &q.dispositions);
    let ids = || known.iter().map(|d| d.id.as_str()).collect::<Vec<_>>().join(", ");
    match given {
        None if !known.is_empty() => Err(invalid(format!("disposition is missing; give one of: {}", ids()))),
        Some(_) if known.is_empty() => Err(invalid("disposition: the queue has none; leave the field out")),
        Some(given) if known.iter().all(|d| d.id != given) => {
            Err(invalid(format!("disposition is none of the queue's; give one of: {}", ids())))
        }
        _ => Ok(()),
    }
}
