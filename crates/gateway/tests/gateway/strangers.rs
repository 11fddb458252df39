//! Whoever is not known, or does not behave: the abuse cases W1, W2, W7, W8 and W9.

use crate::common::{
    CONTOSO, Chat, FABRIKAM, Stage, message, origin,
    raw::{Raw, Said, frame, get, knock},
    say, token, token_with,
};
use jackfield_load::{Client, Door, Socket};
use jackfield_wire::{Availability, Code, Command, ServerEvent, ServerFrame, UserId};
use serde_json::json;
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const OFFER: &str = "Sec-WebSocket-Protocol: jackfield.v1\r\n";

fn hello(token: &str) -> String {
    json!({ "type": "hello", "token": token }).to_string()
}

async fn known(stage: &Stage) -> Raw {
    let mut raw = Raw::open(stage.address(), &origin(CONTOSO)).await;
    raw.text(&hello(&token(CONTOSO, "mina", "agent"))).await;
    assert!(matches!(raw.next().await, Said::Text(welcome) if welcome.contains("welcome")));
    raw
}

#[tokio::test]
async fn w1_only_origins_of_the_list_come_in() {
    let stage = Stage::start().await;
    for headers in [
        String::new(),
        "Origin: null\r\n".to_owned(),
        "Origin: https://evil.example\r\n".to_owned(),
        format!("Origin: {}.evil.example\r\n", origin(CONTOSO)),
        format!("Origin: {}:8443\r\n", origin(CONTOSO)),
        format!("Origin: {0}\r\nOrigin: {0}\r\n", origin(CONTOSO)),
        "Origin: \r\n".to_owned(),
    ] {
        let (status, body) = knock(stage.address(), "/v1/socket", &format!("{OFFER}{headers}")).await;
        assert_eq!(status, 403, "{headers}");
        assert!(body.contains("originRejected"), "{body}");
    }
}

#[tokio::test]
async fn w1_a_page_of_one_tenant_is_none_of_another() {
    let stage = Stage::start().await;
    let mut raw = Raw::open(stage.address(), &origin(FABRIKAM)).await;
    raw.text(&hello(&token(CONTOSO, "mina", "agent"))).await;
    let (last, end) = raw.end().await;
    assert_eq!(end, Said::Close(4106));
    assert!(last.unwrap().contains("originRejected"));
}

#[tokio::test]
async fn w1_native_clients_need_both_the_operators_and_the_tokens_word() {
    let stage = Stage::start_with(|config| config.tenants[0].auth.native_clients = true).await;
    let door = Door::new(stage.address(), "");
    let open = async |tenant, native: bool| {
        let mut raw = Raw::native(door.address).await;
        raw.text(&hello(&token_with(tenant, "mina", "agent", "native", json!(native)))).await;
        raw.next().await
    };
    assert!(matches!(open(CONTOSO, true).await, Said::Text(text) if text.contains("welcome")));
    assert!(matches!(open(CONTOSO, false).await, Said::Text(text) if text.contains("originRejected")));
    assert!(matches!(open(FABRIKAM, true).await, Said::Text(text) if text.contains("originRejected")));
}

#[tokio::test]
async fn w2_a_token_in_the_address_is_refused_and_not_repeated() {
    let stage = Stage::start().await;
    let headers = format!("{OFFER}Origin: {}\r\n", origin(CONTOSO));
    for query in ["?token=eyJcanary", "?access_token=eyJcanary", "?"] {
        let (status, body) = knock(stage.address(), &format!("/v1/socket{query}"), &headers).await;
        assert_eq!(status, 400, "{query}");
        assert!(body.contains("hello") && !body.contains("canary"), "{body}");
    }
}

#[tokio::test]
async fn a_client_of_another_version_is_told_which_are_spoken() {
    let stage = Stage::start().await;
    for protocols in ["", "Sec-WebSocket-Protocol: jackfield.v9, chat\r\n"] {
        let headers = format!("{protocols}Origin: {}\r\n", origin(CONTOSO));
        let (status, body) = knock(stage.address(), "/v1/socket", &headers).await;
        assert_eq!(status, 400);
        assert!(body.contains("versionUnsupported") && body.contains("jackfield.v1"), "{body}");
    }
    let (status, _, body) = get(stage.address(), "/v1/socket").await;
    assert_eq!(status, 400);
    assert!(body.contains("Upgrade: websocket"), "{body}");
}

