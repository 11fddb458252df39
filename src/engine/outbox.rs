//! Commands until they are answered: they wait while there is no connection, and are sent again under the same id after it was lost.
//!
//! The messages of a conversation go one after the other: the next leaves when the one before it is answered. Sent together, one that the
//! gateway turns away for a moment (`rateLimited`) would be overtaken by those behind it. What ends a conversation waits for its messages
//! as well, or they would come too late. Everything else goes at once.

use super::io::RequestId;
use super::options::{AGAIN_MS, OUTBOX};
use jackfield_wire::lean::Command;
use jackfield_wire::{Code, CommandId, ConversationId, WireError};

/// The command that writes a message.
pub(super) const MESSAGE: &str = "sendMessage";

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
    pub(super) seen: bool,
    /// Whether its answer waits until the view shows its conversation.
    pub(super) shows: bool,
    /// Whether it was sent by the connection at hand.
    sent: bool,
    /// The gateway turned it away: not again before this time.
    not_before: Option<u64>,
}

impl Entry {
    pub(super) fn new(id: CommandId, command: Command, origin: Origin) -> Self {
        Self { id, command, origin, seen: false, shows: false, sent: false, not_before: None }
    }

    pub(super) fn is_message(&self) -> bool {
        self.command.kind() == MESSAGE
    }

    /// Whether it waits for an earlier one to be answered.
    fn waits_for(&self, earlier: &Self) -> bool {
        let same = self.command.conversation_id() == earlier.command.conversation_id();
        earlier.is_message()
            && match self.command.kind() {
                "sendMessage" | "endConversation" | "hangUp" | "finishWrapUp" => same,
                // Whoever takes over shall find what was written before.
                "transfer" | "completeConsult" | "park" => same,
                "signOut" => true,
                _ => false,
            }
    }

    /// Whether it is sent again after a refusal that will pass, instead of being given up: a message, as its writer has done all that can
    /// be done; and what the engine itself asks for, as nobody else would.
    fn is_persistent(&self, code: Code) -> bool {
        match self.origin {
            Origin::Request(_) => self.is_message() && matches!(code, Code::RateLimited | Code::Overloaded),
            Origin::Fill(_) | Origin::Watch => {
                matches!(code, Code::RateLimited | Code::Overloaded | Code::StorageUnavailable)
            }
            Origin::Negotiate(_) | Origin::SignOut => false,
        }
    }
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

    /// The answer to this request waits until the view shows its conversation.
    pub(super) fn mark_as_showing(&mut self, request: RequestId) {
        let origin = Origin::Request(Some(request));
        self.entries.iter_mut().filter(|e| e.origin == origin).for_each(|e| e.shows = true);
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
        if self.entries[index].seen {
            self.entries[index].origin = Origin::Request(None);
            return Some(None);
        }
        Some(Some(self.entries.remove(index)))
    }

    /// The connection is lost: what belongs to it goes with it.
    pub(super) fn lost(&mut self) {
        self.entries.retain(|e| !matches!(e.origin, Origin::Negotiate(_)));
        self.entries.iter_mut().for_each(|e| e.sent = false);
    }

    /// Keeps a command that was refused for a moment only, to be sent again in its place. Says whether it is such a one.
    pub(super) fn postpone(&mut self, id: &CommandId, error: &WireError, now: u64) -> bool {
        let Some(entry) = self.entries.iter_mut().find(|e| e.id == *id) else { return false };
        let again = entry.is_persistent(error.code);
        if again {
            let pause = error.retry_after_ms.map_or(AGAIN_MS, u64::from);
            // It was turned away before it was looked at, so it was never carried out.
            (entry.sent, entry.seen, entry.not_before) = (false, false, Some(now + pause));
        }
        again
    }

    /// What is to be sent now, in order, marked as sent.
    pub(super) fn due(&mut self, now: u64) -> Vec<(CommandId, Command)> {
        let ready = self.free().filter(|&n| self.entries[n].not_before.is_none_or(|at| at <= now));
        let ready = ready.collect();
        self.send(ready)
    }

    /// What was not sent yet, whatever it waits for: there will be no later.
    pub(super) fn rest(&mut self) -> Vec<(CommandId, Command)> {
        let rest = (0..self.entries.len()).filter(|&n| !self.entries[n].sent).collect();
        self.send(rest)
    }

    /// When something that was turned away is to be sent again.
    pub(super) fn deadline(&self) -> Option<u64> {
        self.free().filter_map(|n| self.entries[n].not_before).min()
    }

    /// The places of what is not sent and waits for nothing before it. What waits has no deadline: an answer sets it free.
    fn free(&self) -> impl Iterator<Item = usize> {
        (0..self.entries.len()).filter(|&n| {
            let (earlier, entry) = (&self.entries[..n], &self.entries[n]);
            !entry.sent && !earlier.iter().any(|e| entry.waits_for(e))
        })
    }

    fn send(&mut self, places: Vec<usize>) -> Vec<(CommandId, Command)> {
        let mut frames = Vec::with_capacity(places.len());
        for place in places {
            let entry = &mut self.entries[place];
            (entry.sent, entry.seen, entry.not_before) = (true, true, None);
            frames.push((entry.id.clone(), entry.command.clone()));
        }
        frames
    }

    /// Takes out what matches.
    pub(super) fn drain(&mut self, matches: impl Fn(&Entry) -> bool) -> Vec<Entry> {
        self.entries.extract_if(.., |e| matches(e)).collect()
    }

    /// Whether a command like this waits already.
    pub(super) fn has(&self, origin: &Origin) -> bool {
        self.entries.iter().any(|e| e.origin == *origin)
    }
}
