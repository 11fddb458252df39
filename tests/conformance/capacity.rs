//! How much an agent has at once.

use super::centre::Centre;
use serde_json::json;

/// TaskRouter: a worker channel has a capacity. Genesys Cloud: utilization, with a maximum for each media type.
#[test]
fn chats_come_up_to_the_capacity_and_not_beyond() {
    let mut centre = Centre::new(json!({
        "queues": [{ "queue_id": "help" }],
        "users": [{ "user_id": "mina", "capacity": { "voice": 1, "chat": 2 } }],
    }));
    centre.ready(&["mina"]);
    for customer in ["kim", "lee"] {
        centre.chats(customer, "help");
        centre.accepts("mina");
    }
    centre.chats("max", "help");
    assert_eq!(centre.rings(), [""; 0]);
    centre.is_done_with("mina", "kim");
    assert_eq!(centre.rings(), ["max → mina"]);
}

/// Genesys Cloud: an agent has one call at a time. Amazon Connect: voice has a concurrency of one.
#[test]
fn one_call_at_a_time() {
    let mut centre = Centre::help(&["mina"]);
    centre.ready(&["mina"]);
    centre.calls("kim", "help");
    centre.calls("lee", "help");
    assert_eq!(centre.rings(), ["kim → mina"], "an offer counts as much as a call");
    centre.accepts("mina");
    assert_eq!(centre.rings(), [""; 0]);
}

fn with_rule(rule: serde_json::Value) -> Centre {
    let mut centre = Centre::new(json!({
        "interrupted_by": rule, "queues": [{ "queue_id": "help" }],
        "users": [{ "user_id": "mina", "capacity": { "voice": 1, "chat": 2 } }],
    }));
    centre.ready(&["mina"]);
    centre
}

/// Genesys Cloud: chats interrupted by voice, but calls by nothing. Amazon Connect: an agent on voice gets its current channel only.
#[test]
fn a_call_interrupts_chats_and_nothing_interrupts_a_call() {
    let mut centre = with_rule(json!({}));
    for customer in ["kim", "lee"] {
        centre.chats(customer, "help");
        centre.accepts("mina");
    }
    centre.calls("max", "help");
    assert_eq!(centre.rings(), ["max → mina"], "though she has all the chats that she takes");
    centre.accepts("mina");
    centre.is_done_with("mina", "kim");
    centre.chats("ned", "help");
    assert_eq!(centre.rings(), [""; 0], "there is room for a chat, but she is in a call");
    centre.does_about("mina", "max", json!({ "type": "endConversation" }));
    assert_eq!(centre.rings(), [""; 0], "the work after a call belongs to it");
    centre.does_about("mina", "max", json!({ "type": "finishWrapUp" }));
    assert_eq!(centre.rings(), ["ned → mina"]);
}

/// Amazon Connect: the behaviour across channels is set for each channel, to the current channel only or to any. Genesys Cloud: "interrupted by" lists.
#[test]
fn what_interrupts_what_is_for_the_centre_to_say() {
    for (rule, call_in_chat, chat_in_call) in [
        (json!({ "chat": [] }), false, false),
        (json!({ "voice": ["chat"] }), true, true),
        (json!({ "voice": ["chat"], "chat": [] }), false, true),
    ] {
        let mut centre = with_rule(rule.clone());
        centre.chats("kim", "help");
        centre.accepts("mina");
        centre.calls("lee", "help");
        assert_eq!(!centre.rings().is_empty(), call_in_chat, "{rule}: a call, at a chat");
        let mut centre = with_rule(rule.clone());
        centre.calls("kim", "help");
        centre.accepts("mina");
        centre.chats("lee", "help");
        assert_eq!(!centre.rings().is_empty(), chat_in_call, "{rule}: a chat, in a call");
    }
}

/// Genesys Cloud: utilization of an agent goes before that of the organization.
#[test]
fn an_agents_own_rule_goes_before_the_centres() {
    let mut centre = Centre::new(json!({
        "queues": [{ "queue_id": "help" }],
        "users": [{ "user_id": "mina", "interrupted_by": { "voice": ["chat"], "chat": [] } }],
    }));
    centre.ready(&["mina"]);
    centre.calls("kim", "help");
    centre.accepts("mina");
    centre.chats("lee", "help");
    assert_eq!(centre.rings(), ["lee → mina"]);
}

/// What colleagues hand over interrupts no more than what is routed; what an agent takes up by itself is its own choice.
#[test]
fn nobody_is_handed_what_may_not_interrupt_it() {
    let mut centre = Centre::help(&["mina", "otto"]);
    centre.ready(&["mina"]);
    centre.calls("kim", "help");
    centre.accepts("mina");
    centre.ready(&["otto"]);
    centre.chats("lee", "help");
    centre.accepts("otto");
    let transfer = json!({ "type": "transfer", "target": { "type": "agent", "userId": "mina" } });
    assert_eq!(centre.about("otto", "lee", transfer), Err(jackfield_wire::Code::NoCapacity));
    centre.does_about("otto", "lee", json!({ "type": "park" }));
    centre.does_about("mina", "lee", json!({ "type": "pickUp" }));
    assert_eq!(centre.agents_of("lee"), ["mina"]);
}

/// Amazon Connect: an agent in after contact work takes no new contact.
#[test]
fn the_work_after_a_call_takes_its_place_still() {
    let mut centre = Centre::help(&["mina"]);
    centre.ready(&["mina"]);
    centre.calls("kim", "help");
    centre.accepts("mina");
    centre.calls("lee", "help");
    centre.does_about("mina", "kim", json!({ "type": "endConversation" }));
    assert_eq!((centre.state("kim"), centre.rings()), ("wrapUp".to_owned(), Vec::new()));
    centre.does_about("mina", "kim", json!({ "type": "finishWrapUp" }));
    assert_eq!(centre.rings(), ["lee → mina"]);
}
