//! What is counted, and when.

use super::{Centre, centre, conversation, queue, recount::check_statistics, user};
use jackfield_wire::{
    AgentFigures, AgentState, Availability, Channel, Command, QueueFigures, QueueStats, Role, SignOutReason,
};
use serde_json::json;

const NOON: u64 = 20_000 * 86_400_000 + 43_200_000;

fn centre() -> Centre {
    let mut centre = Centre::new();
    centre.now = NOON;
    centre.sign_in("sue1", Role::Supervisor);
    centre
}

fn stats(centre: &Centre, id: &str) -> QueueStats {
    centre.exchange.floor().queues.into_iter().find(|q| q.queue_id == queue(id)).unwrap()
}

fn today(centre: &Centre, id: &str) -> QueueFigures {
    QueueFigures { since: 0, ..stats(centre, id).today.unwrap() }
}

fn agent(centre: &Centre, id: &str) -> jackfield_wire::AgentStats {
    centre.exchange.floor().agents.into_iter().find(|a| a.user_id == user(id)).unwrap()
}

fn finish(centre: &mut Centre, id: &str, n: u64) {
    let disposition = Some("solved".to_owned());
    centre.done(id, Command::FinishWrapUp { conversation_id: conversation(n), disposition, note: None });
}

#[test]
fn a_call_is_counted_from_its_arrival_to_the_end_of_wrap_up() {
    let mut centre = centre();
    let call = centre.caller("a1", "help", Channel::Voice);
    centre.pass(7_000);
    centre.agent("mina1");
    centre.pass(1_000);
    assert_eq!(today(&centre, "help"), QueueFigures { entered: 1, ..QueueFigures::default() });
    assert_eq!((stats(&centre, "help").offered, stats(&centre, "help").waiting_voice), (1, 1));
    centre.accept("mina1");
    let conversation_id = call.clone();
    centre.pass(30_000);
    centre.done("mina1", Command::Hold { conversation_id: call.clone(), participant_id: None });
    centre.pass(12_000);
    centre.done("mina1", Command::Resume { conversation_id: call.clone(), participant_id: None });
    centre.pass(5_000);
    centre.done("a1", Command::EndConversation { conversation_id });
    centre.pass(9_000);
    finish(&mut centre, "mina1", 1);
    let expected = QueueFigures {
        entered: 1,
        answered: 1,
        answered_in_time: 1,
        handled: 1,
        wait_ms: 8_000,
        longest_wait_ms: 8_000,
        talk_ms: 35_000,
        hold_ms: 12_000,
        wrap_up_ms: 9_000,
        ..QueueFigures::default()
    };
    assert_eq!(today(&centre, "help"), expected);
    let mina = agent(&centre, "mina");
    assert_eq!((mina.state, mina.state_since), (Some(AgentState::Ready), Some(centre.now)));
    let figures = AgentFigures {
        since: NOON - 43_200_000,
        calls: 1,
        talk_ms: 35_000,
        hold_ms: 12_000,
        wrap_up_ms: 9_000,
        ready_ms: 1_000,
        handling_ms: 47_000,
        wrapping_up_ms: 9_000,
        ..AgentFigures::default()
    };
    assert_eq!(mina.today, Some(figures));
    check_statistics(&centre.exchange, &centre.journal);
}

/// Who gives up at once did not wait; who gives up later counts against the service level, and so does who is answered late.
#[test]
fn service_level_counts_who_was_answered_in_time_of_all_who_were_answered_or_gave_up() {
    let mut config = centre::config();
    config["statistics"] = json!({ "service_level_ms": 60_000, "short_abandon_ms": 3_000 });
    config["queues"][0]["service_level_ms"] = json!(10_000);
    let mut centre = Centre::with(config);
    for (customer, gives_up_after) in [("a1", 2_999), ("b1", 3_000), ("c1", 8_000)] {
        centre.caller(customer, "help", Channel::Chat);
        centre.pass(gives_up_after);
        centre.done(customer, Command::SignOut);
    }
    centre.agent("mina1");
    for (customer, waits) in [("d1", 10_000), ("e1", 10_001), ("f1", 11_000)] {
        centre.caller(customer, "help", Channel::Chat);
        centre.pass(waits);
        centre.accept("mina1");
    }
    let today = today(&centre, "help");
    assert_eq!((today.entered, today.short_abandoned, today.abandoned), (6, 1, 2));
    assert_eq!((today.answered, today.answered_in_time), (3, 1));
    assert_eq!((today.wait_ms, today.longest_wait_ms), (31_001, 11_000));
    assert_eq!(stats(&centre, "help").service_level_ms, 10_000);
    assert_eq!(stats(&centre, "vip").service_level_ms, 60_000);
    check_statistics(&centre.exchange, &centre.journal);
}

#[test]
fn who_comes_back_into_line_is_counted_again() {
    let mut centre = centre();
    centre.agent("mina1");
    centre.caller("a1", "help", Channel::Chat);
    centre.accept("mina1");
    centre.pass(4_000);
    centre.close("mina1", SignOutReason::Asked);
    centre.pass(2_000);
    centre.agent("otto1");
    centre.accept("otto1");
    let today = today(&centre, "help");
    assert_eq!((today.entered, today.answered, today.handled), (2, 2, 1));
    assert_eq!((today.wait_ms, today.talk_ms), (2_000, 4_000));
    check_statistics(&centre.exchange, &centre.journal);
}

