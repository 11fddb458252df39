//! What it takes to serve a conversation at a time: the queue's demand and the conversation's own, each on its timeline.

use crate::{
    Needs, QueueConfig, RingConfig, Skills, UserConfig,
    state::Conversation,
    tenant::{QueueIndex, Tenant},
};
use jackfield_wire::{Millis, QueueId, UserId};
use std::{borrow::Cow, sync::Arc};

/// What it takes to serve a conversation. Conversations of one queue with equal demands stand in one line.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Demand {
    pub(crate) skills: Skills,
    pub(crate) preferred: Skills,
    /// Only these agents, in order of their ids; `None` for all.
    pub(crate) only: Option<Vec<UserId>>,
    /// One person is wanted: neither skills nor the list of queues are looked at.
    pub(crate) by_name: bool,
}

impl Demand {
    /// Whether an agent can serve it in a queue, ready or not.
    pub(crate) fn fits(&self, agent: &UserConfig, queue_id: &QueueId) -> bool {
        self.names(&agent.user_id)
            && (self.by_name || agent.lists(queue_id) && agent.has_skills(&self.skills))
    }

    /// Whether it is not for certain others only.
    pub(crate) fn names(&self, user_id: &UserId) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(user_id))
    }
}

/// A demand, and from which waiting time on it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) after_ms: u32,
    pub(crate) demand: Arc<Demand>,
}

/// The demand of a conversation now, and when the next ring holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Current {
    pub(crate) demand: Arc<Demand>,
    pub(crate) relaxes_at: Option<Millis>,
}

/// A queue's own timeline.
pub(crate) fn of_queue(queue: &QueueConfig) -> Vec<Step> {
    let demand =
        Demand { skills: queue.skills.clone(), preferred: queue.preferred.clone(), ..Demand::default() };
    relax(vec![Step { after_ms: 0, demand: Arc::new(demand) }], &queue.rings)
}

fn relax(mut steps: Vec<Step>, rings: &[RingConfig]) -> Vec<Step> {
    for ring in rings {
        let mut demand = steps.last().map(|step| Demand::clone(&step.demand)).unwrap_or_default();
        if let Some(skills) = &ring.skills {
            demand.skills.clone_from(skills);
        }
        if let Some(preferred) = &ring.preferred {
            demand.preferred.clone_from(preferred);
        }
        if let Some(agents) = &ring.agents {
            demand.only = only(agents);
        }
        steps.push(Step { after_ms: ring.after_ms, demand: Arc::new(demand) });
    }
    steps
}

/// Whom a ring names; nobody's name lifts the restriction.
fn only(agents: &[UserId]) -> Option<Vec<UserId>> {
    (!agents.is_empty()).then(|| in_order(agents))
}

fn in_order(agents: &[UserId]) -> Vec<UserId> {
    let mut agents = agents.to_vec();
    agents.sort_unstable();
    agents.dedup();
    agents
}

/// A conversation's own timeline.
fn of_needs(needs: &Needs) -> Vec<Step> {
    let (skills, preferred) = (needs.skills.clone(), needs.preferred.clone());
    let only = needs.agents.as_deref().map(in_order);
    let demand = Demand { skills, preferred, only, ..Demand::default() };
    let steps = relax(vec![Step { after_ms: 0, demand: Arc::new(demand) }], &needs.rings);
    let Some(agent) = &needs.agent else { return steps };
    let person = Demand { only: Some(vec![agent.user_id.clone()]), by_name: true, ..Demand::default() };
    let mut named = vec![Step { after_ms: 0, demand: Arc::new(person) }];
    if let Some(fallback) = agent.fallback_after_ms {
        let before = steps.iter().rev().find(|step| step.after_ms <= fallback);
        named.extend(before.map(|step| Step { after_ms: fallback, demand: Arc::clone(&step.demand) }));
        named.extend(steps.iter().filter(|step| step.after_ms > fallback).cloned());
    }
    named
}

/// Both hold together.
fn both(queue: &Demand, own: &Demand) -> Demand {
    if own.by_name {
        return own.clone();
    }
    let higher = |a: &Skills, b: &Skills| {
        let mut all = a.clone();
        for (skill, level) in b {
            let known = all.entry(skill.clone()).or_insert(*level);
            *known = (*known).max(*level);
        }
        all
    };
    Demand {
        skills: higher(&queue.skills, &own.skills),
        preferred: higher(&queue.preferred, &own.preferred),
        only: in_both(queue.only.as_deref(), own.only.as_deref()),
        by_name: false,
    }
}

/// Two restrictions, each in order, hold together: whom only one of them names is kept out.
fn in_both(some: Option<&[UserId]>, others: Option<&[UserId]>) -> Option<Vec<UserId>> {
    match (some, others) {
        (Some(some), Some(others)) => {
            Some(some.iter().filter(|id| others.binary_search(id).is_ok()).cloned().collect())
        }
        (only, None) | (None, only) => only.map(<[UserId]>::to_vec),
    }
}

fn together(queue: &[Step], own: &[Step]) -> Vec<Step> {
    // Both begin at 0; a second step at 0 is one of its own: "at once, unless somebody fits now".
    let (mut q, mut o) = (0, 0);
    let mut steps = Vec::new();
    loop {
        let (Some(queue_step), Some(own_step)) = (queue.get(q), own.get(o)) else { return steps };
        let after_ms = queue_step.after_ms.max(own_step.after_ms);
        steps.push(Step { after_ms, demand: Arc::new(both(&queue_step.demand, &own_step.demand)) });
        let next = |steps: &[Step], n: usize| steps.get(n + 1).map(|step| step.after_ms);
        match (next(queue, q), next(own, o)) {
            (None, None) => return steps,
            (Some(a), Some(b)) if a == b => (q, o) = (q + 1, o + 1),
            (Some(a), b) if b.is_none_or(|b| a < b) => q += 1,
            _ => o += 1,
        }
    }
}

