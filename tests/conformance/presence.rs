//! Whether an agent can be reached, and why not.

use super::centre::Centre;
use jackfield_wire::Code;
use serde_json::json;

fn availability(centre: &Centre, agent: &str) -> String {
    let told = centre.sees(agent).presence.availability;
    serde_json::to_value(told).unwrap().as_str().unwrap().to_owned()
}

/// Amazon Connect: the next status, chosen during a contact, takes hold when it is over. Genesys Cloud: going on break after the interaction.
#[test]
fn a_break_after_this_call() {
    let mut centre = Centre::help(&["mina"]);
    centre.ready(&["mina"]);
    centre.calls("kim", "help");
    centre.accepts("mina");
    centre.does("mina", json!({ "type": "setPresence", "availability": "away", "afterWork": true }));
    assert_eq!(availability(&centre, "mina"), "busy");
    centre.chats("lee", "help");
    centre.is_done_with("mina", "kim");
    assert_eq!((availability(&centre, "mina"), centre.rings()), ("away".to_owned(), Vec::new()));
}

/// Amazon Connect: custom agent statuses. Genesys Cloud: secondary presences. TaskRouter: activities of one's own.
#[test]
fn reasons_are_those_of_the_tenant() {
    let mut centre = Centre::new(json!({
        "queues": [{ "queue_id": "help" }], "users": [{ "user_id": "mina" }],
        "reasons": [{ "id": "lunch", "name": "Lunch", "availability": "away" }],
        "reason_required": true,
    }));
    centre.ready(&["mina"]);
    let away =
        |reason: Option<&str>| json!({ "type": "setPresence", "availability": "away", "reason": reason });
    assert_eq!(
        centre.asks("mina", json!({ "type": "setPresence", "availability": "away" })),
        Err(Code::InvalidField)
    );
    assert_eq!(centre.asks("mina", away(Some("golf"))), Err(Code::InvalidField));
    centre.does("mina", away(Some("lunch")));
    assert_eq!(availability(&centre, "mina"), "away");
}

/// Microsoft Graph, `presence: setUserPreferredPresence`: it lies above what the sessions say, and ends at its time.
#[test]
fn a_preferred_presence_ends_at_its_time() {
    let mut centre = Centre::help(&["mina"]);
    centre.ready(&["mina"]);
    let busy = json!({ "type": "setPresence", "availability": "busy", "expiresInMs": 600_000 });
    centre.does("mina", busy);
    centre.pass(599);
    assert_eq!(availability(&centre, "mina"), "busy");
    centre.pass(1);
    assert_ne!(availability(&centre, "mina"), "busy");
}

/// All three: a call makes its agent busy whatever the agent chose, and what was chosen holds after it.
#[test]
fn work_lies_above_what_was_chosen() {
    let mut centre = Centre::help(&["mina"]);
    centre.ready(&["mina"]);
    centre.calls("kim", "help");
    centre.accepts("mina");
    assert_eq!(availability(&centre, "mina"), "busy");
    centre.is_done_with("mina", "kim");
    assert_eq!(availability(&centre, "mina"), "available");
}
