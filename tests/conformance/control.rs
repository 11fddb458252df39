//! Handing over, asking for advice, and setting aside.

use super::centre::Centre;
use jackfield_wire::Code;
use serde_json::{Value, json};

/// kim talks with mina; otto and zoe are free. `desk` is another queue, of zoe alone.
fn call() -> Centre {
    let mut centre = Centre::new(json!({
        "queues": [{ "queue_id": "help" }, { "queue_id": "desk" }],
        "users": [
            { "user_id": "mina", "queues": ["help"] }, { "user_id": "otto", "queues": ["help"] },
            { "user_id": "zoe", "queues": ["desk"] },
        ],
    }));
    centre.ready(&["mina"]);
    centre.calls("kim", "help");
    centre.accepts("mina");
    centre
}

fn to_agent(command: &str, agent: &str) -> Value {
    json!({ "type": command, "target": { "type": "agent", "userId": agent } })
}

/// Amazon Connect: transferred to a queue, a contact keeps the time of its arrival. Genesys Cloud: so does an interaction.
#[test]
fn a_transfer_to_a_queue_keeps_the_customers_age() {
    let mut centre = call();
    centre.pass(60);
    centre.calls("lee", "desk");
    centre.does_about(
        "mina",
        "kim",
        json!({ "type": "transfer", "target": { "type": "queue", "queueId": "desk" } }),
    );
    assert_eq!(
        (centre.queue_of("kim"), centre.place("kim"), centre.place("lee")),
        ("desk".to_owned(), Some(1), Some(2))
    );
    centre.ready(&["zoe"]);
    assert_eq!(centre.rings(), ["kim → zoe"]);
}

/// Genesys Cloud, Amazon Connect: a blind transfer to an agent.
#[test]
fn a_transfer_to_an_agent_is_an_offer_to_it() {
    let mut centre = call();
    centre.ready(&["otto"]);
    centre.does_about("mina", "kim", to_agent("transfer", "otto"));
    assert_eq!(centre.rings(), ["kim → otto"]);
    centre.accepts("otto");
    assert_eq!(centre.agents_of("kim"), ["otto"]);
}

/// TaskRouter: a transfer that the other worker rejects leaves the task with the one who has it.
#[test]
fn a_transfer_that_nobody_takes_leaves_all_as_it_was() {
    let mut centre = call();
    centre.ready(&["otto"]);
    centre.does_about("mina", "kim", to_agent("transfer", "otto"));
    centre.rejects("otto");
    assert_eq!(
        (centre.agents_of("kim"), centre.state("kim")),
        (vec!["mina".to_owned()], "active".to_owned())
    );
}

/// Genesys Cloud: a consult transfer. The customer is not told who is asked, and goes over when it is completed.
#[test]
fn a_consult_can_be_completed_into_a_transfer() {
    let mut centre = call();
    centre.ready(&["otto"]);
    centre.does_about("mina", "kim", to_agent("consult", "otto"));
    centre.accepts("otto");
    assert_eq!(centre.agents_of("kim"), ["mina"], "as the customer sees it");
    centre.does_about("mina", "kim", json!({ "type": "completeConsult" }));
    assert_eq!(centre.agents_of("kim"), ["otto"]);
}

/// Genesys Cloud, Amazon Connect: a consult can be given up, or become a conference.
#[test]
fn a_consult_can_be_canceled_or_become_a_conference() {
    for (command, agents) in [("cancelConsult", vec!["mina"]), ("conference", vec!["mina", "otto"])] {
        let mut centre = call();
        centre.ready(&["otto"]);
        centre.does_about("mina", "kim", to_agent("consult", "otto"));
        centre.accepts("otto");
        centre.does_about("mina", "kim", json!({ "type": command }));
        assert_eq!(centre.agents_of("kim"), agents, "{command}");
    }
}

