//! Questions to the store and to the media plane that have no answer yet.

use jackfield_wire::{CommandId, ConversationId, SessionId};
use std::collections::BTreeMap;

/// What a question was asked for.
#[derive(Debug, Clone)]
pub(super) enum Purpose {
    /// Welcomes that wait for a conversation's newest messages.
    Newest { conversation: ConversationId, sessions: Vec<SessionId> },
    /// A `fetchHistory`.
    History { session: SessionId, id: CommandId, digest: u64, asking: Asking },
    /// A `fetchCustomerHistory`.
    Past { session: SessionId, id: CommandId, digest: u64 },
    /// A `fetchPastMessages`.
    PastMessages { session: SessionId, id: CommandId, digest: u64 },
    /// A `negotiateMedia`.
    Media { session: SessionId, id: CommandId, digest: u64 },
}

/// Which messages a `fetchHistory` is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asking {
    /// Those with a smaller number only.
    pub(super) before: Option<u64>,
    /// How many at most.
    pub(super) limit: usize,
    /// Whether internal notes are among them.
    pub(super) see_internal: bool,
}

/// The open questions.
#[derive(Debug, Default)]
pub(super) struct Requests {
    last: u64,
    open: BTreeMap<u64, Purpose>,
    newest: BTreeMap<ConversationId, u64>,
}

impl Requests {
    /// Asks. Gives the question's number.
    pub(super) fn ask(&mut self, purpose: Purpose) -> u64 {
        self.last += 1;
        self.open.insert(self.last, purpose);
        self.last
    }

    /// Waits for a conversation's newest messages. Gives the question's number if nobody has asked yet.
    pub(super) fn newest(
        &mut self,
        conversation: &ConversationId,
        session: Option<&SessionId>,
    ) -> Option<u64> {
        let asked = self.newest.get(conversation).and_then(|request| self.open.get_mut(request));
        if let Some(Purpose::Newest { sessions, .. }) = asked {
            sessions.extend(session.cloned());
            return None;
        }
        let (conversation, sessions) = (conversation.clone(), Vec::from_iter(session.cloned()));
        let request = self.ask(Purpose::Newest { conversation: conversation.clone(), sessions });
        self.newest.insert(conversation, request);
        Some(request)
    }

    /// Ends a question.
    pub(super) fn take(&mut self, request: u64) -> Option<Purpose> {
        let purpose = self.open.remove(&request);
        if let Some(Purpose::Newest { conversation, .. }) = &purpose {
            self.newest.remove(conversation);
        }
        purpose
    }

    /// Ends all questions; the numbers go on.
    pub(super) fn take_all(&mut self) -> Vec<Purpose> {
        self.newest.clear();
        std::mem::take(&mut self.open).into_values().collect()
    }

    /// Whether newest messages are being read.
    pub(super) fn reads_newest(&self) -> bool {
        !self.newest.is_empty()
    }

    /// How many are open.
    pub(super) fn len(&self) -> usize {
        self.open.len()
    }
}
