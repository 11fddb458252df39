//! A supervisor's verbs.

use super::centre::Centre;
use jackfield_exchange::PatchRole;
use jackfield_wire::{Code, Role, Side};
use serde_json::json;

/// kim talks with mina; sue supervises, otto is another agent.
fn call() -> Centre {
    let mut centre = Centre::new(json!({
        "queues": [{ "queue_id": "help" }, { "queue_id": "sales", "skills": { "selling": 5 } }],
        "users": [{ "user_id": "mina" }, { "user_id": "otto" }, { "user_id": "zoe" },
            { "user_id": "rex", "skills": { "selling": 9 } }, { "user_id": "sue", "roles": ["supervisor"] }],
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

/// Genesys Cloud: assign. A supervisor gives an interaction that waits to an agent, whoever's turn it is.
#[test]
fn what_waits_is_given_to_an_agent() {
    let mut centre = call();
    centre.ready(&["otto", "zoe"]);
    centre.chats("lee", "help");
    assert_eq!(centre.rings(), ["lee → otto"]);
    centre.does_about(
        "sue",
        "lee",
        json!({ "type": "reassign", "target": { "type": "agent", "userId": "zoe" } }),
    );
    assert_eq!(centre.rings(), ["lee → zoe"]);
}

/// Genesys Cloud, TaskRouter (updating a task's queue): what waits goes to another queue, and keeps the time that it has waited.
#[test]
fn what_waits_is_given_to_another_queue_at_its_own_waiting_time() {
    let mut centre = call();
    centre.chats("lee", "help");
    centre.pass(60);
    centre.chats("moe", "sales");
    assert_eq!(centre.place("moe"), Some(1));
    centre.does_about(
        "sue",
        "lee",
        json!({ "type": "reassign", "target": { "type": "queue", "queueId": "sales" } }),
    );
    assert_eq!(
        (centre.queue_of("lee"), centre.place("lee"), centre.place("moe")),
        ("sales".to_owned(), Some(1), Some(2))
    );
}

/// Genesys Cloud: a supervisor transfers a conversation of an agent. It rings for the next; the agent wraps up, and can't take it back.
#[test]
fn what_an_agent_has_is_given_to_another() {
    let mut centre = call();
    centre.ready(&["otto"]);
    centre.does_about(
        "sue",
        "kim",
        json!({ "type": "reassign", "target": { "type": "agent", "userId": "otto" } }),
    );
    assert_eq!(centre.rings(), ["kim → otto"]);
    assert_eq!(centre.about("mina", "kim", json!({ "type": "cancelConsult" })), Err(Code::NotAllowed));
    centre.accepts("otto");
    assert_eq!(centre.sees("mina").conversations[0].wrap_up.as_ref().unwrap().user_id.as_str(), "mina");
    assert_eq!(centre.of("kim").unwrap().participants.len(), 2);
}

/// Genesys Cloud: log an agent out. What it had goes on to others.
#[test]
fn whom_a_supervisor_signs_out_is_gone_and_the_customer_goes_on() {
    let mut centre = call();
    centre.ready(&["otto"]);
    centre.does("sue", json!({ "type": "signOutAgent", "userId": "mina" }));
    assert_eq!(centre.rings(), ["kim → otto"]);
    assert_eq!(
        centre.asks("sue", json!({ "type": "signOutAgent", "userId": "mina" })),
        Err(Code::WrongState)
    );
}

/// Genesys Cloud: a supervisor disconnects an agent from a conference. It does not disconnect the customer of others.
#[test]
fn an_agent_is_taken_out_of_a_conference_and_a_customer_is_not() {
    let mut centre = call();
    centre.ready(&["otto"]);
    centre.does_about(
        "mina",
        "kim",
        json!({ "type": "invite", "target": { "type": "agent", "userId": "otto" } }),
    );
    centre.accepts("otto");
    let parties = centre.of("kim").unwrap().participants;
    let of =
        |who: &str| parties.iter().find(|p| p.user_id.as_str() == who).unwrap().participant_id.to_string();
    let removes = |who| json!({ "type": "removeParticipant", "participantId": of(who) });
    assert_eq!(centre.about("sue", "kim", removes("kim")), Err(Code::NotAllowed));
    centre.does_about("sue", "kim", removes("mina"));
    assert_eq!(centre.agents_of("kim"), ["otto"]);
    assert_eq!(centre.about("sue", "kim", removes("otto")), Err(Code::WrongState));
}

/// Genesys Cloud divisions, Amazon Connect hierarchies: who supervises some queues sees and orders there alone.
#[test]
fn a_supervisor_of_some_queues_supervises_no_others() {
    let mut centre = Centre::new(json!({
        "queues": [{ "queue_id": "help" }, { "queue_id": "sales" }],
        "users": [
            { "user_id": "mina", "queues": ["help"] }, { "user_id": "otto", "queues": ["sales"] },
            { "user_id": "sue", "roles": ["supervisor"], "supervises": ["sales"] },
        ],
    }));
    centre.enters("sue", Role::Supervisor);
    centre.ready(&["mina", "otto"]);
    for (customer, queue, agent) in [("kim", "help", "mina"), ("lee", "sales", "otto")] {
        centre.calls(customer, queue);
        centre.accepts(agent);
    }
    let listens = || json!({ "type": "monitor", "mode": "listen" });
    assert_eq!(centre.about("sue", "kim", listens()), Err(Code::NotAllowed));
    centre.does_about("sue", "lee", listens());
    let away = |who| json!({ "type": "setAgentPresence", "userId": who, "availability": "away" });
    assert_eq!(centre.asks("sue", away("mina")), Err(Code::NotAllowed));
    centre.does("sue", away("otto"));
    let floor =
        serde_json::to_value(centre.does("sue", json!({ "type": "watchFloor", "on": true }))).unwrap();
    assert_eq!(floor["floor"]["queues"].as_array().unwrap().len(), 1);
    assert_eq!(floor["floor"]["agents"][0]["userId"], "otto");
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
