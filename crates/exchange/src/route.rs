//! Matching: of all who wait, the one whose turn it is and for whom somebody is ready; of all who are ready and fit, the one whom the queue's order names.

use crate::{
    AgentOrder, Event, Exchange, NewOffer, QueueConfig,
    index::{Bits, EARLIEST, Found, Stand, StandIndex, Todo},
    state::Conversation,
    tenant::AgentIndex,
};
use jackfield_wire::{Millis, OfferKind, OfferReason};

/// With more agents on the list than this, it is cheaper to look through all stands.
const AGENTS_AT_ONCE: usize = 64;
/// Up to so many agents who fit are ranked one by one; of more, those with the best skills are found as sets, and the first of these in an order that is kept.
/// The tests' centres are small: there, both is done.
const RANKED_AT_MOST: usize = if cfg!(test) { 2 } else { 64 };

impl Exchange {
    /// Proposes one conversation. What comes of it is what looking at everything would give; the work-lists only say where to look.
    pub(crate) fn route(&self, now: Millis) -> Vec<Event> {
        let Some(found) = self.find_match() else { return Vec::new() };
        let Some(stand) = self.index.market.get(found.stand) else { return Vec::new() };
        let place = stand.open().find(|(_, turn)| *turn == found.turn).map(|(place, _)| place);
        let line = self.index.lines.get(stand.line);
        let id = line
            .zip(place)
            .and_then(|(line, place)| line.waiting.get(&place).or_else(|| line.outbound.get(&place)));
        let conversation = id.and_then(|id| self.state.conversations.get(id));
        conversation.map_or_else(Vec::new, |c| self.propose(stand, c, now))
    }

    fn find_match(&self) -> Option<Found> {
        let mut todo = self.index.work.todo();
        if todo.agents.len() > AGENTS_AT_ONCE {
            todo.agents.clear();
            todo.stands = self.index.market.all().collect();
        }
        let by_stand = self.first_stand(&mut todo);
        let by_agent = self.first_agent(&mut todo);
        by_stand.into_iter().chain(by_agent).min()
    }

    /// The first of the stands on the list, by the first in it for whom somebody is ready. Those without any are crossed off.
    fn first_stand(&self, todo: &mut Todo) -> Option<Found> {
        // Where the last is served first, or some serve the queue before others, the next rank may be an earlier one: these are looked at each time.
        let moody = todo.stands.range(..=(EARLIEST, StandIndex::MAX));
        let moody: Vec<_> = moody.map(|(_, n)| (*n, self.index.first_found(*n))).collect();
        moody.iter().filter(|(_, found)| found.is_none()).for_each(|(n, _)| {
            todo.stands.remove(&(EARLIEST, *n));
        });
        let moody = moody.into_iter().filter_map(|(_, found)| found).min();
        let steady = loop {
            let Some(&entry) = todo.stands.range((EARLIEST, StandIndex::MAX)..).next() else { break None };
            match self.index.first_found(entry.1) {
                Some(found) if (found.turn, found.stand) == entry => break Some(found),
                found => {
                    todo.stands.remove(&entry);
                    todo.stands.extend(found.map(|found| (found.turn, found.stand)));
                }
            }
        };
        moody.into_iter().chain(steady).min()
    }

    fn first_agent(&self, todo: &mut Todo) -> Option<Found> {
        let found = todo.agents.iter().map(|agent| (*agent, self.index.best_for(*agent)));
        let found: Vec<_> = found.collect();
        found.iter().filter(|(_, best)| best.is_none()).for_each(|(agent, _)| {
            todo.agents.remove(agent);
        });
        found.into_iter().filter_map(|(_, best)| best).min()
    }

