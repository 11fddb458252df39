//! Anything, in any order: after each step, what must always hold does hold.

mod configs;
mod invariants;
mod steps;
mod supervision;

use super::{Centre, centre, presence_recount, queue, recount::check_statistics};
use crate::{Exchange, Order, TenantConfig};
use configs::{ruled, several, trunked};
use invariants::{
    check, check_journal, check_legs, check_nobody_waits_in_vain, check_offers, check_told, check_users,
};
use jackfield_wire::{Command, CommandId, SessionId};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use std::collections::BTreeMap;
use steps::{Step, any_call, any_setting, any_step, take};

/// Everybody, each with two sessions.
const STAFF: [&str; 4] = ["mina", "otto", "zoe", "sue"];
const CUSTOMERS: [&str; 4] = ["anna", "bert", "carla", "dora"];
const SECRET: &str = "for colleagues only";
const NUMBER: &str = "+4930123456";

fn run(config: serde_json::Value, steps: Vec<Step>) -> Centre {
    let mut centre = Centre::with(config);
    // A desk that is open already: from nothing, few runs would get as far as a call.
    let arrive = STAFF.iter().chain(&CUSTOMERS).map(|user| Step::Open(format!("{user}1")));
    for step in arrive.collect::<Vec<_>>().into_iter().chain(steps) {
        take(&mut centre, step);
        centre.settle();
        check(&centre);
    }
    check_told(&centre);
    presence_recount::check_told(&centre);
    presence_recount::check_journal(&centre.journal);
    check_journal(&centre);
    check_statistics(&centre.exchange, &centre.journal);
    centre
}

/// A machine that never gets anywhere would find nothing.
#[test]
fn the_machine_reaches_every_kind_of_fact() {
    let kinds = [
        "sessionOpened",
        "sessionAway",
        "sessionReturned",
        "sessionClosed",
        "presenceWished",
        "presenceQueued",
        "presenceCleared",
        "offersPaused",
        "offersResumed",
        "sessionPresenceSet",
        "sessionPresenceEnded",
        "statusMessageSet",
        "statusMessageCleared",
        "presenceChanged",
        "conversationStarted",
        "offerMade",
        "offerEnded/\"accepted\"",
        "offerEnded/\"rejected\"",
        "offerEnded/\"timedOut\"",
        "offerEnded/\"rescinded\"",
        "offerEnded/\"canceled\"",
        "pauseEnded",
        "stateChanged",
        "pendingChanged",
        "pendingChanged/\"accepted\"",
        "callbackChanged",
        "outboundChanged",
        "skipped",
        "pendingChanged/\"rejected\"",
        "pendingChanged/\"timedOut\"",
        "seatChanged",
        "routed",
        "wrapUpBegan",
        "wrapUpEnded",
        "wrapUpExtended",
        "conversationClosed",
        "placesMoved",
        "voiceRequested",
        "voiceRequested/\"accepted\"",
        "voiceRequested/\"timedOut\"",
        "participantJoined",
        "voiceJoined",
        "voiceLeft",
        "heldChanged",
        "mutedChanged",
        "participantAway",
        "participantLeft",
        "messageAdded",
        "messagesMarked",
    ];
    let mut runner = TestRunner::deterministic();
    let steps = proptest::collection::vec(any_step(), 160);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let rare = |seen: &BTreeMap<String, usize>| -> Vec<&str> {
        kinds.into_iter().filter(|kind| seen.get(*kind).is_none_or(|n| *n < 5)).collect()
    };
    for n in 0..400 {
        let steps = steps.new_tree(&mut runner).unwrap().current();
        let config = if n % 3 == 0 { several() } else { centre::config() };
        for (_, event) in run(config, steps).journal {
            let value = serde_json::to_value(&event).unwrap();
            let outcome = value.get("outcome").map(|o| format!("/{o}")).unwrap_or_default();
            *seen.entry(format!("{}{outcome}", value["type"].as_str().unwrap())).or_default() += 1;
        }
        if rare(&seen).is_empty() {
            return;
        }
    }
    panic!("hardly ever reached: {:?} of {seen:#?}", rare(&seen));
}

