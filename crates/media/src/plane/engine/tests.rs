//! Whole sessions in virtual time: an engine and its clients in one process, datagrams handed over in memory.

use std::time::Duration;

use super::*;
use crate::Role;

#[path = "../../../tests/support/client.rs"]
#[allow(dead_code, reason = "over real sockets it is asked for its deadline; here time goes in steps")]
mod client;
mod drained;
mod world;

use client::FRAME;
use world::{World, is_rtcp};

const ROOM: RoomId = RoomId(1);
const STEP: Duration = Duration::from_millis(5);

fn talkers(numbers: impl IntoIterator<Item = u64>) -> Vec<Leg> {
    numbers.into_iter().map(|number| Leg::talker(PeerId(number))).collect()
}

#[test]
fn each_hears_the_other_and_nobody_hears_itself() {
    let mut world = World::new();
    world.join([1, 2]);
    world.room(&talkers([1, 2]));
    world.talk(1, -20);
    world.talk(2, -20);
    world.run(Duration::from_secs(2));
    for (ear, mouth) in [(1, 2), (2, 1)] {
        assert_eq!(world.heard(ear, mouth) as u32, world.clients[&mouth].sent, "every packet arrives");
        assert_eq!(world.heard(ear, ear), 0);
    }
    assert_eq!((world.slots(1), world.slots(2)), ([2, 0, 0, 0], [1, 0, 0, 0]));
    let connected = |peer| world.events.contains(&MediaEvent::PeerConnected { peer });
    assert!(connected(PeerId(1)) && connected(PeerId(2)));
}

#[test]
fn each_state_of_the_patch_is_what_arrives() {
    let mut world = World::new();
    world.join([1, 2, 3]);
    (1..=3).for_each(|number| world.talk(number, -20));
    let whisper = Role::Whisper { to: PeerId(1) };
    for role in [Role::Talker, Role::Listener, Role::Barge, whisper] {
        for (muted, held) in [(false, false), (true, false), (false, true)] {
            let third = Leg { muted, held, ..Leg::with_role(PeerId(3), role) };
            let legs = [Leg::talker(PeerId(1)), Leg::talker(PeerId(2)), third];
            world.room(&legs);
            let before: Vec<usize> = pairs().map(|(ear, mouth)| world.heard(ear, mouth)).collect();
            world.run(Duration::from_secs(1));
            for ((ear, mouth), before) in pairs().zip(before) {
                let leg = |number: u64| &legs[number as usize - 1];
                let expected = if leg(mouth).reaches(leg(ear)) { 49..=51 } else { 0..=0 };
                let heard = world.heard(ear, mouth) - before;
                assert!(expected.contains(&heard), "{heard} from {mouth} to {ear} with {third:?}");
            }
        }
    }
}

fn pairs() -> impl Iterator<Item = (u64, u64)> {
    (1..=3).flat_map(|ear| (1..=3).map(move |mouth| (ear, mouth)))
}

#[test]
fn a_slot_stays_one_continuous_stream_over_swaps_mutes_and_holds() {
    let mut world = World::new();
    world.join([1, 2, 3]);
    world.talk(2, -20);
    world.talk(3, -20);
    for round in 0..6 {
        let source = 2 + round % 2;
        world.room(&talkers([1, source]));
        world.run(Duration::from_millis(700));
        world.room(&[Leg { muted: true, ..Leg::talker(PeerId(source)) }, Leg::talker(PeerId(1))]);
        world.run(Duration::from_millis(400));
        world.room(&talkers([1, source]));
        world.run(Duration::from_millis(300));
    }
    let heard = &world.clients[&1].heard;
    assert!(heard.iter().all(|heard| heard.slot == 0));
    assert!(heard.iter().any(|heard| heard.from == 2) && heard.iter().any(|heard| heard.from == 3));
    for pair in heard.windows(2) {
        assert_eq!(pair[1].seq, pair[0].seq + 1, "no packet seems lost");
        let ticks = pair[1].time.wrapping_sub(pair[0].time);
        let passed = (pair[1].at - pair[0].at).as_millis() as u32 * 48;
        assert!(ticks.abs_diff(passed.max(960)) <= 960, "{ticks} ticks in {passed}");
    }
}

