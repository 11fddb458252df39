//! Nothing crosses tenants (I11), nothing tells what is there from what is not (W6), and what people write stays what they wrote (W11).

use crate::common::{
    CONTOSO, Chat, FABRIKAM, Stage, api_key, available, message, origin,
    raw::{Raw, Said, post},
    say, start_chat, token, token_with,
};
use jackfield_load::{Client, LoadError};
use jackfield_wire::{Code, Command, ConversationId, Outcome, WireError};
use serde_json::json;

fn refusal(result: Result<Outcome, LoadError>) -> WireError {
    match result {
        Err(LoadError::Wire(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn twins_of_two_tenants_see_nothing_of_each_other() {
    let stage = Stage::start().await;
    // The same ids on both sides, down to the numbers of their conversations.
    let mut ours = Chat::begin(&stage, CONTOSO).await;
    let mut theirs = Chat::begin(&stage, FABRIKAM).await;
    assert_eq!(ours.conversation, theirs.conversation);
    let mut boss = stage.enter(FABRIKAM, "sam", "supervisor").await;
    boss.ask(Command::WatchFloor { on: true }).await.unwrap();
    boss.ask(Command::WatchPresence { user_ids: vec!["mina".parse_id(), "joon".parse_id()] }).await.unwrap();
    for _ in 0..20 {
        ours.customer.ask(say(&ours.conversation, "canary-of-contoso")).await.unwrap();
        ours.agent.ask(say(&ours.conversation, "canary-of-contoso")).await.unwrap();
    }
    theirs.customer.ask(say(&theirs.conversation, "last")).await.unwrap();
    theirs.agent.event(message("last")).await.unwrap();
    let page =
        Command::FetchHistory { conversation_id: theirs.conversation.clone(), before: None, limit: None };
    let history = theirs.agent.ask(page).await.unwrap();
    let Outcome::History { messages, .. } = &history else { panic!("{history:?}") };
    assert_eq!(messages.len(), 1);
    boss.ask(Command::WatchFloor { on: true }).await.unwrap();
    let snapshots = [&theirs.agent, &theirs.customer, &boss].map(|client| format!("{:?}", client.snapshot));
    let frames = [&theirs.agent, &theirs.customer, &boss].map(|client| format!("{:?}", client.frames));
    for seen in snapshots.iter().chain(&frames) {
        assert!(!seen.contains("canary") && !seen.contains("contoso"), "{seen}");
    }
}

#[tokio::test]
async fn a_session_of_one_tenant_is_not_resumed_in_another() {
    let stage = Stage::start().await;
    let chat = Chat::begin(&stage, CONTOSO).await;
    let token = token(FABRIKAM, "mina", "agent");
    let client = Client::open(&stage.door(FABRIKAM), &token, Some(chat.agent.resume)).await.unwrap();
    assert_eq!(client.resumed, jackfield_wire::Resumed::New);
    assert!(client.snapshot.unwrap().conversations.is_empty());
}

#[tokio::test]
async fn what_is_anothers_looks_as_what_is_not_there() {
    let stage = Stage::start().await;
    let chat = Chat::begin(&stage, CONTOSO).await;
    let mut stranger = stage.enter(CONTOSO, "eve", "customer").await;
    let absent = ConversationId::numbered('c', 999);
    type Make = fn(ConversationId) -> Command;
    let commands: [Make; 8] = [
        |id| say(&id, "x"),
        |conversation_id| Command::FetchHistory { conversation_id, before: None, limit: None },
        |conversation_id| Command::SetTyping { conversation_id, typing: true },
        |conversation_id| Command::MarkMessages { conversation_id, delivered: Some(1), read: None },
        |conversation_id| Command::HangUp { conversation_id },
        |conversation_id| Command::EndConversation { conversation_id },
        |conversation_id| Command::StartVoice { conversation_id },
        |conversation_id| Command::SetMuted { conversation_id, participant_id: None, muted: true },
    ];
    for make in commands {
        let foreign = refusal(stranger.ask(make(chat.conversation.clone())).await);
        let missing = refusal(stranger.ask(make(absent.clone())).await);
        assert_eq!(foreign.code, Code::NotFound, "{foreign}");
        let neutral = |error: &WireError, id: &ConversationId| error.message.replace(id.as_str(), "ID");
        assert_eq!(neutral(&foreign, &chat.conversation), neutral(&missing, &absent));
    }
}

#[tokio::test]
async fn w11_text_and_names_are_delivered_as_they_were_written() {
    let stage = Stage::start().await;
    let name = "<img src=x onerror=alert(1)>\u{202E}evil";
    let token = token_with(CONTOSO, "ada", "customer", "name", json!(name));
    let mut agent = stage.enter(CONTOSO, "mina", "agent").await;
    agent.ask(available()).await.unwrap();
    let mut customer = Client::open(&stage.door(CONTOSO), &token, None).await.unwrap();
    customer.ask(start_chat()).await.unwrap();
    let (offer_id, shown) = agent
        .event(|event| match event {
            jackfield_wire::ServerEvent::OfferMade { offer } => {
                Some((offer.offer_id.clone(), offer.customer_name.clone()))
            }
            _ => None,
        })
        .await
        .unwrap();
    assert_eq!(shown, name);
    agent.ask(Command::AcceptOffer { offer_id }).await.unwrap();
    let conversation = customer.event(crate::common::active).await.unwrap();
    for text in [
        "<script>alert(1)</script>",
        "javascript:alert(1)",
        r#"{"__proto__":{"polluted":true}}"#,
        "\u{202E}txt.exe\u{202C} \u{0}\u{FEFF}",
        "</script><!--",
    ] {
        customer.ask(say(&conversation, text)).await.unwrap();
        agent.event(message(text)).await.unwrap();
    }
}

/// Nobody's text, name or token is in the log, however much is logged.
#[tokio::test]
async fn d2_the_log_holds_no_canary() {
    let log = crate::common::Log::capture();
    let stage = Stage::start().await;
    let token = token_with(CONTOSO, "ada", "customer", "name", json!("canary-name"));
    let mut raw = Raw::open(stage.address(), &origin(CONTOSO)).await;
    let hello =
        json!({ "type": "hello", "token": token, "client": { "name": "canary test\n", "version": "1" } });
    raw.text(&hello.to_string()).await;
    assert!(matches!(raw.next().await, Said::Text(_)));
    raw.text(r#"{"type":"command","id":"x","command":{"type":"startConversation","queueId":"support","channel":"chat","subject":"canary-text"}}"#).await;
    raw.text(r#"{"type":"nonsense","canary-frame":1}"#).await;
    let _ = raw.next().await;
    let wrong = format!("Authorization: Bearer {}canary-key\r\n", api_key(CONTOSO));
    post(stage.address(), "/v1/tenants/contoso/customer-tokens?canary=1", &wrong, "{}").await;
    stage.running.shutdown().await;
    let text = log.text();
    assert!(text.contains("serving"), "the log was captured");
    for secret in ["canary-name", "canary-text", "canary-frame", "canary-key", &token[..40], "canary=1"] {
        assert!(!text.contains(secret), "{secret} is in the log:\n{text}");
    }
}

trait ParseId {
    fn parse_id(&self) -> jackfield_wire::UserId;
}

impl ParseId for str {
    fn parse_id(&self) -> jackfield_wire::UserId {
        jackfield_wire::UserId::parse(self).unwrap()
    }
}