/// The numbers of the machine must get as far as a call that was given outside.
#[test]
fn the_machine_dials_and_is_answered() {
    let mut runner = TestRunner::deterministic();
    let steps = proptest::collection::vec(prop_oneof![3 => any_step(), 1 => any_call()], 160);
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let kinds = ["dialed", "busy", "noAnswer", "rejected", "unreachable", "externalLeft"];
    for _ in 0..200 {
        let steps = steps.new_tree(&mut runner).unwrap().current();
        for (_, event) in run(trunked(), steps).journal {
            let value = serde_json::to_value(&event).unwrap();
            let says = |kind: &&str| value["type"] == *kind || value["reason"] == *kind;
            kinds.into_iter().filter(says).for_each(|kind| *seen.entry(kind).or_default() += 1);
        }
        if seen.len() == kinds.len() {
            return;
        }
    }
    panic!("never reached: {seen:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_invariants_hold(steps in proptest::collection::vec(any_step(), 1..160)) {
        run(centre::config(), steps);
    }

    #[test]
    fn with_rules_the_invariants_hold_as_well(steps in proptest::collection::vec(any_step(), 1..160)) {
        let first = run(ruled(), steps.clone());
        prop_assert_eq!(first.journal, run(ruled(), steps).journal);
    }

    #[test]
    fn with_several_offers_at_once_the_invariants_hold_as_well(steps in proptest::collection::vec(any_step(), 1..160)) {
        let first = run(several(), steps.clone());
        prop_assert_eq!(first.journal, run(several(), steps).journal);
    }

    #[test]
    fn with_telephone_numbers_the_invariants_hold_as_well(
        steps in proptest::collection::vec(prop_oneof![3 => any_step(), 1 => any_call()], 1..160),
    ) {
        let first = run(trunked(), steps.clone());
        prop_assert_eq!(first.journal, run(trunked(), steps).journal);
    }

    #[test]
    fn rules_that_change_while_conversations_wait_break_nothing(
        steps in proptest::collection::vec(prop_oneof![12 => any_step(), 1 => (0..4u8).prop_map(Step::Reload)], 1..160),
    ) {
        let first = run(ruled(), steps.clone());
        prop_assert_eq!(first.journal, run(ruled(), steps).journal);
    }

    #[test]
    fn rules_that_come_and_go_break_nothing(
        before in proptest::collection::vec(any_step(), 1..60),
        after in proptest::collection::vec(any_step(), 1..60),
        come in any::<bool>(),
    ) {
        let [first, then] = if come { [centre::config(), ruled()] } else { [ruled(), centre::config()] };
        let mut centre = run(first, before);
        centre.exchange.reconfigure(serde_json::from_value(then).unwrap());
        centre.settle();
        for step in after {
            take(&mut centre, step);
            centre.settle();
            check_offers(&centre.exchange);
            check_users(&centre.exchange);
            check_nobody_waits_in_vain(&centre.exchange);
            prop_assert_eq!(&centre.exchange.index, &centre.exchange.build_index());
        }
    }

    #[test]
    fn what_is_set_around_conversations_keeps_them_too(
        steps in proptest::collection::vec(prop_oneof![2 => any_step(), 1 => any_setting()], 1..160),
    ) {
        run(centre::config(), steps);
    }

    #[test]
    fn the_same_orders_give_the_same_facts(steps in proptest::collection::vec(any_step(), 1..60)) {
        let (first, second) = (run(centre::config(), steps.clone()), run(centre::config(), steps));
        prop_assert_eq!(first.journal, second.journal);
    }

    #[test]
    fn a_new_configuration_at_any_time_breaks_nothing(
        steps in proptest::collection::vec(any_step(), 1..60),
        after in proptest::collection::vec(any_step(), 1..60),
        (chats, keeps_vip, skill) in (0..3u32, any::<bool>(), 1..9u8),
    ) {
        let mut centre = run(centre::config(), steps);
        let mut config: TenantConfig = centre.exchange.config().clone();
        config.users.iter_mut().for_each(|u| u.capacity.chat = chats);
        config.queues[1].skills.insert("french".into(), skill);
        if !keeps_vip {
            config.users.iter_mut().for_each(|u| u.queues.retain(|q| *q != queue("vip")));
            config.queues.pop();
        }
        centre.exchange.reconfigure(config);
        centre.settle();
        for step in after {
            take(&mut centre, step);
            centre.settle();
            check_offers(&centre.exchange);
            check_legs(&centre.exchange);
            check_users(&centre.exchange);
            check_nobody_waits_in_vain(&centre.exchange);
            prop_assert_eq!(&centre.exchange.index, &centre.exchange.build_index());
        }
    }

    #[test]
    fn any_fact_at_any_time_is_taken_without_a_panic(
        steps in proptest::collection::vec(any_step(), 1..60),
        picks in proptest::collection::vec(any::<prop::sample::Index>(), 1..60),
    ) {
        // Facts out of their order are never applied in earnest; should a journal ever be damaged, the exchange must not take the gateway down.
        let centre = run(centre::config(), steps);
        let mut other = Exchange::new(centre.exchange.config().clone());
        if centre.journal.is_empty() {
            return Ok(());
        }
        for pick in picks {
            let (at, event) = pick.get(&centre.journal);
            other.apply(event, *at);
            for viewer in centre.viewers.values() {
                other.project(viewer, event);
                other.snapshot(viewer, *at);
            }
            other.audience(event);
            other.advance(*at);
        }
        let order = Order::Do {
            session: SessionId::numbered('x', 1),
            id: CommandId::numbered('k', 1),
            command: Command::SignOut,
        };
        prop_assert!(other.decide(&order, 0).is_err());
    }
}