/// The whole timeline of a conversation in a queue.
pub(crate) fn timeline<'a>(
    tenant: &'a Tenant,
    queue: QueueIndex,
    conversation: &Conversation,
) -> Cow<'a, [Step]> {
    timeline_of(tenant, queue, conversation.needs.as_deref())
}

/// The whole timeline of who needs that, in a queue.
pub(crate) fn timeline_of<'a>(
    tenant: &'a Tenant,
    queue: QueueIndex,
    needs: Option<&Needs>,
) -> Cow<'a, [Step]> {
    let of_queue = tenant.steps(queue);
    match needs {
        None => Cow::Borrowed(of_queue),
        Some(needs) => Cow::Owned(together(of_queue, &of_needs(needs))),
    }
}

/// What a conversation in a queue demands now.
pub(crate) fn current(tenant: &Tenant, queue: QueueIndex, conversation: &Conversation) -> Current {
    let steps = timeline(tenant, queue, conversation);
    // A new configuration may have fewer rings than the conversation has come through.
    let ring = usize::from(conversation.ring).min(steps.len().saturating_sub(1));
    let relaxes_at = steps.get(ring + 1).map(|s| conversation.queued_at() + u64::from(s.after_ms));
    Current { demand: steps.get(ring).map(|s| Arc::clone(&s.demand)).unwrap_or_default(), relaxes_at }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DirectAgent;

    fn skills(pairs: &[(&str, u8)]) -> Skills {
        pairs.iter().map(|(skill, level)| ((*skill).to_owned(), *level)).collect()
    }

    fn ring(after_ms: u32, pairs: &[(&str, u8)]) -> RingConfig {
        RingConfig { after_ms, skills: Some(skills(pairs)), ..RingConfig::default() }
    }

    fn step(after_ms: u32, pairs: &[(&str, u8)]) -> Step {
        Step { after_ms, demand: Arc::new(Demand { skills: skills(pairs), ..Demand::default() }) }
    }

    #[test]
    fn two_timelines_run_side_by_side() {
        let queue = [step(0, &[("french", 5)]), step(20, &[("french", 3)]), step(40, &[])];
        let needs = Needs {
            skills: skills(&[("french", 4), ("tax", 2)]),
            rings: vec![ring(10, &[("tax", 2)]), ring(40, &[])],
            ..Needs::default()
        };
        let expected = [
            step(0, &[("french", 5), ("tax", 2)]),
            step(10, &[("french", 5), ("tax", 2)]),
            step(20, &[("french", 3), ("tax", 2)]),
            step(40, &[]),
        ];
        assert_eq!(together(&queue, &of_needs(&needs)), expected);
    }

    #[test]
    fn agents_that_the_queue_and_the_conversation_name_are_those_that_both_name() {
        let only = |ids: &[u64]| {
            let agents = Some(ids.iter().map(|n| UserId::numbered('u', *n)).collect());
            vec![RingConfig { agents, ..RingConfig::default() }]
        };
        let asked = |queue: &[u64], own: &[u64]| {
            let named = Needs { rings: only(own), ..Needs::default() };
            let queue = relax(vec![step(0, &[])], &only(queue));
            together(&queue, &of_needs(&named)).pop().and_then(|last| last.demand.only.clone())
        };
        let ids = |ids: &[u64]| Some(ids.iter().map(|n| UserId::numbered('u', *n)).collect::<Vec<_>>());
        assert_eq!(asked(&[1, 2, 3], &[3, 4, 2]), ids(&[2, 3]));
        assert_eq!(asked(&[1], &[2]), ids(&[]), "nobody, not everybody");
        assert_eq!((asked(&[], &[2]), asked(&[1], &[]), asked(&[], &[])), (ids(&[2]), ids(&[1]), None));
    }

    #[test]
    fn one_person_is_wanted_first_and_then_whoever_fits() {
        let agent =
            |fallback_after_ms| Some(DirectAgent { user_id: UserId::numbered('u', 1), fallback_after_ms });
        let queue = [step(0, &[("french", 5)])];
        let named = |needs: &Needs| together(&queue, &of_needs(needs));
        let never = named(&Needs { agent: agent(None), ..Needs::default() });
        assert_eq!(never.len(), 1);
        assert!(never[0].demand.by_name && never[0].demand.skills.is_empty());
        for fallback in [0, 30] {
            let needs = Needs {
                agent: agent(Some(fallback)),
                skills: skills(&[("tax", 9)]),
                rings: vec![ring(30, &[("tax", 1)]), ring(60, &[])],
                ..Needs::default()
            };
            let after: Vec<_> = named(&needs).iter().map(|s| (s.after_ms, s.demand.skills.clone())).collect();
            let tax = |level| skills(&[("french", 5), ("tax", level)]);
            let mut expected = vec![(0, Skills::new())];
            expected.extend((fallback == 0).then(|| (0, tax(9))));
            expected.extend([(30, tax(1)), (60, skills(&[("french", 5)]))]);
            assert_eq!(after, expected, "{fallback}");
        }
    }
}
