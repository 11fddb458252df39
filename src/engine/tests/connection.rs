//! Token, socket, hello, dead connections, coming back.

use super::*;
use crate::engine::ConnectionState;

#[test]
fn opens_and_closes_a_session() {
    let mut desk = Desk::open(snapshot(vec![]));
    assert_eq!(desk.engine.connection(), ConnectionState::Ready);
    assert_eq!(desk.engine.clock_offset(), 500);
    desk.frames.clear();
    desk.input(Input::Close);
    let (id, command) = desk.commands().remove(0);
    assert_eq!(command, Command::SignOut);
    desk.answer(&id, Answer::Ok(Outcome::Done));
    assert_eq!(desk.frames, [ClientFrame::Bye { keep: false }]);
    assert_eq!(desk.engine.connection(), ConnectionState::Closed);
    assert_eq!(desk.events.last(), Some(&Event::Closed { error: None }));
    assert_eq!(desk.others.last(), Some(&Output::StoreSession(None)));
    assert_eq!(desk.timeout, None, "a closed engine wants nothing more");
    let request = desk.request(Command::SignOut);
    assert_eq!(desk.answers.last(), Some(&(request, Err(Code::Closed.into()))));
}

#[test]
fn closes_though_the_gateway_does_not_answer() {
    let mut desk = Desk::open(snapshot(vec![]));
    desk.input(Input::Close);
    desk.pass(3_000);
    assert_eq!(desk.engine.connection(), ConnectionState::Closed);
}

#[test]
fn gives_up_the_first_connection_in_time_but_never_a_later_one() {
    let mut desk = Desk::new(Options::default());
    desk.input(Input::Connect);
    for _ in 0..100 {
        if desk.others.contains(&Output::NeedToken) {
            desk.others.clear();
            desk.input(Input::Token(Ok(Secret::new("t"))));
            desk.input(Input::SocketClosed { link: desk.link, code: 1006 });
        }
        desk.pass(100);
    }
    assert_eq!(desk.engine.connection(), ConnectionState::Closed);
    let error = Some(Code::GatewayUnreachable.into());
    assert_eq!(desk.events.last(), Some(&Event::Closed { error }));

    let mut desk = Desk::open(snapshot(vec![]));
    desk.input(Input::SocketClosed { link: 1, code: 1006 });
    for _ in 0..500 {
        desk.pass(1_000);
        if desk.others.contains(&Output::NeedToken) {
            desk.others.clear();
            desk.input(Input::Token(Ok(Secret::new("t"))));
            desk.input(Input::SocketClosed { link: desk.link, code: 1006 });
        }
    }
    assert_eq!(desk.engine.connection(), ConnectionState::Reconnecting);
    assert!((15..120).contains(&desk.link), "{} attempts in 500 s", desk.link);
}

#[test]
fn every_code_that_ends_a_connection_ends_the_session_or_begins_another_attempt() {
    for &code in Code::ALL {
        let info = code.info();
        let Some(close) = info.close else { continue };
        for by_frame in [true, false] {
            let mut desk = Desk::open(snapshot(vec![]));
            let input = Input::SocketClosed { link: desk.link, code: close };
            if by_frame {
                desk.say(&ServerFrame::Error { error: code.into() });
            }
            desk.input(input);
            let expected =
                if info.retryable { ConnectionState::Reconnecting } else { ConnectionState::Closed };
            assert_eq!(desk.engine.connection(), expected, "{code}");
        }
    }
}

#[test]
fn a_connection_without_frames_is_dead_after_three_pings() {
    let mut desk = Desk::open(snapshot(vec![]));
    desk.pass(10_000);
    desk.say(&ServerFrame::Ping { n: 4 });
    assert!(desk.frames.contains(&ClientFrame::Pong { n: 4 }));
    desk.pass(14_900);
    assert_eq!(desk.engine.connection(), ConnectionState::Ready);
    desk.pass(200);
    assert_eq!(desk.engine.connection(), ConnectionState::Reconnecting);
}

#[test]
fn a_page_that_slept_judges_its_deadlines_with_whatever_comes_first() {
    let mut desk = Desk::open(snapshot(vec![]));
    desk.now += 3_600_000;
    desk.input(Input::Visible);
    assert_eq!(desk.engine.connection(), ConnectionState::Reconnecting);
}

#[test]
fn another_network_lets_the_old_socket_prove_itself_for_one_ping() {
    let mut desk = Desk::open(snapshot(vec![]));
    desk.input(Input::Online);
    desk.pass(6_001);
    assert_eq!(desk.engine.connection(), ConnectionState::Reconnecting);
}

