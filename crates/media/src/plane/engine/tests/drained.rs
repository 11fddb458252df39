//! That nothing stays in a stack. Forwarding writes a packet and moves the clock in one go, where the stack's
//! documentation asks for a poll in between; and it parks the streams that it does not need.

use str0m::Output;
use str0m::media::Mid;
use str0m::rtp::RtpWrite;

use super::*;

/// Two clients in a call, both speaking.
fn call() -> World {
    let mut world = World::new();
    world.join([1, 2]);
    world.room(&talkers([1, 2]));
    world.talk(1, -20);
    world.talk(2, -20);
    world
}

/// SSRCs of an answer, in order of lines.
fn ssrcs(answer: &str) -> Vec<String> {
    let of_line = |line: &str| line.strip_prefix("a=ssrc:")?.split(' ').next().map(str::to_owned);
    let mut ssrcs: Vec<String> = answer.lines().filter_map(of_line).collect();
    ssrcs.dedup();
    ssrcs
}

#[test]
fn after_each_turn_every_stack_has_nothing_but_a_time_to_wait_for() {
    let mut world = call();
    for _ in 0..20_000 / STEP.as_millis() {
        world.run(STEP);
        let now = world.now;
        for peer in world.engine.peers.values_mut() {
            let Output::Timeout(at) = peer.rtc.poll_output().unwrap() else { panic!("something is left") };
            assert_eq!(at, peer.wake, "and it is woken then");
            assert!(at > now, "what was due is done");
        }
    }
    assert!(world.heard(1, 2) > 900 && world.heard(2, 1) > 900);
}

#[test]
fn the_poll_that_forwarding_leaves_out_would_bring_only_the_wish_to_move_the_clock() {
    let mut world = call();
    world.run(Duration::from_secs(1));
    let id = PeerId(1);
    let mut reports = 0;
    // Up to a second and never a tick, so that reports, connectivity checks and all other timers are due at some writes.
    for number in 0..2_000_u64 {
        world.now += Duration::from_millis(number % 7 * number % 1_000);
        let now = world.now;
        let peer = world.engine.peers.get_mut(&id).unwrap();
        let mid = peer.tracks[0].mid.unwrap();
        let write = RtpWrite::new(peer.opus, (60_000 + number).into(), 0, now, vec![1; 40]);
        peer.rtc.direct_api().stream_tx_by_mid(mid, None).unwrap().write_rtp(write);
        let Output::Timeout(at) = peer.rtc.poll_output().unwrap() else { panic!("the poll brings more") };
        assert!(at <= now, "the packet waits for the clock");
        world.engine.drive(now, id, |rtc| rtc.handle_input(Input::Timeout(now)));
        let packets = std::mem::take(&mut world.engine.outgoing);
        let audio = packets.iter().filter(|packet| packet.contents[1] & 0x7f == 111).count();
        reports += packets.iter().filter(|packet| is_rtcp(&packet.contents)).count();
        assert_eq!(audio, 1, "it leaves at once, and alone");
    }
    assert!(reports > 50, "reports were due in between: {reports}");
}

#[test]
fn reports_go_out_while_audio_is_forwarded() {
    let mut world = call();
    world.run(Duration::from_secs(1));
    let before = world.reports;
    world.run(Duration::from_secs(60));
    // One at least every 5 s to each of the two (RFC 3550, 6.2).
    assert!(world.reports - before >= 2 * 60 / 5, "{} reports", world.reports - before);
}

#[test]
fn a_client_that_falls_silent_is_lost_though_it_is_talked_to_all_the_time() {
    let mut world = call();
    world.run(Duration::from_secs(1));
    world.cut.push(1);
    world.run(Duration::from_secs(60));
    assert_eq!(world.lost(1), Some(&LostReason::Unreachable));
    assert_eq!(world.lost(2), None);
}

#[test]
fn a_stream_stays_parked_until_it_is_needed_and_keeps_the_ssrc_that_the_client_was_told() {
    let mut world = World::new();
    let offer = world.offer(1);
    let answer = world.engine.negotiate(world.now, PeerId(1), &offer).unwrap();
    world.client(1).accept(&answer);
    world.run(Duration::from_millis(500));
    world.join([2, 3]);
    let told = ssrcs(&answer);
    assert_eq!(told.len(), SLOTS);
    let present = |world: &mut World| -> Vec<String> {
        let peer = world.engine.peers.get_mut(&PeerId(1)).unwrap();
        let mids: Vec<Mid> = peer.tracks.iter().filter_map(|track| track.mid).collect();
        let mut api = peer.rtc.direct_api();
        let streams =
            mids.into_iter().filter_map(|mid| Some(api.stream_tx_by_mid(mid, None)?.ssrc().to_string()));
        streams.collect()
    };
    assert!(present(&mut world).is_empty());
    world.room(&talkers([1, 2, 3]));
    world.talk(2, -20);
    assert!(world.second(1, 2) >= 49);
    assert_eq!(present(&mut world), told[..1]);

    let offer = world.client(1).restart();
    let answer = world.engine.negotiate(world.now, PeerId(1), &offer).unwrap();
    assert_eq!(ssrcs(&answer), told, "a restart changes nothing of it");
    world.client(1).accept(&answer);
    assert_eq!(present(&mut world), told[..1]);
    world.talk(3, -20);
    assert!(world.second(1, 3) >= 49 && world.second(1, 2) >= 49);
    assert_eq!(present(&mut world), told[..2]);
}
