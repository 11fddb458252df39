//! Customers who are called back: their place outlives their page and the gateway's process.

use crate::common::{CONTOSO, Stage, active, available};
use jackfield_wire::{
    Channel, Command, ConversationState, OfferKind, Outcome, PendingKind, QueueId, ServerEvent,
};
use std::collections::BTreeMap;

fn start_call() -> Command {
    Command::StartConversation {
        queue_id: Some(QueueId::parse("support").unwrap()),
        channel: Channel::Voice,
        subject: None,
        attributes: BTreeMap::new(),
    }
}

#[tokio::test]
async fn who_is_to_be_called_back_keeps_the_place_through_a_closed_page_and_a_restart() {
    let stage = Stage::start().await;
    let mut ada = stage.enter(CONTOSO, "ada", "customer").await;
    let started = ada.ask(start_call()).await.unwrap();
    let Outcome::ConversationStarted { conversation_id } = started else { panic!("{started:?}") };
    let call_me =
        Command::RequestCallback { conversation_id: conversation_id.clone(), at: None, number: None };
    ada.ask(call_me).await.unwrap();
    ada.ask(Command::SignOut).await.unwrap();
    let stage = stage.restart().await;

    let mut bert = stage.enter(CONTOSO, "bert", "customer").await;
    bert.ask(start_call()).await.unwrap();
    let mut ada = stage.enter(CONTOSO, "ada", "customer").await;
    let seen = ada.snapshot.as_ref().unwrap().conversations[0].clone();
    assert_eq!((&seen.conversation_id, seen.state), (&conversation_id, ConversationState::Queued));
    assert!(seen.callback.is_some() && seen.position == Some(1), "{seen:?}");
    assert_eq!(seen.participants[0].name, "ada of contoso", "the name came from the store");

    let mut mina = stage.enter(CONTOSO, "mina", "agent").await;
    mina.ask(available()).await.unwrap();
    let to_call = |event: &ServerEvent| match event {
        ServerEvent::OfferMade { offer } if offer.kind == OfferKind::Callback => Some(offer.clone()),
        _ => None,
    };
    let offer = mina.event(to_call).await.unwrap();
    assert_eq!(offer.conversation_id, conversation_id);
    mina.ask(Command::AcceptOffer { offer_id: offer.offer_id }).await.unwrap();
    let rings = |event: &ServerEvent| match event {
        ServerEvent::PendingChanged { pending: Some(pending), .. } => Some(pending.kind),
        _ => None,
    };
    assert_eq!(ada.event(rings).await.unwrap(), PendingKind::Callback);
    let yes = Command::AnswerRequest { conversation_id: conversation_id.clone(), accept: true };
    ada.ask(yes).await.unwrap();
    assert_eq!(ada.event(active).await.unwrap(), conversation_id);
    let talks = |event: &ServerEvent| match event {
        ServerEvent::ParticipantChanged { participant, .. } => participant.voice.as_ref().map(|_| ()),
        _ => None,
    };
    mina.event(talks).await.unwrap();
}
