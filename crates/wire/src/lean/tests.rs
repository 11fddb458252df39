use super::*;
use crate::{ClientFrame, Code, ConversationId, decode_client};

#[test]
fn members_are_found_replaced_and_taken_away() {
    let mut members = Members::of(r#" { "a" : "x,\"}" , "b":{"c":[1,2]},"d":null } "#).unwrap();
    assert_eq!(members.text("a").as_deref(), Some(r#"x,"}"#));
    assert_eq!(members.get("b"), Some(r#"{"c":[1,2]}"#));
    assert_eq!((members.whole("a"), members.get("e"), members.flag("d")), (None, None, false));
    assert!(members.merge(&Members::of(r#"{"b":null,"f":true,"d":7}"#).unwrap()));
    assert_eq!((members.get("b"), members.whole("d"), members.flag("f")), (None, Some(7), true));
    assert!(!members.merge(&Members::of(r#"{"b":null,"f":true,"d":7}"#).unwrap()), "nothing is another");
    assert!(members.merge(&Members::of(r#"{"f":{},"d":[]}"#).unwrap()));
    assert_eq!((members.get("d"), members.get("f")), (None, None), "left out, as an empty list is");
    assert!(Members::of("[1]").is_err() && Members::of("{}x").is_err());
    assert_eq!(Members::default().object(), "{}");
}

#[test]
fn what_is_written_by_hand_is_what_the_gateway_reads() {
    let text = "\u{0}\n\t\u{1f}\"\\\u{7f}€ 안녕 \u{1f600}";
    let id = crate::CommandId::numbered('k', 7);
    let conversation_id = ConversationId::parse("c1").unwrap();
    let said = Command::make("sendMessage", Some(&conversation_id), |json| {
        json.text("text", text);
    });
    let read = decode_client(&command(&id, &said)).unwrap().remove(0);
    let ClientFrame::Command { command: crate::Command::SendMessage { text: read, .. }, .. } = read else {
        panic!("{read:?}")
    };
    assert_eq!(read, text);
    let client = crate::ClientInfo { name: "n".into(), version: "v".into() };
    let resume = crate::Resume {
        session_id: crate::SessionId::parse("s1").unwrap(),
        key: crate::Secret::new("\"k\""),
        epoch: u64::MAX,
        seq: Some(3),
    };
    let frames = [hello("t", Some(&resume), &client), auth("t"), ack(7), pong(8), bye(true)];
    let read = decode_client(&crate::encode_batch(&frames)).unwrap();
    assert!(
        matches!(&read[0], ClientFrame::Hello { resume: Some(read), client: Some(c), .. } if *read == resume && *c == client)
    );
    assert!(matches!(&read[1], ClientFrame::Auth { token } if token.expose() == "t"));
    assert_eq!(
        read[2..],
        [ClientFrame::Ack { seq: 7 }, ClientFrame::Pong { n: 8 }, ClientFrame::Bye { keep: true }]
    );
    assert_eq!(crate::decode_resume(&resume.json()).unwrap(), resume);
}

#[test]
fn figures_are_to_the_thousandth() {
    let mut json = Json::new();
    for (key, value) in
        [("a", 0.0), ("b", 0.0042), ("c", 12.3456), ("d", f64::NAN), ("e", -1.0), ("f", 4.9996)]
    {
        json.figure(key, value);
    }
    assert_eq!(json.end(), r#"{"a":0.000,"b":0.004,"c":12.346,"d":0.000,"e":0.000,"f":5.000}"#);
}

#[test]
fn a_command_that_no_frame_can_hold_is_refused_before_it_is_kept() {
    let code = |text: &str| Command::parse(text).unwrap_err();
    for wrong in ["", "7", "null", "[]", r#"{"a":1}"#, r#"{"type":1}"#, r#"{"type":"a"}x"#, r#"{"type":"a""#]
    {
        assert_eq!(code(wrong).code, Code::InvalidField, "{wrong}");
    }
    let large = format!(r#"{{"type":"a","x":"{}"}}"#, "x".repeat(crate::limits::FRAME_BYTES));
    assert!(code(&large).message.contains("bytes; at most"), "{}", code(&large));
    let nested = |levels| format!(r#"{{"type":"a","x":{}{}}}"#, "[".repeat(levels), "]".repeat(levels));
    let deepest = (1..30).filter(|levels| Command::parse(&nested(*levels)).is_ok()).max().unwrap();
    let id = crate::CommandId::numbered('k', 1);
    let frame = command(&id, &Command::parse(&nested(deepest)).unwrap());
    let read = decode_client(&crate::encode_batch(&[&frame, &frame])).unwrap();
    assert!(
        matches!(&read[..], [ClientFrame::Refused { .. }, ClientFrame::Refused { .. }]),
        "taken in a batch too: {read:?}"
    );
}

#[test]
fn a_new_word_field_or_event_is_handed_on() {
    let text = r#"{"type":"event","seq":1,"at":2,"event":{"type":"participantJoined","conversationId":"c1","new":1,
        "participant":{"participantId":"p1","name":"+44 20","role":"external","part":"external","joinedAt":1,"away":false,"side":"consult"}}}"#;
    let frames = decode_server(text).unwrap();
    let [ServerFrame::Event { event: Event::ParticipantJoined { participant, .. }, .. }] = &frames[..] else {
        panic!("{frames:?}")
    };
    assert_eq!((participant.rest.text("side").as_deref(), &participant.user_id), (Some("consult"), &None));
    let json: serde_json::Value = serde_json::from_str(&participant.json()).unwrap();
    assert_eq!((&json["part"], &json["read"]), (&"external".into(), &0.into()));
}

#[test]
fn the_floor_is_lines_by_their_ids() {
    let text = r#"{"queues":[{"queueId":"q1","waiting":2}],"agents":[{"name":"x","userId":"u1"}],"serviceLevel":0.8}"#;
    let members = Members::of(text).unwrap();
    let floor = Floor::of(&members);
    assert_eq!((floor.queues[0].id.as_str(), floor.agents[0].id.as_str()), ("q1", "u1"));
    let json: serde_json::Value = serde_json::from_str(&floor.json()).unwrap();
    assert_eq!(json, serde_json::from_str::<serde_json::Value>(text).unwrap());
}

#[test]
fn an_event_that_is_not_as_it_should_be_costs_no_other() {
    let event = |seq, event: &str| format!(r#"{{"type":"event","seq":{seq},"at":2,"event":{event}}}"#);
    let wrong = [
        (r#"{"type":"presenceChanged","presence":{"userId":7}}"#, "`presence.userId` must be a text"),
        (
            r#"{"type":"messageAdded","conversationId":"c1","message":{"number":"1"}}"#,
            "`message.number` must be a number",
        ),
        (r#"{"type":"participantChanged","conversationId":"c1"}"#, "`participant` is missing"),
        (r#"{"type":"offerMade","offer":[]}"#, "`offer` must be an object"),
        (
            r#"{"type":"conversationAdded","conversation":{"conversationId":"a b"}}"#,
            "`conversation.conversationId` must be an id",
        ),
        (r#"{"type":7}"#, "`type` must be a text"),
    ];
    for (text, what) in wrong {
        let text = crate::encode_batch(&[
            event(1, text),
            event(2, r#"{"type":"presenceChanged","presence":{"userId":"u1"}}"#),
        ]);
        let frames = decode_server(&text).unwrap();
        let [
            ServerFrame::Event { seq: 1, event: Event::Unread { error } },
            ServerFrame::Event { seq: 2, event: next },
        ] = &frames[..]
        else {
            panic!("{frames:?}")
        };
        assert!(error.code == Code::MalformedFrame && error.message.starts_with(what), "{error}");
        assert!(matches!(next, Event::PresenceChanged { .. }), "{next:?}");
    }
    // What is no JSON has no end that could be found.
    assert!(decode_server(&event(1, r#"{"type":"presenceChanged","presence":}"#)).is_err());
    assert!(
        decode_server(&event(1, &format!(r#"{{"type":"offerMade","offer":{}}}"#, "[".repeat(60)))).is_err()
    );
}

#[test]
fn what_is_kept_of_an_object_is_what_stood_there() {
    let read = |text: &str| match decode_server(text).unwrap().remove(0) {
        ServerFrame::Event { event: Event::Other { rest, .. }, .. } => rest.object(),
        other => panic!("{other:?}"),
    };
    let table = [
        (r#"{"type":"x"}"#, "{}"),
        (r#"{"a":1,"type":"x","b":{"c":[1,2]}}"#, r#"{"a":1,"b":{"c":[1,2]}}"#),
        (
            r#"{"type":"x","a":1, "b" : 2 ,"conversationId":"c1","c":"\u00e9"}"#,
            r#"{"a":1, "b" : 2,"c":"\u00e9"}"#,
        ),
        (r#"{"a":1,"conversationId":"c1","b":2,"type":"x","c":3}"#, r#"{"a":1,"b":2,"c":3}"#),
    ];
    for (event, kept) in table {
        assert_eq!(read(&format!(r#"{{"type":"event","seq":1,"at":2,"event":{event}}}"#)), kept, "{event}");
    }
}

#[test]
fn one_object_is_written_behind_another_text() {
    let mut json = Json::after("[3,".into());
    json.text("a", "x").whole("n", 0).whole("m", u64::MAX).raw("o", &Json::new().end());
    assert_eq!(json.end(), r#"[3,{"a":"x","n":0,"m":18446744073709551615,"o":{}}"#);
}
