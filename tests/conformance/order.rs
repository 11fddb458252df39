//! Who is next: which agent for a conversation, and which conversation for an agent.

use super::centre::Centre;
use jackfield_wire::Role;
use serde_json::json;

/// TaskRouter, Amazon Connect, Genesys Cloud: of those who fit, the one who has been idle longest is chosen.
#[test]
fn the_agent_who_has_been_idle_longest_is_asked() {
    let mut centre = Centre::help(&["mina", "otto", "zoe"]);
    centre.ready(&["otto", "zoe", "mina"]);
    for (customer, agent) in [("kim", "otto"), ("lee", "zoe"), ("max", "mina")] {
        centre.calls(customer, "help");
        assert_eq!(centre.rings_for(customer), [agent]);
    }
}

/// Amazon Connect: the time since the last contact counts; work after a contact belongs to it.
#[test]
fn idle_counts_from_the_end_of_the_work_after_a_conversation() {
    let mut centre = Centre::help(&["mina", "otto"]);
    centre.ready(&["mina"]);
    centre.calls("kim", "help");
    centre.accepts("mina");
    centre.does_about("mina", "kim", json!({ "type": "endConversation" }));
    centre.pass(5);
    centre.ready(&["otto"]);
    centre.does_about("mina", "kim", json!({ "type": "finishWrapUp" }));
    centre.calls("lee", "help");
    assert_eq!(centre.rings(), ["lee → otto"], "mina was at work when otto became ready");
}

/// All three: within a queue, first come, first served.
#[test]
fn who_came_first_is_served_first() {
    let mut centre = Centre::help(&["mina", "otto"]);
    for customer in ["kim", "lee", "max"] {
        centre.calls(customer, "help");
        centre.pass(1);
    }
    centre.ready(&["mina"]);
    assert_eq!(centre.rings(), ["kim → mina"]);
    centre.ready(&["otto"]);
    assert_eq!(centre.rings(), ["kim → mina", "lee → otto"]);
    assert_eq!(["kim", "lee", "max"].map(|customer| centre.place(customer)), [Some(1), Some(2), Some(3)]);
}

/// Amazon Connect: the queues of an agent's routing profile have a priority, and those with a higher one are emptied first: others than those of its colleague's.
#[test]
fn each_agent_serves_its_own_first_queue_first() {
    let mut centre = Centre::new(json!({
        "ageing_ms": 0,
        "queues": [{ "queue_id": "help" }, { "queue_id": "sales" }],
        "users": [{ "user_id": "mina", "queue_priorities": { "sales": 1 } }, { "user_id": "otto" },
            { "user_id": "zoe", "queues": ["help", "sales"], "queue_priorities": { "help": 1 } }],
    }));
    for (customer, queue) in [("kim", "help"), ("lee", "help"), ("max", "sales"), ("nia", "sales")] {
        centre.calls(customer, queue);
        centre.pass(60);
    }
    centre.ready(&["mina"]);
    assert_eq!(centre.rings(), ["max → mina"]);
    centre.ready(&["otto"]);
    assert_eq!(
        centre.rings_for("kim"),
        ["otto"],
        "for whom no queue goes before another, whoever came first does"
    );
    centre.ready(&["zoe"]);
    assert_eq!(centre.rings_for("lee"), ["zoe"]);
}

/// Genesys Cloud, TaskRouter: a queue or workflow has a priority for all who serve it.
#[test]
fn a_queue_of_higher_priority_goes_first_whoever_came_before() {
    let mut centre = Centre::new(json!({
        "queues": [{ "queue_id": "help" }, { "queue_id": "vip", "priority": 5 }], "users": [{ "user_id": "mina" }],
    }));
    centre.calls("kim", "help");
    centre.pass(60);
    centre.calls("vera", "vip");
    centre.ready(&["mina"]);
    assert_eq!(centre.rings(), ["vera → mina"]);
}

/// Amazon Connect: of queues with the same priority, the contact that has waited longest is next.
#[test]
fn of_queues_of_one_priority_the_longest_wait_counts() {
    let mut centre = Centre::new(json!({
        "queues": [{ "queue_id": "sales" }, { "queue_id": "help" }], "users": [{ "user_id": "mina" }],
    }));
    centre.calls("kim", "help");
    centre.pass(1);
    centre.calls("lee", "sales");
    centre.ready(&["mina"]);
    assert_eq!(centre.rings(), ["kim → mina"]);
}

/// Amazon Connect: a customer is told its position, and again as it comes nearer.
#[test]
fn places_move_up_when_somebody_ahead_leaves() {
    let mut centre = Centre::help(&["mina"]);
    for customer in ["kim", "lee", "max"] {
        centre.calls(customer, "help");
    }
    centre.does_about("lee", "lee", json!({ "type": "endConversation" }));
    assert_eq!((centre.place("kim"), centre.place("max")), (Some(1), Some(2)));
}

