//! The whole state machine, walked: every command, by everybody, wherever a conversation can stand. Each pair changes the state as it is drawn, or is refused with
//! its code; `walk.md` says what each does, and `UPDATE=1` writes it anew.
//!
//! The commands are the wire's own samples, made to name what is there; the published schema says whether one is missing.

use super::{
    centre::{Centre, NOON},
    common as samples,
};
use jackfield_exchange::{Event, ExternalNews, Order};
use jackfield_wire::{Command, CommandId, Role, SessionId};
use serde_json::{Value, json};
use std::{collections::BTreeSet, fmt::Write as _, path::PathBuf, sync::OnceLock};

/// Who may ask: the customer of the conversation, its agent (or the one for whom it rings), another agent, a supervisor, another customer.
const CALLERS: [&str; 5] = ["kim", "mina", "otto", "sue", "lee"];

/// How a place is reached.
type Reach = fn(&mut Centre);

/// Where a conversation can stand, and how it gets there; with the commands of this place only, which have to be there.
const PLACES: [(&str, &[&str], Reach); 26] = [
    ("none", &[], |_| {}),
    ("queued chat", &[], |centre| {
        for agent in ["mina", "otto", "zoe"] {
            centre.is(agent, "away");
        }
        centre.chats("kim", "help");
    }),
    ("queued, to be called back", &["requestCallback"], |centre| {
        centre.calls("kim", "help");
        let later = NOON + 3_600_000;
        centre.does_about("kim", "kim", json!({ "type": "requestCallback", "at": later }));
    }),
    ("active, the customer is called back", &["requestCallback"], |centre| {
        centre.calls("kim", "help");
        centre.does_about("kim", "kim", json!({ "type": "requestCallback" }));
        centre.accepts("mina");
    }),
    ("offered call", &[], |centre| centre.calls("kim", "help")),
    ("active chat", &[], chat),
    ("active chat, voice asked for", &[], voice_asked_for),
    ("active chat, the customer asked to talk", &["answerRequest"], |centre| {
        chat(centre);
        centre.does_about("mina", "kim", json!({ "type": "startVoice" }));
    }),
    ("active chat with voice", &[], |centre| {
        voice_asked_for(centre);
        centre.accepts("mina");
    }),
    ("active call", &[], call),
    ("active call on hold", &[], |centre| {
        call(centre);
        centre.does_about("mina", "kim", json!({ "type": "hold" }));
    }),
    ("wrap-up of a call", &[], |centre| {
        call(centre);
        centre.does_about("kim", "kim", json!({ "type": "hangUp" }));
    }),
    ("call, a transfer rings", &["transfer"], |centre| {
        call(centre);
        centre.does_about("mina", "kim", to_otto("transfer"));
    }),
    ("call, a consult rings", &["consult"], |centre| {
        call(centre);
        centre.does_about("mina", "kim", to_otto("consult"));
    }),
    ("call, otto consulted", &["consult"], consulted),
    ("call, conference with otto", &["consult", "conference"], |centre| {
        consulted(centre);
        centre.does_about("mina", "kim", json!({ "type": "conference" }));
    }),
    ("parked chat", &["park"], |centre| {
        chat(centre);
        centre.does_about("mina", "kim", json!({ "type": "park" }));
    }),
    ("call, sue listens", &["monitor"], |centre| {
        call(centre);
        centre.does_about("sue", "kim", json!({ "type": "monitor", "mode": "listen" }));
    }),
    ("call taken over by sue", &["monitor", "takeOver"], |centre| {
        call(centre);
        centre.does_about("sue", "kim", json!({ "type": "monitor", "mode": "barge" }));
        centre.does_about("sue", "kim", json!({ "type": "takeOver" }));
    }),
    ("outbound call, in preview", &["startOutbound"], |centre| {
        centre.begins("mina", "kim", json!({ "type": "customer", "userId": "kim" }), true).unwrap();
    }),
    ("outbound call, the customer is called", &["startOutbound", "dial"], |centre| {
        centre.begins("mina", "kim", json!({ "type": "customer", "userId": "kim" }), false).unwrap();
    }),
    ("on a queue's list", &["startOutbound", "skip"], |centre| {
        for agent in ["mina", "otto", "zoe"] {
            centre.is(agent, "away");
        }
        centre.begins("sue", "kim", json!({ "type": "customer", "userId": "kim" }), false).unwrap();
    }),
    ("of a queue's list, in preview", &["startOutbound", "skip"], |centre| {
        centre.begins("sue", "kim", json!({ "type": "customer", "userId": "kim" }), false).unwrap();
        centre.accepts("mina");
    }),
    ("call, a telephone number rings", &["transfer"], |centre| {
        call(centre);
        centre.does_about("mina", "kim", to_number("transfer"));
    }),
    ("call, a telephone number consulted", &["consult"], |centre| {
        call(centre);
        centre.does_about("mina", "kim", to_number("consult"));
        answered(centre);
    }),
    ("call given to a telephone number", &["transfer"], |centre| {
        call(centre);
        centre.does_about("mina", "kim", to_number("transfer"));
        answered(centre);
    }),
];

