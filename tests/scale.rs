//! The rules alone, at scale: an exchange with up to thousands of agents and conversations, in virtual time, from a seed.
//!
//! A plan says who comes when and how the centre changes; what people do about an offer, a talk or a wrap-up follows from the seed and from who they are, so that
//! leaving steps out of a plan changes nothing else in it. After each step, books that are kept from the facts alone are held against what must be true
//! (`books.rs`), the choice of each offer against a search through everything (`oracle.rs`), what customers are told against what they may know (`eyes.rs`), and
//! from time to time the state, the figures of the floor, a snapshot and a replay of the journal against the books.
//!
//! Each seed runs twice and must come to the same journal. A seed that fails prints its shortest story: steps are left out of its plan as long as it still fails.
//!
//! `JACKFIELD_SCALE_SEED=7` runs one seed, `JACKFIELD_SCALE_SEEDS=500` that many; `cargo xtask test sim` runs a dozen, of which one has thousands of agents.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where it stands")]

#[path = "scale/acts.rs"]
mod acts;
#[path = "scale/audit.rs"]
mod audit;
#[path = "scale/books.rs"]
mod books;
#[path = "scale/eyes.rs"]
mod eyes;
#[path = "scale/oracle.rs"]
mod oracle;
#[path = "scale/plan.rs"]
mod plan;
#[path = "sim/random.rs"]
#[allow(dead_code, reason = "shared with the other simulation, which draws more kinds of numbers")]
mod random;
#[path = "scale/shrink.rs"]
mod shrink;
#[path = "scale/world.rs"]
mod world;

use plan::Plan;
use std::collections::BTreeMap;
use world::{Ran, World};

/// How many seeds run where nobody asks for more.
const SEEDS: u64 = 4;
/// With how many the plans must have brought everything about: every twelfth is a large one.
const DOZEN: u64 = 12;

#[test]
fn at_any_size_nothing_is_lost_doubled_or_passed_over() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seeds = match number("JACKFIELD_SCALE_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("JACKFIELD_SCALE_SEEDS").unwrap_or(SEEDS),
    };
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for seed in seeds.clone() {
        let plan = Plan::new(seed);
        let once = run(&plan).unwrap_or_else(|problem| fail(&plan, &problem));
        let twice = run(&plan).unwrap_or_else(|problem| fail(&plan, &problem));
        assert_eq!(once.digest, twice.digest, "seed {seed} did not do the same twice");
        for (kind, count) in once.counts {
            *counts.entry(kind).or_default() += count;
        }
    }
    println!("{counts:#?}");
    if seeds.end - seeds.start >= DOZEN {
        let missing: Vec<_> = WANTED.iter().filter(|kind| !counts.contains_key(**kind)).collect();
        assert!(missing.is_empty(), "never came, so the plans test nothing of it: {missing:?}");
    }
}

/// What a dozen seeds must have brought about.
const WANTED: &[&str] = &[
    "conversationStarted",
    "offerMade",
    "offerEnded accepted",
    "offerEnded rejected",
    "offerEnded timedOut",
    "offerEnded rescinded",
    "offerEnded canceled",
    "conversationClosed",
    "sessionAway",
    "heldChanged",
    "messageAdded",
    "wrapUpExtended",
    "restart",
    "reconfigure",
    "passed to another",
    "to parked",
    "offered to several",
    "offersPaused",
];

fn run(plan: &Plan) -> Result<Ran, String> {
    let run = std::panic::AssertUnwindSafe(|| World::new(plan).run());
    std::panic::catch_unwind(run).unwrap_or_else(|_| Err("it panicked; see above".to_owned()))
}

fn fail(plan: &Plan, problem: &str) -> ! {
    let steps = shrink::shortest(&plan.steps, &mut |steps| run(&plan.with(steps)).is_err());
    let shortest = plan.with(&steps);
    let story: Vec<String> = steps.iter().map(|step| plan.line(step)).collect();
    let what = run(&shortest).err().unwrap_or_default();
    panic!("seed {}: {problem}\nits shortest story:\n{}\n{what}", plan.seed, story.join("\n"));
}