#[test]
fn the_fifth_voice_gets_the_slot_of_the_longest_silent() {
    let mut world = World::new();
    world.join(1..=6);
    world.room(&talkers(1..=6));
    world.run(STEP);
    assert_eq!(world.slots(1), [2, 3, 4, 5], "nobody speaks: first come, first served");
    for number in [3, 4, 5, 2] {
        world.talk(number, -20);
        world.run(Duration::from_secs(1));
        world.client(number).talk = None;
    }
    world.run(Duration::from_secs(1));
    world.talk(6, -20);
    assert!(world.second(1, 6) >= 45, "it is heard within the attack time");
    assert_eq!(world.slots(1), [2, 6, 4, 5], "3 has been silent longest");
    assert_eq!(world.slots(6), [5, 2, 3, 4], "5 took the slot of 1, who never spoke");
    let voices: Vec<_> =
        world.events.iter().filter(|event| matches!(event, MediaEvent::Voice { .. })).collect();
    assert_eq!(voices.len(), 9, "five voices start and four end: {voices:?}");
}

#[test]
fn silence_is_forwarded_but_takes_no_slot() {
    let mut world = World::new();
    world.join(1..=6);
    world.room(&talkers(1..=6));
    (2..=6).for_each(|number| world.talk(number, -100));
    assert!(world.second(1, 2) >= 49);
    assert_eq!(world.second(1, 6), 0);
}

#[test]
fn an_ice_restart_keeps_the_session_and_moves_it_to_a_new_address() {
    let mut world = World::new();
    world.join([1, 2]);
    world.room(&talkers([1, 2]));
    world.talk(1, -20);
    world.talk(2, -20);
    world.run(Duration::from_secs(1));
    world.client(1).move_to(([203, 0, 113, 1], 6000).into());
    let offer = world.client(1).restart();
    world.answer(1, &offer);
    world.run(Duration::from_secs(2));
    assert!(world.second(1, 2) >= 49 && world.second(2, 1) >= 49);
    let connects =
        world.events.iter().filter(|event| matches!(event, MediaEvent::PeerConnected { .. })).count();
    assert_eq!(connects, 2, "a restart is no new session");
    world.run(Duration::from_secs(60));
    assert_eq!(world.lost(1), None);
    assert_eq!(world.engine.stats().connected, 2);
}

#[test]
fn a_reloaded_page_replaces_its_session_and_is_heard_again() {
    let mut world = World::new();
    world.join([1, 2]);
    world.room(&talkers([1, 2]));
    world.join([1]);
    world.talk(1, -20);
    world.talk(2, -20);
    assert!(world.second(1, 2) >= 49);
    assert!(world.second(2, 1) >= 49);
    assert_eq!(world.lost(1), None, "replaced is not lost");
    assert_eq!(world.engine.stats().peers, 2);
    let last =
        world.events.iter().rev().find(|event| matches!(event, MediaEvent::Slots { peer: PeerId(1), .. }));
    assert!(last.is_some(), "the new page is told its slots");
}

#[test]
fn a_client_that_closes_is_lost_at_once() {
    let mut world = World::new();
    world.join([1, 2]);
    world.client(1).close();
    world.run(STEP);
    assert_eq!(world.lost(1), Some(&LostReason::Closed));
    assert_eq!(world.engine.stats().peers, 1);
}

#[test]
fn closing_a_session_tells_the_client_and_is_no_loss() {
    let mut world = World::new();
    let offer = world.offer(1);
    world.answer(1, &offer);
    world.run(Duration::from_secs(1));
    world.engine.close(world.now, PeerId(1));
    world.engine.close(world.now, PeerId(99));
    world.run(STEP);
    assert!(world.clients[&1].closed);
    assert_eq!(world.lost(1), None);
    let refusal = world.engine.negotiate(world.now, PeerId(1), &offer);
    assert!(matches!(refusal, Err(MediaError::SessionOver(PeerId(1)))), "{refusal:?}");
}

#[test]
fn a_silent_client_is_lost_after_the_grace_and_may_not_continue() {
    let mut world = World::new();
    world.join([1, 2]);
    world.cut.push(1);
    world.run(Duration::from_secs(14));
    assert_eq!(world.engine.stats().connected, 2, "15 s are not over");
    world.run(Duration::from_secs(5));
    assert_eq!(world.engine.stats().connected, 1);
    assert_eq!(world.lost(1), None, "it may still come back");
    world.run(Duration::from_secs(15));
    assert_eq!(world.lost(1), Some(&LostReason::Unreachable));
    assert_eq!(world.lost(2), None);
    let offer = world.client(1).restart();
    let refusal = world.engine.negotiate(world.now, PeerId(1), &offer);
    assert!(matches!(refusal, Err(MediaError::SessionOver(PeerId(1)))), "{refusal:?}");
}

#[test]
fn a_silent_client_that_restarts_in_time_goes_on() {
    let mut world = World::new();
    world.join([1, 2]);
    world.room(&talkers([1, 2]));
    world.talk(2, -20);
    world.cut.push(1);
    world.run(Duration::from_secs(20));
    world.cut.clear();
    let offer = world.client(1).restart();
    world.answer(1, &offer);
    world.run(Duration::from_secs(40));
    assert_eq!(world.lost(1), None);
    assert!(world.second(1, 2) >= 49);
}