/// Genesys Cloud, Amazon Connect: a priority is worth so much waiting, so that nobody starves behind those of higher priority.
#[test]
fn a_long_wait_outweighs_a_priority() {
    let mut centre = Centre::new(json!({
        "ageing_ms": 60_000,
        "queues": [{ "queue_id": "help" }, { "queue_id": "vip", "priority": 2 }], "users": [{ "user_id": "mina" }],
    }));
    centre.calls("kim", "help");
    centre.pass(119);
    centre.calls("vera", "vip");
    centre.pass(2);
    centre.calls("vito", "vip");
    centre.ready(&["mina"]);
    let mut served = Vec::new();
    for _ in 0..3 {
        let next = centre.rings()[0].split(' ').next().unwrap().to_owned();
        centre.accepts("mina");
        centre.is_done_with("mina", &next);
        served.push(next);
    }
    assert_eq!(
        served,
        ["vera", "kim", "vito"],
        "two levels are worth two minutes: vera came within them, vito after"
    );
}

/// TaskRouter, Amazon Connect: priority before age, without a limit, where the centre is set up so.
#[test]
fn priority_can_be_strict() {
    let mut centre = Centre::new(json!({
        "ageing_ms": 0,
        "queues": [{ "queue_id": "help" }, { "queue_id": "vip", "priority": 1 }], "users": [{ "user_id": "mina" }],
    }));
    centre.calls("kim", "help");
    centre.pass(36_000);
    centre.calls("vera", "vip");
    centre.ready(&["mina"]);
    assert_eq!(centre.rings(), ["vera → mina"]);
}

/// TaskRouter: a task queue's order of tasks can be last in, first out.
#[test]
fn a_queue_can_serve_the_last_first() {
    let mut centre = Centre::new(json!({
        "queues": [{ "queue_id": "help", "order": "last_in" }], "users": [{ "user_id": "mina" }],
    }));
    for customer in ["kim", "lee"] {
        centre.chats(customer, "help");
        centre.pass(1);
    }
    centre.ready(&["mina"]);
    assert_eq!(centre.rings(), ["lee → mina"]);
}

/// The same where they ask different things of their agent.
#[test]
fn the_last_is_first_among_those_with_other_demands_as_well() {
    let rules = json!([{ "id": "tax", "when": "'tax' in conversation.attributes", "skills": { "tax": 1 }, "continue": true }]);
    let mut centre = Centre::new(json!({
        "queues": [{ "queue_id": "help", "order": "last_in" }],
        "users": [{ "user_id": "mina", "skills": { "tax": 3 } }], "rules": rules,
    }));
    centre.chats("kim", "help");
    centre.pass(1);
    centre.comes("lee", json!({ "queueId": "help", "channel": "chat", "attributes": { "tax": true } }));
    centre.pass(1);
    centre.chats("max", "help");
    centre.ready(&["mina"]);
    for customer in ["max", "lee", "kim"] {
        assert_eq!(centre.rings(), [format!("{customer} → mina")]);
        centre.accepts("mina");
    }
}

/// TaskRouter, Amazon Connect: the priority and the age of what waits already can be changed.
#[test]
fn a_supervisor_puts_somebody_first() {
    let mut centre = Centre::new(json!({
        "queues": [{ "queue_id": "help" }], "users": [{ "user_id": "mina" }, { "user_id": "sue", "roles": ["supervisor"] }],
    }));
    centre.enters("sue", Role::Supervisor);
    for customer in ["kim", "lee", "max"] {
        centre.calls(customer, "help");
        centre.pass(60);
    }
    centre.does_about("sue", "max", json!({ "type": "prioritize", "headStartMs": 90_000 }));
    assert_eq!(["kim", "max", "lee"].map(|customer| centre.place(customer)), [Some(1), Some(2), Some(3)]);
    centre.does_about("sue", "lee", json!({ "type": "prioritize", "priority": 3 }));
    centre.ready(&["mina"]);
    assert_eq!(centre.rings(), ["lee → mina"]);
}

/// TaskRouter: a task's virtual start time. Amazon Connect: a flow changes the routing age.
#[test]
fn a_rule_lets_somebody_come_in_as_if_it_had_waited() {
    let mut centre = Centre::new(json!({
        "queues": [{ "queue_id": "help" }], "users": [{ "user_id": "mina" }],
        "rules": [{ "id": "again", "when": "customer.userId == 'lee'", "head_start_ms": 60_000, "continue": true }],
    }));
    centre.calls("kim", "help");
    centre.pass(59);
    centre.calls("lee", "help");
    assert_eq!(["lee", "kim"].map(|customer| centre.place(customer)), [Some(1), Some(2)]);
}
