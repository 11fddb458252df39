//! Calling customers: with a look at who it is first, or at once; in their page, or by their number.

use super::centre::Centre;
use jackfield_exchange::{ExternalNews, Order};
use jackfield_wire::{Code, ConversationView, OfferKind, OutboundStage, Part, Role};
use serde_json::{Value, json};

/// mina is signed in, and kim has a page open. The tenant may dial German numbers.
fn desk(outbound: Value) -> Centre {
    let mut centre = Centre::new(json!({
        "queues": [{ "queue_id": "help", "outbound": outbound, "dispositions": [{ "id": "voicemail", "name": "Voicemail" }] }],
        "users": [{ "user_id": "mina" }, { "user_id": "otto" }, { "user_id": "sue", "roles": ["supervisor"] }],
        "trunk": { "numbers": ["+49*"], "dial_timeout_ms": 30_000 },
    }));
    centre.ready(&["mina"]);
    centre.enters("kim", Role::Customer);
    centre
}

fn page() -> Value {
    json!({ "type": "customer", "userId": "kim" })
}

fn number() -> Value {
    json!({ "type": "number", "number": "+4930123456" })
}

fn mina_sees(centre: &Centre) -> ConversationView {
    centre.sees("mina").conversations.remove(0)
}

fn stage(centre: &Centre) -> OutboundStage {
    mina_sees(centre).outbound.unwrap().stage
}

fn network_says(centre: &mut Centre, news: ExternalNews) {
    let seen = mina_sees(centre);
    let customer = seen.participants.into_iter().find(|p| p.part == Part::Customer).unwrap();
    let (conversation, participant) = (seen.conversation_id, customer.participant_id);
    centre.order(&Order::External { conversation, participant, news }).unwrap();
}

/// Amazon Connect, Genesys Cloud: in preview the agent sees the contact, and the customer is called when the agent says so.
#[test]
fn nobody_is_called_before_the_agent_has_looked() {
    let mut centre = desk(json!({}));
    centre.begins("mina", "kim", page(), true).unwrap();
    assert_eq!((stage(&centre), centre.sees("kim").conversations.len()), (OutboundStage::Preview, 0));
    centre.does_about("mina", "kim", json!({ "type": "dial" }));
    assert_eq!((stage(&centre), centre.sees("kim").conversations.len()), (OutboundStage::Calling, 1));
    centre.does_about("kim", "kim", json!({ "type": "answerRequest", "accept": true }));
    assert_eq!(stage(&centre), OutboundStage::Reached);
    let talk = mina_sees(&centre).participants.iter().filter(|p| p.voice.is_some()).count();
    assert_eq!(talk, 2);
}

/// Amazon Connect: an agent may discard a preview (`DISCARD`), Genesys Cloud: skip it. The customer never learns of it.
#[test]
fn what_the_agent_skips_is_over() {
    let mut centre = desk(json!({}));
    centre.begins("mina", "kim", page(), true).unwrap();
    centre.does_about("mina", "kim", json!({ "type": "skip", "reason": "has called already" }));
    assert_eq!((centre.stands("kim"), centre.sees("kim").conversations.len()), ("none".to_owned(), 0));
    centre.chats("lee", "help");
    assert_eq!(centre.rings_for("lee"), ["mina"], "she is free for others");
}

/// Amazon Connect, Genesys Cloud: when the preview's time is over, the contact is dialled; here, where the queue says so.
#[test]
fn the_time_to_look_is_limited() {
    for (end, calling) in [("dial", true), ("release", false)] {
        let mut centre = desk(json!({ "preview_ms": 30_000, "on_preview_end": end }));
        centre.begins("mina", "kim", page(), true).unwrap();
        centre.pass(30);
        assert_eq!(!centre.sees("kim").conversations.is_empty(), calling, "{end}");
    }
}

/// Amazon Connect: an outbound contact that is not answered ends with after contact work; Genesys Cloud: with a wrap-up code.
#[test]
fn a_call_that_nobody_answers_ends_with_the_work_after_it() {
    for target in [page(), number()] {
        let mut centre = desk(json!({}));
        centre.begins("mina", "kim", target, false).unwrap();
        centre.pass(30);
        assert_eq!(centre.stands("kim"), "wrapUp");
        centre.does_about("mina", "kim", json!({ "type": "finishWrapUp", "disposition": "voicemail" }));
    }
}

/// Twilio Flex: an outbound call to a number is a task of a queue, and its agent handles it as any other.
#[test]
fn a_number_that_answers_is_a_customer_as_any_other() {
    let mut centre = desk(json!({}));
    centre.begins("mina", "her", number(), false).unwrap();
    network_says(&mut centre, ExternalNews::Answered);
    centre.ready(&["otto"]);
    let otto = json!({ "type": "agent", "userId": "otto" });
    centre.does_about("mina", "her", json!({ "type": "transfer", "target": otto }));
    centre.accepts("otto");
    let seen = centre.sees("otto").conversations.remove(0);
    let customer = seen.participants.iter().find(|p| p.part == Part::Customer).unwrap();
    assert_eq!((customer.name.as_str(), customer.voice.is_some()), ("+4930123456", true));
}

/// Amazon Connect: an agent calls out whatever its status, as long as it is not on another contact.
#[test]
fn an_agent_calls_out_while_it_is_not_available_and_not_in_another_call() {
    let mut centre = desk(json!({}));
    centre.is("mina", "away");
    centre.begins("mina", "her", number(), true).unwrap();
    assert_eq!(centre.begins("mina", "kim", page(), true), Err(Code::NoCapacity));
}

