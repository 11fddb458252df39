//! What the figures of a queue mean.

use super::centre::Centre;
use serde_json::{Value, json};

fn today(centre: &Centre) -> Value {
    let floor = serde_json::to_value(centre.exchange.floor()).unwrap();
    floor["queues"][0]["today"].clone()
}

fn figures(centre: &Centre, names: &[&str]) -> Vec<u64> {
    let today = today(centre);
    names.iter().map(|name| today[*name].as_u64().unwrap_or(0)).collect()
}

/// Genesys Cloud, Amazon Connect: the service level counts those answered within the target, here 20 seconds.
#[test]
fn the_service_level_counts_who_was_answered_in_time() {
    let mut centre = Centre::help(&["mina", "otto"]);
    centre.calls("kim", "help");
    centre.calls("lee", "help");
    centre.pass(10);
    centre.ready(&["mina"]);
    centre.accepts("mina");
    centre.pass(30);
    centre.ready(&["otto"]);
    centre.accepts("otto");
    assert_eq!(figures(&centre, &["answered", "answeredInTime", "abandoned"]), [2, 1, 0]);
}

/// Genesys Cloud: who gives up early is a short abandon, and counted apart.
#[test]
fn who_gives_up_is_abandoned_and_who_does_at_once_is_counted_apart() {
    let mut centre = Centre::help(&["mina"]);
    for (customer, waits) in [("kim", 60), ("lee", 1)] {
        centre.calls(customer, "help");
        centre.pass(waits);
        centre.does_about(customer, customer, json!({ "type": "hangUp" }));
    }
    assert_eq!(figures(&centre, &["answered", "abandoned", "shortAbandoned"]), [0, 1, 1]);
}

/// Amazon Connect, Genesys Cloud: handle time is talk, hold and the work after it.
#[test]
fn handle_time_is_talk_hold_and_the_work_after() {
    let mut centre = Centre::help(&["mina"]);
    centre.ready(&["mina"]);
    centre.calls("kim", "help");
    centre.pass(5);
    centre.accepts("mina");
    centre.pass(60);
    centre.does_about("mina", "kim", json!({ "type": "hold" }));
    centre.pass(30);
    centre.does_about("mina", "kim", json!({ "type": "resume" }));
    centre.pass(10);
    centre.does_about("kim", "kim", json!({ "type": "hangUp" }));
    centre.pass(7);
    centre.does_about("mina", "kim", json!({ "type": "finishWrapUp" }));
    let names = ["handled", "waitMs", "talkMs", "holdMs", "wrapUpMs"];
    assert_eq!(figures(&centre, &names), [1, 5_000, 70_000, 30_000, 7_000]);
}

/// All three: how many wait and since when, now.
#[test]
fn the_line_is_shown_as_it_is() {
    let mut centre = Centre::help(&["mina"]);
    let came = centre.now;
    centre.calls("kim", "help");
    centre.pass(3);
    centre.calls("lee", "help");
    let floor = serde_json::to_value(centre.exchange.floor()).unwrap();
    assert_eq!(
        (&floor["queues"][0]["waiting"], &floor["queues"][0]["longestSince"]),
        (&json!(2), &json!(came))
    );
}
