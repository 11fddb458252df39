//! The waiting lines as customers see them: one for each queue and channel, whatever its conversations demand.

use super::InLine;
use crate::{standing::slot, state::Conversation, tenant::QueueIndex};
use jackfield_wire::{Channel, ConversationId, Millis};
use std::collections::{BTreeMap, BTreeSet};

/// Up to this place, a customer is told each time its place in line changes; further back it knows the place it came in at.
///
/// One who leaves the head moves everybody behind. Telling all 10,000 in a line would make every step cost 10,000 messages.
pub(crate) const PLACES_TOLD: u32 = 50;

/// Which line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct LineId {
    pub(crate) queue: QueueIndex,
    pub(crate) channel: Channel,
}

/// Where in a line: the lower, the sooner. A conversation keeps it whatever happens to it, but for being routed anew.
///
/// The score is the virtual start minus what the priorities are worth. Since all waiting grows alike, waiting time needs no place in it:
/// nothing is ever sorted again, and who waits longer than another by the worth of the difference in priority goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) score: i64,
    pub(crate) number: u64,
}

/// One line.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Line {
    /// All who wait, those who are being offered among them.
    pub(crate) waiting: BTreeMap<Place, ConversationId>,
    /// Those whose customers are to be called, by the same scores: they have no places among the customers.
    pub(crate) outbound: BTreeMap<Place, ConversationId>,
    /// When they came: with priorities, the first in line is not always who has waited longest. Without those who are aside.
    pub(crate) arrived: BTreeSet<(Millis, u64)>,
    /// How many are not being offered.
    pub(crate) open: usize,
    /// How many are to be called back.
    pub(crate) called_back: usize,
    /// How many are not to be offered to anybody at present.
    pub(crate) aside: usize,
    /// The first place (1 being next) whose holder was not told yet that it is another's now.
    pub(crate) moved_from: Option<u32>,
}

/// All lines of a tenant.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Lines {
    by_queue: Vec<[Line; 2]>,
    /// The lines where somebody is to be told a new place.
    pub(crate) moved: BTreeSet<LineId>,
}

impl Lines {
    pub(super) fn new(queues: usize) -> Self {
        Self { by_queue: vec![<[Line; 2]>::default(); queues], ..Self::default() }
    }

    pub(crate) fn get(&self, id: LineId) -> Option<&Line> {
        self.by_queue.get(id.queue).map(|lines| &lines[slot(id.channel)])
    }

    fn get_mut(&mut self, id: LineId) -> Option<&mut Line> {
        self.by_queue.get_mut(id.queue).map(|lines| &mut lines[slot(id.channel)])
    }

    /// Takes in that a conversation came or went. Gives its place, where it came.
    pub(super) fn change(
        &mut self,
        id: &ConversationId,
        before: Option<&InLine>,
        after: Option<&InLine>,
    ) -> Option<u32> {
        for (item, came) in [(before, false), (after, true)] {
            if let Some(item) = item.filter(|item| item.outbound) {
                self.change_outbound(item, id, came);
            }
        }
        let (before, after) = (before.filter(|item| !item.outbound), after.filter(|item| !item.outbound));
        for (item, came) in [(before, false), (after, true)] {
            let Some((item, line)) = item.and_then(|i| self.get_mut(i.line).map(|line| (i, line))) else {
                continue;
            };
            let count = |count: usize, one: bool| match (one, came) {
                (false, _) => count,
                (true, true) => count + 1,
                (true, false) => count.saturating_sub(1),
            };
            (line.open, line.aside) = (count(line.open, item.open), count(line.aside, item.aside));
            line.called_back = count(line.called_back, item.called_back);
        }
        self.change_arrived(before, after);
        if before.zip(after).is_some_and(|(b, a)| b.line == a.line && b.place == a.place) {
            return None;
        }
        if let Some(left) = before {
            self.leave(left);
        }
        after.and_then(|joined| self.join(joined, id))
    }

    fn change_outbound(&mut self, item: &InLine, id: &ConversationId, came: bool) {
        let Some(line) = self.get_mut(item.line) else { return };
        if came {
            line.outbound.insert(item.place, id.clone());
        } else {
            line.outbound.remove(&item.place);
        }
    }

    fn change_arrived(&mut self, before: Option<&InLine>, after: Option<&InLine>) {
        let shown = |item: &&InLine| !item.aside;
        let key = |item: &InLine| (item.line, (item.arrived, item.turn.number));
        let (before, after) = (before.filter(shown).map(key), after.filter(shown).map(key));
        if before == after {
            return;
        }
        if let Some((id, key)) = before
            && let Some(line) = self.get_mut(id)
        {
            line.arrived.remove(&key);
        }
        if let Some((id, key)) = after
            && let Some(line) = self.get_mut(id)
        {
            line.arrived.insert(key);
        }
    }

    fn join(&mut self, joined: &InLine, id: &ConversationId) -> Option<u32> {
        let line = self.get_mut(joined.line)?;
        let last = line.waiting.last_key_value().is_none_or(|(last, _)| *last < joined.place);
        line.waiting.insert(joined.place, id.clone());
        // Almost all come in at the end. Only who has a better place (or a clock set back) is counted for.
        let place = if last { line.waiting.len() } else { line.waiting.range(..=joined.place).count() };
        if !last {
            self.mark_moved(joined.line, place + 1);
        }
        u32::try_from(place).ok()
    }

    fn leave(&mut self, left: &InLine) {
        let Some(line) = self.get_mut(left.line) else { return };
        line.waiting.remove(&left.place);
        let before = line.waiting.range(..left.place).take(PLACES_TOLD as usize).count();
        if before < line.waiting.len() {
            self.mark_moved(left.line, before + 1);
        }
    }

    /// Notes that the holders of all places from one on are to be told.
    pub(crate) fn mark_moved(&mut self, id: LineId, from: usize) {
        let Ok(from) = u32::try_from(from) else { return };
        let Some(line) = self.get_mut(id).filter(|_| from <= PLACES_TOLD) else { return };
        line.moved_from = Some(line.moved_from.map_or(from, |already| already.min(from)));
        self.moved.insert(id);
    }

    /// Notes that all places are told.
    pub(crate) fn places_told(&mut self, id: LineId) {
        if let Some(line) = self.get_mut(id) {
            line.moved_from = None;
        }
        self.moved.remove(&id);
    }

    /// After a rebuild: who was told another place than it has.
    pub(super) fn note_moved(&mut self, conversations: &BTreeMap<ConversationId, Conversation>) {
        for queue in 0..self.by_queue.len() {
            for channel in Channel::ALL.iter().copied() {
                let id = LineId { queue, channel };
                let told = |c| conversations.get(c).and_then(|c| c.place_told);
                let Some(line) = self.get_mut(id) else { continue };
                line.moved_from = None;
                let places = line.waiting.values().zip(1..=PLACES_TOLD);
                let moved =
                    places.filter(|(c, place)| told(*c) != Some(*place)).map(|(_, place)| place).next();
                self.moved.remove(&id);
                if let Some(from) = moved {
                    self.mark_moved(id, from as usize);
                }
            }
        }
    }
}
