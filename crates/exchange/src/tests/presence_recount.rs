//! What must hold of presence whatever happens: it follows from the state, nobody is told a thing twice, and every expiry fires once.

use super::{Centre, session};
use crate::{Event, Exchange};
use jackfield_wire::{Activity, Availability, Command, Millis, ServerEvent, SessionId, UserId};
use proptest::{option, prelude::*, sample::select};
use std::collections::{BTreeMap, BTreeSet};

const MINUTE: u64 = 60_000;

/// Any command about presence; most of them legal.
pub(super) fn any_presence() -> impl Strategy<Value = Command> {
    let times = || option::of(select(vec![5 * MINUTE, 6 * MINUTE, 12 * MINUTE, 240 * MINUTE]));
    let preferred = (select(Availability::ALL.to_vec()), times(), any::<bool>(), any::<bool>()).prop_map(
        |(availability, expires_in_ms, after_work, with_reason)| {
            let reason = match availability {
                Availability::Away if with_reason => Some("lunch".to_owned()),
                Availability::Busy if with_reason => Some("training".to_owned()),
                _ => None,
            };
            Command::SetPresence { availability, activity: None, reason, expires_in_ms, after_work }
        },
    );
    let says = vec![
        (Availability::Available, Activity::Available),
        (Availability::Available, Activity::Available),
        (Availability::Busy, Activity::InACall),
        (Availability::Away, Activity::Away),
        (Availability::DoNotDisturb, Activity::Presenting),
        (Availability::Busy, Activity::Busy),
    ];
    let says = (select(says), times()).prop_map(|((availability, activity), expires_in_ms)| {
        Command::SetSessionPresence { availability, activity, expires_in_ms }
    });
    let texts = option::weighted(0.8, select(vec![" ", "lunch", "in the canteen"]));
    let status = (texts, option::of(select(vec![MINUTE, 7 * MINUTE]))).prop_map(|(text, expires_in_ms)| {
        Command::SetStatusMessage { text: text.map(str::to_owned), expires_in_ms }
    });
    prop_oneof![4 => preferred, 4 => says, 3 => status, 1 => Just(Command::ClearPresence)]
}

/// What was told is what a recount over the state gives; who is to have a break has no work in hand any more.
pub(super) fn check(exchange: &Exchange) {
    for (id, user) in &exchange.state.users {
        if exchange.config().user(id).is_none() {
            assert!(
                user.preferred.is_none() && user.next.is_none(),
                "customers have no presence of their own"
            );
            continue;
        }
        let told = &user.told;
        assert_eq!((told.availability, told.activity), recount(exchange, id), "{id}");
        let parked = |c: &&crate::state::Conversation| c.state == jackfield_wire::ConversationState::Parked;
        let parts =
            exchange.state.conversations.values().filter_map(|c| c.participant_of(id).map(|p| (c, p)));
        // What is parked is in nobody's hands, and what is only listened to, either.
        let monitors = |p: &crate::state::Participant| p.seat.part == jackfield_wire::Part::Monitor;
        let in_hand = parts.filter(|(c, p)| !monitors(p) && (!parked(c) || p.is_wrapping())).count();
        assert!(user.next.is_none() || in_hand > 0, "{id} has done its work, but not its break");
        let used = told.capacity.map_or(0, |c| c.voice.used + c.chat.used) as usize;
        assert!(used >= in_hand, "{id} has {in_hand} in hand, and {used} are told");
        if user.next.as_ref().is_some_and(|n| n.availability != Availability::Available) {
            assert_eq!(
                exchange.standing(id).map(|s| s.ready),
                Some([false, false]),
                "{id} is to have a break"
            );
        }
    }
}

