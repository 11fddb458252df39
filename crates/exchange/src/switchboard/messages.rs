//! Messages for snapshots and for history: from memory where they are there, else from the store.

use super::{
    Output, Switchboard,
    outbox::Told,
    page::{Page, Slice, merge},
    requests::{Asking, Purpose},
    sessions::Slot,
};
use jackfield_wire::{
    Code, CommandId, ConversationId, ConversationView, MessageView, Outcome, SessionId, SnapshotView,
    Visibility, WireError, limits,
};
use std::collections::BTreeMap;

/// The page a client gets that names no limit.
pub(super) const DEFAULT_PAGE: u32 = 50;

/// The newest messages of the conversations that somebody looked at.
#[derive(Debug)]
pub(super) struct Messages {
    pages: BTreeMap<ConversationId, Page>,
    most_messages: usize,
    most_pages: usize,
    uses: u64,
}

impl Messages {
    /// Nothing yet; at most so many messages of so many conversations later.
    pub(super) fn new(most_messages: usize, most_pages: usize) -> Self {
        Self { pages: BTreeMap::new(), most_messages, most_pages, uses: 0 }
    }

    /// A conversation begins with a batch.
    pub(super) fn begin(&mut self, conversation: &ConversationId, batch: u64) {
        self.pages.insert(conversation.clone(), Page::empty(batch));
    }

    /// A conversation is over.
    pub(super) fn forget(&mut self, conversation: &ConversationId) {
        self.pages.remove(conversation);
    }

    /// Adds a message that a batch holds.
    pub(super) fn add(&mut self, conversation: &ConversationId, message: MessageView, batch: u64) {
        let most = self.most_messages;
        self.page(conversation).add(message, batch, most);
    }

    /// Takes in the newest messages of a conversation as the store has them.
    pub(super) fn fill(&mut self, conversation: &ConversationId, stored: Vec<MessageView>, more: bool) {
        let most = self.most_messages;
        self.page(conversation).fill(stored, more, most);
    }

    /// A conversation is offered, or no longer.
    pub(super) fn set_offered(&mut self, conversation: &ConversationId, offered: bool) {
        if offered || self.pages.contains_key(conversation) {
            self.page(conversation).offered = offered;
        }
    }

    /// Lets go of the pages that hold what is in no batch up to this one, and of what is known about offers.
    pub(super) fn take_back(&mut self, committed: u64) {
        self.pages.retain(|_, page| page.is_stored(committed));
        self.pages.values_mut().for_each(|page| page.offered = false);
    }

    /// How many conversations are in memory.
    pub(super) fn len(&self) -> usize {
        self.pages.len()
    }

    /// Lets go of the pages used longest ago, where there are too many and the store has what they hold.
    pub(super) fn trim(&mut self, committed: u64) {
        if self.pages.len() <= self.most_pages {
            return;
        }
        let may_go = |page: &Page| page.is_stored(committed) && !page.offered;
        let mut stored: Vec<_> = self.pages.iter().filter(|(_, page)| may_go(page)).collect();
        stored.sort_by_key(|(_, page)| page.used);
        // A tenth more than needed, so that the next does not walk all of them again.
        let surplus = self.pages.len() - self.most_pages + self.most_pages / 10;
        let oldest: Vec<_> = stored.into_iter().take(surplus).map(|(id, _)| id.clone()).collect();
        for conversation in oldest {
            self.pages.remove(&conversation);
        }
    }

    fn known(&self, conversation: &ConversationId) -> Option<&Page> {
        self.pages.get(conversation).filter(|page| page.is_known())
    }

    fn page(&mut self, conversation: &ConversationId) -> &mut Page {
        self.uses += 1;
        let page = self.pages.entry(conversation.clone()).or_insert_with(Page::unknown);
        page.used = self.uses;
        page
    }
}

impl Switchboard {
    /// Keeps the pages in memory within their number. Not while somebody's welcome waits for a page: another that it needs could go.
    pub(super) fn trim_messages(&mut self) {
        if !self.requests.reads_newest() {
            self.messages.trim(self.outbox.committed_batch());
        }
    }

    /// Asks the store for the newest messages of those conversations of a snapshot that are not in memory. Gives how many are to come.
    pub(super) fn ask_for_newest(&mut self, session: &SessionId, snapshot: &SnapshotView) -> usize {
        let mut waiting = 0;
        for view in &snapshot.conversations {
            if view.last_message == 0 || self.messages.known(&view.conversation_id).is_some() {
                continue;
            }
            waiting += 1;
            self.read_newest(&view.conversation_id, Some(session));
        }
        waiting
    }

    /// Reads an offered conversation's newest messages into memory, where they are not: who takes the offer shall see what was written.
    pub(super) fn read_ahead(&mut self, conversation: &ConversationId) {
        self.messages.set_offered(conversation, true);
        if self.messages.known(conversation).is_none() {
            self.read_newest(conversation, None);
        }
    }

