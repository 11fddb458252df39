//! What was before a conversation: the same customer's conversations that are over, read from the store.

use super::{Output, Switchboard, messages::DEFAULT_PAGE, outbox::Told, requests::Purpose, sessions::Slot};
use crate::project::check_page;
use jackfield_wire::{Code, CommandId, ConversationId, Outcome, PastConversation, UserId, WireError, limits};

/// Conversations for a client that names no limit.
const DEFAULT_CONVERSATIONS: u32 = 20;

impl Switchboard {
    /// Answers `fetchCustomerHistory`, when the store has answered.
    pub(super) fn customer_history(
        &mut self,
        slot: Slot,
        id: &CommandId,
        digest: u64,
        (conversation, before, limit): (ConversationId, Option<ConversationId>, Option<u32>),
    ) {
        let page = check_page(limit, limits::CUSTOMER_HISTORY_PAGE, "conversations");
        match self.customer_behind(slot, &conversation).and_then(|customer| page.map(|()| customer)) {
            Err(error) => self.refuse_command(slot, id, digest, error),
            Ok(customer) => {
                let purpose = |session| Purpose::Past { session, id: id.clone(), digest };
                let Some(request) = self.wait(slot, id, digest, purpose) else { return };
                let limit = limit.unwrap_or(DEFAULT_CONVERSATIONS);
                self.outbox.tell_now(Told::Do(Output::FetchPast { request, customer, before, limit }));
            }
        }
    }

    /// Answers `fetchPastMessages`, when the store has answered.
    pub(super) fn past_messages(
        &mut self,
        slot: Slot,
        id: &CommandId,
        digest: u64,
        (conversation, past, before, limit): (ConversationId, ConversationId, Option<u64>, Option<u32>),
    ) {
        let page = check_page(limit, limits::HISTORY_PAGE, "messages");
        match self.customer_behind(slot, &conversation).and_then(|customer| page.map(|()| customer)) {
            Err(error) => self.refuse_command(slot, id, digest, error),
            // Of one that goes on only its participants read, by `fetchHistory`.
            Ok(_) if self.exchange.state.conversations.contains_key(&past) => {
                self.refuse_command(slot, id, digest, Code::NotFound.into());
            }
            Ok(customer) => {
                let purpose = |session| Purpose::PastMessages { session, id: id.clone(), digest };
                let Some(request) = self.wait(slot, id, digest, purpose) else { return };
                let limit = limit.unwrap_or(DEFAULT_PAGE);
                self.outbox.tell_now(Told::Do(Output::FetchMessages {
                    request,
                    conversation: past,
                    before,
                    limit,
                    see_internal: true,
                    past_of: Some(customer),
                }));
            }
        }
    }

    /// Takes in the store's answer, and names the agents as they are called now.
    pub(super) fn past_came(
        &mut self,
        request: u64,
        entries: Result<Vec<PastConversation>, WireError>,
        more: bool,
    ) {
        let Some(Purpose::Past { session, id, digest }) = self.requests.take(request) else { return };
        let outcome = entries.map(|mut entries| {
            for agent in entries.iter_mut().flat_map(|entry| &mut entry.agents) {
                let known = self.exchange.tenant.user(&agent.user_id);
                agent.name = known.map(|user| user.name.clone()).unwrap_or_default();
            }
            Outcome::CustomerHistory { entries, more }
        });
        self.finish_waiting(&session, &id, digest, outcome);
    }

    fn customer_behind(&self, slot: Slot, conversation: &ConversationId) -> Result<UserId, WireError> {
        let session = self.sessions.get(slot).ok_or(Code::SessionUnknown)?;
        self.exchange.customer_behind(&session.viewer, conversation)
    }
}