#[test]
fn comes_back_when_the_gateway_says() {
    let mut desk = Desk::open(snapshot(vec![]));
    desk.others.clear();
    desk.say(&ServerFrame::Restarting { after_ms: 2_000, within_ms: 5_000 });
    assert_eq!(desk.engine.connection(), ConnectionState::Reconnecting);
    desk.pass(1_999);
    assert!(!desk.others.contains(&Output::NeedToken));
    desk.pass(3_001);
    assert!(desk.others.contains(&Output::NeedToken));
    // The old socket's end is no news.
    desk.input(Input::SocketClosed { link: 1, code: 4205 });
    desk.greet();
    assert_eq!(desk.link, 2);
}

#[test]
fn renews_its_token_before_its_time_is_over() {
    let mut desk = Desk::open(snapshot(vec![]));
    desk.others.clear();
    for _ in 0..3_530 {
        desk.pass(1_000);
        desk.say(&ServerFrame::Ping { n: 1 });
    }
    assert!(!desk.others.contains(&Output::NeedToken));
    for _ in 0..15 {
        desk.pass(1_000);
        desk.say(&ServerFrame::Ping { n: 1 });
    }
    assert_eq!(desk.others, [Output::NeedToken]);
    desk.frames.clear();
    // The token function fails once; asked again, it gives one.
    desk.input(Input::Token(Err(Code::TokenSourceFailed.into())));
    desk.others.clear();
    desk.pass(5_000);
    assert_eq!(desk.others, [Output::NeedToken]);
    desk.input(Input::Token(Ok(Secret::new("new"))));
    assert_eq!(desk.frames, [ClientFrame::Auth { token: Secret::new("new") }]);
}

#[test]
fn a_token_that_is_expired_is_not_offered_twice() {
    let mut desk = Desk::new(Options::default());
    desk.input(Input::Connect);
    desk.greet();
    desk.say(&ServerFrame::Error { error: Code::TokenExpired.into() });
    assert_eq!(desk.engine.connection(), ConnectionState::Connecting);
    desk.pass(1_000);
    desk.input(Input::Token(Ok(Secret::new("t"))));
    assert_eq!(desk.events.last(), Some(&Event::Closed { error: Some(Code::TokenExpired.into()) }));
}

#[test]
fn a_token_function_that_fails_at_the_beginning_ends_it() {
    let mut desk = Desk::new(Options::default());
    desk.input(Input::Connect);
    desk.input(Input::Token(Err(Code::TokenSourceFailed.into())));
    let error = Some(Code::TokenSourceFailed.into());
    assert_eq!(desk.events.last(), Some(&Event::Closed { error }));
}

#[test]
fn a_page_that_goes_keeps_its_session_and_one_that_comes_back_resumes_it() {
    let mut desk = Desk::open(snapshot(vec![]));
    desk.frames.clear();
    desk.input(Input::Suspend);
    assert_eq!(desk.frames, [ClientFrame::Bye { keep: true }]);
    desk.others.clear();
    desk.pass(600_000);
    assert_eq!(desk.others, [], "a page in the back/forward cache does nothing");
    desk.input(Input::Wake);
    desk.greet();
    let Some(ClientFrame::Hello { resume: Some(resume), .. }) = desk.frames.last() else {
        panic!("{:?}", desk.frames)
    };
    assert_eq!(resume.seq, Some(0));
}

#[test]
fn events_are_acknowledged_by_number_or_by_time() {
    let mut desk = Desk::open(snapshot(vec![]));
    let toggle = |n: u64| ServerEvent::PresenceChanged {
        presence: presence(if n.is_multiple_of(2) { Availability::Busy } else { Availability::Available }),
    };
    desk.frames.clear();
    for n in 0..32 {
        desk.event(toggle(n));
    }
    assert_eq!(desk.frames, [ClientFrame::Ack { seq: 32 }]);
    desk.event(toggle(32));
    desk.pass(1_000);
    assert_eq!(desk.frames.last(), Some(&ClientFrame::Ack { seq: 33 }));
}

#[test]
fn what_is_no_frame_at_all_costs_the_connection_and_not_the_page() {
    let mut desk = Desk::open(snapshot(vec![]));
    desk.input(Input::Text { link: desk.link, text: "{".into() });
    assert_eq!(desk.engine.connection(), ConnectionState::Reconnecting);
}