/// Genesys Cloud: parked interactions free the agent's capacity and come back to the same agent.
#[test]
fn a_parked_chat_frees_capacity_and_comes_back_to_its_agent() {
    let mut centre = Centre::new(json!({
        "queues": [{ "queue_id": "help" }],
        "users": [{ "user_id": "mina", "capacity": { "voice": 1, "chat": 1 } }, { "user_id": "otto" }],
    }));
    centre.ready(&["mina"]);
    centre.chats("kim", "help");
    centre.accepts("mina");
    centre.chats("lee", "help");
    assert_eq!(centre.rings(), [""; 0]);
    centre.does_about("mina", "kim", json!({ "type": "park" }));
    assert_eq!((centre.state("kim"), centre.rings()), ("parked".to_owned(), vec!["lee → mina".to_owned()]));
    centre.accepts("mina");
    centre.is_done_with("mina", "lee");
    centre.does_about("mina", "kim", json!({ "type": "pickUp" }));
    assert_eq!(
        (centre.state("kim"), centre.agents_of("kim")),
        ("active".to_owned(), vec!["mina".to_owned()])
    );
}

/// All three: who has no room can't be handed a conversation.
#[test]
fn nobody_is_handed_more_than_it_takes() {
    let mut centre = call();
    centre.ready(&["otto"]);
    centre.calls("lee", "help");
    centre.accepts("otto");
    let answer = centre.about("mina", "kim", to_agent("transfer", "otto"));
    assert_eq!(answer, Err(Code::NoCapacity));
}

/// Genesys Cloud: an agent escalates a chat to a call; the customer takes it or not. Here it is asked in its own page, and nobody hears anything before its yes.
#[test]
fn an_agent_asks_the_customer_of_a_chat_to_talk() {
    for (accept, voices) in [(true, 2), (false, 0)] {
        let mut centre = Centre::help(&["mina"]);
        centre.ready(&["mina"]);
        centre.chats("kim", "help");
        centre.accepts("mina");
        centre.does_about("mina", "kim", json!({ "type": "startVoice" }));
        let voices_of = |centre: &Centre| {
            centre.of("kim").unwrap().participants.iter().filter(|p| p.voice.is_some()).count()
        };
        assert_eq!(voices_of(&centre), 0);
        centre.does_about("kim", "kim", json!({ "type": "answerRequest", "accept": accept }));
        assert_eq!((voices_of(&centre), centre.state("kim")), (voices, "active".to_owned()));
    }
}

/// Amazon Connect, Genesys Cloud: a message within a voice conversation.
#[test]
fn one_writes_in_a_voice_conversation() {
    let mut centre = call();
    centre.does_about(
        "mina",
        "kim",
        json!({ "type": "sendMessage", "text": "https://contoso.example/form" }),
    );
    centre.does_about("kim", "kim", json!({ "type": "sendMessage", "text": "Done" }));
    let seen = centre.of("kim").unwrap();
    let voices = seen.participants.iter().filter(|p| p.voice.is_some()).count();
    assert_eq!((seen.last_message, voices), (2, 2), "and the call goes on");
}

/// Where the transfer that was offered to an agent is not taken: back to the agent (Genesys Cloud), or into the queue, as the tenant says.
#[test]
fn a_transfer_that_nobody_takes_goes_where_the_tenant_says() {
    let ways: [fn(&mut Centre); 3] =
        [|centre| centre.rejects("otto"), |centre| centre.pass(20), |centre| centre.is_lost("otto")];
    for way in ways {
        for (setting, state) in [("owner", "active"), ("queue", "queued")] {
            let mut centre = Centre::new(json!({
                "queues": [{ "queue_id": "help" }, { "queue_id": "desk" }], "on_failed_transfer": setting,
                "users": [{ "user_id": "mina", "queues": ["help"] }, { "user_id": "otto", "queues": ["desk"] }],
            }));
            centre.ready(&["mina"]);
            centre.calls("kim", "help");
            centre.accepts("mina");
            centre.ready(&["otto"]);
            centre.does_about("mina", "kim", to_agent("transfer", "otto"));
            way(&mut centre);
            assert_eq!(centre.state("kim"), state, "{setting}");
            let held = centre.of("kim").unwrap().participants[0].voice.as_ref().unwrap().held;
            assert!(!held, "nobody is left on hold");
        }
    }
}

