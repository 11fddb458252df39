//! One sample of every frame, command, event, signal and outcome, used by the tests beside this file.
#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(unreachable_pub, reason = "a module of tests")]

use jackfield_wire::*;

mod commands;
mod events;
mod replies;
mod samples;

pub use commands::commands;
pub use events::events;
use replies::{outcomes, signals};
use samples::*;

fn id<T>(parse: fn(&str) -> Result<T, InvalidId>, text: &str) -> T {
    parse(text).expect("a sample's id is an id")
}

pub fn conversation_id() -> ConversationId {
    id(ConversationId::parse, "c7")
}
fn offer_id() -> OfferId {
    id(OfferId::parse, "o9")
}
fn queue_id() -> QueueId {
    id(QueueId::parse, "support")
}
fn session_id() -> SessionId {
    id(SessionId::parse, "s-2f1c")
}
fn user_id() -> UserId {
    id(UserId::parse, "mina@contoso.example")
}
fn participant_id() -> ParticipantId {
    id(ParticipantId::parse, "p2")
}
fn command_id() -> CommandId {
    id(CommandId::parse, "k1-5")
}

/// Each with the name of its fixture.
pub fn client_frames() -> Vec<(String, ClientFrame)> {
    let token = Secret::new("eyJhbGciOiJIUzI1NiJ9.e30.c2ln");
    let mut all = vec![
        (
            "hello".to_owned(),
            ClientFrame::Hello {
                token: token.clone(),
                resume: Some(Resume {
                    session_id: session_id(),
                    key: Secret::new("k-123"),
                    epoch: 4,
                    seq: Some(17),
                }),
                client: Some(ClientInfo { name: "jackfield".into(), version: "0.1.0".into() }),
            },
        ),
        ("auth".to_owned(), ClientFrame::Auth { token }),
        ("ack".to_owned(), ClientFrame::Ack { seq: 17 }),
        ("pong".to_owned(), ClientFrame::Pong { n: 3 }),
        ("bye".to_owned(), ClientFrame::Bye { keep: true }),
    ];
    let commands = commands().into_iter();
    all.extend(
        commands.map(|(name, c)| {
            (format!("command.{name}"), ClientFrame::Command { id: command_id(), command: c })
        }),
    );
    all
}

fn welcome(resumed: Resumed, snapshot: Option<Box<SnapshotView>>) -> ServerFrame {
    ServerFrame::Welcome {
        tenant_id: TenantId::parse("contoso").expect("an id"),
        session_id: session_id(),
        resume_key: Secret::new("k-124"),
        epoch: 4,
        seq: 17,
        resumed,
        snapshot,
        now: 1_795_000_000_500,
        token_expires_at: 1_795_000_600_000,
        ping_every_ms: 5000,
        grace_ms: 60_000,
    }
}

/// Each with the name of its fixture.
pub fn server_frames() -> Vec<(String, ServerFrame)> {
    let refused = WireError::new(Code::RateLimited, "41 messages in a second; 20 are taken").retry_after(500);
    let mut all = vec![
        ("welcome.new".to_owned(), welcome(Resumed::New, Some(Box::new(snapshot())))),
        ("welcome.reasons".to_owned(), welcome(Resumed::Snapshot, Some(Box::new(snapshot_with_reasons())))),
        ("welcome.callback".to_owned(), welcome(Resumed::Snapshot, Some(Box::new(snapshot_with_callback())))),
        (
            "welcome.declared".to_owned(),
            welcome(Resumed::Snapshot, Some(Box::new(snapshot_with_declarations()))),
        ),
        ("welcome.trunk".to_owned(), welcome(Resumed::Snapshot, Some(Box::new(snapshot_with_trunk())))),
        ("welcome.replay".to_owned(), welcome(Resumed::Replay, None)),
        ("authAccepted".to_owned(), ServerFrame::AuthAccepted { token_expires_at: 1_795_000_600_000 }),
        ("authExpiring".to_owned(), ServerFrame::AuthExpiring { token_expires_at: 1_795_000_600_000 }),
        ("ping".to_owned(), ServerFrame::Ping { n: 3 }),
        ("error".to_owned(), ServerFrame::Error { error: Code::TokenExpired.into() }),
        ("restarting".to_owned(), ServerFrame::Restarting { after_ms: 500, within_ms: 5000 }),
        (
            "result.refused".to_owned(),
            ServerFrame::Result { id: command_id(), answer: Answer::Error(refused) },
        ),
    ];
    let at = 1_795_000_000_600;
    all.extend(
        events()
            .into_iter()
            .map(|(n, event)| (format!("event.{n}"), ServerFrame::Event { seq: 18, at, event })),
    );
    all.extend(
        signals().into_iter().map(|(n, signal)| (format!("signal.{n}"), ServerFrame::Signal { signal })),
    );
    all.extend(outcomes().into_iter().map(|(n, outcome)| {
        (format!("result.{n}"), ServerFrame::Result { id: command_id(), answer: Answer::Ok(outcome) })
    }));
    all
}
