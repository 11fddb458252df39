//! What it takes to serve a conversation at a time, written a second time after docs/configuration.md and the docstrings of `Needs`.

use super::books::Talk;
use jackfield_exchange::{QueueConfig, RingConfig, Skills};
use jackfield_wire::UserId;
use std::collections::BTreeSet;

/// What it takes.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Asked {
    pub(crate) skills: Skills,
    pub(crate) preferred: Skills,
    /// Only these; `None` for all.
    pub(crate) only: Option<BTreeSet<UserId>>,
    /// The one person who is wanted, whatever it can do and serves.
    pub(crate) person: Option<UserId>,
}

/// When a conversation's demands in a queue relax, counted from its coming there. A step is one of these times.
pub(crate) fn steps(queue: &QueueConfig, talk: &Talk) -> Vec<u32> {
    let fallback = talk.needs.agent.as_ref().map(|agent| agent.fallback_after_ms);
    let own = talk.needs.rings.iter().map(|ring| ring.after_ms);
    let own: Vec<u32> = match fallback {
        None => own.collect(),
        Some(None) => Vec::new(),
        Some(Some(fallback)) => own.filter(|at| *at > fallback).chain([fallback]).collect(),
    };
    let times: BTreeSet<u32> = queue.rings.iter().map(|ring| ring.after_ms).chain(own).collect();
    times.into_iter().collect()
}

/// What is asked for after some steps; 0 is how it began.
pub(crate) fn asked(queue: &QueueConfig, talk: &Talk) -> Asked {
    let steps = steps(queue, talk);
    let reached = usize::from(talk.ring).min(steps.len()).checked_sub(1).map(|n| steps[n]);
    let past = |after: u32| reached.is_some_and(|reached| after <= reached);
    let needs = &talk.needs;
    if let Some(agent) = &needs.agent
        && agent.fallback_after_ms.is_none_or(|fallback| !past(fallback))
    {
        return Asked { person: Some(agent.user_id.clone()), ..Asked::default() };
    }
    let of_queue = relaxed(&queue.skills, &queue.preferred, &queue.rings, past);
    let own = relaxed(&needs.skills, &needs.preferred, &needs.rings, past);
    // What no ring has said anew yet holds from the beginning.
    let silent = !needs.rings.iter().any(|ring| past(ring.after_ms) && ring.agents.is_some());
    let named = needs.agents.as_ref().filter(|_| silent).map(|agents| agents.iter().cloned().collect());
    let only = match (own.only.or(named), of_queue.only) {
        (Some(own), Some(of_queue)) => Some(own.intersection(&of_queue).cloned().collect()),
        (own, of_queue) => own.or(of_queue),
    };
    let (skills, preferred) = (of_queue.skills, of_queue.preferred);
    Asked { skills: both(skills, own.skills), preferred: both(preferred, own.preferred), only, person: None }
}

/// What a ring does not name stays as it was.
fn relaxed(
    skills: &Skills,
    preferred: &Skills,
    rings: &[RingConfig],
    past: impl Fn(u32) -> bool + Copy,
) -> Asked {
    let last = |names: &dyn Fn(&RingConfig) -> bool| {
        rings.iter().rev().find(|ring| past(ring.after_ms) && names(ring))
    };
    let skills =
        last(&|ring| ring.skills.is_some()).and_then(|ring| ring.skills.clone()).unwrap_or(skills.clone());
    let preferred =
        last(&|ring| ring.preferred.is_some()).and_then(|r| r.preferred.clone()).unwrap_or(preferred.clone());
    let agents = last(&|ring| ring.agents.is_some()).and_then(|ring| ring.agents.clone());
    let only = agents.filter(|agents| !agents.is_empty()).map(|agents| agents.into_iter().collect());
    Asked { skills, preferred, only, person: None }
}

/// Of a skill that both name, the higher level counts.
fn both(mut one: Skills, other: Skills) -> Skills {
    for (skill, level) in other {
        let known = one.entry(skill).or_insert(level);
        *known = level.max(*known);
    }
    one
}
