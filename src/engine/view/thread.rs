//! A conversation's messages: ordered by number, without a hole, with the local echo at the end.

use super::message::{Message, MessageState};
use jackfield_wire::lean::Message as MessageView;
use jackfield_wire::{CommandId, Millis};
use std::sync::Arc;

/// How many messages are held before the oldest are let go (they can be loaded again).
const KEPT: usize = 2_000;
/// How many are let go at once, so that a long thread is not moved for every message.
const LET_GO: usize = 500;

/// The visibility of what all participants may read; any other is for colleagues.
pub(super) const EVERYONE: &str = "everyone";

/// The last messages that reached, and were read by, the other side.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Marks {
    delivered: u64,
    read: u64,
}

impl Marks {
    pub(super) fn state_of(self, number: u64) -> MessageState {
        match number {
            n if n <= self.read => MessageState::Read,
            n if n <= self.delivered => MessageState::Delivered,
            _ => MessageState::Sent,
        }
    }
}

/// Messages above a hole, kept out of sight until it is filled: readers shall see the numbers rise only.
#[derive(Debug, Clone, PartialEq)]
struct Parked {
    messages: Vec<MessageView>,
    /// The highest number below the hole.
    below: u64,
}

/// A conversation's messages.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Thread {
    /// Numbered ones in order, then pending and failed ones in the order they were written.
    messages: Vec<Arc<Message>>,
    last: u64,
    unread: usize,
    read: u64,
    everyone: Marks,
    internal: Marks,
    parked: Option<Parked>,
}

impl Thread {
    pub(super) fn new(last: u64) -> Self {
        Self { last, ..Self::default() }
    }

    /// The messages at hand: numbered ones in order, then the pending and failed ones.
    pub fn messages(&self) -> &[Arc<Message>] {
        &self.messages
    }

    /// The number of the newest message the viewer may see.
    pub fn last(&self) -> u64 {
        self.last
    }

    /// How many of the others' messages at hand were not read by the viewer.
    pub fn unread(&self) -> usize {
        self.unread
    }

    /// The newest number at hand.
    pub(super) fn newest(&self) -> u64 {
        self.messages.iter().rev().find(|m| m.is_numbered()).map_or(0, |m| m.number)
    }

    /// The oldest number at hand: history is asked for below it.
    pub fn oldest(&self) -> Option<u64> {
        self.messages.first().map(|m| m.number).filter(|&n| n > 0)
    }

    /// The newest of the others' messages.
    pub(crate) fn newest_received(&self) -> u64 {
        self.messages.iter().rev().find(|m| m.is_numbered() && !m.own).map_or(0, |m| m.number)
    }

    pub(super) fn marks(&self, visibility: &str) -> Marks {
        if visibility == EVERYONE { self.everyone } else { self.internal }
    }

    /// Whether messages wait for a hole below them to be filled.
    pub(crate) fn has_hole(&self) -> bool {
        self.parked.is_some()
    }

    /// Takes a message to its place; gives it back where it was not there before, not even as local echo.
    pub(super) fn insert(&mut self, message: Message) -> Option<Arc<Message>> {
        self.last = self.last.max(message.number);
        if message.own && self.settle(&message) {
            return None;
        }
        let place = self.place_of(message.number);
        if place > 0 && self.messages[place - 1].number == message.number {
            return None;
        }
        if !message.own && message.number > self.read {
            self.unread += 1;
        }
        let message = Arc::new(message);
        self.messages.insert(place, message.clone());
        Some(message)
    }

    /// What of a page joins the messages at hand. A page holds all that the viewer may see from its first message up to `before`, or up to
    /// the newest; where it ends below the oldest at hand (which may have been let go since it was asked for), or reaches into a hole,
    /// messages between would be missing.
    pub(super) fn joining(&self, before: Option<u64>, mut page: Vec<MessageView>) -> Vec<MessageView> {
        let oldest = self.oldest();
        let joins = before.is_none_or(|before| oldest.map_or(before > self.last, |oldest| before >= oldest));
        let highest = self.parked.as_ref().map_or(u64::MAX, |parked| parked.below);
        page.retain(|message| joins && message.number <= highest);
        page
    }

    /// Lets the oldest go where there are very many.
    pub(super) fn trim(&mut self) {
        if self.messages.len() > KEPT {
            self.messages.drain(..LET_GO);
        }
    }

    /// Where a message of this number belongs, behind one of the same number.
    fn place_of(&self, number: u64) -> usize {
        // From the end: nearly every message is the newest.
        let behind = self.messages.iter().rev().take_while(|m| !m.is_numbered() || m.number > number).count();
        self.messages.len() - behind
    }

    /// Whether a message of this command waits for the gateway.
    pub(super) fn is_pending(&self, id: &CommandId) -> bool {
        self.messages.iter().rev().take_while(|m| !m.is_numbered()).any(|m| m.command_id == *id)
    }

