//! The patch matrix against a specification written independently of it, over every state of two to four legs.

use std::collections::{BTreeMap, BTreeSet};

use jackfield_media::{Leg, MAX_LEGS, Patch, PatchError, PeerId, Role, RoomId};

const ROOM: RoomId = RoomId(1);

/// The specification, said the other way round from the code: who is in whose ears, as sets of peers.
fn spec(legs: &[Leg]) -> BTreeSet<(u64, u64)> {
    let connected: BTreeSet<u64> = legs.iter().filter(|leg| !leg.held).map(|leg| leg.peer.0).collect();
    let mut heard = BTreeSet::new();
    for leg in legs.iter().filter(|leg| connected.contains(&leg.peer.0) && !leg.muted) {
        let audience: BTreeSet<u64> = match leg.role {
            Role::Listener => BTreeSet::new(),
            Role::Whisper { to } => connected.intersection(&[to.0].into()).copied().collect(),
            Role::Talker | Role::Barge => connected.clone(),
        };
        heard.extend(audience.into_iter().filter(|ear| *ear != leg.peer.0).map(|ear| (ear, leg.peer.0)));
    }
    heard
}

fn matrix(patch: &Patch, peers: u64) -> BTreeSet<(u64, u64)> {
    let pairs = (0..peers).flat_map(|ear| (0..peers).map(move |mouth| (ear, mouth)));
    pairs.filter(|(ear, mouth)| patch.hears(PeerId(*ear), PeerId(*mouth))).collect()
}

/// All states of one leg in a room of `peers`: a whisper may go to anyone, to itself, or to somebody who is not there.
/// With four legs a whisper goes to the next leg only, which keeps the product small and covers each relation.
fn states(peer: u64, peers: u64) -> Vec<Leg> {
    let targets: Vec<u64> = if peers < 4 { (0..=peers).collect() } else { vec![(peer + 1) % peers] };
    let whispers = targets.into_iter().map(|to| Role::Whisper { to: PeerId(to) });
    let roles = [Role::Talker, Role::Listener, Role::Barge].into_iter().chain(whispers);
    let flags = [(false, false), (true, false), (false, true), (true, true)];
    roles
        .flat_map(|role| flags.map(|(muted, held)| Leg { muted, held, ..Leg::with_role(PeerId(peer), role) }))
        .collect()
}

fn each_room(peers: u64, legs: &mut Vec<Leg>, check: &mut impl FnMut(&[Leg])) {
    if legs.len() as u64 == peers {
        return check(legs);
    }
    for leg in states(legs.len() as u64, peers) {
        legs.push(leg);
        each_room(peers, legs, check);
        legs.pop();
    }
}

#[test]
fn every_room_of_two_three_and_four_legs_is_as_specified() {
    for peers in 2..=4 {
        // One patch goes through all states, so each is also reached from the one before.
        let mut patch = Patch::default();
        let mut rooms = 0_u64;
        each_room(peers, &mut Vec::new(), &mut |legs| {
            let before = matrix(&patch, peers);
            let changed = patch.set_room(ROOM, legs).unwrap();
            let after = matrix(&patch, peers);
            assert_eq!(after, spec(legs), "{legs:?}");
            let expected: BTreeSet<u64> = before.symmetric_difference(&after).map(|(ear, _)| *ear).collect();
            assert_eq!(changed.iter().map(|peer| peer.0).collect::<BTreeSet<_>>(), expected, "{legs:?}");
            assert_eq!(changed.len(), expected.len(), "a listener is named once");
            rooms += 1;
        });
        assert_eq!(rooms, (states(0, peers).len() as u64).pow(peers as u32));
    }
}

#[test]
fn the_two_directions_of_the_matrix_agree() {
    let mut patch = Patch::default();
    each_room(3, &mut Vec::new(), &mut |legs| {
        patch.set_room(ROOM, legs).unwrap();
        for ear in 0..3 {
            for mouth in 0..3 {
                let (ear, mouth) = (PeerId(ear), PeerId(mouth));
                let hears = patch.hears(ear, mouth);
                assert_eq!(patch.sources_of(ear).any(|peer| peer == mouth), hears);
                assert_eq!(patch.listeners_of(mouth).contains(&ear), hears);
            }
        }
    });
}

#[test]
fn a_peer_in_two_rooms_hears_the_union_and_leaving_one_keeps_the_other() {
    let [agent, customer, expert] = [PeerId(1), PeerId(2), PeerId(3)];
    let mut patch = Patch::default();
    let held = Leg { held: true, ..Leg::talker(customer) };
    patch.set_room(RoomId(1), &[Leg::talker(agent), held]).unwrap();
    patch.set_room(RoomId(2), &[Leg::talker(agent), Leg::talker(expert)]).unwrap();
    assert_eq!(patch.sources_of(agent).collect::<Vec<_>>(), [expert]);
    assert_eq!(patch.sources_of(customer).count(), 0);

    // The same pair in both rooms: one link, carried by two rooms.
    patch.set_room(RoomId(1), &[Leg::talker(agent), Leg::talker(expert)]).unwrap();
    assert_eq!(patch.clear_room(RoomId(2)), []);
    assert!(patch.hears(agent, expert));
    assert_eq!(patch.clear_room(RoomId(1)), [agent, expert]);
    assert!(!patch.hears(agent, expert));
}

#[test]
fn random_rooms_agree_with_a_model_that_recomputes_everything() {
    let mut patch = Patch::default();
    let mut model: BTreeMap<u64, Vec<Leg>> = BTreeMap::new();
    let mut random = Xorshift(0x9e37_79b9_7f4a_7c15);
    for _ in 0..20_000 {
        let room = random.below(4);
        let states: Vec<(bool, Leg)> = (0..6).map(|peer| (random.below(2) == 0, random.leg(peer))).collect();
        let legs: Vec<Leg> = states.into_iter().filter_map(|(in_room, leg)| in_room.then_some(leg)).collect();
        patch.set_room(RoomId(room), &legs).unwrap();
        model.insert(room, legs);
        let expected: BTreeSet<(u64, u64)> = model.values().flat_map(|legs| spec(legs)).collect();
        assert_eq!(matrix(&patch, 6), expected);
    }
}

#[test]
fn bad_rooms_are_refused_and_change_nothing() {
    let mut patch = Patch::default();
    patch.set_room(ROOM, &[Leg::talker(PeerId(1)), Leg::talker(PeerId(2))]).unwrap();

    let twice = [Leg::talker(PeerId(1)), Leg::with_role(PeerId(1), Role::Listener)];
    let refusal = patch.set_room(ROOM, &twice).unwrap_err();
    assert_eq!(refusal, PatchError::DuplicatePeer { room: ROOM, peer: PeerId(1) });
    assert!(refusal.to_string().starts_with("legs: peer 1 is listed twice in room 1"));

    let crowd: Vec<Leg> = (0..=MAX_LEGS as u64).map(|peer| Leg::talker(PeerId(peer))).collect();
    assert_eq!(patch.set_room(ROOM, &crowd).unwrap_err(), PatchError::TooManyLegs { room: ROOM, legs: 65 });
    assert!(patch.hears(PeerId(1), PeerId(2)));
}

struct Xorshift(u64);

impl Xorshift {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn leg(&mut self, peer: u64) -> Leg {
        let to = PeerId(self.below(6));
        let role = [Role::Talker, Role::Listener, Role::Whisper { to }, Role::Barge][self.below(4) as usize];
        Leg { muted: self.below(3) == 0, held: self.below(3) == 0, ..Leg::with_role(PeerId(peer), role) }
    }
}
