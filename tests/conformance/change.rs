//! What an agent can do changes while it works; and why a conversation waits.

use super::centre::Centre;
use jackfield_wire::{Code, Explanation, Outcome, Role};
use serde_json::{Value, json};

/// A queue for French, and two agents: one speaks it, one does not.
fn centre() -> Centre {
    let mut centre = Centre::new(json!({
        "queues": [{ "queue_id": "help", "skills": { "french": 5 } }],
        "users": [
            { "user_id": "much", "skills": { "french": 9 } },
            { "user_id": "none" },
            { "user_id": "sue", "roles": ["supervisor"] },
        ],
    }));
    centre.enters("sue", Role::Supervisor);
    centre
}

fn set(agent: &str, skills: Value) -> Value {
    json!({ "type": "setAgentSkills", "userId": agent, "skills": skills })
}

fn why(centre: &mut Centre, customer: &str) -> Explanation {
    let conversation = centre.conversation(customer).unwrap();
    match centre.does("sue", json!({ "type": "explain", "conversationId": conversation })) {
        Outcome::Explanation { explanation } => *explanation,
        other => panic!("{other:?}"),
    }
}

/// TaskRouter: "when a Worker's attributes change, pending Tasks are re-evaluated". Amazon Connect: a changed routing profile or proficiency holds from the next contact on.
#[test]
fn who_gets_a_skill_is_offered_what_waited_for_it() {
    let mut centre = centre();
    centre.ready(&["none"]);
    centre.chats("kim", "help");
    assert_eq!(centre.rings(), Vec::<String>::new());
    centre.does("sue", set("none", json!({ "french": 5 })));
    assert_eq!(centre.rings(), ["kim → none"]);
}

/// TaskRouter: a reservation of a worker who no longer matches is rescinded, and the task goes on.
#[test]
fn an_offer_to_who_no_longer_fits_is_taken_back_and_goes_to_who_does() {
    let mut centre = centre();
    centre.ready(&["much"]);
    centre.chats("kim", "help");
    centre.does("sue", set("much", json!({ "french": 4 })));
    assert_eq!(centre.rings(), Vec::<String>::new());
    centre.ready(&["none"]);
    centre.does("sue", set("none", json!({ "french": 6 })));
    assert_eq!(centre.rings(), ["kim → none"]);
}

/// None of the three says why a contact waits; here each reason has its number.
#[test]
fn each_conversation_can_be_asked_why_it_waits() {
    let mut centre = centre();
    centre.ready(&["none"]);
    centre.chats("kim", "help");
    let told = why(&mut centre, "kim");
    let agents = told.agents.unwrap();
    assert_eq!((agents.serving, agents.fitting, agents.signed_in, agents.ready), (2, 1, 0, 0));
    assert!(told.sentence.contains("none is signed in"), "{}", told.sentence);
    centre.ready(&["much"]);
    centre.accepts("much");
    let told = why(&mut centre, "kim");
    assert_eq!(told.owner.map(|owner| owner.to_string()).as_deref(), Some("much"));
    assert_eq!(told.before[0].reason.candidates, 1);
}

/// A skill that nothing in the configuration names is a slip of the pen, and is refused at once.
#[test]
fn a_skill_that_nobody_has_or_asks_for_is_refused() {
    let mut centre = centre();
    assert_eq!(centre.asks("sue", set("none", json!({ "frensh": 5 }))), Err(Code::SkillUnknown));
}
