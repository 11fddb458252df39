//! Offers: to whom, for how long, and what follows from each answer.

use super::centre::Centre;
use jackfield_wire::Code;
use serde_json::json;

/// TaskRouter: a task has one reservation at a time, unless it asks for several workers.
#[test]
fn nobody_else_is_asked_while_an_offer_is_open() {
    let mut centre = Centre::help(&["mina", "otto", "zoe"]);
    centre.ready(&["mina", "otto", "zoe"]);
    centre.calls("kim", "help");
    centre.pass(19);
    assert_eq!(centre.rings(), ["kim → mina"]);
}

/// Two of three agents are asked for kim at once.
fn two_at_once() -> Centre {
    let mut centre = Centre::new(json!({
        "queues": [{ "queue_id": "help", "offer_to": 2 }],
        "users": [{ "user_id": "mina" }, { "user_id": "otto" }, { "user_id": "zoe" }],
    }));
    centre.ready(&["mina", "otto", "zoe"]);
    centre.calls("kim", "help");
    centre
}

/// TaskRouter: a queue's maximum of reserved workers. The first who accepts has the task, and the reservations of the others are rescinded.
#[test]
fn a_queue_can_ask_several_at_once_and_the_first_who_accepts_has_it() {
    let mut centre = two_at_once();
    assert_eq!(centre.rings(), ["kim → mina", "kim → otto"]);
    let late = centre.offer_to("mina").unwrap();
    centre.accepts("otto");
    assert_eq!((centre.agents_of("kim"), centre.rings()), (vec!["otto".to_owned()], Vec::new()));
    assert_eq!(centre.asks("mina", json!({ "type": "acceptOffer", "offerId": late })), Err(Code::OfferGone));
    centre.calls("lee", "help");
    assert_eq!(centre.rings(), ["lee → mina", "lee → zoe"], "mina is none the worse for it");
}

/// TaskRouter: while one of the reservations is pending, nobody else is reserved; when the last has ended, the task is in its queue again.
#[test]
fn there_is_no_second_round_while_one_is_open() {
    let mut centre = two_at_once();
    centre.rejects("mina");
    assert_eq!((centre.rings(), centre.state("kim")), (vec!["kim → otto".to_owned()], "offered".to_owned()));
    centre.rejects("otto");
    assert_eq!(centre.rings(), ["kim → zoe"]);
    centre.rejects("zoe");
    assert_eq!((centre.state("kim"), centre.place("kim")), ("queued".to_owned(), Some(1)));
    centre.pass(15);
    assert_eq!(centre.rings(), ["kim → mina", "kim → otto"]);
}

/// TaskRouter: a worker who goes offline loses its own reservation; a task that is canceled cancels all of them.
#[test]
fn who_goes_away_leaves_the_others_ringing_and_the_customer_ends_all() {
    let mut centre = two_at_once();
    centre.is("mina", "away");
    assert_eq!(centre.rings(), ["kim → otto"]);
    let mut centre = two_at_once();
    centre.does_about("kim", "kim", json!({ "type": "hangUp" }));
    assert_eq!((centre.rings(), centre.state("kim")), (Vec::new(), "over".to_owned()));
}

/// TaskRouter: a reservation time-out of each target of a workflow. Genesys Cloud: an alerting time-out of each queue.
#[test]
fn a_queue_has_its_own_time_for_an_offer() {
    let mut centre = Centre::new(json!({
        "offer_timeout_ms": 20_000, "queues": [{ "queue_id": "help", "offer_timeout_ms": 5_000 }],
        "users": [{ "user_id": "mina" }],
    }));
    centre.ready(&["mina"]);
    centre.calls("kim", "help");
    centre.pass(4);
    assert_eq!(centre.state("kim"), "offered");
    centre.pass(1);
    assert_eq!(centre.state("kim"), "queued");
}

/// TaskRouter: accepting a reservation assigns the task.
#[test]
fn accepting_connects() {
    let mut centre = Centre::help(&["mina"]);
    centre.ready(&["mina"]);
    centre.calls("kim", "help");
    assert_eq!(centre.state("kim"), "offered");
    centre.accepts("mina");
    assert_eq!(
        (centre.state("kim"), centre.agents_of("kim")),
        ("active".to_owned(), vec!["mina".to_owned()])
    );
    assert_eq!(centre.rings(), [""; 0]);
}

/// Genesys Cloud, Amazon Connect: who does not answer is set to not responding (missed contact) and gets nothing more; the customer goes to another.
#[test]
fn who_does_not_answer_is_set_aside_and_another_is_asked() {
    let mut centre = Centre::help(&["mina", "otto"]);
    centre.ready(&["mina", "otto"]);
    centre.calls("kim", "help");
    centre.pass(20);
    assert_eq!(centre.rings(), ["kim → otto"]);
    let told = centre.sees("mina").presence.availability;
    assert_eq!(serde_json::to_value(told).unwrap(), "away");
}

