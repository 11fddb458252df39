//! Coming back: with a replay, with a snapshot, and to a session that is gone.

use super::*;
use jackfield_wire::{OfferId, OfferKind, OfferReason, OfferView};

fn offer(id: &str, conversation: &str, expires_at: Millis) -> OfferView {
    OfferView {
        offer_id: OfferId::parse(id).unwrap(),
        conversation_id: ConversationId::parse(conversation).unwrap(),
        kind: OfferKind::Conversation,
        channel: Channel::Chat,
        queue_id: QueueId::parse("sales").unwrap(),
        customer_name: "carl".into(),
        subject: None,
        offered_at: 1,
        expires_at,
        reason: OfferReason {
            order: "x".into(),
            skills: Default::default(),
            candidates: 1,
            ..OfferReason::default()
        },
    }
}

/// A desk that knows some messages and comes back to later ones, with the request that it makes for those between.
fn with_a_hole(known: &[u64], newest: &[u64]) -> (Desk, CommandId, Command) {
    let seen = |numbers: &[u64]| snapshot(vec![conversation(numbers.iter().copied().map(message).collect())]);
    let mut desk = Desk::open(seen(known));
    desk.cut();
    desk.welcome(Resumed::Snapshot, Some(seen(newest)));
    let (id, fetch) = desk.commands().pop().unwrap();
    (desk, id, fetch)
}

#[test]
fn a_replay_goes_on_where_it_was() {
    let mut desk = Desk::open(snapshot(vec![conversation(vec![])]));
    desk.event(ServerEvent::MessageAdded { conversation_id: c1(), message: message(1) });
    desk.cut();
    let Some(ClientFrame::Hello { resume: Some(resume), .. }) = desk.frames.last() else {
        panic!("{:?}", desk.frames)
    };
    assert_eq!((resume.seq, resume.epoch), (Some(1), 1));
    desk.welcome(Resumed::Replay, None);
    desk.take_events();
    let again = ServerEvent::MessageAdded { conversation_id: c1(), message: message(1) };
    desk.say(&ServerFrame::Event { seq: 1, at: 1, event: again });
    desk.event(ServerEvent::MessageAdded { conversation_id: c1(), message: message(2) });
    assert_eq!(desk.numbers(), [1, 2]);
    assert_eq!(desk.take_events().len(), 1, "an event that comes twice is told once");
}

#[test]
fn a_number_left_out_is_never_guessed_across() {
    let mut desk = Desk::open(snapshot(vec![conversation(vec![])]));
    desk.seq += 1;
    desk.event(ServerEvent::MessageAdded { conversation_id: c1(), message: message(1) });
    assert_eq!(desk.engine.connection(), crate::engine::ConnectionState::Reconnecting);
    assert!(desk.numbers().is_empty());
}