/// Genesys Cloud, Amazon Connect: outbound contacts are not in the queue's service level nor among the abandoned.
#[test]
fn outbound_counts_apart_from_the_line() {
    let mut centre = desk(json!({}));
    centre.begins("mina", "kim", page(), false).unwrap();
    centre.does_about("kim", "kim", json!({ "type": "answerRequest", "accept": false }));
    let floor = serde_json::to_value(centre.exchange.floor()).unwrap();
    let figure = |name: &str| floor["queues"][0]["today"][name].as_u64().unwrap_or(0);
    assert_eq!(
        ["entered", "answered", "abandoned", "dropped", "outbound", "reached"].map(figure),
        [0, 0, 0, 0, 1, 0]
    );
}

/// A customer can be called in a page that is open, and nowhere else.
#[test]
fn a_customer_without_a_page_is_not_called_in_one() {
    let mut centre = desk(json!({}));
    centre.is_lost("kim");
    assert_eq!(centre.begins("mina", "kim", page(), true), Err(Code::CustomerUnreachable));
}

/// mina is signed in and away; sue supervises.
fn list(outbound: Value) -> Centre {
    let mut centre = desk(outbound);
    centre.is("mina", "away");
    centre.enters("sue", Role::Supervisor);
    centre
}

/// Genesys Cloud: the contacts of a preview campaign are routed as other interactions are; the agent sees the contact, and calls or skips it.
#[test]
fn a_customer_of_a_list_goes_to_an_agent_who_is_ready() {
    let mut centre = list(json!({}));
    centre.begins("sue", "kim", page(), false).unwrap();
    centre.is("mina", "available");
    assert_eq!(centre.rings_for("kim"), ["mina"]);
    assert_eq!(centre.sees("mina").offers[0].kind, OfferKind::Preview);
    centre.accepts("mina");
    assert_eq!((stage(&centre), centre.sees("kim").conversations.len()), (OutboundStage::Preview, 0));
    centre.does_about("mina", "kim", json!({ "type": "dial" }));
    centre.does_about("kim", "kim", json!({ "type": "answerRequest", "accept": true }));
    assert_eq!(stage(&centre), OutboundStage::Reached);
}

/// Genesys Cloud: a contact is tried as often as the campaign's attempt limit says; Amazon Connect: outbound campaigns have re-attempts.
#[test]
fn who_is_not_reached_is_tried_again_and_not_for_ever() {
    let mut centre = list(json!({ "attempts": 2, "retry_ms": 60_000 }));
    centre.begins("sue", "kim", page(), false).unwrap();
    centre.is("mina", "available");
    centre.accepts("mina");
    centre.does_about("mina", "kim", json!({ "type": "skip" }));
    centre.pass(59);
    assert!(centre.rings_for("kim").is_empty());
    centre.pass(1);
    centre.accepts("mina");
    centre.does_about("mina", "kim", json!({ "type": "skip" }));
    assert_eq!(centre.stands("kim"), "none");
}

/// Amazon Connect: inbound contacts come before outbound ones where the routing profile says so; here they do unless the queue says otherwise.
#[test]
fn who_waits_goes_before_who_is_to_be_called() {
    for (customers_first, first) in [(true, "lee"), (false, "kim")] {
        let mut centre = list(json!({ "customers_first": customers_first }));
        centre.begins("sue", "kim", page(), false).unwrap();
        centre.pass(600);
        centre.chats("lee", "help");
        centre.is("mina", "available");
        assert_eq!(centre.rings(), [format!("{first} → mina")]);
    }
}

/// Twilio TaskRouter: a workflow tells tasks apart by their direction, and gives them a priority.
#[test]
fn rules_tell_a_list_from_customers_who_come() {
    let mut centre = Centre::new(json!({
        "queues": [{ "queue_id": "help" }, { "queue_id": "out" }],
        "users": [{ "user_id": "mina", "queues": ["help"] }, { "user_id": "otto", "queues": ["out"] }, { "user_id": "sue", "roles": ["supervisor"] }],
        "rules": [{ "id": "calls", "when": "conversation.outbound", "targets": [{ "queue": "out" }] }],
        "trunk": { "numbers": ["+49*"] },
    }));
    centre.enters("sue", Role::Supervisor);
    centre.ready(&["mina", "otto"]);
    centre.begins("sue", "her", number(), false).unwrap();
    centre.chats("lee", "help");
    assert_eq!(
        (centre.rings_for("her"), centre.rings_for("lee")),
        (vec!["otto".into()], vec!["mina".into()])
    );
}

/// Genesys Cloud, Amazon Connect: a list of contacts is nobody who waits.
#[test]
fn a_list_counts_as_nobody_who_waits() {
    let mut centre = list(json!({}));
    centre.begins("sue", "kim", page(), false).unwrap();
    centre.pass(600);
    let floor = serde_json::to_value(centre.exchange.floor()).unwrap();
    let queue = &floor["queues"][0];
    assert_eq!((queue["waiting"].as_u64(), queue["longestSince"].as_u64()), (Some(0), None), "{queue}");
    assert_eq!(queue["today"]["entered"].as_u64().unwrap_or(0), 0);
    centre.chats("lee", "help");
    let floor = serde_json::to_value(centre.exchange.floor()).unwrap();
    assert_eq!(floor["queues"][0]["waiting"], 1, "who waits does count");
}

/// Genesys Cloud: a supervisor takes a contact off the list; who is being called is its agent's.
#[test]
fn a_supervisor_takes_a_customer_off_the_list() {
    let mut centre = list(json!({}));
    centre.begins("sue", "kim", page(), false).unwrap();
    centre.does_about("sue", "kim", json!({ "type": "skip" }));
    assert_eq!(centre.stands("kim"), "none");
}
