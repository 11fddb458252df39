//! Customers who are called back instead of waiting on the line: Connect's queued callbacks, Genesys' callbacks with a scheduled time.

use crate::centre::Centre;
use jackfield_wire::{Code, Role};
use serde_json::json;

fn asks_to_be_called(centre: &mut Centre, customer: &str) {
    centre.does_about(customer, customer, json!({ "type": "requestCallback" }));
}

fn answers(centre: &mut Centre, customer: &str, accept: bool) {
    centre.does_about(customer, customer, json!({ "type": "answerRequest", "accept": accept }));
}

/// What the customer is asked.
fn asked(centre: &Centre, customer: &str) -> String {
    let pending = centre.of(customer).and_then(|seen| seen.pending);
    let kind = pending.map(|pending| serde_json::to_value(pending.kind).unwrap());
    kind.map_or_else(|| "nothing".to_owned(), |kind| kind.as_str().unwrap().to_owned())
}

/// Ada waits to be called back, and bo after her on the line.
fn ada_before_bo(agents: &[&str]) -> Centre {
    let mut centre = Centre::help(agents);
    centre.calls("ada", "help");
    asks_to_be_called(&mut centre, "ada");
    centre.pass(5);
    centre.calls("bo", "help");
    centre
}

#[test]
fn who_asks_to_be_called_back_keeps_the_place_in_line() {
    let mut centre = ada_before_bo(&["mina"]);
    assert_eq!((centre.place("ada"), centre.place("bo")), (Some(1), Some(2)));
    centre.ready(&["mina"]);
    assert_eq!(centre.rings(), ["ada → mina"]);
}

#[test]
fn the_customer_is_asked_when_an_agent_is_there() {
    let mut centre = ada_before_bo(&["mina"]);
    centre.ready(&["mina"]);
    assert_eq!(asked(&centre, "ada"), "nothing", "an offer may yet be turned down");
    centre.accepts("mina");
    assert_eq!(asked(&centre, "ada"), "callback");
    answers(&mut centre, "ada", true);
    let seen = centre.of("ada").unwrap();
    assert!(seen.callback.is_none() && seen.participants.iter().all(|party| party.voice.is_some()));
}

#[test]
fn who_does_not_answer_is_called_again_later_and_the_agent_serves_others_meanwhile() {
    let mut centre = ada_before_bo(&["mina"]);
    centre.ready(&["mina"]);
    centre.accepts("mina");
    centre.pass(20);
    assert_eq!((centre.state("ada"), centre.rings()), ("queued".to_owned(), vec!["bo → mina".to_owned()]));
    centre.accepts("mina");
    centre.is_done_with("mina", "bo");
    centre.pass(600);
    assert_eq!(centre.rings(), ["ada → mina"]);
}

#[test]
fn after_the_last_attempt_nobody_is_called_any_more() {
    let mut centre = Centre::new(json!({
        "queues": [{ "queue_id": "help", "callbacks": { "attempts": 2, "retry_ms": 60_000 } }],
        "users": [{ "user_id": "mina" }],
    }));
    centre.calls("ada", "help");
    asks_to_be_called(&mut centre, "ada");
    centre.ready(&["mina"]);
    for _ in 0..2 {
        assert_eq!(centre.rings(), ["ada → mina"]);
        centre.accepts("mina");
        centre.pass(20);
        centre.pass(60);
    }
    assert_eq!((centre.stands("ada"), centre.rings()), ("none".to_owned(), Vec::new()));
}

#[test]
fn who_closes_the_page_keeps_the_place_and_is_called_when_it_is_open_again() {
    let mut centre = ada_before_bo(&["mina", "joon"]);
    centre.is_lost("ada");
    centre.ready(&["mina"]);
    assert_eq!(centre.rings(), ["bo → mina"], "nobody would answer");
    centre.calls("cy", "help");
    centre.enters("ada", Role::Customer);
    assert_eq!(centre.place("ada"), Some(1));
    centre.ready(&["joon"]);
    assert_eq!(centre.rings_for("ada"), ["joon"]);
}

#[test]
fn who_names_a_time_is_called_then() {
    let mut centre = Centre::help(&["mina"]);
    centre.ready(&["mina"]);
    centre.is("mina", "away");
    centre.calls("ada", "help");
    let at = centre.now + 3_600_000;
    centre.does_about("ada", "ada", json!({ "type": "requestCallback", "at": at }));
    centre.is("mina", "available");
    assert_eq!(centre.rings(), [""; 0]);
    centre.pass(3_599);
    assert_eq!(centre.rings(), [""; 0]);
    centre.pass(1);
    assert_eq!(centre.rings(), ["ada → mina"]);
}

#[test]
fn who_changes_its_mind_waits_on_the_line_again_at_the_same_place() {
    let mut centre = ada_before_bo(&["mina"]);
    centre.does_about("ada", "ada", json!({ "type": "startVoice" }));
    assert_eq!((centre.place("ada"), centre.place("bo")), (Some(1), Some(2)));
    centre.ready(&["mina"]);
    centre.accepts("mina");
    assert_eq!((centre.state("ada"), asked(&centre, "ada")), ("active".to_owned(), "nothing".to_owned()));
}

#[test]
fn it_is_over_when_the_customer_gives_up_or_says_no() {
    let mut centre = ada_before_bo(&["mina"]);
    centre.does_about("ada", "ada", json!({ "type": "endConversation" }));
    assert_eq!(centre.stands("ada"), "none");
    asks_to_be_called(&mut centre, "bo");
    centre.ready(&["mina"]);
    centre.accepts("mina");
    answers(&mut centre, "bo", false);
    assert_eq!(centre.stands("bo"), "wrapUp");
}

#[test]
fn to_be_called_back_is_not_to_give_up_and_no_long_wait() {
    let mut centre = Centre::help(&["mina"]);
    centre.calls("ada", "help");
    centre.pass(10);
    let at = centre.now + 3_600_000;
    centre.does_about("ada", "ada", json!({ "type": "requestCallback", "at": at }));
    centre.pass(3_600);
    centre.ready(&["mina"]);
    centre.accepts("mina");
    let figures = |centre: &Centre| {
        let today = centre.exchange.floor().queues[0].today.clone().unwrap();
        (today.answered, today.answered_in_time, today.abandoned)
    };
    // That its agent calls it is no answer yet.
    assert_eq!(figures(&centre), (0, 0, 0));
    answers(&mut centre, "ada", true);
    assert_eq!(figures(&centre), (1, 1, 0));
}

#[test]
fn where_the_queue_calls_nobody_back_one_waits() {
    let mut centre = Centre::new(
        json!({ "queues": [{ "queue_id": "help", "callbacks": { "enabled": false } }], "users": [] }),
    );
    centre.calls("ada", "help");
    let refused = centre.about("ada", "ada", json!({ "type": "requestCallback" }));
    assert_eq!(refused.unwrap_err(), Code::NotAllowed);
}
