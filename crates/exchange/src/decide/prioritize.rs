//! A supervisor puts a conversation that waits before others, or behind them.

use super::{Caller, Facts, invalid, supervise::ordered, wrong_state};
use crate::{Event, Exchange};
use jackfield_wire::{ConversationId, SupervisorOrder};

/// The longest head start, in milliseconds: a day.
pub(crate) const LONGEST_HEAD_START_MS: u32 = 86_400_000;

impl Exchange {
    /// Prioritizes. Its state, its demands, its plan and the offers that are open stay as they are; another target of its plan may give it another priority again.
    ///
    /// The head start counts from its arrival, not from where it stands, so that an order given twice does the same as once.
    pub(super) fn prioritize(
        &self,
        caller: Caller<'_>,
        id: &ConversationId,
        (priority, head_start_ms): (Option<u8>, Option<u32>),
    ) -> Facts {
        let conversation = self.supervised(caller, id)?;
        if !conversation.is_waiting() {
            return Err(wrong_state("only what waits has a place in line"));
        }
        if priority.is_none() && head_start_ms.is_none() {
            return Err(invalid("priority or headStartMs is missing; give at least one of them"));
        }
        if head_start_ms.is_some_and(|ms| ms > LONGEST_HEAD_START_MS) {
            return Err(invalid(format!(
                "headStartMs is more than {LONGEST_HEAD_START_MS}, a day; give less"
            )));
        }
        let priority = priority.unwrap_or(conversation.priority);
        let given = head_start_ms.map(|ms| conversation.created_at.saturating_sub(ms.into()));
        let virtual_start = given.unwrap_or_else(|| conversation.virtual_start());
        if (priority, virtual_start) == (conversation.priority, conversation.virtual_start()) {
            return Ok(Vec::new());
        }
        // It concerns its customer alone, who is never told.
        let customer = conversation.customer().map(|customer| &customer.user_id);
        let order = customer.map(|customer| ordered(caller, SupervisorOrder::Prioritize, customer, Some(id)));
        let placed = Event::Prioritized { conversation_id: id.clone(), priority, virtual_start };
        Ok(order.into_iter().chain([placed]).collect())
    }
}
