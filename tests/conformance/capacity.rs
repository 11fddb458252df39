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
