//! Which agents a conversation can go to at all.

use super::centre::Centre;
use jackfield_wire::Code;
use serde_json::json;

/// Genesys Cloud, Amazon Connect: an agent is only chosen for queues that it is a member of (Connect: by its routing profile).
#[test]
fn an_agent_gets_only_what_its_own_queues_have() {
    let mut centre = Centre::new(json!({
        "queues": [{ "queue_id": "help" }, { "queue_id": "sales" }],
        "users": [{ "user_id": "mina", "queues": ["sales"] }, { "user_id": "otto", "queues": ["help", "sales"] }],
    }));
    centre.ready(&["mina", "otto"]);
    centre.calls("kim", "help");
    assert_eq!(centre.rings(), ["kim → otto"]);
}

/// TaskRouter: a queue's target expression over worker attributes, as in `languages HAS "fr" AND level >= 5`. Genesys Cloud: a skill with its proficiency.
#[test]
fn a_skill_counts_from_the_level_that_the_queue_asks_for() {
    let mut centre = Centre::new(json!({
        "queues": [{ "queue_id": "french", "skills": { "french": 5 } }],
        "users": [
            { "user_id": "few", "skills": { "french": 4 } },
            { "user_id": "none", "skills": { "german": 10 } },
            { "user_id": "just", "skills": { "french": 5 } },
        ],
    }));
    centre.ready(&["few", "none"]);
    centre.calls("kim", "french");
    assert_eq!(centre.state("kim"), "queued");
    centre.ready(&["just"]);
    assert_eq!(centre.rings(), ["kim → just"]);
}

/// Genesys Cloud, "all skills matching": every skill that is asked for must be there, not only one of them.
#[test]
fn all_skills_that_are_asked_for_must_be_there() {
    let mut centre = Centre::new(json!({
        "queues": [{ "queue_id": "tax", "skills": { "french": 5, "tax": 2 } }],
        "users": [
            { "user_id": "speaks", "skills": { "french": 9 } },
            { "user_id": "knows", "skills": { "tax": 9 } },
            { "user_id": "both", "skills": { "french": 5, "tax": 2 } },
        ],
    }));
    centre.ready(&["speaks", "knows", "both"]);
    centre.chats("kim", "tax");
    assert_eq!(centre.rings(), ["kim → both"]);
}

/// All three: a worker whose activity is not an available one is offered nothing.
#[test]
fn who_is_not_available_is_offered_nothing() {
    for availability in ["away", "busy", "offline"] {
        let mut centre = Centre::help(&["mina"]);
        centre.ready(&["mina"]);
        centre.is("mina", availability);
        centre.calls("kim", "help");
        assert_eq!(centre.rings(), [""; 0], "{availability}");
        centre.is("mina", "available");
        assert_eq!(centre.rings(), ["kim → mina"], "{availability}");
    }
}

/// TaskRouter: changing a worker's activity to available makes it match the tasks that wait. All three do the same.
#[test]
fn who_becomes_available_gets_what_has_waited() {
    let mut centre = Centre::help(&["mina"]);
    centre.chats("kim", "help");
    centre.pass(30);
    assert_eq!(centre.state("kim"), "queued");
    centre.ready(&["mina"]);
    assert_eq!(centre.rings(), ["kim → mina"]);
}

/// Amazon Connect: a routing profile says which channels an agent takes. Genesys Cloud: a queue takes the media types it is set up for.
#[test]
fn a_queue_takes_only_its_channels() {
    let mut centre = Centre::new(json!({
        "queues": [{ "queue_id": "texts", "channels": ["chat"] }], "users": [{ "user_id": "mina" }],
    }));
    let call = json!({ "queueId": "texts", "channel": "voice" });
    assert_eq!(centre.tries_to_come("kim", call), Err(Code::QueueClosed));
    centre.chats("kim", "texts");
    assert_eq!(centre.state("kim"), "queued");
}

/// Amazon Connect: once a queue's maximum contacts are reached, the next is told so and can be sent elsewhere.
#[test]
fn a_full_queue_turns_the_next_away() {
    let mut centre = Centre::new(json!({
        "queues": [{ "queue_id": "help", "max_waiting": 1 }], "users": [{ "user_id": "mina" }],
    }));
    centre.calls("kim", "help");
    let call = json!({ "queueId": "help", "channel": "voice" });
    assert_eq!(centre.tries_to_come("lee", call.clone()), Err(Code::QueueFull));
    centre.ready(&["mina"]);
    centre.accepts("mina");
    assert_eq!(centre.tries_to_come("lee", call), Ok(()), "who is served does not wait");
}
