//! The journal's format: what was written once must be read for ever.

use super::Centre;
use crate::{Event, Exchange};
use jackfield_wire::Channel;
use serde_json::Value;

/// One line for each kind of fact, as it stands in journals. Lines may be added here, never changed.
const WRITTEN: &str = r#"
{"type":"sessionOpened","session":"s1","who":{"userId":"mina","name":"Mina","role":"agent"}}
{"type":"sessionAway","session":"s1"}
{"type":"sessionReturned","session":"s1"}
{"type":"sessionClosed","session":"s1","userId":"mina","reason":"asked"}
{"type":"presenceWished","userId":"mina","availability":"available"}
{"type":"presenceChanged","userId":"mina","availability":"busy","activity":"inACall"}
{"type":"conversationStarted","conversationId":"c1","queueId":"help","channel":"chat","participantId":"p1","who":{"userId":"carla","role":"customer"},"session":"s2"}
{"type":"offerMade","offerId":"o1","conversationId":"c1","userId":"mina","kind":"conversation","channel":"chat","expiresAt":20,"reason":{"order":"longest idle","skills":{"french":5},"candidates":2,"waitedMs":3}}
{"type":"offerEnded","offerId":"o1","conversationId":"c1","userId":"mina","outcome":"rejected","reason":"lunch","pauseUntil":9}
{"type":"pauseEnded","conversationId":"c1","userId":"mina"}
{"type":"stateChanged","conversationId":"c1","state":"wrapUp","reason":"customerLeft","wrapUpBy":"mina","wrapUpUntil":30}
{"type":"wrapUpExtended","conversationId":"c1","until":60}
{"type":"wrapUpBegan","conversationId":"c1","participantId":"p2","until":30,"reason":"customerLeft"}
{"type":"wrapUpBegan","conversationId":"c1","participantId":"p2","until":30,"lastMessage":7}
{"type":"wrapUpExtended","conversationId":"c1","participantId":"p2","until":60}
{"type":"wrapUpEnded","conversationId":"c1","participantId":"p2","disposition":"solved"}
{"type":"seatChanged","conversationId":"c1","participantId":"p3","was":{"part":"consulted","side":"consult","owner":false},"seat":{"part":"agent","side":"main","owner":true}}
{"type":"participantJoined","conversationId":"c1","participantId":"p4","who":{"userId":"sue","name":"Sue","role":"supervisor"},"seat":{"part":"monitor","side":"main","owner":false,"monitor":{"mode":"whisper","whom":"p2"}}}
{"type":"participantLeft","conversationId":"c1","participantId":"p2","userId":"mina","reason":"left","seat":{"part":"agent","side":"main","owner":false},"wrapping":true}
{"type":"conversationClosed","conversationId":"c1","disposition":"solved"}
{"type":"routed","conversationId":"c1","queueId":"help","priority":2,"virtualStart":5,"needs":{"skills":{"french":7},"preferred":{"tax":1},"agent":{"userId":"mina","fallbackAfterMs":9},"rings":[{"after_ms":20,"skills":{}}]},"rule":"vip"}
{"type":"ringReached","conversationId":"c1","ring":1}
{"type":"reviewed","rules":18446744073709551615,"after":"c1","looked":2}
{"type":"reviewed","rules":7,"looked":0}
{"type":"routed","conversationId":"c1","queueId":"help","virtualStart":5,"needs":{"agents":["mina"]},"stays":{"since":3,"ring":1},"ordered":true}
{"type":"placesMoved","queueId":"help","channel":"voice","from":1}
{"type":"voiceRequested","conversationId":"c1","session":"s2","requested":false,"outcome":"accepted"}
{"type":"pendingChanged","conversationId":"c1","kind":"voice","pending":{"kind":"voice","target":{"type":"customer","userId":"carla"},"by":"p2","since":3,"holds":false,"until":20,"session":"s1"}}
{"type":"pendingChanged","conversationId":"c1","kind":"voice","outcome":"rejected"}
{"type":"callbackChanged","conversationId":"c1","callback":{"at":99,"attempts":1},"virtualStart":90}
{"type":"callbackChanged","conversationId":"c1","callback":{"awaySince":99,"attempts":0}}
{"type":"callbackChanged","conversationId":"c1"}
{"type":"participantJoined","conversationId":"c1","participantId":"p2","who":{"userId":"mina","name":"Mina","role":"agent"},"voice":"s1"}
{"type":"voiceJoined","conversationId":"c1","participantId":"p1","session":"s2"}
{"type":"voiceLeft","conversationId":"c1","participantId":"p1"}
{"type":"heldChanged","conversationId":"c1","participantId":"p1","held":true}
{"type":"mutedChanged","conversationId":"c1","participantId":"p1","muted":true}
{"type":"participantAway","conversationId":"c1","participantId":"p1","away":true}
{"type":"participantLeft","conversationId":"c1","participantId":"p1","userId":"carla","reason":"lost"}
{"type":"messageAdded","conversationId":"c1","number":1,"commandId":"k1","participantId":"p1","role":"customer","at":5,"visibility":"everyone"}
{"type":"agentChanged","userId":"mina","settings":{"skills":{"french":7},"queues":["vip"],"capacity":{"voice":1,"chat":2}}}
{"type":"agentChanged","userId":"mina","settings":{}}
{"type":"supervised","by":"bea","order":"whisper","userId":"mina","conversationId":"c1"}
{"type":"messageAdded","conversationId":"c1","number":2,"commandId":"k2","participantId":"p2","role":"agent","at":6,"visibility":"internal","note":true}
{"type":"attributesChanged","conversationId":"c1","participantId":"p2"}
{"type":"tagsChanged","conversationId":"c1","participantId":"p2","tags":["refund"]}
{"type":"linksChanged","conversationId":"c1","participantId":"p2"}
{"type":"messagesMarked","conversationId":"c1","participantId":"p1","delivered":2,"read":1}
"#;

