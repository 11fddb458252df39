//! Telephone numbers outside the house: dialled, consulted, brought in, given a call.

use super::centre::Centre;
use jackfield_exchange::{ExternalNews, Order};
use jackfield_wire::{Code, Part, ParticipantView};
use serde_json::{Value, json};

/// kim talks with mina, whose tenant may dial German numbers.
fn call() -> Centre {
    let mut centre = Centre::new(json!({
        "queues": [{ "queue_id": "help" }],
        "users": [{ "user_id": "mina" }],
        "trunk": { "numbers": ["+49*"], "dial_timeout_ms": 30_000 },
    }));
    centre.ready(&["mina"]);
    centre.calls("kim", "help");
    centre.accepts("mina");
    centre
}

fn to_number(command: &str) -> Value {
    json!({ "type": command, "target": { "type": "number", "number": "+4930123456" } })
}

/// The number, as somebody sees it.
fn number(centre: &Centre, who: &str) -> Option<ParticipantView> {
    let conversations = centre.sees(who).conversations;
    conversations.into_iter().flat_map(|c| c.participants).find(|p| p.part == Part::External)
}

fn network_says(centre: &mut Centre, news: ExternalNews) {
    let participant = number(centre, "mina").unwrap().participant_id;
    let conversation = centre.conversation("kim").unwrap();
    centre.order(&Order::External { conversation, participant, news }).unwrap();
}

/// Amazon Connect: a quick connect to an external number. Genesys Cloud: a blind transfer to a number; the agent is free of the call when it is answered.
#[test]
fn a_call_given_to_a_number_goes_on_without_its_agent() {
    let mut centre = call();
    centre.does_about("mina", "kim", to_number("transfer"));
    assert_eq!(centre.agents_of("kim"), ["mina"], "while it rings the call is hers");
    network_says(&mut centre, ExternalNews::Answered);
    assert_eq!(centre.agents_of("kim"), Vec::<String>::new());
    assert_eq!(centre.state("kim"), "active");
}

/// Genesys Cloud: a transfer that is not answered comes back to the agent.
#[test]
fn a_number_that_does_not_answer_leaves_the_call_with_its_agent() {
    let mut centre = call();
    centre.does_about("mina", "kim", to_number("transfer"));
    centre.pass(30);
    assert_eq!(number(&centre, "mina"), None);
    assert_eq!(
        (centre.agents_of("kim"), centre.state("kim")),
        (vec!["mina".to_owned()], "active".to_owned())
    );
}

/// Amazon Connect: agent and third party talk while the customer is on hold; the customer hears nothing of it.
#[test]
fn a_customer_never_sees_whom_its_agent_consults_outside() {
    let mut centre = call();
    centre.does_about("mina", "kim", to_number("consult"));
    network_says(&mut centre, ExternalNews::Answered);
    assert!(number(&centre, "mina").unwrap().voice.is_some());
    assert_eq!(number(&centre, "kim"), None);
    centre.does_about("mina", "kim", json!({ "type": "conference" }));
    assert_eq!(number(&centre, "kim").unwrap().name, "", "in the conference it is seen, without its number");
}

/// Twilio Flex, Amazon Connect: the agent removes the third party and goes on with the customer.
#[test]
fn who_was_brought_in_is_removed() {
    let mut centre = call();
    centre.does_about("mina", "kim", to_number("invite"));
    network_says(&mut centre, ExternalNews::Answered);
    let participant_id = number(&centre, "kim").unwrap().participant_id;
    let remove = json!({ "type": "removeParticipant", "participantId": participant_id });
    centre.does_about("mina", "kim", remove);
    assert_eq!((number(&centre, "kim"), centre.state("kim")), (None, "active".to_owned()));
}

/// Amazon Connect: the countries that may be called are the instance's own list.
#[test]
fn what_may_not_be_dialled_is_refused() {
    let mut centre = call();
    for (number, code) in [("+821012345678", Code::NumberNotAllowed), ("030 123456", Code::InvalidField)] {
        let target = json!({ "type": "number", "number": number });
        let command = json!({ "type": "transfer", "target": target });
        assert_eq!(centre.about("mina", "kim", command), Err(code));
    }
}
