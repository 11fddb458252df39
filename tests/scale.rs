//! The rules alone, at scale: an exchange with up to thousands of agents and conversations, in virtual time, from a seed.
//!
//! A plan says who comes when and how the centre changes; what people do about an offer, a talk or a wrap-up follows from the seed and from who they are, so that
//! leaving steps out of a plan changes almost nothing else in it. After each step, books that are kept from the facts alone are held against what must be true
//! (`books.rs`, `people.rs`, `audit.rs`); each proposal, and that there is none, against a search through everything, written after the documents (`oracle.rs`,
//! `demand.rs`); what is told against what its reader may know (`eyes.rs`); the figures of the floor against a recount (`tally.rs`). A restarted exchange goes on beside
//! the one before it, and in the end the journal is read again.
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
#[path = "scale/demand.rs"]
mod demand;
#[path = "scale/eyes.rs"]
mod eyes;
#[path = "scale/network.rs"]
mod network;
#[path = "scale/oracle.rs"]
mod oracle;
#[path = "scale/people.rs"]
mod people;
#[path = "scale/plan.rs"]
mod plan;
#[path = "sim/random.rs"]
#[allow(dead_code, reason = "shared with the other simulation, which draws more kinds of numbers")]
mod random;
#[path = "scale/react.rs"]
mod react;
#[path = "scale/shrink.rs"]
mod shrink;
#[path = "scale/tally.rs"]
mod tally;
#[path = "scale/tenant.rs"]
mod tenant;
#[path = "scale/world.rs"]
mod world;

use plan::Plan;
use std::{collections::BTreeMap, sync::Mutex};
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
    let counts = run_all(seeds.clone());
    println!("{counts:#?}");
    if seeds.end - seeds.start >= DOZEN {
        let missing: Vec<_> = WANTED.iter().filter(|kind| !counts.contains_key(**kind)).collect();
        assert!(missing.is_empty(), "never came, so the plans test nothing of it: {missing:?}");
    }
}

/// Runs each seed twice, the large ones first, on as many threads as there are cores. Gives how often what came.
fn run_all(seeds: std::ops::Range<u64>) -> BTreeMap<String, u64> {
    let left = Mutex::new(seeds.collect::<Vec<_>>());
    let counts: Mutex<BTreeMap<String, u64>> = Mutex::default();
    let work = || {
        while let Some(seed) = left.lock().ok().and_then(|mut left| left.pop()) {
            for (kind, count) in run_twice(seed) {
                *counts.lock().unwrap().entry(kind).or_default() += count;
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        (0..threads).for_each(|_| drop(scope.spawn(work)));
    });
    counts.into_inner().unwrap()
}

fn run_twice(seed: u64) -> BTreeMap<String, u64> {
    let plan = Plan::new(seed);
    let [once, twice] = [(); 2].map(|()| run(&plan).unwrap_or_else(|problem| fail(&plan, &problem)));
    assert_eq!(once.digest, twice.digest, "seed {seed} did not do the same twice");
    once.counts
}

/// What a dozen seeds must have brought about: each way in which offers end, each command that does something, each place that a conversation comes to.
const WANTED: &[&str] = &[
    "conversation accepted",
    "conversation rejected",
    "conversation timedOut",
    "conversation rescinded",
    "conversation canceled",
    "transfer accepted",
    "transfer rejected",
    "transfer timedOut",
    "transfer rescinded",
    "consult accepted",
    "consult rejected",
    "consult timedOut",
    "consult rescinded",
    "invite accepted",
    "invite rejected",
    "escalation accepted",
    "escalation rejected",
    "did addNote",
    "did cancelConsult",
    "did clearPresence",
    "did completeConsult",
    "did conference",
    "did consult",
    "did endConversation",
    "did extendWrapUp",
    "did finishWrapUp",
    "did hangUp",
    "did hold",
    "did invite",
    "did markMessages",
    "did monitor",
    "did park",
    "did pickUp",
    "did removeParticipant",
    "did resume",
    "did sendMessage",
    "did setAgentPresence",
    "did setAgentSkills",
    "refused setAgentSkills notAllowed",
    "refused monitor notAllowed",
    "agentPassed",
    "did setAttributes",
    "did setLinks",
    "did setMuted",
    "did setPresence",
    "did setSessionPresence",
    "did setStatusMessage",
    "did setTags",
    "did startVoice",
    "did stopMonitoring",
    "did swap",
    "did takeOver",
    "did transfer",
    "planned",
    "presenceQueued",
    "ringReached",
    "routed",
    "sessionAway",
    "sessionReturned",
    "to parked",
    "to queued",
    "to wrapUp",
    "passed to another",
    "offered to several",
    "offersPaused",
    "offersResumed",
    "voice accepted",
    "did requestCallback",
    "callback accepted",
    "callback rejected",
    "callback timedOut",
    "callback canceled",
    "voice rejected",
    "did reassign",
    "did prioritize",
    "did startOutbound",
    "did dial",
    "did skip",
    "refused startOutbound customerUnreachable",
    "refused startOutbound numberNotAllowed",
    "outbound accepted",
    "outbound rejected",
    "outbound timedOut",
    "outbound canceled",
    "outbound rescinded",
    "number transfer accepted",
    "number transfer canceled",
    "number consult accepted",
    "number invite accepted",
    "number invite timedOut",
    "number outbound accepted",
    "number busy",
    "number noAnswer",
    "number rejected",
    "number unreachable",
    "number left",
    "number lost",
    "a call broke off",
    "back in line, first",
    "back in line, not first",
    "did signOutAgent",
    "refused startConversation queueFull",
    "refused startConversation queueClosed",
    "restart",
    "reconfigure",
];

fn run(plan: &Plan) -> Result<Ran, String> {
    let run = std::panic::AssertUnwindSafe(|| World::new(plan).run());
    std::panic::catch_unwind(run).unwrap_or_else(|_| Err("it panicked; see above".to_owned()))
}

fn fail(plan: &Plan, problem: &str) -> ! {
    eprintln!("seed {}: {problem}\nlooking for its shortest story", plan.seed);
    let steps = shrink::shortest(&plan.steps, &mut |steps| run(&plan.with(steps)).is_err());
    let shortest = plan.with(&steps);
    let story: Vec<String> = steps.iter().map(|step| plan.line(step)).collect();
    let what = run(&shortest).err().unwrap_or_default();
    panic!("seed {}: {problem}\nits shortest story:\n{}\n{what}", plan.seed, story.join("\n"));
}
