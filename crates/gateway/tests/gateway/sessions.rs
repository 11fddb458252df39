//! Sessions over a real socket: welcome, both ways, resume, once only, and a restart.

use crate::common::{self, CONTOSO, Chat, Stage, message, say, token, token_with};
use jackfield_load::{Client, LoadError};
use jackfield_wire::{Code, Command, CommandId, Outcome, Resumed, ServerFrame, SignOutReason};
use serde_json::json;

#[tokio::test]
async fn an_agent_and_a_customer_write_to_each_other() {
    let stage = Stage::start().await;
    let mut chat = Chat::begin(&stage, CONTOSO).await;
    chat.customer.ask(say(&chat.conversation, "안녕하세요")).await.unwrap();
    chat.agent.event(message("안녕하세요")).await.unwrap();
    chat.agent.ask(say(&chat.conversation, "hello")).await.unwrap();
    assert_eq!(chat.customer.event(message("hello")).await.unwrap(), 2);
}

#[tokio::test]
async fn a_cut_line_is_resumed_with_what_was_missed() {
    let stage = Stage::start().await;
    let chat = Chat::begin(&stage, CONTOSO).await;
    let (mut agent, resume) = (chat.agent, chat.customer.resume.clone());
    drop(chat.customer);
    agent.ask(say(&chat.conversation, "while you were away")).await.unwrap();
    let token = token(CONTOSO, "ada", "customer");
    let mut back = Client::open(&stage.door(CONTOSO), &token, Some(resume.clone())).await.unwrap();
    assert_eq!((back.resumed, &back.resume.session_id), (Resumed::Replay, &resume.session_id));
    back.event(message("while you were away")).await.unwrap();
    // The key before is void once the new one was used.
    back.ask(say(&chat.conversation, "back")).await.unwrap();
    let stolen = Client::open(&stage.door(CONTOSO), &token, Some(resume)).await.unwrap();
    assert_eq!(stolen.resumed, Resumed::New, "a used key opens a new session, not the old one");
}

#[tokio::test]
async fn a_restart_loses_nothing() {
    let stage = Stage::start().await;
    let mut chat = Chat::begin(&stage, CONTOSO).await;
    let id = CommandId::parse("once").unwrap();
    let command = say(&chat.conversation, "kept");
    chat.customer.send_as(id.clone(), command.clone()).await.unwrap();
    let first = chat.customer.answer(&id).await.unwrap().unwrap();
    let stage = stage.restart().await;
    let door = stage.door(CONTOSO);
    let resume = Some(chat.customer.resume);
    let mut customer = Client::open(&door, &token(CONTOSO, "ada", "customer"), resume).await.unwrap();
    assert_eq!(customer.resumed, Resumed::Snapshot);
    let snapshot = customer.snapshot.clone().unwrap();
    assert_eq!(snapshot.conversations[0].messages[0].text, "kept");
    customer.send_as(id.clone(), command).await.unwrap();
    assert_eq!(customer.answer(&id).await.unwrap().unwrap(), first, "answered again, done once");
    let mut agent =
        Client::open(&door, &token(CONTOSO, "mina", "agent"), Some(chat.agent.resume)).await.unwrap();
    customer.ask(say(&chat.conversation, "and on")).await.unwrap();
    assert_eq!(agent.event(message("and on")).await.unwrap(), 2);
}

#[tokio::test]
async fn a_command_sent_twice_is_done_once_and_its_id_is_not_for_another() {
    let stage = Stage::start().await;
    let mut chat = Chat::begin(&stage, CONTOSO).await;
    let id = CommandId::parse("x").unwrap();
    for _ in 0..3 {
        chat.customer.frames.clear();
        chat.customer.send_as(id.clone(), say(&chat.conversation, "one")).await.unwrap();
        let answer = chat.customer.answer(&id).await.unwrap().unwrap();
        assert!(matches!(answer, Outcome::MessageSent { number: 1, .. }), "{answer:?}");
    }
    chat.customer.frames.clear();
    chat.customer.send_as(id.clone(), say(&chat.conversation, "two")).await.unwrap();
    assert_eq!(chat.customer.answer(&id).await.unwrap().unwrap_err().code, Code::CommandIdReused);
}

