//! What is to be matched: who waits and is not being offered, by what they demand.

use super::{
    InLine, LineId, Place,
    staff::{Staff, Want},
};
use crate::{
    demand::Demand,
    tenant::{AgentIndex, Tenant},
};
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
}

impl Stand {
    fn turn_of(&self, place: Place) -> Place {
        self.turns.get(&place).copied().unwrap_or(place)
    }

    /// No turn in it is earlier. Where the last is served first, the turns do not grow from the head on: who is passed over gives way to one of an earlier turn.
    fn bound(&self) -> Option<Place> {
        let head = self.open.first().copied();
        head.map(|head| if self.turns.is_empty() { head } else { EARLIEST })
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
    /// The head of each stand that is for anybody. It is a list of its own, so that looking through all is reading memory from end to end.
    heads: Vec<Option<Place>>,
    /// The stands that are for certain agents only. They may be many, and are none of the others' business.
    by_agent: HashMap<AgentIndex, BTreeSet<StandIndex>>,
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
            }
        }
        self.set_head(n);
        (n, if item.turn == item.place { item.turn } else { EARLIEST })
    }

    fn begin(&mut self, tenant: &Tenant, staff: &mut Staff, key: (LineId, Arc<Demand>)) -> StandIndex {
        let want = staff.want(tenant, &key.1);
        let n = self.free.pop().unwrap_or_else(|| {
            self.stands.push(None);
            self.heads.push(None);
            self.stands.len() - 1
        });
        for agent in want.only.iter().flatten() {
            self.by_agent.entry(*agent).or_default().insert(n);
        }
        let (open, turns) = (BTreeSet::new(), BTreeMap::new());
        self.stands[n] = Some(Stand { line: key.0, demand: Arc::clone(&key.1), want, open, turns });
        self.by_key.insert(key, n);
        n
    }

    /// Takes in that somebody waits no more, or is being offered.
    pub(super) fn close(&mut self, item: &InLine) {
        let key = (item.line, Arc::clone(&item.now.demand));
        let Some(&n) = self.by_key.get(&key) else { return };
        let Some(stand) = self.stands.get_mut(n).and_then(Option::as_mut) else { return };
        stand.open.remove(&item.place);
        stand.turns.remove(&item.place);
        if stand.open.is_empty() {
            for agent in stand.want.only.iter().flatten() {
                if let Some(stands) = self.by_agent.get_mut(agent) {
                    stands.remove(&n);
                    if stands.is_empty() {
                        self.by_agent.remove(agent);
                    }
                }
            }
            self.by_key.remove(&key);
            self.stands[n] = None;
            self.heads[n] = None;
            self.free.push(n);
            return;
        }
        self.set_head(n);
    }

    fn set_head(&mut self, n: StandIndex) {
        let stand = self.get(n).filter(|stand| stand.want.only.is_none());
        let head = stand.and_then(Stand::bound);
        self.heads[n] = head;
    }

    pub(crate) fn get(&self, n: StandIndex) -> Option<&Stand> {
        self.stands.get(n)?.as_ref()
    }

    /// Every stand, with a turn that none in it is before.
    pub(crate) fn all(&self) -> impl Iterator<Item = (Place, StandIndex)> {
        let stands = self.stands.iter().enumerate();
        stands.filter_map(|(n, stand)| Some((stand.as_ref()?.bound()?, n)))
    }

    /// The stand that an agent serves first: its head, or the first there that this agent has not turned down.
    pub(crate) fn best_for(
        &self,
        staff: &Staff,
        agent: AgentIndex,
        paused: impl Fn(u64) -> bool,
    ) -> Option<(Place, StandIndex)> {
        let ready = staff.facts(agent)?.ready;
        let mut best: Option<(Place, StandIndex)> = None;
        let own = self.by_agent.get(&agent).into_iter().flatten();
        let own = own.filter_map(|n| Some((self.get(*n)?.bound()?, *n)));
        let heads = self.heads.iter().enumerate().filter_map(|(n, head)| Some(((*head)?, n)));
        for (head, n) in own.chain(heads) {
            if best.is_some_and(|(turn, _)| turn <= head) {
                continue;
            }
            let Some(stand) = self.get(n) else { continue };
            if !ready[crate::standing::slot(stand.line.channel)]
                || !staff.fits(agent, stand.line.queue, &stand.want)
            {
                continue;
            }
            let first = stand.open().map(|(_, turn)| turn).find(|turn| !paused(turn.number));
            if let Some(turn) = first.filter(|turn| best.is_none_or(|(least, _)| *turn < least)) {
                best = Some((turn, n));
            }
        }
        best
    }
}

impl PartialEq for Market {
    /// In which order stands began says nothing.
    fn eq(&self, other: &Self) -> bool {
        let told = |market: &Self| {
            let stands = market.stands.iter().enumerate().filter_map(|(n, s)| Some((n, s.as_ref()?)));
            let told = stands.map(|(n, s)| {
                let for_anybody = market.heads[n];
                let listed = s.want.only.iter().flatten().all(|a| market.by_agent[a].contains(&n));
                ((s.line, Arc::clone(&s.demand)), (s.open.clone(), s.turns.clone(), for_anybody, listed))
            });
            told.collect::<BTreeMap<_, _>>()
        };
        told(self) == told(other)
            && self.by_key.len() == other.by_key.len()
            && self.by_agent.len() == other.by_agent.len()
    }
}
