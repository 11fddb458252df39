//! What the engine hands on without knowing it: commands, answers, events, fields.

use super::*;
use crate::engine::ConnectionState;
use jackfield_wire::lean;

/// A session that is told its events as text, as a newer gateway may write them.
struct Newer(Desk);

impl Newer {
    fn open() -> Self {
        Self(Desk::open(snapshot(vec![conversation(vec![])])))
    }

    fn event(&mut self, event: &str) -> Vec<Event> {
        self.0.seq += 1;
        let text = format!(r#"{{"type":"event","seq":{},"at":1,"event":{event}}}"#, self.0.seq);
        self.0.input(Input::Text { link: self.0.link, text });
        self.0.take_events()
    }

    fn shown(&self, key: &str) -> Option<String> {
        let conversation = self.0.engine.view().unwrap().conversation(&c1()).unwrap();
        lean::Members::of(&conversation.json()).unwrap().get(key).map(str::to_owned)
    }
}

/// The names of what is told.
fn kinds(events: &[Event]) -> Vec<String> {
    let kind = |event: &Event| match event {
        Event::Other { kind, .. } => kind.clone(),
        other => format!("{other:?}").split([' ', '{']).next().unwrap_or_default().to_owned(),
    };
    events.iter().map(kind).collect()
}

#[test]
fn an_event_that_is_not_known_is_told_as_it_is_and_counts() {
    let mut newer = Newer::open();
    let told = newer.event(r#"{"type":"sang","song":{"verses":[1,2]},"conversationId":"c9"}"#);
    let [Event::Other { kind, conversation_id: Some(id), rest }] = &told[..] else { panic!("{told:?}") };
    assert_eq!((kind.as_str(), id.as_str()), ("sang", "c9"));
    assert_eq!(rest.object(), r#"{"song":{"verses":[1,2]}}"#);
    assert_eq!(kinds(&newer.event(r#"{"type":"rang"}"#)), ["rang"], "the numbers go on");
}

#[test]
fn a_changed_event_says_what_the_conversations_fields_are_now() {
    let mut newer = Newer::open();
    let told =
        newer.event(r#"{"type":"contextChanged","conversationId":"c1","tags":["vip"],"attributes":{"a":1}}"#);
    assert_eq!(kinds(&told), ["ConversationChanged", "contextChanged"]);
    assert_eq!(newer.shown("tags").as_deref(), Some(r#"["vip"]"#));
    assert_eq!(newer.shown("queueId").as_deref(), Some(r#""sales""#), "what is left out is as before");
    let told = newer.event(r#"{"type":"queueChanged","conversationId":"c1","queueId":"support"}"#);
    assert_eq!(kinds(&told), ["ConversationChanged", "queueChanged"]);
    assert_eq!(newer.shown("queueId").as_deref(), Some(r#""support""#));
    newer.event(r#"{"type":"contextChanged","conversationId":"c1","tags":[]}"#);
    assert_eq!(newer.shown("tags"), None, "left out, as in a snapshot");
    newer.event(r#"{"type":"pendingChanged","conversationId":"c1","pending":null,"outcome":"accepted"}"#);
    assert_eq!(newer.shown("outcome"), None, "how something ended is told, and no field of the conversation");
    let told = newer.event(r#"{"type":"noteAdded","conversationId":"c1","tags":["no"]}"#);
    assert_eq!(
        (kinds(&told), newer.shown("tags")),
        (vec!["noteAdded".to_owned()], None),
        "only what is called so changes"
    );
}

#[test]
fn an_event_that_is_not_as_it_should_be_is_warned_of_and_the_session_goes_on() {
    let mut newer = Newer::open();
    let wrong = r#"{"type":"messageAdded","conversationId":"c1","message":{"number":true}}"#;
    newer.0.seq += 1;
    let text = format!(r#"{{"type":"event","seq":{},"at":1,"event":{wrong}}}"#, newer.0.seq);
    newer.0.input(Input::Text { link: newer.0.link, text });
    let warned = newer.0.others.iter().find_map(|output| match output {
        Output::Warn { seq, error } => Some((*seq, error.message.clone())),
        _ => None,
    });
    let (seq, message) = warned.unwrap();
    assert!(seq == newer.0.seq && message.starts_with("`message.number` must be a number"), "{message}");
    assert_eq!(kinds(&newer.event(r#"{"type":"rang"}"#)), ["rang"], "no gap, and no new connection");
    assert_eq!(newer.0.engine.connection(), ConnectionState::Ready);
}

#[test]
fn a_snapshot_tells_of_other_fields_once() {
    let mut newer = Newer::open();
    newer.event(r#"{"type":"contextChanged","conversationId":"c1","subject":"order A-17"}"#);
    let desk = &mut newer.0;
    for (subject, told) in [("order A-17", 0), ("order A-18", 1), ("order A-18", 0)] {
        desk.cut();
        desk.take_events();
        let now = ConversationView { subject: Some(subject.into()), ..conversation(vec![]) };
        desk.welcome(Resumed::Snapshot, Some(snapshot(vec![now])));
        let events = desk.take_events();
        let changed = events.iter().filter(|e| matches!(e, Event::ConversationChanged { .. })).count();
        assert_eq!(changed, told, "{subject}: {events:?}");
    }
    desk.cut();
    desk.take_events();
    desk.welcome(Resumed::Snapshot, Some(snapshot(vec![conversation(vec![])])));
    let changed = desk.take_events().iter().any(|e| matches!(e, Event::ConversationChanged { .. }));
    assert!(changed && newer.shown("subject").is_none(), "a field that is gone is news, too");
}

#[test]
fn fields_that_are_not_known_are_kept_with_what_has_them() {
    let mut newer = Newer::open();
    newer.event(
        r#"{"type":"participantJoined","conversationId":"c1","participant":{"participantId":"p9","name":"+44 20","role":"external","part":"external"}}"#,
    );
    let participants = newer.shown("participants").unwrap();
    assert!(participants.contains(r#""part":"external""#), "{participants}");
    newer.event(
        r#"{"type":"messageAdded","conversationId":"c1","message":{"number":1,"commandId":"x1","participantId":"p2","name":"carl","role":"customer","at":1,"visibility":"internal","text":"hm","note":true}}"#,
    );
    let view = newer.0.engine.view().unwrap();
    let message = &view.conversation(&c1()).unwrap().thread.messages()[0];
    assert_eq!((message.text.as_str(), message.rest.as_str()), ("hm", r#""note":true"#));
    let told = newer.event(
        r#"{"type":"conversationStateChanged","conversationId":"c1","state":"parked","since":7,"until":9}"#,
    );
    assert_eq!(kinds(&told), ["ConversationStateChanged"]);
    assert_eq!(
        (newer.shown("state").as_deref(), newer.shown("until").as_deref()),
        (Some(r#""parked""#), Some("9"))
    );
}

/// Asks for something that no gateway of this version knows. Gives what was sent, and the command's id.
fn ask(desk: &mut Desk, command: &str, shows: bool) -> (String, CommandId) {
    let command = lean::Command::parse(command).unwrap();
    desk.engine.handle(desk.now, Input::Request { request: RequestId(1), command, shows });
    let sent = std::iter::from_fn(|| desk.engine.poll()).find_map(|output| match output {
        Output::Send(text) => Some(text),
        _ => None,
    });
    let text = sent.unwrap();
    let id = CommandId::parse(text.split('"').nth(7).unwrap()).unwrap();
    (text, id)
}

#[test]
fn a_command_that_is_not_known_goes_as_it_is_and_its_answer_comes_so() {
    let mut desk = Desk::open(snapshot(vec![]));
    let (text, id) = ask(&mut desk, r#"{"type":"sing","song":["la",{"la":1}]}"#, false);
    assert!(text.ends_with(r#","command":{"type":"sing","song":["la",{"la":1}]}}"#), "{text}");
    let answer = format!(r#"{{"type":"result","id":"{id}","ok":{{"type":"sung","verses":[3]}}}}"#);
    desk.input(Input::Text { link: desk.link, text: answer });
    let [(RequestId(1), Ok(Reply::Outcome(outcome)))] = &desk.answers[..] else {
        panic!("{:?}", desk.answers)
    };
    assert_eq!(outcome.members().object(), r#"{"type":"sung","verses":[3]}"#);
}

#[test]
fn an_answer_that_names_no_conversation_waits_for_that_of_its_command() {
    let mut desk = Desk::open(snapshot(vec![]));
    let (_, id) = ask(&mut desk, r#"{"type":"pickUp","conversationId":"c1"}"#, true);
    desk.answer(&id, Answer::Ok(Outcome::Done));
    assert_eq!(desk.answers, []);
    desk.event(ServerEvent::ConversationAdded { conversation: conversation(vec![]) });
    assert!(matches!(&desk.answers[..], [(RequestId(1), Ok(_))]));
}

#[test]
fn a_refused_command_is_answered_by_its_id_and_the_session_goes_on() {
    let mut desk = Desk::open(snapshot(vec![]));
    let (_, id) = ask(&mut desk, r#"{"type":"watchPresence","userIds":[7]}"#, false);
    desk.answer(&id, refusal(Code::InvalidField));
    assert_eq!(desk.answers, [(RequestId(1), Err(Code::InvalidField.into()))]);
    assert_eq!(desk.engine.connection(), crate::engine::ConnectionState::Ready);
}
