//! Nothing crosses tenants (I11), nothing tells what is there from what is not (W6), and what people write stays what they wrote (W11).

use crate::common::{
    CONTOSO, Chat, FABRIKAM, Stage, api_key, available, message, origin,
    raw::{Raw, Said, post},
    say, start_chat, token, token_with,
};
use jackfield_load::{Client, LoadError};
use jackfield_wire::{Command, Outcome, WireError};
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
    boss.ask(Command::WatchFloor { on: true, queue_ids: None, agent_ids: None }).await.unwrap();
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
    boss.ask(Command::WatchFloor { on: true, queue_ids: None, agent_ids: None }).await.unwrap();
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

/// Every command of the wire, made from the wire's own samples, that names a conversation or an offer; with these ids in place of the samples'.
fn commands_about(conversation: &str, offer: &str, participant: &str) -> Vec<Command> {
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/../wire/fixtures/client");
    let mut commands = Vec::new();
    for file in std::fs::read_dir(samples).unwrap() {
        let sample: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(file.unwrap().path()).unwrap()).unwrap();
        let frames = sample.as_array().cloned().unwrap_or_else(|| vec![sample.clone()]);
        for mut frame in frames {
            let Some(command) = frame.get_mut("command").and_then(|command| command.as_object_mut()) else {
                continue;
            };
            let ids = [("conversationId", conversation), ("offerId", offer), ("participantId", participant)];
            let named =
                ids.map(|(field, id)| command.get_mut(field).map(|value| *value = json!(id)).is_some());
            if named[0] || named[1] {
                let frames = jackfield_wire::decode_client(&frame.to_string()).unwrap();
                let Some(jackfield_wire::ClientFrame::Command { command, .. }) = frames.into_iter().next()
                else {
                    panic!("{frame}")
                };
                commands.push(command);
            }
        }
    }
    commands.sort_by_key(|command| format!("{command:?}"));
    commands
}

/// W6, generated: each command, by each role, of the tenant and of another, about what is there and what is not: answered alike.
#[tokio::test]
async fn w6_what_is_anothers_looks_as_what_is_not_there() {
    let everybody =
        [("joon", "agent"), ("sam", "supervisor"), ("ann", "admin"), ("bo", "bot"), ("eve", "customer")];
    let stage = Stage::start_with(|config| {
        for tenant in &mut config.tenants {
            for (user, role) in [("ann", "admin"), ("bo", "bot")] {
                let user = json!({ "user_id": user, "name": user, "roles": [role] });
                tenant.centre.users.push(serde_json::from_value(user).unwrap());
            }
        }
    })
    .await;
    let mut chat = Chat::begin(&stage, CONTOSO).await;
    chat.customer.ask(say(&chat.conversation, "ours")).await.unwrap();
    let mut waiting = stage.enter(CONTOSO, "lee", "customer").await;
    waiting.ask(start_chat()).await.unwrap();
    let known = |event: &jackfield_wire::ServerEvent| match event {
        jackfield_wire::ServerEvent::OfferMade { offer } if offer.conversation_id != chat.conversation => {
            Some(offer.offer_id.clone())
        }
        _ => None,
    };
    let open_offer = chat.agent.event(known).await.unwrap();
    let there = commands_about(chat.conversation.as_str(), open_offer.as_str(), "p2");
    let absent = commands_about("c999", "o999", "p999");
    assert!(there.len() >= 15 && there.len() == absent.len(), "{there:?}");
    let mut asked = 0;
    for tenant in [CONTOSO, FABRIKAM] {
        for (user, role) in everybody {
            let mut stranger = stage.enter(tenant, user, role).await;
            for (foreign, missing) in there.iter().zip(&absent) {
                if tenant == CONTOSO && may(role, foreign) {
                    continue;
                }
                let foreign_answer = refusal(stranger.ask(foreign.clone()).await);
                let missing_answer = refusal(stranger.ask(missing.clone()).await);
                let told = (foreign_answer.code, neutral(&foreign_answer), foreign_answer.retry_after_ms);
                let expected = (missing_answer.code, neutral(&missing_answer), missing_answer.retry_after_ms);
                assert_eq!(told, expected, "{role} of {tenant}: {foreign:?}");
                asked += 1;
            }
        }
    }
    let theirs = ["agent", "supervisor", "admin"].map(|role| there.iter().filter(|c| may(role, c)).count());
    assert_eq!(asked, 10 * there.len() - theirs.iter().sum::<usize>());
    let history = chat.agent.ask(Command::FetchHistory {
        conversation_id: chat.conversation.clone(),
        before: None,
        limit: None,
    });
    let Ok(Outcome::History { messages, .. }) = history.await else { panic!("no history") };
    assert_eq!(messages.len(), 1, "nobody could do anything to it");
}

/// Whether one of the tenant may do that about a conversation it has no part in. An agent may ask why one waits, or went to whom, of a queue it serves.
fn may(role: &str, command: &Command) -> bool {
    match role {
        "supervisor" | "admin" => looks_after_all(command),
        "agent" => matches!(command, Command::Explain { .. }),
        _ => false,
    }
}

/// What who supervises a tenant may do about all its conversations.
fn looks_after_all(command: &Command) -> bool {
    matches!(
        command,
        Command::FetchCustomerHistory { .. }
            | Command::FetchPastMessages { .. }
            | Command::Monitor { .. }
            | Command::TakeOver { .. }
            | Command::Reassign { .. }
            | Command::Prioritize { .. }
            | Command::Skip { .. }
            | Command::RemoveParticipant { .. }
            | Command::Explain { .. }
    )
}

/// A refusal's words without the ids in them.
fn neutral(error: &WireError) -> String {
    let is_id = |word: &str| {
        let digits = word.strip_prefix(['c', 'o', 'p']);
        digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let words = error.message.split(' ').map(|word| if is_id(word) { "ID" } else { word });
    words.collect::<Vec<_>>().join(" ")
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
