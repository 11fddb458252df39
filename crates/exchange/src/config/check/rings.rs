//! What makes a queue's demands unusable: skills, and the timeline on which they relax.

use super::Problems;
use crate::{QueueConfig, RingConfig, Skills, TenantConfig, needs::LEVELS};

/// More rings than this say nothing that fewer would not.
const RINGS: usize = 20;
const LATEST_MS: u32 = 86_400_000;

pub(super) fn check(problems: &mut Problems, at: &str, queue: &QueueConfig, config: &TenantConfig) {
    problems.skills(format!("{at}.preferred"), &queue.preferred);
    if queue.rings.len() > RINGS {
        let problem = format!("{} rings are more than anybody can follow", queue.rings.len());
        problems.add(format!("{at}.rings"), problem, format!("Write at most {RINGS}"));
    }
    let mut before = None;
    for (n, ring) in queue.rings.iter().enumerate() {
        let at = format!("{at}.rings[{n}]");
        problems.range(format!("{at}.after_ms"), ring.after_ms, 0, LATEST_MS);
        if before.is_some_and(|before| ring.after_ms <= before) {
            let problem = "the ring is not later than the one before";
            problems.add(
                format!("{at}.after_ms"),
                problem,
                "Write the rings in order, each later than the one before",
            );
        }
        before = Some(ring.after_ms);
        check_ring(problems, &at, ring, config);
    }
    check_last(problems, at, queue, config);
}

fn check_ring(problems: &mut Problems, at: &str, ring: &RingConfig, config: &TenantConfig) {
    for (field, skills) in [("skills", &ring.skills), ("preferred", &ring.preferred)] {
        if let Some(skills) = skills {
            problems.skills(format!("{at}.{field}"), skills);
        }
    }
    for (n, agent) in ring.agents.iter().flatten().enumerate() {
        if config.user(agent).is_none() {
            problems.add(
                format!("{at}.agents[{n}]"),
                format!("there is no user {agent}"),
                "Add the user, or remove it here",
            );
        }
    }
}

/// What is still asked for at the end must be had by somebody, or conversations wait for ever.
fn check_last(problems: &mut Problems, at: &str, queue: &QueueConfig, config: &TenantConfig) {
    let rings = queue.rings.iter().enumerate().rev();
    let last =
        rings.filter_map(|(n, ring)| Some((format!("{at}.rings[{n}].skills"), ring.skills.as_ref()?))).next();
    let (field, skills): (String, &Skills) = last.unwrap_or_else(|| (format!("{at}.skills"), &queue.skills));
    // Before the first users are there, queues may be.
    if config.users.is_empty() {
        return;
    }
    for (skill, least) in skills.iter().filter(|(_, least)| LEVELS.contains(*least)) {
        if !config.users.iter().any(|u| u.skills.get(skill).is_some_and(|level| level >= least)) {
            let problem = format!("no user has the skill {skill} at level {least} or above");
            let remedy = "Give it to a user, ask for a lower level, or let a ring do without it";
            problems.add(format!("{field}.{skill}"), problem, remedy);
        }
    }
}
