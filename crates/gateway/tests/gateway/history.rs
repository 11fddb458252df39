//! What was before a conversation: its agent reads the customer's past, by pages; nobody else does; and a restart changes nothing of it.

use crate::common::{CONTOSO, FABRIKAM, Stage, active, available, message, offer, say, start_chat};
use jackfield_load::{Client, LoadError};
use jackfield_wire::{
    Availability, Code, Command, ConversationId, MessageView, Outcome, PastConversation, ServerEvent,
};

const NOTE: &str = "wants the blue one";

/// A chat of a customer with an agent, in which the customer says these things.
async fn chat(agent: &mut Client, customer: &mut Client, says: &[&str]) -> ConversationId {
    // What came before this chat is not looked at again.
    [&mut *agent, &mut *customer].into_iter().for_each(|client| client.frames.clear());
    customer.ask(start_chat()).await.unwrap();
    let offer_id = agent.event(offer).await.unwrap();
    agent.ask(Command::AcceptOffer { offer_id }).await.unwrap();
    let conversation = customer.event(active).await.unwrap();
    for text in says {
        customer.ask(say(&conversation, text)).await.unwrap();
        agent.event(message(text)).await.unwrap();
    }
    conversation
}

/// The agent leaves a note, and ends the chat.
async fn end(agent: &mut Client, customer: &mut Client, conversation: &ConversationId) {
    let id = || conversation.clone();
    agent.ask(Command::AddNote { conversation_id: id(), text: NOTE.to_owned() }).await.unwrap();
    agent.ask(Command::EndConversation { conversation_id: id() }).await.unwrap();
    let gone = |event: &ServerEvent| match event {
        ServerEvent::ConversationRemoved { conversation_id } if conversation_id == conversation => Some(()),
        _ => None,
    };
    customer.event(gone).await.unwrap();
}

/// All that there is of the customer's past, asked for one conversation at a time.
async fn past(client: &mut Client, conversation: &ConversationId) -> Vec<PastConversation> {
    let mut all: Vec<PastConversation> = Vec::new();
    loop {
        let before = all.last().map(|entry| entry.conversation_id.clone());
        let conversation_id = conversation.clone();
        let page = Command::FetchCustomerHistory { conversation_id, before, limit: Some(1) };
        let answer = client.ask(page).await.unwrap();
        let Outcome::CustomerHistory { entries, more } = answer else { panic!("{answer:?}") };
        assert!(entries.len() <= 1, "{entries:?}");
        all.extend(entries);
        if !more {
            return all;
        }
    }
}

/// All messages of an earlier conversation, two at a time, oldest first.
async fn messages(client: &mut Client, going_on: &ConversationId, past: &ConversationId) -> Vec<MessageView> {
    let mut all: Vec<MessageView> = Vec::new();
    loop {
        let before = all.first().map(|message| message.number);
        let (conversation_id, past) = (going_on.clone(), past.clone());
        let page = Command::FetchPastMessages { conversation_id, past, before, limit: Some(2) };
        let answer = client.ask(page).await.unwrap();
        let Outcome::History { messages, more, .. } = answer else { panic!("{answer:?}") };
        assert!(messages.len() <= 2, "{messages:?}");
        all.splice(0..0, messages);
        if !more {
            return all;
        }
    }
}

fn code(answer: Result<Outcome, LoadError>) -> Code {
    match answer {
        Err(LoadError::Wire(error)) => error.code,
        other => panic!("{other:?}"),
    }
}

/// What an agent of the third conversation reads of the first two.
async fn reads_all(agent: &mut Client, [first, second, third]: [&ConversationId; 3]) {
    let entries = past(agent, third).await;
    let told: Vec<_> = entries
        .iter()
        .map(|e| {
            let agents: Vec<_> = e.agents.iter().map(|agent| agent.name.as_str()).collect();
            (&e.conversation_id, agents, e.notes, e.last_message.as_deref())
        })
        .collect();
    let of = |id, last| (id, vec!["Mina of contoso"], 1, Some(last));
    assert_eq!(told, [of(second, "two"), of(first, "five")], "newest first");
    let texts: Vec<_> = messages(agent, third, first).await.into_iter().map(|m| (m.number, m.text)).collect();
    let said = ["one", "two", "three", "four", "five", NOTE];
    let said: Vec<_> = (1..).zip(said.map(str::to_owned)).collect();
    assert_eq!(texts, said, "the note among them");
}