#[test]
fn a_restart_that_never_completes_ends_the_session() {
    let mut world = World::new();
    world.join([1]);
    world.cut.push(1);
    let offer = world.client(1).restart();
    world.answer(1, &offer);
    world.run(Duration::from_secs(29));
    assert_eq!(world.lost(1), None);
    world.run(Duration::from_secs(2));
    assert_eq!(world.lost(1), Some(&LostReason::Unreachable));
}

#[test]
fn a_session_that_never_connects_is_given_up() {
    let mut world = World::with(|config| config.max_peers = 1);
    let offer = world.offer(1);
    world.cut.push(1);
    world.answer(1, &offer);
    let other = world.offer(2);
    let full = world.engine.negotiate(world.now, PeerId(2), &other);
    assert!(matches!(full, Err(MediaError::Full { max: 1 })), "{full:?}");
    world.run(Duration::from_secs(31));
    assert_eq!(world.lost(1), Some(&LostReason::NeverConnected));
    assert!(world.engine.negotiate(world.now, PeerId(2), &other).is_ok());
}

#[test]
fn a_client_that_is_not_who_its_offer_said_is_refused() {
    let mut world = World::new();
    let offer = world.offer(1);
    let at = offer.find("a=fingerprint:sha-256 ").unwrap() + "a=fingerprint:sha-256 ".len();
    let swapped = if &offer[at..=at] == "0" { "1" } else { "0" };
    let forged = format!("{}{swapped}{}", &offer[..at], &offer[at + 1..]);
    world.answer(1, &forged);
    world.run(Duration::from_secs(2));
    assert!(matches!(world.lost(1), Some(LostReason::Failed(_))), "{:?}", world.events);
}

#[test]
fn a_panic_ends_one_session_only_and_is_counted() {
    let mut world = World::new();
    world.join([1, 2, 3]);
    world.room(&talkers([1, 2, 3]));
    world.engine.drive(world.now, PeerId(1), |_| panic!("a broken invariant, for the test"));
    world.run(STEP);
    assert_eq!(world.lost(1), Some(&LostReason::Panicked));
    assert_eq!(world.engine.stats().panics, 1);
    world.talk(2, -20);
    assert!(world.second(3, 2) >= 49, "the others talk on");
}

#[test]
fn refused_offers_leave_the_session_as_it_was() {
    let mut world = World::new();
    world.join([1, 2]);
    world.room(&talkers([1, 2]));
    world.talk(2, -20);
    let good = world.client(1).restart();
    for bad in [good.replace("opus", "sopu"), good.replace("a=mid:", "a=dim:"), "v=0\r\nm=\r\n".to_owned()] {
        let refusal = world.engine.negotiate(world.now, PeerId(1), &bad);
        assert!(matches!(refusal, Err(MediaError::Offer(_))), "{refusal:?}");
    }
    assert!(world.second(1, 2) >= 49);
}