#[tokio::test]
async fn a_tokens_end_is_the_sessions_unless_another_comes() {
    let stage = Stage::start().await;
    let ends_soon = || token_with(CONTOSO, "mina", "agent", "exp", json!(common::now() + 3));
    let mut lazy = Client::open(&stage.door(CONTOSO), &ends_soon(), None).await.unwrap();
    let mut keen = Client::open(&stage.door(CONTOSO), &ends_soon(), None).await.unwrap();
    keen.until(|frame| matches!(frame, ServerFrame::AuthExpiring { .. }).then_some(())).await.unwrap();
    let mut keen = keen.into_socket();
    let renewal = json!({ "type": "auth", "token": token(CONTOSO, "mina", "agent") });
    keen.send_text(renewal.to_string()).await.unwrap();
    loop {
        let text = keen.text().await.unwrap().unwrap();
        if text.contains("authAccepted") {
            break;
        }
    }
    match lazy.read_to_end().await {
        LoadError::Wire(error) => assert_eq!(error.code, Code::TokenExpired),
        other => panic!("{other}"),
    }
    let wrong = json!({ "type": "auth", "token": token(CONTOSO, "joon", "agent") });
    keen.send_text(wrong.to_string()).await.unwrap();
    let mut said = String::new();
    while let Ok(Some(text)) = keen.text().await {
        said = text.to_string();
    }
    assert!(said.contains("subjectMismatch"), "{said}");
}

#[tokio::test]
async fn signing_out_ends_the_session_for_good() {
    let stage = Stage::start().await;
    let mut agent = stage.enter(CONTOSO, "mina", "agent").await;
    let resume = agent.resume.clone();
    agent.send(Command::SignOut).await.unwrap();
    let told = agent.event(|event| match event {
        jackfield_wire::ServerEvent::SignedOut { reason } => Some(*reason),
        _ => None,
    });
    assert_eq!(told.await.unwrap(), SignOutReason::Asked);
    let again =
        Client::open(&stage.door(CONTOSO), &token(CONTOSO, "mina", "agent"), Some(resume)).await.unwrap();
    assert_eq!(again.resumed, Resumed::New);
}

#[tokio::test]
async fn a_gateway_that_stops_tells_when_to_come_back() {
    let stage = Stage::start().await;
    let mut agent = stage.enter(CONTOSO, "mina", "agent").await;
    let (_, told) = tokio::join!(stage.running.shutdown(), async {
        agent.until(|frame| matches!(frame, ServerFrame::Restarting { .. }).then_some(())).await
    });
    told.unwrap();
}

#[tokio::test]
async fn w4_a_new_configuration_signs_out_who_is_gone_and_disturbs_nobody_else() {
    let stage = Stage::start().await;
    let mut gone = stage.enter(CONTOSO, "joon", "agent").await;
    let mut demoted = stage.enter(CONTOSO, "sam", "supervisor").await;
    let mut chat = Chat::begin(&stage, CONTOSO).await;
    let mut other = stage.enter(common::FABRIKAM, "mina", "agent").await;
    let mut config = stage.config.clone();
    let centre = &mut config.tenants[0].centre;
    centre.users.retain(|user| user.user_id.as_str() != "joon");
    centre.users[1].roles = vec![jackfield_wire::Role::Agent];
    config.tenants[1].centre.tenant_id = jackfield_wire::TenantId::parse("newcomer").unwrap();
    stage.running.reload(&config).await.unwrap();
    for client in [&mut gone, &mut demoted] {
        let told = client.event(|event| match event {
            jackfield_wire::ServerEvent::SignedOut { reason } => Some(*reason),
            _ => None,
        });
        assert_eq!(told.await.unwrap(), SignOutReason::Removed);
        assert!(matches!(client.read_to_end().await, LoadError::Closed));
    }
    other.until(|frame| matches!(frame, ServerFrame::Restarting { .. }).then_some(())).await.unwrap();
    for (user, role, code) in
        [("joon", "agent", Code::UserUnknown), ("sam", "supervisor", Code::RoleRejected)]
    {
        match Client::open(&stage.door(CONTOSO), &token(CONTOSO, user, role), None).await {
            Err(LoadError::Wire(error)) => assert_eq!(error.code, code),
            _ => panic!("{user} came in"),
        }
    }
    chat.customer.ask(say(&chat.conversation, "undisturbed")).await.unwrap();
    chat.agent.event(message("undisturbed")).await.unwrap();
    // The newcomer has Fabrikam's keys and doors, under its own name.
    let token = token_with(common::FABRIKAM, "mina", "agent", "tenant", json!("newcomer"));
    Client::open(&stage.door(common::FABRIKAM), &token, None).await.unwrap();
}

#[tokio::test]
async fn an_offer_that_is_no_session_description_is_refused_and_the_session_goes_on() {
    let stage = Stage::start().await;
    let mut agent = stage.enter(CONTOSO, "mina", "agent").await;
    match agent.ask(Command::NegotiateMedia { sdp: "v=0".to_owned() }).await {
        Err(LoadError::Wire(error)) => assert_eq!(error.code, Code::SdpRejected),
        other => panic!("{other:?}"),
    }
    agent.ask(common::available()).await.unwrap();
}

