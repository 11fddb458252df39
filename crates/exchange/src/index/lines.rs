//! The waiting lines: one for each queue and channel.

use super::InLine;
use crate::{
    standing::slot,
    state::Conversation,
    tenant::{QueueIndex, Tenant},
};
use jackfield_wire::{Channel, ConversationId, Millis};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

/// Up to this place, a customer is told each time its place in line changes; further back it knows the place it came in at.
///
/// One who leaves the head moves everybody behind. Telling all 10,000 in a line would make every step cost 10,000 messages.
pub(crate) const PLACES_TOLD: u32 = 50;

/// Which line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LineId {
    pub(crate) queue: QueueIndex,
    pub(crate) channel: Channel,
}

/// Where in a line: by arrival, which a conversation keeps whatever happens to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) arrived: Millis,
    pub(crate) number: u64,
}

/// One line.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Line {
    /// All who wait, those who are being offered among them.
    pub(crate) waiting: BTreeMap<Place, ConversationId>,
    /// Those who are not being offered.
    pub(crate) open: BTreeSet<Place>,
    /// How many teams that serve the queue have an agent ready for the channel.
    teams_ready: u32,
    /// The first place (1 being next) whose holder was not told yet that it is another's now.
    pub(crate) moved_from: Option<u32>,
    /// How the line stands in the order of service.
    served: Option<Turn>,
}

/// A line's turn: a higher priority first, then who came first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Turn {
    priority: Reverse<u8>,
    head: Place,
    pub(crate) line: LineId,
}

/// All lines of a tenant.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Lines {
    by_queue: Vec<[Line; 2]>,
    /// The lines where somebody waits and some agent is ready, in the order of service.
    pub(crate) turns: BTreeSet<Turn>,
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

    /// Takes in that a conversation came, went, or is or is no longer being offered. Gives its place, where it came.
    pub(super) fn change(
        &mut self,
        tenant: &Tenant,
        id: &ConversationId,
        before: Option<InLine>,
        after: Option<InLine>,
    ) -> Option<u32> {
        let stays = before.zip(after).is_some_and(|(b, a)| b.line == a.line && b.place == a.place);
        if let Some(left) = before.filter(|_| !stays) {
            self.leave(left);
        }
        let came = after.filter(|_| !stays).and_then(|joined| self.join(joined, id));
        if let Some(stands) = after.filter(|_| stays)
            && let Some(line) = self.get_mut(stands.line)
        {
            line.set_open(stands);
        }
        for changed in [before, after].into_iter().flatten() {
            self.set_turn(tenant, changed.line);
        }
        came
    }

    fn join(&mut self, joined: InLine, id: &ConversationId) -> Option<u32> {
        let line = self.get_mut(joined.line)?;
        let last = line.waiting.last_key_value().is_none_or(|(last, _)| *last < joined.place);
        line.waiting.insert(joined.place, id.clone());
        line.set_open(joined);
        // Almost all come in at the end. Only who comes back to its place (or a clock set back) is counted for.
        let place = if last { line.waiting.len() } else { line.waiting.range(..=joined.place).count() };
        if !last {
            self.mark_moved(joined.line, place + 1);
        }
        u32::try_from(place).ok()
    }

    fn leave(&mut self, left: InLine) {
        let Some(line) = self.get_mut(left.line) else { return };
        line.waiting.remove(&left.place);
        line.open.remove(&left.place);
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

    /// Takes in that a team has its first ready agent for the line, or no more.
    pub(super) fn team_turned(&mut self, tenant: &Tenant, id: LineId, came: bool) {
        let Some(line) = self.get_mut(id) else { return };
        line.teams_ready = if came { line.teams_ready + 1 } else { line.teams_ready.saturating_sub(1) };
        self.set_turn(tenant, id);
    }

    fn set_turn(&mut self, tenant: &Tenant, id: LineId) {
        let priority = Reverse(tenant.queue_at(id.queue).map_or(0, |q| q.priority));
        let Some(line) = self.get_mut(id) else { return };
        let head = line.open.first().filter(|_| line.teams_ready > 0);
        let turn = head.map(|head| Turn { priority, head: *head, line: id });
        let before = std::mem::replace(&mut line.served, turn);
        if before == turn {
            return;
        }
        if let Some(before) = before {
            self.turns.remove(&before);
        }
        self.turns.extend(turn);
    }
}

impl Line {
    fn set_open(&mut self, stands: InLine) {
        if stands.open {
            self.open.insert(stands.place);
        } else {
            self.open.remove(&stands.place);
        }
    }
}