    fn propose(&self, stand: &Stand, conversation: &Conversation, now: Millis) -> Vec<Event> {
        let ready = self.index.staff.ready_for(stand.line, &stand.want);
        let ready = self.index.without_paused(ready, conversation.number);
        let Some(queue) = self.tenant.queue_at(stand.line.queue) else { return Vec::new() };
        let reason = OfferReason {
            order: order_name(queue.agent_order).to_owned(),
            skills: stand.demand.skills.clone(),
            candidates: u32::try_from(ready.count()).unwrap_or(u32::MAX),
            waited_ms: now.saturating_sub(conversation.waits_since()),
            preferred: stand.demand.preferred.clone(),
            preferred_met: 0,
            ring: conversation.ring.into(),
            rule: conversation.rule.as_deref().map(str::to_owned),
            direct: stand.demand.by_name,
        };
        let met = |agent| self.index.staff.preferred_met(agent, &stand.want);
        let chosen = self
            .choose(stand, queue, &ready)
            .into_iter()
            .filter_map(|n| Some((self.tenant.agent_at(n)?, met(n))));
        let offers =
            chosen.zip(self.state.counters.next_offers()).map(|((agent, preferred_met), offer_id)| {
                NewOffer {
                    offer_id,
                    conversation_id: conversation.conversation_id.clone(),
                    user_id: agent.user_id.clone(),
                    kind: OfferKind::Conversation,
                    channel: conversation.channel,
                    expires_at: now + u64::from(self.tenant.offer_timeout_ms(&conversation.queue_id)),
                    reason: OfferReason { preferred_met, ..reason.clone() },
                }
            });
        offers.map(|offer| Event::OfferMade(Box::new(offer))).collect()
    }

    /// Whom the queue's order names first among those who are ready and fit: as many as it asks at once.
    fn choose(&self, stand: &Stand, queue: &QueueConfig, ready: &Bits) -> Vec<AgentIndex> {
        let (staff, order, channel) = (&self.index.staff, queue.agent_order, stand.line.channel);
        let (mut left, mut most) = (ready.clone(), usize::from(queue.offer_to).max(1));
        let mut chosen = Vec::new();
        while most > 0 && left.count() > RANKED_AT_MOST {
            let best = staff.best_of(left.clone(), &stand.want, order == AgentOrder::BestSkill);
            let first: Vec<_> = match best.count() {
                0..=RANKED_AT_MOST => self.ranked(stand, order, &best, most),
                _ => staff.walk(order, channel).filter(|n| best.has(*n)).take(most).collect(),
            };
            first.iter().for_each(|n| left.set(*n, false));
            most = if first.is_empty() { 0 } else { most - first.len() };
            chosen.extend(first);
        }
        chosen.extend(self.ranked(stand, order, &left, most));
        chosen
    }

    /// The first of some, by their ranks: for few.
    fn ranked(&self, stand: &Stand, order: AgentOrder, some: &Bits, most: usize) -> Vec<AgentIndex> {
        let rank = |n: &AgentIndex| self.rank(stand, order, *n);
        match most {
            0 => Vec::new(),
            1 => some.iter().min_by_key(rank).into_iter().collect(),
            _ => {
                let mut ranked: Vec<_> = some.iter().collect();
                ranked.sort_by_cached_key(rank);
                ranked.truncate(most);
                ranked
            }
        }
    }

    /// The lower, the sooner: first by the preferred skills, then by the queue's order, then by idleness, then as they stand in the configuration.
    fn rank(&self, stand: &Stand, order: AgentOrder, n: AgentIndex) -> (u32, u64, Millis, AgentIndex) {
        let staff = &self.index.staff;
        let Some(facts) = staff.facts(n) else { return (u32::MAX, u64::MAX, Millis::MAX, n) };
        let by_order = match order {
            AgentOrder::LongestIdle => 0,
            AgentOrder::BestSkill => u64::from(u32::MAX - staff.mastery(n, &stand.want)),
            AgentOrder::LeastLoaded => u64::from(facts.load),
            AgentOrder::RoundRobin => facts.last_offer,
        };
        (u32::MAX - staff.preferred_met(n, &stand.want), by_order, facts.idle_since, n)
    }
}

fn order_name(order: AgentOrder) -> &'static str {
    match order {
        AgentOrder::LongestIdle => "longest idle",
        AgentOrder::BestSkill => "best skill",
        AgentOrder::LeastLoaded => "least loaded",
        AgentOrder::RoundRobin => "round robin",
    }
}
