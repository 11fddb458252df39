//! Message bodies, in memory.

use jackfield_exchange::switchboard::BodyRow;
use jackfield_wire::{ConversationId, MessageView, Visibility};
use std::collections::BTreeMap;

/// All messages, by conversation and number.
#[derive(Debug, Default)]
pub(crate) struct Store {
    messages: BTreeMap<ConversationId, BTreeMap<u64, MessageView>>,
}

impl Store {
    /// Keeps what was written.
    pub(crate) fn keep(&mut self, bodies: Vec<BodyRow>) {
        for row in bodies {
            // Names and attributes stay in the switchboard: a restart here takes its state over as it is.
            if let BodyRow::Message { conversation, message } = row {
                self.messages.entry(conversation).or_default().insert(message.number, message);
            }
        }
    }

    /// The newest messages before a number, oldest first, and whether older ones are there.
    pub(crate) fn page(
        &self,
        conversation: &ConversationId,
        before: Option<u64>,
        limit: u32,
        see_internal: bool,
    ) -> (Vec<MessageView>, bool) {
        let below = self.messages.get(conversation).into_iter();
        let below = below.flat_map(|messages| messages.range(..before.unwrap_or(u64::MAX)).rev());
        let mut visible = below
            .map(|(_, message)| message)
            .filter(|message| see_internal || message.visibility == Visibility::Everyone);
        let mut page: Vec<_> = visible.by_ref().take(limit as usize).cloned().collect();
        page.reverse();
        (page, visible.next().is_some())
    }
}
