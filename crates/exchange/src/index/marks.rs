//! What is to be told to those who watch the floor.

use super::Bits;
use crate::{
    stats::Day,
    tenant::{QueueIndex, TeamIndex, Tenant},
};
use jackfield_wire::{Millis, UserId};
use std::collections::BTreeSet;

/// How many queues, and how many agents, are told of at once. Where more have changed (an agent of a large team came or went, a minute or a day is over, a new
/// configuration) they come in turns, so that what a telling costs is bounded however large the tenant is, and however much happens.
pub(crate) const TOLD_AT_ONCE: usize = 500;

/// What changed since the floor was told last.
#[derive(Debug, Clone, Default)]
pub(crate) struct FloorMarks {
    /// Queues in which something happened.
    pub(crate) queues: BTreeSet<QueueIndex>,
    /// Teams with other numbers than before: all their queues changed. One mark for an agent, however many queues it serves.
    pub(crate) teams: BTreeSet<TeamIndex>,
    pub(crate) agents: BTreeSet<UserId>,
    /// Queues of such teams that were not told of yet.
    staffed: BTreeSet<QueueIndex>,
    /// Who was told of last, where not all were: the next goes on behind it.
    last: (Option<QueueIndex>, Option<QueueIndex>, Option<UserId>),
    /// Queues with something in the sliding window: they change as minutes leave it.
    pub(crate) rolling: BTreeSet<QueueIndex>,
    /// The time up to which minutes have left the window.
    pub(crate) looked: Millis,
    /// The tenant's day that it is.
    pub(crate) day: Day,
    /// Agents whom the fact that is being taken in concerns.
    pub(crate) touched: Vec<UserId>,
}

impl FloorMarks {
    /// All of it was told.
    pub(crate) fn told(&mut self) {
        self.queues.clear();
        self.staffed.clear();
        self.teams.clear();
        self.agents.clear();
    }

    /// The queues to be told of now, at most [`TOLD_AT_ONCE`], of those that are wanted: first those in which something happened. The others that are wanted
    /// stay marked, those that nobody wants do not.
    pub(crate) fn next_queues(
        &mut self,
        tenant: &Tenant,
        wanted: impl Fn(QueueIndex) -> bool,
    ) -> BTreeSet<QueueIndex> {
        self.spread(tenant);
        self.queues.retain(|queue| wanted(*queue));
        let queues = &self.queues;
        self.staffed.retain(|queue| !queues.contains(queue) && wanted(*queue));
        // However much happens, a quarter is left to the others.
        let most = TOLD_AT_ONCE - self.staffed.len().min(TOLD_AT_ONCE / 4);
        let mut told = turn(&mut self.queues, &mut self.last.0, most);
        let rest = TOLD_AT_ONCE - told.len();
        told.extend(turn(&mut self.staffed, &mut self.last.1, rest));
        told
    }

    /// The agents to be told of now, as [`FloorMarks::next_queues`].
    pub(crate) fn next_agents(&mut self, wanted: impl Fn(&UserId) -> bool) -> BTreeSet<UserId> {
        self.agents.retain(|user_id| wanted(user_id));
        turn(&mut self.agents, &mut self.last.2, TOLD_AT_ONCE)
    }

    /// Marks the queues of the teams that are marked. Large teams serve the same queues: once all are marked, the other teams need not be looked at.
    fn spread(&mut self, tenant: &Tenant) {
        let (mut marked, mut count, all) = (Bits::default(), 0, tenant.config.queues.len());
        for team in std::mem::take(&mut self.teams) {
            for &queue in tenant.queues_of(team) {
                if !marked.has(queue) {
                    marked.set(queue, true);
                    count += 1;
                }
            }
            if count == all {
                break;
            }
        }
        self.staffed.extend(marked.iter());
    }
}

/// Takes up to so many out of a set, from behind the last that was taken on, and round.
fn turn<T: Ord + Clone>(set: &mut BTreeSet<T>, last: &mut Option<T>, most: usize) -> BTreeSet<T> {
    if set.len() <= most {
        *last = None;
        return std::mem::take(set);
    }
    let behind = last.as_ref().map_or_else(BTreeSet::new, |last| {
        let mut behind = set.split_off(last);
        if let Some(same) = behind.take(last) {
            set.insert(same);
        }
        behind
    });
    let mut order: Vec<T> = behind.into_iter().chain(std::mem::take(set)).collect();
    let rest = order.split_off(most);
    *last = order.last().cloned();
    set.extend(rest);
    order.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_have_their_turn_though_others_come_again_and_again() {
        let (mut set, mut last) = (BTreeSet::new(), None);
        let mut told = Vec::new();
        for _ in 0..4 {
            set.extend(0..10);
            told.push(turn(&mut set, &mut last, 4).into_iter().collect::<Vec<_>>());
        }
        assert_eq!(told, [vec![0, 1, 2, 3], vec![4, 5, 6, 7], vec![0, 1, 8, 9], vec![2, 3, 4, 5]]);
        set.retain(|n| *n < 2);
        assert_eq!(turn(&mut set, &mut last, 4).into_iter().collect::<Vec<_>>(), [0, 1]);
        assert_eq!((set.len(), last), (0, None));
    }
}
