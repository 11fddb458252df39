//! A supervisor's verbs.

use super::centre::Centre;
use jackfield_exchange::PatchRole;
use jackfield_wire::{Role, Side};
use serde_json::json;

/// kim talks with mina; sue supervises, otto is another agent.
fn call() -> Centre {
    let mut centre = Centre::new(json!({
        "queues": [{ "queue_id": "help" }],
        "users": [{ "user_id": "mina" }, { "user_id": "otto" }, { "user_id": "sue", "roles": ["supervisor"] }],
    }));
    centre.enters("sue", Role::Supervisor);
    centre.ready(&["mina"]);
    centre.calls("kim", "help");
    centre.accepts("mina");
    centre
}

fn ear(centre: &Centre, who: &str) -> Option<PatchRole> {
    let legs = centre.exchange.legs(&centre.conversation("kim").unwrap(), Side::Main);
    legs.into_iter().find(|leg| leg.session.as_str() == who).map(|leg| leg.role)
}

fn monitors(centre: &mut Centre, mode: &str) {
    centre.does_about("sue", "kim", json!({ "type": "monitor", "mode": mode }));
}

/// Genesys Cloud, Amazon Connect: a supervisor listens in, heard by nobody and not shown to the customer.
#[test]
fn who_listens_is_neither_heard_nor_shown() {
    let mut centre = call();
    monitors(&mut centre, "listen");
    assert_eq!(ear(&centre, "sue"), Some(PatchRole::Listener));
    assert_eq!(centre.agents_of("kim"), ["mina"]);
}

/// Genesys Cloud: coaching. The supervisor is heard by the agent alone.
#[test]
fn who_whispers_is_heard_by_the_agent_alone() {
    let mut centre = call();
    monitors(&mut centre, "whisper");
    let to = jackfield_wire::SessionId::parse("mina").unwrap();
    assert_eq!(ear(&centre, "sue"), Some(PatchRole::Whisper { to }));
    assert_eq!(centre.agents_of("kim"), ["mina"]);
}

/// Amazon Connect, Genesys Cloud: barging in makes it a call of three.
#[test]
fn who_barges_in_is_heard_by_all() {
    let mut centre = call();
    monitors(&mut centre, "barge");
    assert_eq!(ear(&centre, "sue"), Some(PatchRole::Barge));
}

/// Genesys Cloud: take over. The supervisor goes on with the customer, the agent wraps up.
#[test]
fn who_takes_over_serves_the_customer() {
    let mut centre = call();
    centre.does_about("sue", "kim", json!({ "type": "takeOver" }));
    assert_eq!(centre.agents_of("kim"), ["sue"]);
    assert_eq!(centre.state("kim"), "active");
}

/// Amazon Connect, TaskRouter: a supervisor can set an agent's status.
#[test]
fn a_supervisor_sets_an_agents_presence() {
    let mut centre = call();
    centre.ready(&["otto"]);
    centre.chats("lee", "help");
    assert_eq!(centre.rings(), ["lee → otto"]);
    centre.does("sue", json!({ "type": "setAgentPresence", "userId": "otto", "availability": "away" }));
    assert_eq!(centre.rings(), [""; 0]);
}