#[test]
fn a_snapshot_tells_what_was_missed() {
    let mut before = snapshot(vec![conversation(vec![message(1)])]);
    before.offers =
        vec![offer("o1", "c7", 9_999_999_999), offer("o2", "c8", 5), offer("o3", "c9", 9_999_999_999)];
    let mut desk = Desk::open(before);
    desk.cut();
    let mut now = conversation(vec![message(1), message(2)]);
    now.participants.remove(1);
    now.participants.push(participant("p3", "olga", Role::Agent));
    now.participants[0].voice = Some(leg());
    let taken = ConversationView {
        conversation_id: ConversationId::parse("c7").unwrap(),
        participants: vec![],
        ..conversation(vec![])
    };
    let mut after = snapshot(vec![now, taken]);
    after.presence = presence(Availability::Busy);
    after.offers = vec![offer("o4", "c10", 9_999_999_999)];
    desk.take_events();
    desk.welcome(Resumed::Snapshot, Some(after.clone()));
    let told = desk.take_events();
    let outcome = |wanted: &str| {
        told.iter().find_map(|e| match e {
            Event::OfferEnded { offer_id, rest, .. } if offer_id.as_str() == wanted => rest.text("outcome"),
            _ => None,
        })
    };
    assert_eq!(outcome("o1").as_deref(), Some("accepted"));
    assert_eq!(outcome("o2").as_deref(), Some("timedOut"));
    assert_eq!(outcome("o3").as_deref(), Some("rescinded"));
    let has = |wanted: fn(&Event) -> bool| told.iter().filter(|e| wanted(e)).count();
    assert_eq!(has(|e| matches!(e, Event::PresenceChanged { .. })), 1);
    assert_eq!(has(|e| matches!(e, Event::OfferMade { .. })), 1);
    assert_eq!(has(|e| matches!(e, Event::ConversationAdded { .. })), 1);
    assert_eq!(
        has(
            |e| matches!(e, Event::ParticipantLeft { rest, .. } if rest.text("reason").as_deref() == Some("left"))
        ),
        1
    );
    assert_eq!(has(|e| matches!(e, Event::ParticipantJoined { .. })), 1);
    assert_eq!(has(|e| matches!(e, Event::ParticipantChanged { .. })), 1);
    assert_eq!(has(|e| matches!(e, Event::MessageAdded { message, .. } if message.number == 2)), 1);

    // The same snapshot once more is no news.
    desk.cut();
    desk.take_events();
    desk.welcome(Resumed::Snapshot, Some(after));
    let told = desk.take_events();
    assert!(matches!(&told[..], [Event::ConnectionChanged { .. }]), "{told:?}");
}

#[test]
fn a_hole_in_a_conversation_is_filled_before_what_is_above_it_is_shown() {
    let (mut desk, id, fetch) = with_a_hole(&[1, 2], &[8, 9]);
    let before = |n| Command::FetchHistory { conversation_id: c1(), before: Some(n), limit: Some(100) };
    assert_eq!(fetch, before(8));
    desk.take_events();
    // Live ones wait as well.
    desk.event(ServerEvent::MessageAdded { conversation_id: c1(), message: message(10) });
    assert_eq!(desk.numbers(), [1, 2]);
    let page = |from, to| (from..=to).map(message).collect::<Vec<_>>();
    desk.answer(&id, Answer::Ok(Outcome::History { messages: page(5, 7), more: true }));
    let (id, fetch) = desk.commands().pop().unwrap();
    assert_eq!(fetch, before(5));
    desk.answer(&id, Answer::Ok(Outcome::History { messages: page(2, 4), more: true }));
    assert_eq!(desk.numbers(), (1..=10).collect::<Vec<_>>());
    let told: Vec<u64> = desk
        .take_events()
        .iter()
        .filter_map(|e| match e {
            Event::MessageAdded { message, .. } => Some(message.number),
            _ => None,
        })
        .collect();
    assert_eq!(told, (3..=10).collect::<Vec<_>>(), "in order");
}

#[test]
fn while_a_hole_is_open_no_page_shows_what_is_above_it() {
    let (mut desk, fill, _) = with_a_hole(&[3, 4], &[8, 9]);
    let fetch = |desk: &mut Desk, before, page: std::ops::RangeInclusive<u64>| {
        desk.request(Command::FetchHistory { conversation_id: c1(), before, limit: None });
        let (id, _) = desk.commands().pop().unwrap();
        let messages = page.map(message).collect();
        desk.answer(&id, Answer::Ok(Outcome::History { messages, more: true }));
        desk.numbers()
    };
    assert_eq!(fetch(&mut desk, None, 7..=9), [3, 4]);
    assert_eq!(fetch(&mut desk, Some(7), 6..=6), [3, 4]);
    assert_eq!(fetch(&mut desk, Some(5), 2..=4), [2, 3, 4], "what joins from below is shown");
    let messages = (5..=7).map(message).collect();
    desk.answer(&fill, Answer::Ok(Outcome::History { messages, more: true }));
    assert_eq!(desk.numbers(), (2..=9).collect::<Vec<_>>());
}