#[test]
fn time_goes_where_the_agents_state_says() {
    let mut centre = centre();
    let wish = |availability| Command::presence(availability);
    centre.sign_in("mina1", Role::Agent);
    centre.pass(1_000);
    centre.done("mina1", wish(Availability::Available));
    centre.pass(2_000);
    centre.done("mina1", wish(Availability::Busy));
    centre.pass(4_000);
    centre.done("mina1", wish(Availability::Available));
    centre.caller("a1", "help", Channel::Chat);
    centre.accept("mina1");
    centre.caller("b1", "help", Channel::Chat);
    centre.accept("mina1");
    centre.pass(8_000);
    centre.done("a1", Command::SignOut);
    centre.pass(16_000);
    centre.done("b1", Command::SignOut);
    centre.pass(5_000);
    finish(&mut centre, "mina1", 1);
    finish(&mut centre, "mina1", 2);
    centre.close("mina1", SignOutReason::Asked);
    let mina = agent(&centre, "mina");
    assert_eq!(mina.state, Some(AgentState::Offline));
    let today = mina.today.unwrap();
    assert_eq!((today.away_ms, today.ready_ms, today.busy_ms), (1_000, 2_000, 4_000));
    assert_eq!(
        (today.handling_ms, today.wrapping_up_ms),
        (24_000, 5_000),
        "two at once take the time of one"
    );
    assert_eq!((today.talk_ms, today.wrap_up_ms, today.chats), (32_000, 26_000, 2), "and each takes its own");
    check_statistics(&centre.exchange, &centre.journal);
}

#[test]
fn minutes_leave_the_window_and_days_begin_anew_without_a_fact() {
    let mut centre = centre();
    centre.caller("a1", "help", Channel::Chat);
    centre.pass(6_000);
    centre.done("a1", Command::SignOut);
    assert_eq!(stats(&centre, "help").window.unwrap().abandoned, 1);
    centre.floor_changes("sue1");
    assert_eq!(centre.exchange.floor_rolls_at(), NOON + 60_000);
    centre.now = NOON + 29 * 60_000;
    let told = centre.floor_changes("sue1").unwrap();
    assert_eq!(told.queues[0].window.as_ref().unwrap().abandoned, 1, "the thirtieth minute");
    assert_eq!(told.queues.len(), 1, "the others stay as they are");
    centre.now += 60_000;
    let told = centre.floor_changes("sue1").unwrap();
    assert_eq!(told.queues[0].window.as_ref().unwrap().abandoned, 0);
    assert_eq!(told.queues[0].today.as_ref().unwrap().abandoned, 1);
    let midnight = NOON + 43_200_000;
    assert_eq!(centre.exchange.floor_rolls_at(), midnight, "nothing is left that could leave the window");
    centre.now += 60_000;
    assert_eq!(centre.floor_changes("sue1"), None);
    centre.now = midnight;
    let told = centre.floor_changes("sue1").unwrap();
    assert_eq!((told.queues.len(), told.agents.len()), (2, 4));
    assert_eq!(told.queues[0].today, Some(QueueFigures { since: midnight, ..QueueFigures::default() }));
}

/// A state that lasts over midnight is counted from midnight on.
#[test]
fn a_night_shift_is_split_at_midnight() {
    let mut centre = centre();
    let midnight = NOON + 43_200_000;
    centre.pass(43_200_000 - 90_000);
    centre.agent("mina1");
    centre.pass(150_000);
    centre.done("mina1", Command::presence(Availability::Busy));
    let today = agent(&centre, "mina").today.unwrap();
    assert_eq!((today.since, today.ready_ms), (midnight, 60_000));
    check_statistics(&centre.exchange, &centre.journal);
}

#[test]
fn the_floor_says_who_has_whom() {
    let mut centre = centre();
    centre.agent("mina1");
    centre.caller("a1", "help", Channel::Chat);
    centre.pass(3_000);
    centre.accept("mina1");
    let had = agent(&centre, "mina").conversations;
    assert_eq!(had.len(), 1);
    assert_eq!((had[0].since, had[0].customer_name.as_deref()), (centre.now, Some("a")));
    let help = stats(&centre, "help");
    assert_eq!((help.agents_online, help.agents_busy, help.agents_ready), (1, 1, 1));
    assert_eq!(stats(&centre, "vip").agents_busy, 1, "she serves both");
}

#[test]
fn the_figures_of_a_queue_count_who_serves_it_in_a_ring_only() {
    let mut config = centre::config();
    config["queues"][1]["rings"] = serde_json::json!([{ "after_ms": 5_000, "skills": {} }]);
    let mut centre = Centre::with(config);
    centre.agent("otto1");
    let vip = |centre: &Centre| {
        let queue = stats(centre, "vip");
        (queue.agents_online, queue.agents_ready, queue.agents_busy)
    };
    assert_eq!(vip(&centre), (1, 1, 0), "his French will do after a while");
    centre.caller("a1", "help", Channel::Chat);
    centre.accept("otto1");
    assert_eq!(vip(&centre), (1, 1, 1));
    centre.sign_in("bea1", Role::Supervisor);
    let queues = |ids: &[&str]| Command::SetAgentSkills {
        user_id: user("otto"),
        skills: None,
        queues: Some(ids.iter().map(|id| queue(id)).collect()),
        capacity: None,
        reset: false,
    };
    centre.done("bea1", queues(&["help"]));
    assert_eq!(vip(&centre), (0, 0, 0));
    centre.done("bea1", queues(&["help", "vip"]));
    assert_eq!(vip(&centre), (1, 1, 1), "and so it is where it was changed at run time");
}