/// NICE CXone: a refusal time-out, after which contacts come again by themselves. The queue says so; the presence stays.
#[test]
fn who_does_not_answer_can_be_set_aside_for_a_while_only() {
    let mut centre = Centre::new(json!({
        "no_answer_pause_ms": 30_000, "queues": [{ "queue_id": "help", "on_no_answer": "pause" }],
        "users": [{ "user_id": "mina" }],
    }));
    centre.ready(&["mina"]);
    centre.calls("kim", "help");
    centre.pass(20);
    assert_eq!((centre.rings(), centre.place("kim")), (Vec::new(), Some(1)));
    centre.calls("lee", "help");
    centre.pass(29);
    assert_eq!(centre.rings(), [""; 0], "not for lee either");
    centre.pass(1);
    assert_eq!(centre.rings(), ["kim → mina"], "at its own place");
    centre.pass(20);
    centre.is("mina", "available");
    assert_eq!(centre.rings(), ["kim → mina"], "she says that she is there");
}

/// TaskRouter: a reservation time-out can leave the worker's activity as it is.
#[test]
fn who_does_not_answer_can_be_left_as_it_is() {
    let mut centre = Centre::new(json!({
        "queues": [{ "queue_id": "help", "on_no_answer": "keep" }], "users": [{ "user_id": "mina" }],
    }));
    centre.ready(&["mina"]);
    centre.chats("kim", "help");
    centre.chats("lee", "help");
    centre.pass(20);
    assert_eq!(centre.rings(), ["lee → mina"], "the next, as after a refusal");
}

/// Amazon Connect: a missed contact returns to its queue with the time of its arrival, so ahead of those who came later.
#[test]
fn an_unanswered_conversation_keeps_its_place() {
    let mut centre = Centre::help(&["mina", "otto"]);
    centre.ready(&["mina"]);
    for customer in ["kim", "lee"] {
        centre.calls(customer, "help");
        centre.pass(1);
    }
    centre.pass(20);
    assert_eq!((centre.place("kim"), centre.place("lee")), (Some(1), Some(2)));
    centre.ready(&["otto"]);
    assert_eq!(centre.rings(), ["kim → otto"]);
}

/// TaskRouter: a rejected reservation leaves the worker available and goes to the next.
#[test]
fn who_turns_one_down_gets_the_next_and_not_the_same_again() {
    let mut centre = Centre::help(&["mina"]);
    centre.ready(&["mina"]);
    centre.chats("kim", "help");
    centre.chats("lee", "help");
    centre.rejects("mina");
    assert_eq!(centre.rings(), ["lee → mina"]);
    centre.accepts("mina");
    assert_eq!(centre.rings(), [""; 0], "kim is not for mina now");
    centre.pass(15);
    assert_eq!(centre.rings(), ["kim → mina"], "after a pause it is again: nobody else is there");
}

/// TaskRouter: a task that is canceled cancels its reservation.
#[test]
fn a_customer_who_gives_up_takes_the_offer_along() {
    let mut centre = Centre::help(&["mina"]);
    centre.ready(&["mina"]);
    centre.calls("kim", "help");
    let offer = centre.offer_to("mina").unwrap();
    centre.does_about("kim", "kim", json!({ "type": "hangUp" }));
    assert_eq!((centre.rings(), centre.state("kim")), (Vec::new(), "over".to_owned()));
    let accept = json!({ "type": "acceptOffer", "offerId": offer });
    assert_eq!(centre.asks("mina", accept), Err(Code::OfferGone));
}

/// TaskRouter: a worker who goes offline has its reservation rescinded; the task is reserved for another.
#[test]
fn who_goes_away_stops_ringing_and_another_is_asked() {
    let mut centre = Centre::help(&["mina", "otto"]);
    centre.ready(&["mina", "otto"]);
    centre.calls("kim", "help");
    centre.is("mina", "away");
    assert_eq!(centre.rings(), ["kim → otto"]);
}

/// Genesys Cloud: an interaction whose agent is disconnected returns to its queue, ahead of those who came later.
#[test]
fn a_customer_whose_agent_is_lost_waits_at_its_old_place() {
    let mut centre = Centre::help(&["mina", "otto"]);
    centre.ready(&["mina"]);
    centre.calls("kim", "help");
    centre.accepts("mina");
    centre.pass(60);
    centre.calls("lee", "help");
    centre.is_lost("mina");
    assert_eq!((centre.place("kim"), centre.place("lee")), (Some(1), Some(2)));
    centre.ready(&["otto"]);
    assert_eq!(centre.rings(), ["kim → otto"]);
}