fn to_number(command: &str) -> Value {
    json!({ "type": command, "target": { "type": "number", "number": "+4930123456" } })
}

/// The number that rings is answered.
fn answered(centre: &mut Centre) {
    let parties = centre.sees("mina").conversations.into_iter().flat_map(|c| c.participants);
    let participant = parties.into_iter().find(|p| p.dialing).unwrap().participant_id;
    let (conversation, news) = (centre.conversation("kim").unwrap(), ExternalNews::Answered);
    centre.order(&Order::External { conversation, participant, news }).unwrap();
}

fn chat(centre: &mut Centre) {
    centre.chats("kim", "help");
    centre.accepts("mina");
    centre.does_about("kim", "kim", json!({ "type": "sendMessage", "text": "Hello" }));
}

fn voice_asked_for(centre: &mut Centre) {
    chat(centre);
    centre.does_about("kim", "kim", json!({ "type": "startVoice" }));
}

fn call(centre: &mut Centre) {
    centre.calls("kim", "help");
    centre.accepts("mina");
}

fn to_otto(command: &str) -> Value {
    json!({ "type": command, "target": { "type": "agent", "userId": "otto" } })
}

fn consulted(centre: &mut Centre) {
    call(centre);
    centre.does_about("mina", "kim", to_otto("consult"));
    centre.accepts("otto");
}

/// The places whose commands this wire has.
fn places() -> Vec<(&'static str, Reach)> {
    let known: BTreeSet<String> = samples::commands().iter().map(|(_, command)| kind(command)).collect();
    let reached = PLACES.into_iter().filter(|(_, needed, _)| needed.iter().all(|name| known.contains(*name)));
    reached.map(|(place, _, reach)| (place, reach)).collect()
}

fn kind(command: &Command) -> String {
    serde_json::to_value(command).unwrap()["type"].as_str().unwrap().to_owned()
}

/// What is drawn: from where to where a conversation can go in one step.
const DRAWN: [(&str, &[&str]); 6] = [
    ("none", &["queued"]),
    ("queued", &["offered", "ended"]),
    ("offered", &["active", "queued", "ended"]),
    ("active", &["wrapUp", "queued", "parked", "ended"]),
    ("parked", &["active", "queued", "wrapUp", "ended"]),
    ("wrapUp", &["ended"]),
];

fn at(reach: Reach) -> Centre {
    let mut centre = Centre::new(json!({
        "queues": [{ "queue_id": "help", "dispositions": [{ "id": "solved", "name": "Solved" }] }],
        "users": [
            { "user_id": "mina" }, { "user_id": "otto" }, { "user_id": "zoe", "skills": { "french": 5 } },
            { "user_id": "sue", "roles": ["supervisor"] },
        ],
        "trunk": { "numbers": ["+49*"] },
        // For who does not say to which queue it wants.
        "rules": [{ "id": "all", "targets": [{ "queue": "help" }] }],
    }));
    for customer in ["kim", "lee"] {
        centre.enters(customer, Role::Customer);
    }
    centre.enters("sue", Role::Supervisor);
    centre.ready(&["mina", "otto", "zoe"]);
    reach(&mut centre);
    centre
}

/// A sample, made to name what is there.
fn aimed(sample: &Command, centre: &Centre) -> Command {
    let mut value = serde_json::to_value(sample).unwrap();
    let conversation = centre.conversation("kim");
    let seen = conversation.as_ref().and_then(|_| centre.of("kim"));
    let customer = seen.and_then(|c| c.participants.into_iter().find(|p| p.role == Role::Customer));
    let offer = CALLERS.iter().find_map(|who| centre.offer_to(who));
    let names = [
        ("conversationId", conversation.map(|id| id.to_string())),
        ("participantId", customer.map(|p| p.participant_id.to_string())),
        ("offerId", offer),
        ("queueId", Some("help".to_owned())),
        ("userId", Some("mina".to_owned())),
        ("disposition", Some("solved".to_owned())),
        ("reason", None),
    ];
    let target = value["target"].clone();
    aim(&mut value, &names);
    if value["type"] == "startOutbound" {
        value["target"] = match target["type"].as_str() {
            Some("customer") => json!({ "type": "customer", "userId": "lee" }),
            _ => target,
        };
    }
    serde_json::from_value(value).unwrap()
}