#[tokio::test]
async fn the_first_frame_is_hello_and_no_other() {
    let stage = Stage::start().await;
    for first in [r#"{"type":"ack","seq":1}"#, "{", "[]", r#"{"type":"hello"}"#] {
        let mut raw = Raw::open(stage.address(), &origin(CONTOSO)).await;
        raw.text(first).await;
        let (last, end) = raw.end().await;
        assert_eq!(end, Said::Close(4007), "{first}");
        assert!(last.unwrap().contains("helloExpected"), "{first}");
    }
}

#[tokio::test]
async fn w7_what_is_no_decent_websocket_ends_with_its_code() {
    let stage = Stage::start().await;
    let deep = format!(r#"{{"type":"command","id":"x","command":{}{}}}"#, "[".repeat(40), "]".repeat(40));
    let fragments = [frame(0x01, b""), frame(0x00, b"").repeat(10_000)].concat();
    let cases: [(&str, Vec<u8>, u16); 7] = [
        ("a large message", frame(0x81, &vec![b' '; 1 << 20]), 1009),
        (
            "a large message in pieces",
            [frame(0x01, &[b' '; 60_000]), frame(0x80, &[b' '; 60_000])].concat(),
            1009,
        ),
        ("10,000 fragments", fragments, 1008),
        ("compressed without agreement", vec![0xC1, 0x80, 0, 0, 0, 0], 1002),
        ("bad UTF-8", frame(0x81, &[0xC3, 0x28]), 1007),
        ("binary", frame(0x82, b"{}"), 1003),
        ("100 pings", frame(0x89, b"p").repeat(100), 1008),
    ];
    for (what, bytes, code) in cases {
        let mut raw = known(&stage).await;
        let _ = raw.stream.write_all(&bytes).await;
        assert_eq!(raw.end().await.1, Said::Close(code), "{what}");
    }
    // What is only a bad frame is told, and the session goes on.
    let mut raw = known(&stage).await;
    for (text, code) in
        [(deep.as_str(), "frameTooDeep"), ("nonsense", "malformedFrame"), (r#"{"type":"x"}"#, "unknownFrame")]
    {
        raw.text(text).await;
        loop {
            match raw.next().await {
                Said::Text(said) if said.contains(code) => break,
                Said::Text(_) => {}
                other => panic!("{code}: {other:?}"),
            }
        }
    }
    raw.frame(0x89, b"still here").await;
    assert_eq!(raw.next_pong().await, b"still here");
    for _ in 0..40 {
        raw.text("nonsense").await;
    }
    assert_eq!(raw.end().await.1, Said::Close(1008), "but not for ever");
}

#[tokio::test]
async fn w7_a_message_that_comes_byte_by_byte_is_taken() {
    let stage = Stage::start().await;
    let mut raw = Raw::open(stage.address(), &origin(CONTOSO)).await;
    for byte in frame(0x81, hello(&token(CONTOSO, "mina", "agent")).as_bytes()) {
        raw.stream.write_all(&[byte]).await.unwrap();
        tokio::task::yield_now().await;
    }
    assert!(matches!(raw.next().await, Said::Text(text) if text.contains("welcome")));
}

#[tokio::test]
async fn w8_headers_that_never_end_and_sockets_that_never_speak_are_closed() {
    let stage = Stage::start_with(|config| config.limits.hello_timeout_ms = 300).await;
    let mut slow = TcpStream::connect(stage.address()).await.unwrap();
    slow.write_all(b"GET /v1/socket HTTP/1.1\r\nHost: x\r\nX-Slow: ").await.unwrap();
    let mut rest = Vec::new();
    let _ = slow.read_to_end(&mut rest).await;
    let mut silent = Raw::open(stage.address(), &origin(CONTOSO)).await;
    let (last, end) = silent.end().await;
    assert_eq!(end, Said::Close(4007));
    assert!(last.unwrap().contains("helloExpected"));
    let mut mute = TcpStream::connect(stage.address()).await.unwrap();
    let _ = mute.read_to_end(&mut rest).await;
}

#[tokio::test]
async fn w8_those_who_say_nothing_take_no_place_from_those_who_are_known() {
    let stage = Stage::start_with(|config| config.limits.max_unknown_per_address = 20).await;
    let mut chat = Chat::begin(&stage, CONTOSO).await;
    let headers = format!("{OFFER}Origin: {}\r\n", origin(CONTOSO));
    let mut idle = Vec::new();
    for _ in 0..20 {
        idle.push(Raw::open(stage.address(), &origin(CONTOSO)).await);
    }
    let (status, body) = knock(stage.address(), "/v1/socket", &headers).await;
    assert_eq!(status, 503, "{body}");
    assert!(body.contains("retryAfterMs"), "{body}");
    chat.customer.ask(say(&chat.conversation, "undisturbed")).await.unwrap();
    chat.agent.event(message("undisturbed")).await.unwrap();
    idle.pop();
    let free = async {
        while knock(stage.address(), "/v1/socket", &headers).await.0 != 101 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), free).await.unwrap();
}

#[tokio::test]
async fn w9_floods_are_limited_and_others_go_on() {
    let stage = Stage::start().await;
    let mut chat = Chat::begin(&stage, CONTOSO).await;
    let conversation = chat.conversation.clone();
    let typing = |typing| Command::SetTyping { conversation_id: conversation.clone(), typing };
    for i in 0..600 {
        chat.customer
            .send(if i % 3 == 0 { typing(i % 2 == 0) } else { say(&conversation, "flood") })
            .await
            .unwrap();
    }
    let limited = chat.customer.until(|frame| match frame {
        ServerFrame::Result { answer, .. } => Result::from(answer.clone()).err(),
        _ => None,
    });
    let error = limited.await.unwrap();
    assert_eq!(error.code, Code::RateLimited);
    assert!(error.retry_after_ms.is_some_and(|ms| ms > 0));
    chat.agent.ask(say(&conversation, "the agent is not limited")).await.unwrap();
    // Presence that flaps is limited like anything else, and so is what others are told of it.
    let mut flapping = stage.enter(CONTOSO, "joon", "agent").await;
    let mut told = 0;
    let mut watcher = stage.enter(CONTOSO, "sam", "supervisor").await;
    watcher.ask(Command::WatchPresence { user_ids: vec![UserId::parse("joon").unwrap()] }).await.unwrap();
    for i in 0..600 {
        let availability = if i % 2 == 0 { Availability::Busy } else { Availability::Available };
        flapping.send(Command::presence(availability)).await.unwrap();
    }
    let limited = flapping.until(|frame| match frame {
        ServerFrame::Result { answer, .. } => Result::from(answer.clone()).err(),
        _ => None,
    });
    assert_eq!(limited.await.unwrap().code, Code::RateLimited);
    watcher.ask(Command::WatchFloor { on: false, queue_ids: None, agent_ids: None }).await.unwrap();
    for frame in &watcher.frames {
        told +=
            u32::from(matches!(frame, ServerFrame::Event { event: ServerEvent::PresenceChanged { .. }, .. }));
    }
    assert!((1..600).contains(&told), "{told}");
}

#[tokio::test]
async fn a_reader_that_sleeps_is_cut_off() {
    let stage = Stage::start_with(|config| {
        config.limits.send_queue_bytes = 64 * 1024;
        config.sessions.commands_per_second = 100_000;
        config.sessions.command_burst = 100_000;
        config.metrics_listen = Some(([127, 0, 0, 1], 0).into());
    })
    .await;
    let mut chat = Chat::begin(&stage, CONTOSO).await;
    let socket = Socket::connect_with(&stage.door(CONTOSO), Some(4096)).await.unwrap();
    let sleeper = Client::open_on(socket, &token(CONTOSO, "mina", "agent"), None).await.unwrap();
    let metrics = stage.running.metrics_address().unwrap();
    let long = "x".repeat(15_000);
    let mut cut = false;
    while !cut {
        // The kernel holds some megabytes before the gateway has to. Both of the others read all the time.
        for _ in 0..50 {
            chat.customer.ask(say(&chat.conversation, &long)).await.unwrap();
            chat.agent.event(message(&long)).await.unwrap();
            chat.agent.frames.clear();
            chat.customer.frames.clear();
        }
        cut = get(metrics, "/metrics").await.2.contains(r#"jackfield_closed_total{reason="tooSlow"} 1"#);
    }
    drop(sleeper);
}

#[tokio::test]
async fn an_open_socket_counts_among_the_connections() {
    let stage = Stage::start_with(|config| config.limits.max_connections = 2).await;
    let first = known(&stage).await;
    let _second = known(&stage).await;
    let mut third = TcpStream::connect(stage.address()).await.unwrap();
    let mut rest = Vec::new();
    let _ = third.read_to_end(&mut rest).await;
    assert!(rest.is_empty(), "no place, no answer");
    drop(first);
    let free = async { while get(stage.address(), "/health").await.0 != 200 {} };
    tokio::time::timeout(Duration::from_secs(10), free).await.unwrap();
}