    /// The local echo meets what the gateway made of it.
    fn settle(&mut self, message: &Message) -> bool {
        let echo = |m: &Arc<Message>| !m.is_numbered() && m.command_id == message.command_id;
        let Some(index) = self.messages.iter().rposition(echo) else { return false };
        self.messages.remove(index);
        let place = self.place_of(message.number);
        self.messages.insert(place, Arc::new(message.clone()));
        true
    }

    /// The local echo, at the end.
    pub(super) fn echo(&mut self, message: Message) -> Arc<Message> {
        let message = Arc::new(message);
        self.messages.push(message.clone());
        message
    }

    /// A message by the command that sent it.
    pub fn by_command(&self, id: &CommandId) -> Option<&Arc<Message>> {
        self.messages.iter().rev().find(|m| m.own && m.command_id == *id)
    }

    /// The gateway's answer to a local echo: its number and time. `None` where the event came first.
    pub(super) fn sent(
        &mut self,
        id: &CommandId,
        number: u64,
        at: Millis,
        stamp: u64,
    ) -> Option<Arc<Message>> {
        let echo = self.messages.iter().rfind(|m| !m.is_numbered() && m.command_id == *id)?;
        let state = self.marks(&echo.visibility).state_of(number);
        let message = Message { number, at, state, stamp, ..Message::clone(echo) };
        self.last = self.last.max(number);
        self.settle(&message);
        self.by_command(id).cloned()
    }

    /// The gateway refused a local echo.
    pub(super) fn failed(&mut self, id: &CommandId, stamp: u64) -> Option<Arc<Message>> {
        let echo = self.messages.iter_mut().rfind(|m| !m.is_numbered() && m.command_id == *id)?;
        *echo = Arc::new(Message { state: MessageState::Failed, stamp, ..Message::clone(echo) });
        Some(echo.clone())
    }

    /// Moves the other side's marks on; gives the places of the own messages whose state is to change.
    pub(super) fn mark(&mut self, everyone: bool, delivered: u64, read: u64) -> Vec<usize> {
        let marks = if everyone { &mut self.everyone } else { &mut self.internal };
        let before = *marks;
        *marks = Marks { delivered: before.delivered.max(delivered).max(read), read: before.read.max(read) };
        let (now, lowest) = (*marks, before.read);
        if (before.delivered, before.read) == (now.delivered, now.read) {
            return Vec::new();
        }
        let above = |m: &Message| !m.is_numbered() || m.number > lowest;
        let from = self.messages.iter().rposition(|m| !above(m)).map_or(0, |index| index + 1);
        let other = |m: &Message| {
            m.own
                && m.is_numbered()
                && (m.visibility == EVERYONE) == everyone
                && m.state != now.state_of(m.number)
        };
        (from..self.messages.len()).filter(|&index| other(&self.messages[index])).collect()
    }

    /// Gives the message at a place the state that the marks say.
    pub(super) fn restate(&mut self, index: usize, stamp: u64) -> Option<Arc<Message>> {
        let message = self.messages.get(index)?;
        let state = self.marks(&message.visibility).state_of(message.number);
        let message = Arc::new(Message { state, stamp, ..Message::clone(message) });
        self.messages[index] = message.clone();
        Some(message)
    }

    /// The viewer has read up to a number.
    pub(super) fn read_up_to(&mut self, number: u64) -> bool {
        if number <= self.read {
            return false;
        }
        self.read = number;
        let above = self.messages.iter().rev().take_while(|m| !m.is_numbered() || m.number > number);
        self.unread = above.filter(|m| m.is_numbered() && !m.own).count();
        true
    }

    /// Keeps messages out of sight: below them some are missing.
    pub(super) fn park(&mut self, below: u64, messages: Vec<MessageView>) {
        self.parked = Some(Parked { messages, below });
    }

    /// Nothing is missing any more.
    pub(super) fn close_hole(&mut self) {
        self.parked = None;
    }

    /// Where a hole is open, keeps a new message out of sight too; else gives it back.
    pub(super) fn park_if_open(&mut self, message: MessageView) -> Option<MessageView> {
        match &mut self.parked {
            None => Some(message),
            Some(parked) => {
                self.last = self.last.max(message.number);
                if parked.messages.iter().all(|m| m.number != message.number) {
                    parked.messages.push(message);
                }
                None
            }
        }
    }

    /// Below which number the next page that fills the hole is asked for.
    pub(crate) fn hole_before(&self) -> Option<u64> {
        let parked = self.parked.as_ref()?;
        parked.messages.iter().map(|m| m.number).min()
    }

    /// Takes a page of history into the hole. Gives all that waited, in order, once nothing is missing any more.
    pub(super) fn fill(&mut self, page: Vec<MessageView>, more: bool) -> Option<Vec<MessageView>> {
        let parked = self.parked.as_mut()?;
        let below = parked.below;
        let reached = !more || page.iter().any(|m| m.number <= below + 1) || page.is_empty();
        parked.messages.extend(page.into_iter().filter(|m| m.number > below));
        if !reached {
            return None;
        }
        let mut messages = self.parked.take()?.messages;
        messages.sort_by_key(|m| m.number);
        messages.dedup_by_key(|m| m.number);
        Some(messages)
    }
}
