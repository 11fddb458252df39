//! Pings, absences, tokens.

use super::desk::{Desk, START};
use crate::{
    Event,
    switchboard::{Input, Output},
};
use jackfield_wire::{
    Availability, ClientFrame, Code, Command, Resumed, Role, ServerEvent, ServerFrame, SignOutReason,
    SupervisorOrder, UserId,
};

#[test]
fn who_gives_no_sign_of_life_is_away_and_its_call_goes_on() {
    let mut desk = Desk::new();
    let (mina, kim, _) = desk.call();
    desk.pass_alive(14_000, &[kim.connection]);
    assert!(!desk.closed.contains_key(&mina.connection));
    desk.pass_alive(2_000, &[kim.connection]);
    assert_eq!(desk.closed.get(&mina.connection), Some(&Code::Idle));
    let away = |desk: &Desk| {
        desk.events(kim.connection).iter().rev().find_map(|(_, event)| match event {
            ServerEvent::ParticipantChanged { participant, .. } => Some(participant.away),
            _ => None,
        })
    };
    assert_eq!(away(&desk), Some(true));
    assert!(!desk.asked.iter().any(|output| matches!(output, Output::ClearRoom { .. })));
    let again = desk.back("mina", Role::Agent, &mina, Some(desk.last_seq(&mina)));
    assert_eq!(again.resumed, Resumed::Replay);
    assert_eq!(away(&desk), Some(false));
}

#[test]
fn the_time_of_grace_ends_a_session() {
    let mut desk = Desk::new();
    let (_, kim, _) = desk.call();
    desk.pass_alive(15_000 + 60_000 + 1_000, &[kim.connection]);
    assert_eq!(desk.board.gauges().sessions, 1, "only the customer is left");
    assert!(desk.asked.iter().any(|output| matches!(output, Output::CloseMedia { .. })));
}

#[test]
fn grace_counts_from_the_restart() {
    let mut desk = Desk::new();
    let (mina, kim, _) = desk.call();
    desk.now += 3_600_000;
    desk.restart();
    desk.pass(50_000);
    let mina = desk.back("mina", Role::Agent, &mina, None);
    assert_eq!(mina.resumed, Resumed::Snapshot);
    assert_eq!(mina.snapshot.unwrap().conversations.len(), 1);
    desk.pass_alive(12_000, &[mina.connection]);
    assert_eq!(desk.back("kim", Role::Customer, &kim, None).resumed, Resumed::New, "60 s are over");
}

#[test]
fn pings_come_at_their_pace() {
    let mut desk = Desk::new();
    let mina = desk.enter("mina", Role::Agent);
    desk.pass_alive(60_000, &[mina.connection]);
    let pings: Vec<_> = desk
        .frames_of(mina.connection)
        .iter()
        .filter_map(|frame| match frame {
            ServerFrame::Ping { n } => Some(*n),
            _ => None,
        })
        .collect();
    assert_eq!(pings, (1..=12).collect::<Vec<_>>());
}

#[test]
fn a_token_is_renewed_in_time_or_the_connection_ends() {
    let mut desk = Desk::new();
    let expires = START + 100_000;
    let connection = desk.hello_until("mina", Role::Agent, None, expires);
    desk.pass_alive(39_000, &[connection]);
    let asked = |desk: &Desk| {
        let expiring = |f: &&ServerFrame| matches!(f, ServerFrame::AuthExpiring { .. });
        desk.frames_of(connection).iter().filter(expiring).count()
    };
    assert_eq!(asked(&desk), 0);
    desk.pass_alive(2_000, &[connection]);
    assert_eq!(asked(&desk), 1);
    desk.pass_alive(58_000, &[connection]);
    assert!(!desk.closed.contains_key(&connection));
    desk.pass(1_000);
    assert_eq!((desk.closed.get(&connection), asked(&desk)), (Some(&Code::TokenExpired), 1));
    let welcomed = desk.welcomed(connection);
    assert_eq!(desk.back("mina", Role::Agent, &welcomed, Some(0)).session, welcomed.session);
}

#[test]
fn a_revoked_user_is_out_at_once() {
    let mut desk = Desk::new();
    let one = desk.enter("mina", Role::Agent);
    let two = desk.enter("mina", Role::Agent);
    let other = desk.enter("joon", Role::Agent);
    desk.give(Input::RevokeUser { user_id: UserId::parse("mina").unwrap() });
    for session in [&one, &two] {
        assert_eq!(desk.closed.get(&session.connection), Some(&Code::SignedOut));
        let last = desk.events(session.connection).pop().unwrap().1;
        assert_eq!(last, ServerEvent::SignedOut { reason: SignOutReason::Removed });
    }
    assert!(!desk.closed.contains_key(&other.connection));
}

/// One entry of the journal holds the ends of all sessions, so no crash leaves half of them; and asked again, nothing is done twice.
#[test]
fn whom_a_supervisor_signs_out_loses_all_its_sessions_in_one_entry() {
    let mut desk = Desk::new();
    let one = desk.enter("mina", Role::Agent);
    let two = desk.enter("mina", Role::Agent);
    desk.give(Input::Disconnected { connection: two.connection });
    let sam = desk.enter("sam", Role::Supervisor);
    let out = Command::SignOutAgent { user_id: UserId::parse("mina").unwrap() };
    let entries = desk.journal.len();
    desk.done(&sam, "out", out.clone());
    let closing: Vec<usize> = desk.journal[entries..]
        .iter()
        .map(|entry| entry.events.iter().filter(|e| matches!(e, Event::SessionClosed { .. })).count())
        .collect();
    assert_eq!(closing.iter().sum::<usize>(), 2);
    assert_eq!(closing.iter().filter(|n| **n > 0).count(), 1, "{closing:?}");
    assert_eq!(desk.closed.get(&one.connection), Some(&Code::SignedOut));
    let told: Vec<_> =
        desk.events(one.connection).into_iter().map(|(_, event)| event).rev().take(2).collect();
    assert_eq!(told[0], ServerEvent::SignedOut { reason: SignOutReason::Supervisor });
    assert!(matches!(told[1], ServerEvent::Supervised { order: SupervisorOrder::SignOut, .. }), "{told:?}");
    assert_eq!(desk.board.gauges().sessions, 1);
    desk.restart();
    assert_eq!(desk.board.gauges().sessions, 1);
    let sam = desk.back("sam", Role::Supervisor, &sam, None);
    desk.done(&sam, "out", out);
    assert_eq!(desk.back("mina", Role::Agent, &two, None).resumed, Resumed::New);
}

