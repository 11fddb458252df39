//! Who is ready, in the orders by which queues choose.

use super::ReadyFacts;
use crate::{AgentOrder, TenantConfig, standing::slot, tenant::AgentIndex};
use jackfield_wire::{Channel, Millis};
use std::collections::BTreeSet;

/// Who goes first: by the order's own measure, then by idleness, then as they stand in the configuration.
type Key = (u64, Millis, AgentIndex);

/// Who is ready, by channel, in each order that a queue of the tenant chooses by. Where many fit, the first of them is found by walking along one.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Orders {
    idle: [BTreeSet<Key>; 2],
    /// Where a queue asks for it.
    load: Option<[BTreeSet<Key>; 2]>,
    /// Where a queue asks for it.
    offers: Option<[BTreeSet<Key>; 2]>,
}

impl Orders {
    pub(super) fn new(config: &TenantConfig) -> Self {
        let asked = |order| config.queues.iter().any(|queue| queue.agent_order == order);
        Self {
            idle: Default::default(),
            load: asked(AgentOrder::LeastLoaded).then(Default::default),
            offers: asked(AgentOrder::RoundRobin).then(Default::default),
        }
    }

    /// Takes in what an agent who is ready for a channel goes by; `None` where it is not ready.
    pub(super) fn change(
        &mut self,
        slot: usize,
        n: AgentIndex,
        (before, after): (Option<ReadyFacts>, Option<ReadyFacts>),
    ) {
        let change = |order: &mut [BTreeSet<Key>; 2], measure: fn(&ReadyFacts) -> u64| {
            let key = |facts: Option<ReadyFacts>| facts.map(|f| (measure(&f), f.idle_since, n));
            let (before, after) = (key(before), key(after));
            if before == after {
                return;
            }
            if let Some(before) = before {
                order[slot].remove(&before);
            }
            order[slot].extend(after);
        };
        change(&mut self.idle, |_| 0);
        if let Some(order) = &mut self.load {
            change(order, |facts| u64::from(facts.load));
        }
        if let Some(order) = &mut self.offers {
            change(order, |facts| facts.last_offer);
        }
    }

    /// Who is ready for a channel: who goes first comes first, as far as it does not depend on skills.
    pub(super) fn walk(&self, order: AgentOrder, channel: Channel) -> impl Iterator<Item = AgentIndex> {
        let by = match order {
            AgentOrder::LongestIdle | AgentOrder::BestSkill => None,
            AgentOrder::LeastLoaded => self.load.as_ref(),
            AgentOrder::RoundRobin => self.offers.as_ref(),
        };
        by.unwrap_or(&self.idle)[slot(channel)].iter().map(|(.., n)| *n)
    }
}