/// The presence once more, over everything and in other words than the exchange's.
fn recount(exchange: &Exchange, id: &UserId) -> (Availability, Activity) {
    use Activity as Does;
    use Availability as Is;
    let state = &exchange.state;
    let own: Vec<_> = state.sessions.values().filter(|s| s.who.user_id == *id).collect();
    let live: Vec<_> = own.iter().filter(|s| s.away_since.is_none()).collect();
    if own.is_empty() || live.is_empty() {
        return if own.is_empty() { (Is::Offline, Does::Offline) } else { (Is::Away, Does::Away) };
    }
    let order = [Is::DoNotDisturb, Is::Busy, Is::Available, Is::AvailableIdle, Is::Away];
    let mut said: Vec<_> = live.iter().filter_map(|s| s.presence.as_ref()).collect();
    said.sort_by_key(|p| (order.iter().position(|a| *a == p.availability), u64::MAX - p.said_at));
    let said = said.first().map_or((Is::Away, Does::Away), |p| (p.availability, p.activity));
    let chosen = state.users[id].preferred.as_ref().map_or(said, |p| (p.availability, p.activity));
    let standing = exchange.work(id);
    let full =
        standing.load.chat > 0 && standing.load.chat >= exchange.config().user(id).unwrap().capacity.chat;
    match (standing.in_call, standing.call_wrap_up, full, standing.wrap_ups > 0) {
        (true, ..) => (Is::Busy, Does::InACall),
        (_, true, ..) | (_, _, true, true) => (Is::Busy, Does::WrapUp),
        (_, _, true, false) => (Is::Busy, Does::InAConversation),
        (_, _, _, true) => (chosen.0, Does::WrapUp),
        _ => chosen,
    }
}

/// Nobody is told the same presence of somebody twice running, and customers are told nothing of anybody's.
pub(super) fn check_told(centre: &Centre) {
    for (id, told) in &centre.told {
        let mut last = BTreeMap::new();
        for event in told {
            if matches!(event, ServerEvent::SignedOut { .. }) {
                // Who signs in again under the same name was not told what happened meanwhile.
                last.clear();
            }
            let ServerEvent::PresenceChanged { presence } = event else { continue };
            let before = last.insert(presence.user_id.clone(), presence);
            assert_ne!(before, Some(presence), "{id} was told twice");
        }
        let staff = centre.exchange.config().user(&whose(id)).is_some();
        assert!(staff || last.is_empty(), "{id} is a customer");
    }
}

fn whose(id: &SessionId) -> UserId {
    UserId::parse(id.as_str().trim_end_matches(char::is_numeric)).unwrap()
}

/// Each end and each fade follows what it ends, once, and not before its time.
pub(super) fn check_journal(journal: &[(Millis, Event)]) {
    let (mut said, mut chosen, mut texts) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
    for (at, event) in journal {
        match event {
            Event::SessionPresenceSet { session, presence } => {
                let fades = presence.said_at != *at;
                let before = said.insert(session.clone(), presence.clone());
                assert!(!fades || before.is_some(), "what fades was said before");
                let due = before.filter(|_| fades).and_then(|b: crate::SessionPresence| b.fades_at);
                assert!(!fades || due.is_some_and(|due| due <= *at), "it fades at its time");
            }
            Event::SessionPresenceEnded { session } => {
                let ended = said.remove(session).expect("only what was said ends");
                assert!(ended.until <= *at, "it ends at its time");
            }
            Event::SessionClosed { session, .. } => drop(said.remove(session)),
            Event::PresenceWished { user_id, .. } | Event::PresenceQueued { user_id, .. } => {
                chosen.insert(user_id.clone());
            }
            Event::StatusMessageSet { user_id, .. } => drop(texts.insert(user_id.clone())),
            Event::StatusMessageCleared { user_id } => {
                assert!(texts.remove(user_id), "only what was said ends")
            }
            Event::PresenceCleared { user_id } => {
                assert!(chosen.remove(user_id), "only what was chosen ends")
            }
            _ => {}
        }
    }
}

#[test]
fn an_expiry_that_was_renewed_does_not_fire_at_its_old_time() {
    let mut centre = Centre::new();
    centre.agent("mina1");
    let say = |minutes: u64| Command::SetSessionPresence {
        availability: Availability::Busy,
        activity: Activity::InACall,
        expires_in_ms: Some(minutes * MINUTE),
    };
    centre.done("mina1", say(10));
    centre.pass(5 * MINUTE);
    centre.done("mina1", say(10));
    centre.pass(20 * MINUTE);
    let ended = centre.journal.iter().filter(|(_, e)| matches!(e, Event::SessionPresenceEnded { .. }));
    let ended: Vec<_> = ended.map(|(at, _)| *at - 1_000_000).collect();
    assert_eq!(ended, [15 * MINUTE]);
    assert!(centre.exchange.state.sessions[&session("mina1")].presence.is_none());
}