#[test]
fn a_user_revoked_while_the_disk_refuses_is_out_at_once_and_for_good() {
    let mut desk = Desk::new();
    let mina = desk.enter("mina", Role::Agent);
    desk.slow_disk = true;
    let user_id = UserId::parse("mina").unwrap();
    desk.give(Input::RevokeUser { user_id });
    assert!(!desk.closed.contains_key(&mina.connection), "its end waits for the journal");
    let failed = desk.waiting.remove(0).number;
    desk.give(Input::CommitFailed { batch: failed });
    assert_eq!(desk.closed.get(&mina.connection), Some(&Code::SignedOut), "but not longer than that");
    let stored = desk.stored();
    desk.board.recover(desk.now, stored);
    assert_eq!(desk.board.gauges().sessions, 1, "on disk it is still open");
    desk.slow_disk = false;
    desk.pass(1_000);
    assert_eq!(desk.board.gauges().sessions, 0);
}

#[test]
fn a_user_enabled_again_is_not_put_out_for_what_was_before() {
    let user_id = UserId::parse("mina").unwrap();
    let mut desk = Desk::new();
    desk.enter("mina", Role::Agent);
    let with = desk.board.exchange().config().clone();
    let mut without = with.clone();
    without.users.retain(|user| user.user_id != user_id);
    desk.slow_disk = true;
    desk.board.reconfigure(without);
    desk.give(Input::RevokeUser { user_id });
    desk.board.reconfigure(with);
    fail(&mut desk);
    assert_eq!(desk.board.gauges().sessions, 1, "its end never got to the disk, and is not wanted any more");
}

#[test]
fn whose_end_is_on_disk_is_forgotten_though_the_disk_is_never_at_rest() {
    let mut desk = Desk::new();
    desk.enter("mina", Role::Agent);
    let joon = desk.enter("joon", Role::Agent);
    let busy = |desk: &mut Desk, n: u32| {
        let availability = if n.is_multiple_of(2) { Availability::Busy } else { Availability::Away };
        desk.send(&joon, &format!("k{n}"), Command::presence(availability));
    };
    desk.slow_disk = true;
    desk.give(Input::RevokeUser { user_id: UserId::parse("mina").unwrap() });
    busy(&mut desk, 2);
    let mina = desk.hello("mina", Role::Agent, None);
    busy(&mut desk, 3);
    for _ in 0..desk.waiting.len() - 1 {
        let next = desk.waiting.remove(0);
        desk.write(next);
        desk.give(Input::Time);
    }
    assert!(matches!(desk.frames_of(mina).first(), Some(ServerFrame::Welcome { .. })));
    fail(&mut desk);
    assert_eq!(desk.board.gauges().sessions, 2, "the new session was never revoked");
}

/// The disk refuses what waits, and works again afterwards.
fn fail(desk: &mut Desk) {
    let failed = desk.waiting[0].number;
    desk.waiting.clear();
    desk.give(Input::CommitFailed { batch: failed });
    let stored = desk.stored();
    desk.board.recover(desk.now, stored);
    desk.slow_disk = false;
    desk.pass(1_000);
}

#[test]
fn a_clock_that_is_set_back_stops_nothing_and_one_set_forth_ends_nobodys_session_at_once() {
    let mut desk = Desk::new();
    let mina = desk.enter("mina", Role::Agent);
    desk.now -= 500_000;
    desk.give(Input::Time);
    desk.pass_alive(30_000, &[mina.connection]);
    let pings = desk.frames_of(mina.connection).iter().filter(|f| matches!(f, ServerFrame::Ping { .. }));
    assert_eq!(pings.count(), 6);
    assert!(!desk.closed.contains_key(&mina.connection));
}

#[test]
fn a_shutdown_tells_everybody_when_to_come_back() {
    let mut desk = Desk::new();
    let mina = desk.enter("mina", Role::Agent);
    desk.give(Input::Shutdown { after_ms: 100, within_ms: 2_000 });
    let last = desk.frames_of(mina.connection).last();
    assert_eq!(last, Some(&ServerFrame::Restarting { after_ms: 100, within_ms: 2_000 }));
    assert_eq!(desk.closed.get(&mina.connection), Some(&Code::Restarting));
    let late = desk.hello("joon", Role::Agent, None);
    assert_eq!(desk.closed.get(&late), Some(&Code::Restarting));
}

#[test]
fn everything_goes_back_to_what_it_was_when_everybody_has_left() {
    let mut desk = Desk::new();
    let empty = desk.board.gauges();
    for _ in 0..3 {
        let (mina, kim, call) = desk.call();
        desk.done(&kim, "bye", jackfield_wire::Command::HangUp { conversation_id: call });
        desk.pass_alive(15_000, &[mina.connection, kim.connection]);
        for session in [&mina, &kim] {
            desk.frames(session.connection, vec![ClientFrame::Bye { keep: false }]);
        }
        assert_eq!(desk.board.gauges(), empty);
    }
}
