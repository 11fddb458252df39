//! The voice connection: negotiated at once, mended, made anew.

use super::*;
use crate::engine::{VoiceCounters, VoiceInput, VoiceState};

fn connected() -> Desk {
    let mut desk = Desk::new(Options::default());
    desk.input(Input::Connect);
    desk.greet();
    desk.welcome(Resumed::New, Some(snapshot(vec![conversation(vec![])])));
    assert_eq!(desk.actions, [VoiceAction::Offer { generation: 1 }]);
    let sdp = "offer".to_owned();
    desk.input(Input::Voice(VoiceInput::Offered { generation: 1, sdp }));
    answer_sdp(&mut desk);
    assert_eq!(desk.actions.last(), Some(&VoiceAction::Answer { generation: 1, sdp: "answer".into() }));
    desk.input(Input::Voice(VoiceInput::Connected { generation: 1 }));
    assert_eq!(desk.engine.voice(), VoiceState::Connected);
    desk.actions.clear();
    desk
}

fn answer_sdp(desk: &mut Desk) {
    let (id, command) = desk.commands().pop().unwrap();
    assert!(matches!(command, Command::NegotiateMedia { .. }));
    desk.answer(&id, Answer::Ok(Outcome::MediaAnswer { sdp: "answer".into() }));
}

#[test]
fn audio_outlives_the_socket() {
    let mut desk = connected();
    desk.cut();
    desk.welcome(Resumed::Replay, None);
    assert_eq!((desk.engine.voice(), &desk.actions[..]), (VoiceState::Connected, &[][..]));
}

#[test]
fn a_gateway_that_restarted_gets_a_new_connection() {
    let mut desk = connected();
    desk.cut();
    let frame = desk.welcome_frame(2, Resumed::Snapshot, Some(snapshot(vec![conversation(vec![])])));
    desk.say(&frame);
    assert_eq!(desk.actions, [VoiceAction::Offer { generation: 2 }]);
    assert_eq!(desk.engine.voice(), VoiceState::Reconnecting);
    // The old connection's last words are no news.
    desk.input(Input::Voice(VoiceInput::Failed { generation: 1 }));
    assert_eq!(desk.actions.len(), 1);
}

#[test]
fn what_is_lost_is_mended_first_and_then_made_anew() {
    let table: [(&str, VoiceInput); 2] = [
        ("disconnected", VoiceInput::Disconnected { generation: 1 }),
        ("failed", VoiceInput::Failed { generation: 1 }),
    ];
    for (name, input) in table {
        let mut desk = connected();
        desk.input(Input::Voice(input));
        desk.pass(2_000);
        assert_eq!(desk.actions, [VoiceAction::Restart { generation: 1 }], "{name}");
        desk.input(Input::Voice(VoiceInput::Failed { generation: 1 }));
        assert_eq!(desk.actions.last(), Some(&VoiceAction::Offer { generation: 2 }), "{name}");
    }
    let mut desk = connected();
    desk.say(&ServerFrame::Signal { signal: jackfield_wire::Signal::Media { connected: false } });
    assert_eq!(desk.actions, [VoiceAction::Restart { generation: 1 }]);
    let mut desk = connected();
    desk.input(Input::Online);
    assert_eq!(desk.actions, [VoiceAction::Restart { generation: 1 }]);
}

#[test]
fn a_path_that_comes_back_by_itself_is_left_alone() {
    let mut desk = connected();
    desk.input(Input::Voice(VoiceInput::Disconnected { generation: 1 }));
    assert_eq!(desk.engine.voice(), VoiceState::Reconnecting);
    desk.input(Input::Voice(VoiceInput::Connected { generation: 1 }));
    desk.pass(4_000);
    assert_eq!((desk.engine.voice(), &desk.actions[..]), (VoiceState::Connected, &[][..]));
}

#[test]
fn a_network_without_voice_is_said_and_tried_again() {
    let mut desk = Desk::new(Options::default());
    desk.input(Input::Connect);
    desk.greet();
    desk.welcome(Resumed::New, Some(snapshot(vec![])));
    for _ in 0..60 {
        desk.pass(1_000);
        desk.say(&ServerFrame::Ping { n: 1 });
    }
    assert!(desk.events.iter().any(
        |e| matches!(e, Event::VoiceChanged { voice: VoiceState::Failed, error: Some(e) } if e.code == Code::MediaNotConnected)
    ));
    assert!(desk.actions.len() >= 3);
    assert_eq!(desk.engine.connection(), crate::engine::ConnectionState::Ready, "data goes on");
}

#[test]
fn an_offer_that_no_gateway_takes_is_not_made_again() {
    let mut desk = Desk::new(Options::default());
    desk.input(Input::Connect);
    desk.greet();
    desk.welcome(Resumed::New, Some(snapshot(vec![])));
    desk.input(Input::Voice(VoiceInput::Offered { generation: 1, sdp: "x".into() }));
    let (id, _) = desk.commands().pop().unwrap();
    desk.answer(&id, refusal(Code::SdpRejected));
    assert_eq!(desk.engine.voice(), VoiceState::Failed);
    desk.actions.clear();
    desk.pass(4_000);
    assert_eq!(desk.actions, []);
}

#[test]
fn the_microphone_follows_the_call_and_its_quality_is_told() {
    let mut desk = connected();
    let with_voice = |on: bool| {
        let mut participant = participant("p1", "mina", Role::Agent);
        participant.voice = on.then(leg);
        ServerEvent::ParticipantChanged { conversation_id: c1(), participant }
    };
    desk.event(with_voice(true));
    assert_eq!(desk.actions, [VoiceAction::Microphone { needed: true }]);
    desk.take_events();
    desk.frames.clear();
    for second in 0..=11 {
        let packets_received = 50 * second;
        let counters = VoiceCounters { packets_received, ..Default::default() };
        desk.input(Input::Voice(VoiceInput::Counters(counters)));
        desk.pass(1_000);
    }
    let told = desk.take_events().iter().filter(|e| matches!(e, Event::Quality { .. })).count();
    let reports = desk.commands().iter().filter(|(_, c)| matches!(c, Command::ReportQuality { .. })).count();
    assert_eq!((told, reports), (11, 1));
    desk.event(with_voice(false));
    assert_eq!(desk.actions.last(), Some(&VoiceAction::Microphone { needed: false }));
}

#[test]
fn closing_ends_it() {
    let mut desk = connected();
    desk.input(Input::Close);
    desk.pass(3_000);
    assert_eq!(desk.actions, [VoiceAction::Drop]);
}
