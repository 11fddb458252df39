//! The floor of a large tenant: what a telling costs is bounded, and nothing is left out.

use super::{Centre, queue, session, user};
use crate::index::TOLD_AT_ONCE;
use jackfield_wire::{Availability, Channel, Command, FloorView, Role};
use serde_json::{Value, json};

const QUEUES: usize = 1_200;
const AGENTS: usize = 40;

/// Everybody serves every queue.
fn config() -> Value {
    let queues: Vec<_> =
        (0..QUEUES).map(|n| json!({ "queue_id": format!("q{n}"), "name": format!("Q {n}") })).collect();
    let agents = (0..AGENTS).map(|n| json!({ "user_id": agent(n), "name": agent(n) }));
    let bea = json!({ "user_id": "bea", "name": "Bea", "roles": ["supervisor"] });
    json!({ "tenant_id": "large", "name": "Large", "queues": queues, "users": agents.chain([bea]).collect::<Vec<_>>() })
}

fn agent(n: usize) -> String {
    // The session is called as the user, with a number behind.
    format!("agent-{}", char::from(b'a' + (n / 26) as u8)) + &char::from(b'a' + (n % 26) as u8).to_string()
}

fn take(floor: &mut FloorView, centre: &mut Centre) -> Option<usize> {
    let delta = centre.floor_changes("bea1")?;
    let told = delta.queues.len();
    assert!(told <= TOLD_AT_ONCE && delta.agents.len() <= TOLD_AT_ONCE);
    for changed in delta.queues {
        let known = floor.queues.iter_mut().find(|q| q.queue_id == changed.queue_id);
        *known.unwrap() = changed;
    }
    for changed in delta.agents {
        let known = floor.agents.iter_mut().find(|a| a.user_id == changed.user_id);
        *known.unwrap() = changed;
    }
    Some(told)
}

/// Who watches, up to date.
fn watched() -> (Centre, FloorView) {
    let mut centre = Centre::with(config());
    centre.sign_in("bea1", Role::Supervisor);
    let mut floor = centre.exchange.floor();
    while take(&mut floor, &mut centre).is_some() {}
    (centre, floor)
}

#[test]
fn one_agent_is_one_mark_and_its_queues_are_told_in_turns() {
    let (mut centre, mut floor) = watched();
    centre.agent(&format!("{}1", agent(0)));
    let marks = &centre.exchange.marks;
    assert_eq!(
        (marks.teams.len(), marks.queues.len(), marks.agents.len()),
        (1, 0, 1),
        "not one for each queue"
    );
    let told: Vec<_> = std::iter::from_fn(|| take(&mut floor, &mut centre)).collect();
    assert_eq!(told, [500, 500, 200]);
    assert_eq!(floor, centre.exchange.floor());
}

#[test]
fn where_something_happens_is_told_first_and_everything_in_the_end() {
    let (mut centre, mut floor) = watched();
    for n in 0..AGENTS {
        centre.sign_in(&format!("{}1", agent(n)), Role::Agent);
        take(&mut floor, &mut centre);
    }
    // The last queue of all has its turn at once, though all others wait for theirs.
    centre.caller("anna1", "q1199", Channel::Chat);
    take(&mut floor, &mut centre);
    assert_eq!(floor.queues[1_199].waiting, 1);
    centre.done(&format!("{}1", agent(7)), Command::presence(Availability::Available));
    let rounds = std::iter::from_fn(|| take(&mut floor, &mut centre)).count();
    assert!(rounds <= 4, "{rounds}");
    assert_eq!(floor, centre.exchange.floor());
}

#[test]
fn who_watches_few_queues_waits_for_no_others() {
    let (mut centre, _) = watched();
    centre.watch_floor("bea1", &["q1", "q1100"], &[]);
    centre.agent(&format!("{}1", agent(0)));
    let delta = centre.floor_changes("bea1").unwrap();
    assert_eq!(
        delta.queues.iter().map(|q| q.queue_id.clone()).collect::<Vec<_>>(),
        [queue("q1"), queue("q1100")]
    );
    assert_eq!(centre.floor_changes("bea1"), None);
    let viewer = &centre.viewers[&session("bea1")];
    assert!(centre.exchange.floor_scope(viewer).is_some_and(|scope| !scope.has_agent(&user(&agent(0)))));
}