#[test]
fn a_page_for_a_hole_that_is_turned_away_for_a_moment_is_asked_for_again() {
    let (mut desk, id, fetch) = with_a_hole(&[1], &[4]);
    desk.answer(&id, Answer::Error(WireError::from(Code::StorageUnavailable).retry_after(500)));
    assert_eq!(desk.numbers(), [1], "2 and 3 are not given up for that");
    desk.pass(500);
    assert_eq!(desk.commands().pop(), Some((id.clone(), fetch)));
    let messages = (2..4).map(message).collect();
    desk.answer(&id, Answer::Ok(Outcome::History { messages, more: true }));
    assert_eq!(desk.numbers(), [1, 2, 3, 4]);
}

#[test]
fn a_conversation_that_was_empty_has_a_hole_too() {
    let (mut desk, id, _) = with_a_hole(&[], &[2, 3]);
    desk.answer(&id, Answer::Ok(Outcome::History { messages: vec![message(1)], more: false }));
    assert_eq!(desk.numbers(), [1, 2, 3]);
}

#[test]
fn in_another_session_only_what_was_surely_never_done_is_sent_again() {
    let mut desk = Desk::open(snapshot(vec![conversation(vec![])]));
    let kept = desk.request(hello("kept"));
    let elsewhere = ConversationId::parse("c2").unwrap();
    let (text, visibility) = ("lost".into(), Visibility::Everyone);
    let lost = desk.request(Command::SendMessage { conversation_id: elsewhere, text, visibility });
    let ids: Vec<_> = desk.commands().into_iter().map(|(id, _)| id).collect();
    desk.input(Input::SocketClosed { link: 1, code: 1006 });
    let unsent = desk.request(hello("unsent"));
    desk.pass(1_000);
    desk.greet();
    let mine = MessageView { command_id: ids[0].clone(), participant_id: p("p1"), ..message(1) };
    let mut frame = desk.welcome_frame(2, Resumed::New, Some(snapshot(vec![conversation(vec![mine])])));
    if let ServerFrame::Welcome { session_id, .. } = &mut frame {
        *session_id = SessionId::parse("s2").unwrap();
    }
    desk.frames.clear();
    desk.say(&frame);
    let answer = |request| desk.answers.iter().find(|(r, _)| *r == request).map(|(_, a)| a.clone());
    assert!(matches!(answer(kept), Some(Ok(Reply::Message(m))) if m.number == 1));
    assert_eq!(answer(lost).unwrap().unwrap_err().code, Code::SessionUnknown);
    assert_eq!(answer(unsent), None);
    let again: Vec<_> = desk
        .commands()
        .into_iter()
        .map(|(_, c)| c)
        .filter(|c| matches!(c, Command::SendMessage { .. }))
        .collect();
    assert_eq!(again, [hello("unsent")]);
}

#[test]
fn an_answer_waits_until_the_view_shows_its_conversation() {
    let mut desk = Desk::open(snapshot(vec![]));
    let request = desk.request(Command::AcceptOffer { offer_id: OfferId::parse("o1").unwrap() });
    let (id, _) = desk.commands().pop().unwrap();
    let offer_id = OfferId::parse("o1").unwrap();
    desk.answer(&id, Answer::Ok(Outcome::OfferAccepted { offer_id, conversation_id: c1() }));
    assert_eq!(desk.answers, []);
    desk.event(ServerEvent::ConversationAdded { conversation: conversation(vec![]) });
    assert!(matches!(&desk.answers[..], [(r, Ok(_))] if *r == request));
}

#[test]
fn a_reloaded_page_asks_for_a_snapshot() {
    let mut desk = Desk::open(snapshot(vec![]));
    let resume = desk.engine.session().cloned();
    desk = Desk::new(Options { resume, ..Options::default() });
    desk.input(Input::Connect);
    desk.greet();
    let Some(ClientFrame::Hello { resume: Some(resume), .. }) = desk.frames.last() else {
        panic!("{:?}", desk.frames)
    };
    assert_eq!(resume.seq, None);
    desk.welcome(Resumed::Snapshot, Some(snapshot(vec![conversation(vec![message(3)])])));
    assert_eq!(desk.numbers(), [3]);
    let told = desk.take_events();
    assert!(told.iter().all(|e| !matches!(e, Event::MessageAdded { .. })), "the first view is no news");
}