/// What the first gateways wrote, and how it is written now: without what people are called or wrote.
const ONCE: &str = r#"
{"type":"sessionOpened","session":"s2","who":{"userId":"carla","name":"Carla","role":"customer"}}
{"type":"conversationStarted","conversationId":"c1","queueId":"help","channel":"chat","subject":"hello","attributes":{"order":"7"},"participantId":"p1","who":{"userId":"carla","name":"Carla","role":"customer"},"session":"s2"}
{"type":"messageAdded","conversationId":"c1","number":1,"commandId":"k1","participantId":"p1","name":"Carla","role":"customer","at":5,"visibility":"everyone"}
"#;

#[test]
fn what_was_written_with_names_is_read_with_them_and_never_written_so_again() {
    let lines = ONCE.lines().filter(|line| !line.is_empty());
    let events: Vec<Event> = lines.map(|line| serde_json::from_str(line).unwrap()).collect();
    let [Event::SessionOpened { who, .. }, Event::ConversationStarted(new), Event::MessageAdded { name, .. }] =
        &events[..]
    else {
        panic!("{events:?}")
    };
    assert_eq!([&who.name, &new.who.name, name], ["Carla"; 3]);
    assert_eq!((new.subject.as_deref(), new.attributes["order"].as_text()), (Some("hello"), Some("7")));
    let again = serde_json::to_string(&events).unwrap();
    for private in ["Carla", "hello", "order"] {
        assert!(!again.contains(private), "{private} in {again}");
    }
}

#[test]
fn every_fact_ever_written_is_read_and_written_the_same() {
    for line in WRITTEN.lines().filter(|line| !line.is_empty()) {
        let event: Event = serde_json::from_str(line).unwrap();
        let again: Value = serde_json::to_value(&event).unwrap();
        assert_eq!(again, serde_json::from_str::<Value>(line).unwrap());
        let named = line.contains("\"conversationId\"").then_some("c1");
        assert_eq!(event.conversation().map(|c| c.as_str()), named, "{line}");
    }
}

/// What the first version's journal said of wrap-up, and its snapshot of it, in today's terms: the work is the agent's own.
#[test]
fn wrap_up_of_the_first_version_is_the_agents_own() {
    let mut centre = Centre::new();
    centre.agent("mina1");
    centre.caller("carla1", "help", Channel::Chat);
    centre.accept("mina1");
    let old = [
        r#"{"type":"stateChanged","conversationId":"c1","state":"wrapUp","reason":"customerLeft","wrapUpBy":"mina","wrapUpUntil":1030000}"#,
        r#"{"type":"participantLeft","conversationId":"c1","participantId":"p1","userId":"carla","reason":"left"}"#,
        r#"{"type":"wrapUpExtended","conversationId":"c1","until":1060000}"#,
    ];
    for line in old {
        centre.exchange.apply(&serde_json::from_str(line).unwrap(), centre.now);
    }
    assert_eq!(centre.exchange.index, centre.exchange.build_index());
    let wrap_up = centre.seen("mina1", 1).unwrap().wrap_up.unwrap();
    assert_eq!((wrap_up.since, wrap_up.until), (1_000_000, 1_060_000));

    let mut snapshot = serde_json::to_value(centre.exchange.state()).unwrap();
    let kept = &mut snapshot["conversations"]["c1"];
    let mut work = kept["participants"][0].as_object_mut().unwrap().remove("wrapUp").unwrap();
    kept["participants"][0].as_object_mut().unwrap().remove("seat");
    work["userId"] = "mina".into();
    kept["wrapUp"] = work;
    let config = centre.exchange.config().clone();
    let mut restored = Exchange::from_state(config, serde_json::from_value(snapshot).unwrap());
    centre.journal.iter().filter_map(|(_, event)| event.body()).for_each(|row| restored.furnish(&row));
    assert_eq!(restored.state(), centre.exchange.state());
    centre.pass(60_000);
    assert!(centre.exchange.state.conversations.is_empty());
}

#[test]
fn parties_of_the_first_versions_snapshots_have_their_seats() {
    let mut centre = Centre::new();
    centre.agent("mina1");
    centre.caller("carla1", "help", Channel::Voice);
    centre.accept("mina1");
    let mut snapshot = serde_json::to_value(centre.exchange.state()).unwrap();
    for participant in snapshot["conversations"]["c1"]["participants"].as_array_mut().unwrap() {
        participant.as_object_mut().unwrap().remove("seat").unwrap();
    }
    let config = centre.exchange.config().clone();
    let mut restored = Exchange::from_state(config, serde_json::from_value(snapshot).unwrap());
    centre.journal.iter().filter_map(|(_, event)| event.body()).for_each(|row| restored.furnish(&row));
    assert_eq!(restored.state(), centre.exchange.state());
}
