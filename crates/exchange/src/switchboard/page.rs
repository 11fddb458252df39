//! The newest messages of one conversation.

use jackfield_wire::{MessageView, Visibility};
use std::collections::BTreeMap;

/// Messages in the order of their numbers, oldest first, and whether there are older ones than these.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Slice {
    /// The messages.
    pub(super) messages: Vec<MessageView>,
    /// Whether older ones are there.
    pub(super) more: bool,
}

/// The newest messages of one conversation, without a gap up to the newest.
#[derive(Debug)]
pub(super) struct Page {
    messages: BTreeMap<u64, MessageView>,
    /// Whether the store has older ones; `None` while it was never asked, and the conversation did not begin here.
    older: Option<bool>,
    /// The batch that holds the newest message.
    batch: u64,
    /// When it was last used, counted.
    pub(super) used: u64,
    /// Whether its conversation is offered to somebody, who will look at it in a moment.
    pub(super) offered: bool,
}

impl Page {
    /// A conversation that begins with a batch.
    pub(super) fn empty(batch: u64) -> Self {
        Self { messages: BTreeMap::new(), older: Some(false), batch, used: 0, offered: false }
    }

    /// A conversation that began earlier, of which nothing is known here.
    pub(super) fn unknown() -> Self {
        Self { older: None, ..Self::empty(0) }
    }

    /// Adds a message; drops the oldest where there are more than `most`.
    pub(super) fn add(&mut self, message: MessageView, batch: u64, most: usize) {
        self.messages.insert(message.number, message);
        self.batch = self.batch.max(batch);
        self.trim(most);
    }

    /// Takes in the newest messages as the store has them. Newer ones that the store did not have yet are here already.
    pub(super) fn fill(&mut self, stored: Vec<MessageView>, more: bool, most: usize) {
        self.messages.extend(stored.into_iter().map(|message| (message.number, message)));
        self.older = Some(more);
        self.trim(most);
    }

    /// Whether it could be read again from a store that has this batch.
    pub(super) fn is_stored(&self, committed: u64) -> bool {
        self.batch <= committed
    }

    /// Whether it is known what the newest messages are.
    pub(super) fn is_known(&self) -> bool {
        self.older.is_some()
    }

    /// The newest messages before a number, if all of them are here.
    pub(super) fn slice(&self, before: Option<u64>, limit: usize, see_internal: bool) -> Option<Slice> {
        let older = self.older?;
        let slice = self.held(before, limit, see_internal);
        if slice.more || !older {
            return Some(slice);
        }
        // As many as asked for, but whether an older one is visible only the store knows: it surely has older ones.
        (slice.messages.len() == limit).then_some(Slice { more: true, ..slice })
    }

    /// The newest of the messages held here before a number, whatever the store has beside.
    pub(super) fn held(&self, before: Option<u64>, limit: usize, see_internal: bool) -> Slice {
        let below = self.messages.range(..before.unwrap_or(u64::MAX));
        let mut visible =
            below.rev().map(|(_, m)| m).filter(|m| see_internal || m.visibility == Visibility::Everyone);
        let mut messages: Vec<_> = visible.by_ref().take(limit).cloned().collect();
        messages.reverse();
        Slice { messages, more: visible.next().is_some() }
    }

    fn trim(&mut self, most: usize) {
        while self.messages.len() > most {
            self.messages.pop_first();
            self.older = self.older.map(|_| true);
        }
    }
}

/// Puts together what the store and the page have before a number. Both may have the same message.
pub(super) fn merge(stored: Slice, held: Slice, limit: usize) -> Slice {
    let more = stored.more || held.more;
    let all: BTreeMap<u64, MessageView> =
        stored.messages.into_iter().chain(held.messages).map(|m| (m.number, m)).collect();
    let skip = all.len().saturating_sub(limit);
    Slice { messages: all.into_values().skip(skip).collect(), more: more || skip > 0 }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use jackfield_wire::{CommandId, ParticipantId, Role};

    pub(in super::super) fn message(number: u64, visibility: Visibility) -> MessageView {
        MessageView {
            number,
            command_id: CommandId::numbered('m', number),
            participant_id: ParticipantId::parse("p1").unwrap(),
            name: "Mina".into(),
            role: Role::Agent,
            at: number,
            visibility,
            note: false,
            text: format!("text {number}"),
        }
    }

    fn page(numbers: std::ops::RangeInclusive<u64>, older: Option<bool>) -> Page {
        let mut page = Page { older, ..Page::empty(0) };
        for n in numbers {
            let visibility = if n % 3 == 0 { Visibility::Internal } else { Visibility::Everyone };
            page.add(message(n, visibility), 1, 100);
        }
        page
    }

    fn numbers(slice: Option<Slice>) -> Option<(Vec<u64>, bool)> {
        slice.map(|slice| (slice.messages.iter().map(|m| m.number).collect(), slice.more))
    }

    #[test]
    fn gives_only_what_it_is_sure_of() {
        let whole = page(1..=10, Some(false));
        assert_eq!(numbers(whole.slice(None, 3, true)), Some((vec![8, 9, 10], true)));
        assert_eq!(numbers(whole.slice(Some(3), 3, true)), Some((vec![1, 2], false)));
        assert_eq!(numbers(whole.slice(Some(5), 3, false)), Some((vec![1, 2, 4], false)));
        let part = page(5..=10, Some(true));
        assert_eq!(numbers(part.slice(None, 3, false)), Some((vec![7, 8, 10], true)));
        assert_eq!(numbers(part.slice(Some(6), 3, true)), None, "the store has older ones");
        assert_eq!(numbers(page(5..=10, None).slice(None, 3, true)), None);
    }

    #[test]
    fn keeps_the_newest() {
        let mut page = page(1..=4, Some(false));
        page.add(message(5, Visibility::Everyone), 9, 3);
        assert_eq!(numbers(page.slice(None, 3, true)), Some((vec![3, 4, 5], true)));
        assert!(page.is_stored(9) && !page.is_stored(8));
    }

    #[test]
    fn joins_what_the_store_has_with_what_it_has_not_yet() {
        let stored = Slice { messages: page(1..=4, None).held(None, 9, true).messages, more: false };
        let held = page(4..=6, None).held(None, 9, true);
        assert_eq!(numbers(Some(merge(stored, held, 4))), Some((vec![3, 4, 5, 6], true)));
    }
}