fn aim(value: &mut Value, names: &[(&str, Option<String>)]) {
    match value {
        Value::Object(fields) => {
            // The sample's reason is one that this tenant does not have.
            fields.retain(|name, _| name != "reason");
            for (name, field) in fields {
                let named = names.iter().find(|(known, _)| known == name).and_then(|(_, id)| id.as_ref());
                match named.filter(|_| field.is_string()) {
                    Some(id) => *field = id.as_str().into(),
                    None if matches!(name.as_str(), "userIds" | "agentIds") => *field = json!(["otto"]),
                    None if matches!(name.as_str(), "queueIds" | "queues") => *field = json!(["help"]),
                    None if name == "at" => *field = (NOON + 7_200_000).into(),
                    None if name == "target" => *field = json!({ "type": "agent", "userId": "zoe" }),
                    None if matches!(name.as_str(), "delivered" | "read") => *field = 1.into(),
                    None => aim(field, names),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| aim(item, names)),
        _ => {}
    }
}

/// What a command comes to: its code, or the facts of it and where the conversation stands then.
fn cell(centre: &mut Centre, who: &str, command: Command) -> String {
    let (session, id) = (SessionId::parse(who).unwrap(), CommandId::numbered('w', 1));
    let before = centre.stands("kim");
    let decision = match centre.exchange.decide(&Order::Do { session, id, command }, centre.now) {
        Ok(decision) => decision,
        Err(error) => return error.code.name().to_owned(),
    };
    for event in &decision.events {
        centre.exchange.apply(event, centre.now);
    }
    let after = centre.stands("kim");
    let facts: Vec<String> = decision.events.iter().map(fact).collect();
    check_drawn(&before, &decision.events);
    match (facts.is_empty(), before == after) {
        (true, _) => "done".to_owned(),
        (false, true) => facts.join(", "),
        (false, false) => format!("**{after}**: {}", facts.join(", ")),
    }
}

fn fact(event: &Event) -> String {
    serde_json::to_value(event).unwrap()["type"].as_str().unwrap().to_owned()
}

fn check_drawn(before: &str, events: &[Event]) {
    let mut stands = before.to_owned();
    for event in events {
        if let Event::StateChanged { state, .. } = event {
            let next = serde_json::to_value(state).unwrap().as_str().unwrap().to_owned();
            let drawn = DRAWN.iter().any(|(from, to)| *from == stands && to.contains(&next.as_str()));
            assert!(drawn || next == stands, "{stands} to {next} is not drawn: {events:?}");
            stands = next;
        }
    }
}

/// Made once for all tests that look at it.
fn table() -> &'static str {
    static TABLE: OnceLock<String> = OnceLock::new();
    TABLE.get_or_init(write_table)
}

fn write_table() -> String {
    let mut text = String::from(
        "# Every command, wherever a conversation stands\n\n\
         Made by `UPDATE=1 cargo test --test conformance walk`. One customer (kim) waits for, rings at or is with one agent (mina); otto is another agent (zoe a third, \
         to whom targets point), sue a supervisor, lee another customer. A cell is the code of the refusal, or the facts that follow at once, after the state that the \
         conversation comes to, where that is another one. `done` changes nothing that others see.\n",
    );
    let places: Vec<(&str, Centre)> = places().into_iter().map(|(place, reach)| (place, at(reach))).collect();
    for (name, sample) in samples::commands() {
        write!(text, "\n## {name}\n\n| where | its customer | its agent | other agent | supervisor | other customer |\n")
            .unwrap();
        text.push_str("|---|---|---|---|---|---|\n");
        for (place, centre) in &places {
            let command = aimed(&sample, centre);
            let cells = CALLERS.map(|who| cell(&mut centre.clone(), who, command.clone()));
            writeln!(text, "| {place} | {} |", cells.join(" | ")).unwrap();
        }
    }
    text
}

#[test]
fn every_command_everywhere_does_what_the_table_says() {
    let found = table();
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/walk.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, found).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    for (line, (found, written)) in found.lines().zip(written.lines()).enumerate() {
        assert_eq!(found, written, "{}:{}; UPDATE=1 writes it anew", path.display(), line + 1);
    }
    assert_eq!(
        found.len(),
        written.len(),
        "{} is of another length; UPDATE=1 writes it anew",
        path.display()
    );
    assert!(!found.contains("| internal |"), "no pair is an error of the exchange itself");
}

/// A table of refusals alone would say nothing of a command.
#[test]
fn every_command_is_taken_somewhere() {
    let text = table();
    let codes: BTreeSet<&str> = jackfield_wire::Code::ALL.iter().map(|code| code.name()).collect();
    for section in text.split("\n## ").skip(1) {
        let name = section.lines().next().unwrap();
        let rows = section.lines().filter(|line| line.starts_with("| ")).skip(1);
        let mut cells = rows.flat_map(|row| {
            row.split(" | ").skip(1).map(|cell| cell.trim_end_matches(" |")).collect::<Vec<_>>()
        });
        assert!(
            cells.any(|cell| !codes.contains(cell)),
            "{name} is refused everywhere: the walk does not reach where it is for"
        );
    }
}

/// A new command has its sample, and so its row.
#[test]
fn no_command_is_left_out() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/wire.schema.json");
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut known = BTreeSet::new();
    for variant in schema["clientFrame"]["$defs"]["Command"]["oneOf"].as_array().unwrap() {
        known.insert(variant["properties"]["type"]["const"].as_str().unwrap().to_owned());
    }
    let walked: BTreeSet<String> = samples::commands().iter().map(|(_, command)| kind(command)).collect();
    assert_eq!(walked, known);
}
