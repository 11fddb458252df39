//! Who is best, and how demands relax while nobody is.

use super::centre::Centre;
use serde_json::{Value, json};

/// One queue, with what is special about it.
fn centre(queue: Value, users: Value, rules: Value) -> Centre {
    let mut help = json!({ "queue_id": "help" });
    for (field, value) in queue.as_object().unwrap() {
        help[field] = value.clone();
    }
    Centre::new(json!({ "queues": [help], "users": users, "rules": rules }))
}

fn two_levels() -> Value {
    json!([
        { "user_id": "some", "skills": { "french": 3 } },
        { "user_id": "much", "skills": { "french": 9 } },
    ])
}

/// Genesys Cloud, "best available skills": of those who fit, the one with the highest levels. TaskRouter: ordering workers by an attribute.
#[test]
fn best_skill_goes_before_longest_idle_where_the_queue_says_so() {
    let best = json!({ "skills": { "french": 1 }, "agent_order": "best_skill" });
    let mut centre = centre(best, two_levels(), json!([]));
    centre.ready(&["some", "much"]);
    centre.chats("kim", "help");
    assert_eq!(centre.rings(), ["kim → much"]);
}

/// Amazon Connect: fewest concurrent contacts first is what its agents' routing with equal priorities comes to; TaskRouter: least loaded by worker capacity.
#[test]
fn least_loaded_goes_first_where_the_queue_says_so() {
    let mut centre = centre(json!({ "agent_order": "least_loaded" }), two_levels(), json!([]));
    centre.ready(&["some"]);
    centre.chats("kim", "help");
    centre.accepts("some");
    centre.pass(60);
    // "much" has become idle last, but has nothing to do.
    centre.ready(&["much"]);
    centre.chats("lee", "help");
    assert_eq!(centre.rings(), ["lee → much"]);
}

/// Genesys Cloud: agents in turn, whatever they have done meanwhile.
#[test]
fn round_robin_asks_each_in_turn() {
    let mut centre = centre(json!({ "agent_order": "round_robin" }), two_levels(), json!([]));
    centre.ready(&["some", "much"]);
    for (customer, agent) in [("kim", "some"), ("lee", "much"), ("max", "some")] {
        centre.chats(customer, "help");
        assert_eq!(centre.rings_for(customer), [agent], "{customer}");
        centre.accepts(agent);
    }
}

/// Genesys Cloud, preferred skills; Amazon Connect: preferred agents by proficiency. Who has them goes first; who has not is asked where nobody else is there.
#[test]
fn preferred_skills_are_welcome_and_not_needed() {
    let preferred = json!({ "preferred": { "french": 5 } });
    let mut centre = centre(preferred, two_levels(), json!([]));
    centre.ready(&["some", "much"]);
    centre.calls("kim", "help");
    assert_eq!(centre.rings(), ["kim → much"]);
    centre.calls("lee", "help");
    assert_eq!(centre.rings_for("lee"), ["some"]);
}

/// Genesys Cloud, bullseye routing: rings drop skills after a time. Amazon Connect: routing criteria with steps that expire.
#[test]
fn demands_relax_ring_by_ring() {
    let rings = json!({ "skills": { "french": 8 }, "rings": [
        { "after_ms": 30_000, "skills": { "french": 5 } }, { "after_ms": 60_000, "skills": {} },
    ] });
    let users = json!([{ "user_id": "none" }, { "user_id": "half", "skills": { "french": 5 } }]);
    let mut centre = centre(rings, users, json!([]));
    centre.ready(&["none", "half"]);
    centre.calls("kim", "help");
    centre.calls("lee", "help");
    centre.pass(29);
    assert_eq!(centre.rings(), [""; 0]);
    centre.pass(1);
    assert_eq!(centre.rings(), ["kim → half"], "the first ring");
    centre.accepts("half");
    centre.pass(30);
    assert_eq!(centre.rings(), ["lee → none"], "anybody, after the second");
}

/// TaskRouter: known worker routing, with a time-out to the queue. Genesys Cloud: preferred agent routing. Amazon Connect: queueing to an agent.
#[test]
fn a_named_agent_is_waited_for_and_then_anybody_will_do() {
    let owner = json!([{
        "id": "owner", "when": "has(conversation.attributes.owner)",
        "agent_from": "conversation.attributes.owner", "agent_fallback_ms": 30_000, "continue": true,
    }]);
    let mut centre = centre(json!({}), two_levels(), owner);
    centre.ready(&["some", "much"]);
    let for_much = json!({ "queueId": "help", "channel": "voice", "attributes": { "owner": "much" } });
    centre.comes("kim", for_much.clone());
    assert_eq!(centre.rings(), ["kim → much"], "and not who has been idle longest");
    centre.comes("lee", for_much);
    centre.pass(19);
    assert_eq!(centre.rings_for("lee"), [""; 0], "some is free, but it is not for some");
    centre.accepts("much");
    centre.pass(11);
    assert_eq!(centre.rings(), ["lee → some"], "after half a minute");
}

/// TaskRouter, a worker expression beside the queue's own: who is not meant is asked neither at first nor later.
#[test]
fn only_agents_for_whom_a_rules_condition_holds_are_asked() {
    let rules =
        json!([{ "id": "well", "targets": [{ "queue": "help", "agents_if": "agent.skills.french >= 9" }] }]);
    let mut centre = centre(json!({}), two_levels(), rules);
    centre.ready(&["some"]);
    centre.chats("kim", "help");
    centre.pass(600);
    assert_eq!(centre.rings(), Vec::<String>::new());
    centre.ready(&["much"]);
    assert_eq!(centre.rings(), ["kim → much"]);
}

/// Amazon Connect, routing steps by agent. Whom the queue and whom a rule names hold together.
#[test]
fn whom_the_queue_and_a_rule_name_are_those_whom_both_name() {
    let rings = json!([
        { "after_ms": 1_000, "agents": ["some", "much"] },
        { "after_ms": 60_000, "agents": [] },
    ]);
    let rules =
        json!([{ "id": "well", "targets": [{ "queue": "help", "agents_if": "agent.skills.french >= 9" }] }]);
    let mut users = two_levels();
    users.as_array_mut().unwrap().push(json!({ "user_id": "other", "skills": { "french": 10 } }));
    let mut centre = centre(json!({ "rings": rings }), users, rules);
    centre.chats("kim", "help");
    centre.pass(1);
    centre.ready(&["some", "other"]);
    assert_eq!(centre.rings(), Vec::<String>::new(), "the rule is not for one, the queue not for the other");
    centre.ready(&["much"]);
    assert_eq!(centre.rings(), ["kim → much"]);
    centre.rejects("much");
    centre.pass(60);
    assert_eq!(centre.rings(), ["kim → other"], "the queue is for all by now");
}
