//! Commands until they are answered: they wait while there is no connection, and are sent again under the same id after it was lost.

use super::io::RequestId;
use super::options::OUTBOX;
use jackfield_wire::{Code, Command, CommandId, ConversationId, WireError};

/// Who asked for a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    /// The application; `None` once it no longer waits.
    Request(Option<RequestId>),
    /// The engine: messages below a hole.
    Fill(ConversationId),
    /// The engine: the voice connection's offer. Dies with the connection, a new offer follows.
    Negotiate(u32),
    /// The engine: watch again what was watched, in a new session.
    Watch,
    /// The engine: the last command.
    SignOut,
}

/// A command that has no answer yet.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) id: CommandId,
    pub(super) command: Command,
    pub(super) origin: Origin,
    /// Whether the gateway may have seen it.
    pub(super) sent: bool,
}

/// The commands that have no answer yet, in order.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    entries: Vec<Entry>,
}

impl Outbox {
    /// Keeps a command until it is answered.
    ///
    /// # Errors
    /// `outboxFull`.
    pub(super) fn push(&mut self, entry: Entry) -> Result<(), WireError> {
        if self.entries.len() >= OUTBOX && matches!(entry.origin, Origin::Request(_)) {
            return Err(Code::OutboxFull.into());
        }
        self.entries.push(entry);
        Ok(())
    }

    /// Takes out the command that was answered.
    pub(super) fn take(&mut self, id: &CommandId) -> Option<Entry> {
        let index = self.entries.iter().position(|e| e.id == *id)?;
        Some(self.entries.remove(index))
    }

    /// Lets go of a request: its command if it was never sent, else only who waits for it. Says whether there is such a request.
    pub(super) fn cancel(&mut self, request: RequestId) -> Option<Option<Entry>> {
        let origin = Origin::Request(Some(request));
        let index = self.entries.iter().position(|e| e.origin == origin)?;
        if self.entries[index].sent {
            self.entries[index].origin = Origin::Request(None);
            return Some(None);
        }
        Some(Some(self.entries.remove(index)))
    }

    /// The connection is lost: what belongs to it goes with it.
    pub(super) fn lost(&mut self) {
        self.entries.retain(|e| !matches!(e.origin, Origin::Negotiate(_)));
    }

    /// Takes out what matches.
    pub(super) fn drain(&mut self, matches: impl Fn(&Entry) -> bool) -> Vec<Entry> {
        self.entries.extract_if(.., |e| matches(e)).collect()
    }

    /// All commands, marked as sent.
    pub(super) fn all_sent(&mut self) -> impl Iterator<Item = &Entry> {
        self.entries.iter_mut().map(|e| {
            e.sent = true;
            &*e
        })
    }

    /// Whether a command like this waits already.
    pub(super) fn has(&self, origin: &Origin) -> bool {
        self.entries.iter().any(|e| e.origin == *origin)
    }
}