    /// Asks the store for a conversation's newest messages. One question for all who wait: after a restart everybody comes back at once.
    fn read_newest(&mut self, conversation: &ConversationId, session: Option<&SessionId>) {
        let Some(request) = self.requests.newest(conversation, session) else { return };
        let output = Output::FetchMessages {
            request,
            conversation: conversation.clone(),
            before: None,
            limit: u32::try_from(self.settings.snapshot_messages).unwrap_or(u32::MAX),
            see_internal: true,
            past_of: None,
        };
        self.outbox.tell_now(Told::Do(output));
    }

    /// Puts the newest messages into the conversations of a snapshot, as far as they are in memory.
    pub(super) fn put_newest(&self, slot: Slot, conversations: &mut [ConversationView]) {
        let limit = self.settings.snapshot_messages;
        for view in conversations {
            let access = self
                .sessions
                .get(slot)
                .map(|session| self.exchange.may_read(&session.viewer, &view.conversation_id));
            let (Some(Ok(access)), Some(page)) = (access, self.messages.known(&view.conversation_id)) else {
                continue;
            };
            view.messages = page.held(None, limit, access.see_internal).messages;
        }
    }

    /// Answers `fetchHistory`, now or when the store has answered.
    pub(super) fn history(
        &mut self,
        slot: Slot,
        id: &CommandId,
        digest: u64,
        asking: (ConversationId, Option<u64>, Option<u32>),
    ) {
        match self.history_now(slot, &asking) {
            Err(error) => self.refuse_command(slot, id, digest, error),
            Ok((Some(Slice { messages, more }), ..)) => {
                self.answer_repeatable(slot, id, digest, Outcome::History { messages, more });
            }
            Ok((None, limit, see_internal)) => {
                let (conversation, before, _) = asking;
                let asking = Asking { before, limit: limit as usize, see_internal };
                let purpose = |session| Purpose::History { session, id: id.clone(), digest, asking };
                let Some(request) = self.wait(slot, id, digest, purpose) else { return };
                let past_of = None;
                let output =
                    Output::FetchMessages { request, conversation, before, limit, see_internal, past_of };
                self.outbox.tell_now(Told::Do(output));
            }
        }
    }

    /// The page from memory, if it is there; the limit, and what the viewer sees.
    fn history_now(
        &self,
        slot: Slot,
        (conversation, before, limit): &(ConversationId, Option<u64>, Option<u32>),
    ) -> Result<(Option<Slice>, u32, bool), WireError> {
        let session = self.sessions.get(slot).ok_or(Code::SessionUnknown)?;
        let access = self.exchange.may_read(&session.viewer, conversation)?;
        let limit = limit.unwrap_or(DEFAULT_PAGE);
        if limit == 0 || limit > limits::HISTORY_PAGE {
            let message = format!("limit is {limit}; 1 to {} are given", limits::HISTORY_PAGE);
            return Err(WireError::new(Code::InvalidField, message));
        }
        let page = self.messages.known(conversation);
        let slice = page.and_then(|page| page.slice(*before, limit as usize, access.see_internal));
        Ok((slice, limit, access.see_internal))
    }

    /// Takes in the store's answer and goes on with what waited for it.
    pub(super) fn messages_came(
        &mut self,
        request: u64,
        conversation: &ConversationId,
        messages: Result<Vec<MessageView>, WireError>,
        more: bool,
    ) {
        match self.requests.take(request) {
            Some(Purpose::Newest { sessions, .. }) => {
                // Without its messages a conversation can still be shown; the client asks for history. It may also be over by now.
                let is_there = self.exchange.state.conversations.contains_key(conversation);
                if let (Ok(messages), true) = (messages, is_there) {
                    self.messages.fill(conversation, messages, more);
                }
                sessions.iter().for_each(|session| self.greet_on(session));
            }
            Some(Purpose::History { session, id, digest, asking }) => {
                let outcome =
                    messages.map(|messages| self.joined(conversation, asking, Slice { messages, more }));
                self.finish_waiting(&session, &id, digest, outcome);
            }
            Some(Purpose::PastMessages { session, id, digest }) => {
                let outcome = messages.map(|messages| Outcome::History { messages, more });
                self.finish_waiting(&session, &id, digest, outcome);
            }
            // Of a session that is over, or of a time before the journal failed.
            Some(Purpose::Past { .. } | Purpose::Media { .. }) | None => {}
        }
    }

    fn joined(&self, conversation: &ConversationId, asking: Asking, mut stored: Slice) -> Outcome {
        let Asking { before, limit, see_internal } = asking;
        // The store was asked for the same; but what a customer must not see does not hang on one query alone.
        stored.messages.retain(|message| see_internal || message.visibility == Visibility::Everyone);
        let joined = match self.messages.pages.get(conversation) {
            Some(page) => merge(stored, page.held(before, limit, see_internal), limit),
            None => stored,
        };
        Outcome::History { messages: joined.messages, more: joined.more }
    }
}