#[tokio::test]
async fn the_agent_of_a_conversation_reads_what_was_before_it_by_pages() {
    let stage = Stage::start().await;
    let mut mina = stage.enter(CONTOSO, "mina", "agent").await;
    let mut ada = stage.enter(CONTOSO, "ada", "customer").await;
    mina.ask(available()).await.unwrap();
    let first = chat(&mut mina, &mut ada, &["one", "two", "three", "four", "five"]).await;
    end(&mut mina, &mut ada, &first).await;
    let second = chat(&mut mina, &mut ada, &["one", "two"]).await;
    end(&mut mina, &mut ada, &second).await;
    // Now another agent serves the customer.
    mina.ask(Command::presence(Availability::Away)).await.unwrap();
    let mut joon = stage.enter(CONTOSO, "joon", "agent").await;
    joon.ask(available()).await.unwrap();
    let third = chat(&mut joon, &mut ada, &["again"]).await;
    reads_all(&mut joon, [&first, &second, &third]).await;
    refused_to_the_others(&stage, (&mut ada, &mut mina), [&first, &third]).await;
    sees_nothing_of_another_tenant(&stage, &third, 0).await;

    let stage = stage.restart().await;
    let mut joon = stage.enter(CONTOSO, "joon", "agent").await;
    reads_all(&mut joon, [&first, &second, &third]).await;
    let mut ada = stage.enter(CONTOSO, "ada", "customer").await;
    let mut mina = stage.enter(CONTOSO, "mina", "agent").await;
    refused_to_the_others(&stage, (&mut ada, &mut mina), [&first, &third]).await;
    sees_nothing_of_another_tenant(&stage, &third, 1).await;
}

/// Neither the customer nor an agent who is not in the conversation reads its past; a supervisor does.
async fn refused_to_the_others(
    stage: &Stage,
    (customer, former): (&mut Client, &mut Client),
    [first, third]: [&ConversationId; 2],
) {
    let list = || Command::FetchCustomerHistory { conversation_id: third.clone(), before: None, limit: None };
    let page = || {
        let (conversation_id, past) = (third.clone(), first.clone());
        Command::FetchPastMessages { conversation_id, past, before: None, limit: None }
    };
    for (client, expected) in [(&mut *customer, Code::NotAllowed), (former, Code::NotFound)] {
        assert_eq!(code(client.ask(list()).await), expected);
        assert_eq!(code(client.ask(page()).await), expected);
    }
    let ended = Command::FetchHistory { conversation_id: first.clone(), before: None, limit: None };
    assert_eq!(code(customer.ask(ended).await), Code::NotFound, "what is over is closed to the customer");
    let mut sam = stage.enter(CONTOSO, "sam", "supervisor").await;
    assert_eq!(past(&mut sam, third).await.len(), 2);
    assert_eq!(messages(&mut sam, third, first).await.len(), 6);
}

/// An agent of another tenant, with the same ids, and a customer of the same id, reads nothing of it.
async fn sees_nothing_of_another_tenant(stage: &Stage, theirs: &ConversationId, own_past: usize) {
    let mut mina = stage.enter(FABRIKAM, "mina", "agent").await;
    let mut ada = stage.enter(FABRIKAM, "ada", "customer").await;
    mina.ask(available()).await.unwrap();
    let list = Command::FetchCustomerHistory { conversation_id: theirs.clone(), before: None, limit: None };
    assert_eq!(code(mina.ask(list).await), Code::NotFound);
    let own = chat(&mut mina, &mut ada, &[]).await;
    let entries = past(&mut mina, &own).await;
    assert_eq!(entries.len(), own_past);
    assert!(entries.iter().flat_map(|entry| &entry.agents).all(|agent| agent.name == "Mina of fabrikam"));
    let read = messages(&mut mina, &own, theirs).await;
    assert!(read.is_empty(), "{read:?}");
    ada.ask(Command::EndConversation { conversation_id: own }).await.unwrap();
}
