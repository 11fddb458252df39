//! The simulation: many real engines and two real switchboards in one process, in virtual time, from a seed.
//!
//! Customers arrive, agents answer, hold, write and hang up, while lines are cut, pages reloaded, gateways killed, disks full and clocks
//! set. After each step and when everything is calm again, what must hold is checked: no lost or doubled message, no double offer, no
//! agent over its capacity, no orphan leg, nothing of one tenant or of the colleagues before others' eyes. Each seed runs twice and must agree.
//!
//! `JACKFIELD_SIM_SEED=7` runs one seed, `JACKFIELD_SIM_SEEDS=500` that many. A seed that fails prints the end of its story.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where it stands")]

#[path = "sim/check.rs"]
mod check;
#[path = "sim/client.rs"]
mod client;
#[path = "sim/ledger.rs"]
mod ledger;
#[path = "sim/node.rs"]
mod node;
#[path = "sim/plan.rs"]
mod plan;
#[path = "sim/random.rs"]
mod random;
#[path = "sim/world.rs"]
mod world;

use std::collections::BTreeMap;
use world::World;

/// How many seeds run where nobody asks for more.
const SEEDS: u64 = 12;

/// What one run came to.
#[derive(Debug, PartialEq)]
struct Ran {
    digest: u64,
    steps: u64,
    counts: BTreeMap<&'static str, u64>,
    refusals: BTreeMap<jackfield_wire::Code, u64>,
}

#[test]
fn whatever_breaks_nothing_is_lost_doubled_or_shown_to_the_wrong_eyes() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seeds = match number("JACKFIELD_SIM_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("JACKFIELD_SIM_SEEDS").unwrap_or(SEEDS),
    };
    let mut counts = BTreeMap::new();
    for seed in seeds.clone() {
        let (once, twice) = (run(seed), run(seed));
        assert_eq!(once, twice, "seed {seed} did not do the same twice");
        for (kind, count) in once.counts {
            *counts.entry(kind).or_insert(0) += count;
        }
    }
    println!("{counts:?}");
    if seeds.end - seeds.start >= SEEDS {
        let wanted = [
            "chats",
            "calls",
            "offers",
            "offered to several",
            "accepted",
            "rescinded",
            "joined",
            "messages",
            "escalations",
            "holds",
            "absences",
            "closed",
            "cut",
            "reload",
            "kill -9",
            "shutdown",
            "disk full",
            "clock set back",
            "flood",
            "snapshot",
            "replay",
            "new",
        ];
        for kind in wanted {
            assert!(
                counts.get(kind).is_some_and(|count| *count > 0),
                "{kind} never came: the plan tests nothing"
            );
        }
    }
}

fn run(seed: u64) -> Ran {
    let mut world = World::new(seed).expect("a beginning");
    if let Err(problem) = story(&mut world) {
        panic!("{}\nseed {seed}, step {}: {problem}", world.story(), world.steps);
    }
    let mut counts = world.faults.clone();
    let mut refusals = BTreeMap::new();
    for node in &world.nodes {
        for (kind, count) in &node.disk.account.count {
            *counts.entry(kind).or_insert(0) += count;
        }
    }
    for client in &world.clients {
        for (kind, count) in &client.welcomes {
            *counts.entry(kind).or_insert(0) += count;
        }
        for (code, count) in &client.refusals {
            *refusals.entry(*code).or_insert(0) += count;
        }
    }
    Ran { digest: world.digest, steps: world.steps, counts, refusals }
}

fn story(world: &mut World) -> Result<(), String> {
    world.run(120_000)?;
    world.calm();
    // Longer than a reconnect, an offer, the pause after a refusal and a wrap-up take.
    world.run(90_000)?;
    world.check_calm()?;
    world.leave()?;
    // Longer than the grace time of those whose sign-out was lost.
    world.run(120_000)?;
    world.check_empty()
}
