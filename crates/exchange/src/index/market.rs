//! What is to be matched: who waits and is not being offered, by what they demand.

mod classes;
mod seek;

use super::{
    InLine, LineId, Place,
    staff::{Staff, Want},
};
use crate::{
    demand::Demand,
    standing::slot,
    tenant::{AgentIndex, Tenant},
};
use classes::{Class, ClassIndex, Classes, Terms};
use seek::Seeker;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

/// The place of a stand in the list of stands.
pub(crate) type StandIndex = usize;

/// Before every turn.
pub(crate) const EARLIEST: Place = Place { score: i64::MIN, number: 0 };

/// Those of one line with the same demand. Whoever can serve one of them can serve all, but for pauses after refusals, so that looking at the head is enough.
#[derive(Debug, Clone)]
pub(crate) struct Stand {
    pub(crate) line: LineId,
    pub(crate) demand: Arc<Demand>,
    pub(crate) want: Want,
    /// Who waits, in order.
    open: BTreeSet<Place>,
    /// What each is worth against other lines, where that is not its place: where the last is served first.
    turns: BTreeMap<Place, Place>,
    /// The turn of the first.
    head: Option<Place>,
    /// Its place.
    first: Option<Place>,
    class: ClassIndex,
    /// Whether its queue is one that some agents serve before others: then a turn may be worth more than it is.
    is_somebodys_first: bool,
}

/// A place, for whom it is found: before all that are later by `rank`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Found {
    /// The turn, less what the queue is worth to an agent who is ready for it.
    pub(crate) rank: Place,
    pub(crate) stand: StandIndex,
    pub(crate) turn: Place,
}

impl Place {
    /// As if so much more had been waited, in milliseconds.
    pub(super) fn ahead_by(self, worth: i64) -> Self {
        Self { score: self.score.saturating_sub(worth), ..self }
    }
}

impl Stand {
    fn turn_of(&self, place: Place) -> Place {
        self.turns.get(&place).copied().unwrap_or(place)
    }

    /// No rank in it is earlier. Where the last is served first, the turns do not grow from the head on: who is passed over gives way to one of an earlier turn.
    fn bound(&self) -> Option<Place> {
        self.head.map(|head| if self.is_moody() { EARLIEST } else { head })
    }

    /// Whether its ranks are for those who are ready to say.
    pub(crate) fn is_moody(&self) -> bool {
        self.is_somebodys_first || self.is_backwards()
    }

    /// Whether the last is served first.
    pub(crate) fn is_backwards(&self) -> bool {
        !self.turns.is_empty()
    }

    /// All who wait, in order: the place, and what it is worth against other lines.
    pub(crate) fn open(&self) -> impl Iterator<Item = (Place, Place)> {
        self.open.iter().map(|place| (*place, self.turn_of(*place)))
    }
}

/// All stands.
#[derive(Debug, Clone, Default)]
pub(crate) struct Market {
    by_key: HashMap<(LineId, Arc<Demand>), StandIndex>,
    stands: Vec<Option<Stand>>,
    free: Vec<StandIndex>,
    /// By channel: the stands that are for anybody, by the turn of their heads.
    order: [BTreeSet<(Place, StandIndex)>; 2],
    /// By queue and channel: the stands that are for anybody.
    by_queue: Vec<[BTreeSet<StandIndex>; 2]>,
    classes: Classes,
    /// Who waits where the last is served first, by number.
    backwards: HashMap<u64, StandIndex>,
    /// By line where the last is served first: its stands, by the place of the first in them.
    lines: BTreeMap<LineId, BTreeSet<(Place, StandIndex)>>,
}

impl Market {
    /// Takes in that somebody waits, and is not being offered. Gives its stand.
    pub(super) fn open(&mut self, tenant: &Tenant, staff: &mut Staff, item: &InLine) -> (StandIndex, Place) {
        let key = (item.line, Arc::clone(&item.now.demand));
        let n = match self.by_key.get(&key) {
            Some(known) => *known,
            None => self.begin(tenant, staff, key),
        };
        if let Some(stand) = self.stands.get_mut(n).and_then(Option::as_mut) {
            stand.open.insert(item.place);
            if item.turn != item.place {
                stand.turns.insert(item.place, item.turn);
                self.backwards.insert(item.turn.number, n);
            }
        }
        self.set_head(n);
        let is_moody = item.turn != item.place || staff.is_somebodys_first(item.line.queue);
        (n, if is_moody { EARLIEST } else { item.turn })
    }

    fn begin(&mut self, tenant: &Tenant, staff: &mut Staff, key: (LineId, Arc<Demand>)) -> StandIndex {
        let want = staff.want(tenant, &key.1);
        let n = self.free.pop().unwrap_or_else(|| {
            self.stands.push(None);
            self.stands.len() - 1
        });
        let class = self.classes.of(staff, Terms::new(key.0.channel, &want));
        let (open, turns) = (BTreeSet::new(), BTreeMap::new());
        let (line, demand) = (key.0, Arc::clone(&key.1));
        let is_somebodys_first = staff.is_somebodys_first(line.queue);
        let (head, first) = (None, None);
        let stand = Stand { line, demand, want, open, turns, head, first, class, is_somebodys_first };
        self.stands[n] = Some(stand);
        self.by_key.insert(key, n);
        n
    }