/// Erasing a person is deleting rows: nothing of it is in the journal or in snapshots. And yet a restart shows all of it again.
#[tokio::test]
async fn what_customers_are_called_and_bring_is_in_tables_of_its_own() {
    let stage = Stage::start().await;
    let mut agent = stage.enter(CONTOSO, "mina", "agent").await;
    agent.ask(common::available()).await.unwrap();
    let text = Some("canary status".to_owned());
    agent.ask(Command::SetStatusMessage { text, expires_in_ms: None }).await.unwrap();
    let kim = token_with(CONTOSO, "kim", "customer", "name", json!("Canary Name"));
    let mut customer = Client::open(&stage.door(CONTOSO), &kim, None).await.unwrap();
    let Command::StartConversation { queue_id, channel, .. } = common::start_chat() else { unreachable!() };
    let subject = Some("canary subject".to_owned());
    let attributes = [("canary-key".to_owned(), "canary-value".into())].into();
    customer.ask(Command::StartConversation { queue_id, channel, subject, attributes }).await.unwrap();
    let offer_id = agent.event(common::offer).await.unwrap();
    agent.ask(Command::AcceptOffer { offer_id }).await.unwrap();
    let conversation = customer.event(common::active).await.unwrap();
    customer.ask(say(&conversation, "canary text")).await.unwrap();

    let kept = |stage: &Stage| -> Vec<String> {
        let file = rusqlite::Connection::open(stage.data.path().join("store/jackfield.sqlite")).unwrap();
        let sql = "SELECT entry FROM journal UNION ALL SELECT state FROM snapshots";
        let mut query = file.prepare(sql).unwrap();
        query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let in_journal = kept(&stage);
    assert!(in_journal.iter().any(|line| line.contains("conversationStarted")), "the journal was read");
    let (agent_was, customer_was) = (agent.resume.clone(), customer.resume.clone());
    let stage = stage.restart().await;
    let after = kept(&stage);
    assert!(after.iter().any(|state| state.contains("\"conversations\"")), "the snapshot was read");
    for line in in_journal.iter().chain(&after) {
        assert!(!line.to_lowercase().contains("canary"), "{line}");
    }
    let door = stage.door(CONTOSO);
    let agent = Client::open(&door, &token(CONTOSO, "mina", "agent"), Some(agent_was)).await.unwrap();
    let customer = Client::open(&door, &kim, Some(customer_was)).await.unwrap();
    assert_eq!(customer.resumed, Resumed::Snapshot);
    assert_eq!(customer.snapshot.as_ref().unwrap().user.name, "Canary Name");
    let status = |client: &Client| client.snapshot.as_ref().unwrap().presence.status_message.clone();
    assert_eq!(status(&agent).map(|said| said.text).as_deref(), Some("canary status"));
    assert_eq!(status(&customer), None);
    for client in [agent, customer] {
        let view = client.snapshot.unwrap().conversations.remove(0);
        assert_eq!(view.subject.as_deref(), Some("canary subject"));
        assert_eq!(view.attributes["canary-key"], "canary-value".into());
        let names: Vec<_> = view.participants.iter().map(|party| party.name.as_str()).collect();
        assert_eq!(names, ["Canary Name", "Mina of contoso"]);
        assert_eq!(
            (view.messages[0].text.as_str(), view.messages[0].name.as_str()),
            ("canary text", "Canary Name")
        );
    }
}

#[tokio::test]
async fn a_finished_conversation_leaves_its_record() {
    let stage = Stage::start().await;
    let mut chat = Chat::begin(&stage, CONTOSO).await;
    chat.customer.ask(say(&chat.conversation, "thanks")).await.unwrap();
    chat.customer.ask(Command::EndConversation { conversation_id: chat.conversation.clone() }).await.unwrap();
    let over = chat.agent.event(|event| match event {
        jackfield_wire::ServerEvent::ConversationRemoved { conversation_id } => Some(conversation_id.clone()),
        _ => None,
    });
    assert_eq!(over.await.unwrap(), chat.conversation);
    let Stage { running, data, .. } = stage;
    running.shutdown().await;
    let file = rusqlite::Connection::open(data.path().join("store/jackfield.sqlite")).unwrap();
    let (conversation, record): (String, String) = file
        .query_row("SELECT conversation, record FROM records", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    assert_eq!(conversation, chat.conversation.as_str());
    let record: serde_json::Value = serde_json::from_str(&record).unwrap();
    assert_eq!((record["messages"].as_u64(), record["reason"].as_str()), (Some(1), Some("customerLeft")));
    let parties: Vec<&str> =
        record["parties"].as_array().unwrap().iter().map(|party| party["userId"].as_str().unwrap()).collect();
    assert_eq!(parties, ["ada", "mina"]);
    assert!(!record.to_string().contains("thanks"), "texts have a table of their own");
}