/// Genesys Cloud: who is asked for advice goes on with the customer when the agent's line breaks.
#[test]
fn who_is_consulted_inherits_the_customer_of_a_lost_agent() {
    let mut centre = call();
    centre.ready(&["otto"]);
    centre.does_about("mina", "kim", to_agent("consult", "otto"));
    centre.accepts("otto");
    centre.is_lost("mina");
    assert_eq!(
        (centre.state("kim"), centre.agents_of("kim")),
        ("active".to_owned(), vec!["otto".to_owned()])
    );
    let parties = centre.of("kim").unwrap().participants;
    assert!(parties.iter().all(|p| p.voice.as_ref().is_some_and(|leg| !leg.held)), "{parties:?}");
    assert!(parties.iter().any(|p| p.owner), "and is its agent");
}

/// TaskRouter, Amazon Connect: a transfer to a queue is a new place in its workflow: closed or full, it goes on to where that queue overflows.
#[test]
fn a_transfer_to_a_queue_follows_its_hours_its_length_and_its_overflow() {
    let closed = json!({ "weekly": [{ "days": ["sun"], "from": "09:00", "to": "10:00" }] });
    let overflow = json!({ "queue": "night" });
    let ways = [
        (json!({ "queue_id": "desk" }), Ok("desk")),
        (json!({ "queue_id": "desk", "hours": closed, "overflow": overflow }), Ok("night")),
        (json!({ "queue_id": "desk", "max_waiting": 0, "overflow": overflow }), Ok("night")),
        (json!({ "queue_id": "desk", "hours": closed }), Err(Code::QueueClosed)),
        (json!({ "queue_id": "desk", "max_waiting": 0 }), Err(Code::QueueFull)),
    ];
    for (desk, comes_to) in ways {
        let mut centre = Centre::new(json!({
            "queues": [{ "queue_id": "help" }, desk, { "queue_id": "night" }],
            "users": [{ "user_id": "mina", "queues": ["help"] }],
        }));
        centre.ready(&["mina"]);
        centre.calls("kim", "help");
        centre.accepts("mina");
        let target = json!({ "type": "queue", "queueId": "desk" });
        let answer = centre.about("mina", "kim", json!({ "type": "transfer", "target": target }));
        assert_eq!(answer.map(|_| centre.queue_of("kim")), comes_to.map(str::to_owned));
    }
}

/// TaskRouter: from the target that it was given to on, it goes through the rule's other targets.
#[test]
fn a_transfer_to_a_queue_goes_on_through_the_rules_targets() {
    let mut centre = Centre::new(json!({
        "queues": [{ "queue_id": "help" }, { "queue_id": "desk" }, { "queue_id": "night" }],
        "users": [{ "user_id": "mina", "queues": ["help"] }],
        "rules": [{ "id": "all", "targets": [
            { "queue": "help", "timeout_ms": 5_000 }, { "queue": "desk", "timeout_ms": 10_000, "priority": 3 }, { "queue": "night" },
        ] }],
    }));
    centre.ready(&["mina"]);
    centre.calls("kim", "help");
    centre.accepts("mina");
    let target = json!({ "type": "queue", "queueId": "desk" });
    centre.does_about("mina", "kim", json!({ "type": "transfer", "target": target }));
    assert_eq!(centre.queue_of("kim"), "desk");
    centre.pass(10);
    assert_eq!((centre.queue_of("kim"), centre.state("kim")), ("night".to_owned(), "queued".to_owned()));
}
