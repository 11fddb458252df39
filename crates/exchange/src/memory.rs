//! A store in memory, for hosts without a disk: the emulator, and the simulation beside its own books.

use crate::{
    BodyRow, ConversationBody, Record, Records,
    switchboard::{Batch, Entry},
};
use jackfield_wire::{ConversationId, MessageView, Millis, PastConversation, UserId, Visibility};
use std::collections::{BTreeMap, BTreeSet};

/// Messages, and the conversations that are over.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    messages: BTreeMap<ConversationId, BTreeMap<u64, MessageView>>,
    bodies: BTreeMap<ConversationId, ConversationBody>,
    open: Records,
    over: BTreeMap<ConversationId, Record>,
    /// By customer, in the order in which they ended.
    past: BTreeMap<UserId, BTreeSet<(Millis, ConversationId)>>,
}

impl Memory {
    /// Keeps what a batch holds.
    pub fn keep(&mut self, batch: &Batch) {
        for row in &batch.bodies {
            match row {
                BodyRow::Message { conversation, message } => {
                    let messages = self.messages.entry(conversation.clone()).or_default();
                    messages.insert(message.number, message.clone());
                }
                BodyRow::Conversation(body) => {
                    self.bodies.insert(body.conversation_id.clone(), body.clone());
                }
                // Who is behind a session stays in the switchboard.
                BodyRow::Session(_) | BodyRow::Status(_) => {}
            }
        }
        batch.entries.iter().for_each(|entry| self.note(entry));
    }

    fn note(&mut self, entry: &Entry) {
        for (conversation, record) in self.open.note(entry) {
            if let Some(body) = self.bodies.get(&conversation) {
                let past = self.past.entry(body.customer.clone()).or_default();
                past.insert((record.ended_at(), conversation.clone()));
            }
            self.over.insert(conversation, record);
        }
    }

    /// The newest messages before a number, oldest first, and whether older ones are there. With `past_of`, none of a conversation that is not
    /// this customer's and over.
    pub fn page(
        &self,
        conversation: &ConversationId,
        before: Option<u64>,
        limit: u32,
        see_internal: bool,
        past_of: Option<&UserId>,
    ) -> (Vec<MessageView>, bool) {
        let over = self.over.contains_key(conversation);
        let customer = self.bodies.get(conversation).map(|body| &body.customer).filter(|_| over);
        let given = past_of.is_none_or(|due| customer == Some(due));
        let messages = self.messages.get(conversation).filter(|_| given).into_iter();
        let below = messages.flat_map(|messages| messages.range(..before.unwrap_or(u64::MAX)).rev());
        let mut visible = below
            .map(|(_, message)| message)
            .filter(|message| see_internal || message.visibility == Visibility::Everyone);
        let mut page: Vec<_> = visible.by_ref().take(limit as usize).cloned().collect();
        page.reverse();
        (page, visible.next().is_some())
    }

    /// A customer's conversations that are over, newest first, before one of them; and whether older ones are there.
    pub fn past(
        &self,
        customer: &UserId,
        before: Option<&ConversationId>,
        limit: u32,
    ) -> (Vec<PastConversation>, bool) {
        let all = self.past.get(customer).into_iter().flat_map(|past| past.iter().rev());
        let from = before.map(|id| (self.over.get(id).map_or(0, Record::ended_at), id.clone()));
        let mut older = all.filter(|place| from.as_ref().is_none_or(|from| *place < from));
        let page = older.by_ref().take(limit as usize).filter_map(|(_, id)| self.entry(id)).collect();
        (page, older.next().is_some())
    }

    fn entry(&self, id: &ConversationId) -> Option<PastConversation> {
        let (newest, _) = self.page(id, None, 1, false, None);
        Some(self.over.get(id)?.past(id.clone(), self.bodies.get(id), newest.first()))
    }
}