#[test]
fn strangers_are_dropped_unheard() {
    let mut world = World::new();
    world.join([1, 2]);
    world.room(&talkers([1, 2]));
    let stranger: SocketAddr = ([203, 0, 113, 66], 1).into();
    let client = world.clients[&1].address;
    // DTLS, RTP, RTCP, STUN without and with a user name, TURN channel data, and noise.
    let attacks: [&[u8]; 6] = [
        &[22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1],
        &[0x80, 111, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 2, 3],
        &[0x80, 200, 0, 6, 0, 0, 0, 1],
        &[0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
        &[0x40, 0, 0, 0],
        &[],
    ];
    let before = world.engine.stats();
    for attack in attacks {
        for _ in 0..1000 {
            world.engine.receive(world.now, 0, stranger, None, attack);
        }
    }
    let after = world.engine.stats();
    assert_eq!(after.dropped_stranger - before.dropped_stranger, 6000);
    assert_eq!(after.packets_out, before.packets_out, "nobody gets an answer");
    // The same from a client's own address: unauthenticated, so without effect.
    for attack in attacks {
        world.engine.receive(world.now, 0, client, None, attack);
    }
    world.talk(1, -20);
    assert!(world.second(2, 1) >= 49);
    assert_eq!(world.engine.stats().peers, 2);
}

#[test]
fn a_stun_request_with_the_right_name_and_a_wrong_key_opens_nothing() {
    let mut world = World::new();
    world.join([1]);
    let offer = world.offer(2);
    let answer = world.engine.negotiate(world.now, PeerId(2), &offer).unwrap();
    let password =
        |sdp: &str| sdp.lines().find_map(|line| line.strip_prefix("a=ice-pwd:").map(str::to_owned));
    let forged = answer.replace(&password(&answer).unwrap(), "0123456789012345678901");
    world.client(2).accept(&forged);
    world.run(Duration::from_secs(3));
    assert!(!world.clients[&2].connected);
    assert!(world.engine.stats().dropped_forged > 0);
    assert!(world.engine.routes.route_to(world.clients[&2].address).is_none());
}

#[test]
fn an_answer_tells_only_the_advertised_addresses() {
    let mut world = World::new();
    let offer = world.offer(1);
    let answer = world.engine.negotiate(world.now, PeerId(1), &offer).unwrap();
    let told: Vec<&str> = answer.lines().filter(|line| line.starts_with("a=candidate:")).collect();
    assert_eq!(told.len(), 1);
    assert!(told[0].contains(" 192.0.2.1 4000 typ host"), "{told:?}");
    assert!(answer.contains("a=ice-lite") && answer.contains("usedtx=1"));
    assert_eq!(answer.matches("a=sendonly").count(), 4);
    assert!(!answer.contains("198.51.100.1"), "nor the client's own");
}

#[test]
fn ten_minutes_of_hold_are_no_loss_to_the_listener() {
    let mut world = World::new();
    world.join([1, 2]);
    world.room(&talkers([1, 2]));
    world.talk(2, -20);
    world.run(Duration::from_secs(1));
    world.room(&[Leg::talker(PeerId(1)), Leg { held: true, ..Leg::talker(PeerId(2)) }]);
    let before = world.heard(1, 2);
    world.run(Duration::from_secs(600));
    assert_eq!(world.heard(1, 2), before);
    world.room(&talkers([1, 2]));
    assert!(world.second(1, 2) >= 49);
    let last = world.clients[&1].heard.last().unwrap();
    assert_eq!(last.seq as usize, world.heard(1, 2), "numbers without a gap");
    assert!(world.clients[&2].sent as usize > 30_000);
    assert_eq!(FRAME.as_millis(), 20);
}

#[test]
fn a_session_that_ends_leaves_nothing_behind() {
    let mut world = World::new();
    world.join([1, 2, 3]);
    world.room(&talkers([1, 2, 3]));
    (1..=3).for_each(|number| world.talk(number, -20));
    world.run(Duration::from_secs(1));
    world.engine.close(world.now, PeerId(1));
    world.client(2).close();
    world.engine.drive(world.now, PeerId(3), |_| panic!("a broken invariant, for the test"));
    world.run(Duration::from_secs(5));
    for client in world.clients.values() {
        assert_eq!(world.engine.routes.route_to(client.address), None);
    }
    assert!(
        world.engine.peers.is_empty() && world.engine.voices.is_empty() && world.engine.inbound.is_empty()
    );
    assert_eq!(world.engine.deadline(), None, "nobody waits for anything");
    let silent = |peer| world.events.contains(&MediaEvent::Voice { peer, active: false });
    assert!((1..=3).all(|number| silent(PeerId(number))), "who speaks when it ends has stopped");
    assert_eq!(world.engine.routes.find(([203, 0, 113, 1], 1).into(), &[0; 20]), None);
}

#[test]
fn damaged_offers_are_answered_or_refused_but_break_nothing() {
    let mut world = World::new();
    world.join([1]);
    let good = world.offer(2);
    let lines: Vec<&str> = good.lines().collect();
    let mut answered = 0;
    for at in 0..lines.len() {
        let without: Vec<&str> = [&lines[..at], &lines[at + 1..]].concat();
        let twice: Vec<&str> = [&lines[..=at], &lines[at..]].concat();
        let cut: Vec<&str> = [&lines[..at], &[&lines[at][..lines[at].len() / 2]], &lines[at + 1..]].concat();
        let odd = lines[at].replace(['0', '1', '2'], "99999999999999999999");
        let huge: Vec<&str> = [&lines[..at], &[odd.as_str()], &lines[at + 1..]].concat();
        for damaged in [without, twice, cut, huge] {
            let result = world.engine.negotiate(world.now, PeerId(2), &(damaged.join("\r\n") + "\r\n"));
            assert!(!matches!(result, Err(MediaError::Panicked(_))), "{damaged:?}");
            answered += usize::from(result.is_ok());
        }
    }
    assert!(answered > 0 && answered < 4 * lines.len(), "{answered} of {}", 4 * lines.len());
    assert_eq!(world.engine.stats().panics, 0);
    assert_eq!(world.engine.stats().connected, 1, "the other session goes on");
}