    /// Takes in that somebody waits no more, or is being offered.
    pub(super) fn close(&mut self, item: &InLine) {
        let key = (item.line, Arc::clone(&item.now.demand));
        let Some(&n) = self.by_key.get(&key) else { return };
        let Some(stand) = self.stands.get_mut(n).and_then(Option::as_mut) else { return };
        stand.open.remove(&item.place);
        if stand.turns.remove(&item.place).is_some() {
            self.backwards.remove(&item.turn.number);
        }
        let is_over = stand.open.is_empty();
        self.set_head(n);
        if is_over {
            self.by_key.remove(&key);
            self.stands[n] = None;
            self.free.push(n);
        }
    }

    fn set_head(&mut self, n: StandIndex) {
        let Some(stand) = self.stands.get_mut(n).and_then(Option::as_mut) else { return };
        let first = stand.open.first().copied();
        let head = first.map(|first| stand.turn_of(first));
        let first_before = std::mem::replace(&mut stand.first, first);
        let before = std::mem::replace(&mut stand.head, head);
        if before == head {
            return;
        }
        self.classes.change_head(stand.class, n, before, head);
        let first = first.filter(|_| stand.is_backwards());
        change_line(&mut self.lines, stand.line, n, (first_before, first));
        if stand.want.only.is_some() {
            return;
        }
        let (queue, slot) = (stand.line.queue, slot(stand.line.channel));
        if let Some(before) = before {
            self.order[slot].remove(&(before, n));
        }
        if let Some(head) = head {
            self.order[slot].insert((head, n));
        }
        if queue >= self.by_queue.len() {
            self.by_queue.resize_with(queue + 1, Default::default);
        }
        match (before, head) {
            (None, Some(_)) => {
                self.by_queue[queue][slot].insert(n);
            }
            (Some(_), None) => {
                self.by_queue[queue][slot].remove(&n);
            }
            _ => {}
        }
    }

    /// The stands of a line where the last is served first, each with the place of the first in it: who goes first comes first.
    pub(super) fn firsts(&self, line: LineId) -> impl Iterator<Item = (Place, StandIndex, &Stand)> {
        let stands = self.lines.get(&line).into_iter().flatten();
        stands.filter_map(|(place, n)| Some((*place, *n, self.get(*n)?)))
    }

    pub(crate) fn get(&self, n: StandIndex) -> Option<&Stand> {
        self.stands.get(n)?.as_ref()
    }

    /// Every stand, with a turn that none in it is before.
    pub(crate) fn all(&self) -> impl Iterator<Item = (Place, StandIndex)> {
        let stands = self.stands.iter().enumerate();
        stands.filter_map(|(n, stand)| Some((stand.as_ref()?.bound()?, n)))
    }

    /// The stand that an agent serves first: its head, or the first there that is not among the paused for this agent. Where the last is served first, what
    /// goes first in a line is for all who are ready to say (`first_of_line`): what one agent would take may have an earlier turn than what goes before it.
    pub(super) fn best_for(
        &self,
        staff: &Staff,
        (agent, paused): (AgentIndex, Vec<u64>),
        first_of_line: &dyn Fn(LineId) -> Option<Found>,
    ) -> Option<Found> {
        Seeker { market: self, staff, agent, paused, first_of_line, best: None }.seek()
    }

    /// Whether a stand is found wherever it can be looked for.
    fn is_filed(&self, n: StandIndex, stand: &Stand) -> bool {
        let Some(head) = stand.head else { return false };
        let (for_anybody, slot) = (stand.want.only.is_none(), slot(stand.line.channel));
        let in_queue = self.by_queue.get(stand.line.queue).is_some_and(|stands| stands[slot].contains(&n));
        let terms = Terms::new(stand.line.channel, &stand.want);
        let backwards = stand.turns.values().all(|turn| self.backwards.get(&turn.number) == Some(&n));
        let first = stand.first.filter(|_| stand.is_backwards()).map(|first| (first, n));
        let in_line = self.lines.get(&stand.line).into_iter().flatten().find(|(_, other)| *other == n);
        self.order[slot].contains(&(head, n)) == for_anybody
            && in_queue == for_anybody
            && self.classes.holds(stand.class, &terms, head, n)
            && backwards
            && in_line == first.as_ref()
    }

    fn counts(&self) -> ([usize; 4], [usize; 3]) {
        let by_queue = self.by_queue.iter().flatten().map(BTreeSet::len).sum();
        (self.classes.counts(), [self.order.iter().map(BTreeSet::len).sum(), by_queue, self.backwards.len()])
    }
}

/// Takes in that another is the first of a stand, in a line where the last is served first.
fn change_line(
    lines: &mut BTreeMap<LineId, BTreeSet<(Place, StandIndex)>>,
    line: LineId,
    n: StandIndex,
    (before, after): (Option<Place>, Option<Place>),
) {
    if let (Some(before), Some(stands)) = (before, lines.get_mut(&line)) {
        stands.remove(&(before, n));
        if stands.is_empty() {
            lines.remove(&line);
        }
    }
    if let Some(after) = after {
        lines.entry(line).or_default().insert((after, n));
    }
}

impl PartialEq for Market {
    /// In which order stands and classes began says nothing, nor which of several skills a class is filed under.
    fn eq(&self, other: &Self) -> bool {
        let told = |market: &Self| {
            let stands = market.stands.iter().enumerate().filter_map(|(n, s)| Some((n, s.as_ref()?)));
            let told = stands.map(|(n, s)| {
                let filed = market.is_filed(n, s);
                ((s.line, Arc::clone(&s.demand)), (s.open.clone(), s.turns.clone(), s.head, filed))
            });
            told.collect::<BTreeMap<_, _>>()
        };
        told(self) == told(other)
            && self.by_key.len() == other.by_key.len()
            && self.counts() == other.counts()
            && self.lines.keys().eq(other.lines.keys())
    }
}
