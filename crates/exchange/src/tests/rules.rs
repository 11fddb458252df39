//! Routing rules at work: who waits where, when it goes on, and what the journal says of it.

mod problems;
mod review;

use super::centre::{Centre, conversation, queue, user};
use crate::{Event, Exchange, ExchangeState, PassReason, Plan, RuleFailure, StepReason};
use jackfield_wire::{Channel, Code, Command, Outcome, QueueId, Role, ServerEvent, WireError};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Three queues. `help` and `late` take anybody, `vip` asks for French. Nobody is signed in.
fn config(rules: Value) -> Value {
    json!({
        "tenant_id": "contoso", "name": "Contoso",
        "queues": [
            { "queue_id": "help", "name": "Help" },
            { "queue_id": "vip", "name": "VIP", "skills": { "french": 5 }, "max_waiting": 1 },
            { "queue_id": "late", "name": "Late", "hours": { "weekly": [{ "days": ["thu"], "from": "00:00", "to": "01:00" }] } },
        ],
        "users": [
            { "user_id": "mina", "name": "Mina", "skills": { "french": 7, "tax": 3 } },
            { "user_id": "otto", "name": "Otto", "queues": ["help"] },
            { "user_id": "zoe", "name": "Zoe", "skills": { "french": 9 }, "queues": ["vip"] },
        ],
        "rules": rules,
    })
}

fn gold() -> Value {
    json!([
        {
            "id": "gold", "when": "conversation.attributes.tier == 'gold'", "priority": 3,
            "targets": [
                { "queue": "vip", "timeout_ms": 60_000 },
                { "queue": "late", "timeout_ms": 5_000 },
                { "queue": "help", "priority": 5 },
            ],
        },
    ])
}

fn ask(
    centre: &mut Centre,
    id: &str,
    queue_id: &str,
    attributes: &[(&str, &str)],
) -> Result<Outcome, WireError> {
    let attributes = attributes.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
    let queue_id = queue(queue_id);
    let command = Command::StartConversation {
        queue_id: Some(queue_id),
        channel: Channel::Chat,
        subject: None,
        attributes,
    };
    centre.ask(id, command)
}

fn come(centre: &mut Centre, id: &str, queue_id: &str, attributes: &[(&str, &str)]) {
    centre.customer(id);
    let answer = ask(centre, id, queue_id, attributes);
    assert!(matches!(answer, Ok(Outcome::ConversationStarted { .. })), "{id}: {answer:?}");
}

fn waits_in(centre: &Centre, n: u64) -> QueueId {
    centre.exchange.state.conversations[&conversation(n)].queue_id.clone()
}

fn plan(centre: &Centre, n: u64) -> Plan {
    centre.exchange.state.conversations[&conversation(n)].plan.as_deref().cloned().expect("it has a plan")
}

fn passed(plan: &Plan) -> Vec<(u32, PassReason)> {
    plan.passed.iter().map(|passed| (passed.target, passed.why)).collect()
}

/// The journal, written and read back, gives the same state without a rule being asked: the configuration of the replay has none.
fn replays(centre: &Centre) {
    let mut config = centre.exchange.config().clone();
    config.rules.clear();
    let mut again = Exchange::new(config);
    for (at, event) in &centre.journal {
        let read: Event = serde_json::from_str(&serde_json::to_string(event).unwrap()).unwrap();
        again.apply(&read, *at);
        event.body().iter().for_each(|row| again.furnish(row));
    }
    assert_eq!(again.state(), centre.exchange.state());
    assert_eq!(centre.exchange.index, centre.exchange.build_index());
    let kept: ExchangeState =
        serde_json::from_str(&serde_json::to_string(centre.exchange.state()).unwrap()).unwrap();
    let kept = Exchange::from_state(centre.exchange.config().clone(), kept);
    assert_eq!(kept.index.deadlines, centre.exchange.index.deadlines);
}

#[test]
fn the_first_rule_that_holds_says_where_and_with_what() {
    let rules = json!([
        { "id": "french", "when": "conversation.attributes.language == 'fr'", "skills": { "french": 3 }, "continue": true },
        { "id": "owner", "when": "has(customer.attributes.owner)", "agent_from": "customer.attributes.owner", "continue": true },
        { "id": "tax", "when": "conversation.subject == 'tax' || conversation.attributes.topic == 'tax'", "priority": 2,
          "targets": [{ "queue": "help", "skills": { "french": 2, "tax": 1 }, "agents_if": "agent.skills.tax >= 3" }] },
        { "id": "calls", "when": "conversation.channel == 'voice'", "targets": [{ "queue": "vip" }] },
    ]);
    let mut centre = Centre::with(config(rules));
    come(&mut centre, "ann1", "help", &[("language", "fr"), ("topic", "tax")]);
    let first = &centre.exchange.state.conversations[&conversation(1)];
    assert_eq!(
        (first.queue_id.clone(), first.priority, first.rule.as_deref()),
        (queue("help"), 2, Some("tax"))
    );
    let needs = first.needs.as_deref().cloned().unwrap();
    assert_eq!(needs.skills, BTreeMap::from([("french".to_owned(), 3), ("tax".to_owned(), 1)]));
    assert_eq!(needs.agents, Some(vec![user("mina")]));

    // No rule gives a queue: the one that was asked for, with the settings of those that went on.
    come(&mut centre, "ben1", "help", &[("language", "fr"), ("topic", "cats")]);
    let second = &centre.exchange.state.conversations[&conversation(2)];
    assert_eq!((second.queue_id.clone(), second.rule.as_deref()), (queue("help"), Some("french")));
    come(&mut centre, "cat1", "help", &[("language", "de"), ("topic", "cats")]);
    let third = &centre.exchange.state.conversations[&conversation(3)];
    assert_eq!((third.needs.clone(), third.rule.clone(), third.plan.clone()), (None, None, None));

    centre.customer("dan1");
    assert_eq!(ask(&mut centre, "dan1", "nowhere", &[]).unwrap_err().code, Code::NotFound);
    replays(&centre);
}

#[test]
fn what_the_token_says_is_apart_from_what_the_page_says() {
    let rules = json!([
        { "id": "owner", "when": "has(customer.attributes.owner)", "agent_from": "customer.attributes.owner", "agent_fallback_ms": 9_000, "continue": true },
    ]);
    let mut centre = Centre::with(config(rules));
    // The page claims an owner; only the token's word counts in `customer`.
    come(&mut centre, "ann1", "help", &[("owner", "zoe")]);
    assert_eq!(centre.exchange.state.conversations[&conversation(1)].needs, None);
    let who = crate::Identity {
        attributes: BTreeMap::from([("owner".to_owned(), "zoe".into())]),
        ..crate::Identity::new(user("bob"), "Bob", Role::Customer)
    };
    let opened = crate::Order::OpenSession { session: super::centre::session("bob1"), who };
    assert_eq!(centre.order(&opened), Ok(Outcome::Done));
    ask(&mut centre, "bob1", "help", &[]).unwrap();
    let needs = centre.exchange.state.conversations[&conversation(2)].needs.as_deref().cloned().unwrap();
    let agent = needs.agent.unwrap();
    assert_eq!((agent.user_id, agent.fallback_after_ms), (user("zoe"), Some(9_000)));
}

#[test]
fn it_goes_from_target_to_target_and_keeps_its_time() {
    let mut centre = Centre::with(config(gold()));
    let came = centre.now;
    come(&mut centre, "ann1", "help", &[("tier", "gold")]);
    assert_eq!((waits_in(&centre, 1), plan(&centre, 1).reason), (queue("vip"), StepReason::CameIn));
    assert_eq!(centre.exchange.deadline(), Some(came + 60_000));
    centre.told("ann1");
    centre.pass(59_999);
    assert_eq!(waits_in(&centre, 1), queue("vip"));
    // `late` is open in the first hour of a Thursday, which 1970-01-01 was; 1,000,000 ms after it began it is.
    centre.pass(1);
    assert_eq!((waits_in(&centre, 1), plan(&centre, 1).reason), (queue("late"), StepReason::TimedOut));
    assert!(
        centre
            .told("ann1")
            .iter()
            .any(|e| matches!(e, ServerEvent::QueueChanged { queue_id, .. } if *queue_id == queue("late")))
    );
    centre.pass(5_000);
    let kept = &centre.exchange.state.conversations[&conversation(1)];
    assert_eq!((kept.queue_id.clone(), kept.priority, kept.virtual_start()), (queue("help"), 5, came));
    assert_eq!((plan(&centre, 1).target, plan(&centre, 1).until), (2, None));
    assert_eq!(centre.exchange.deadline(), None);
    // Who came later stands behind it.
    come(&mut centre, "ben1", "help", &[]);
    assert_eq!(
        (centre.seen("ann1", 1).unwrap().position, centre.seen("ben1", 2).unwrap().position),
        (Some(1), Some(2))
    );
    replays(&centre);
}

#[test]
fn targets_that_are_full_or_closed_or_skipped_are_passed_over() {
    let mut centre = Centre::with(config(gold()));
    come(&mut centre, "ann1", "help", &[("tier", "gold")]);
    // vip takes one, and it is Thursday.
    come(&mut centre, "ben1", "help", &[("tier", "gold")]);
    assert_eq!(
        (waits_in(&centre, 2), passed(&plan(&centre, 2))),
        (queue("late"), vec![(0, PassReason::Full)])
    );
    // An hour later late is closed. Those who wait there are kept until their time is over.
    centre.pass(3_600_000);
    come(&mut centre, "cat1", "help", &[("tier", "gold")]);
    assert_eq!(waits_in(&centre, 3), queue("vip"), "ann is with help by now");
    come(&mut centre, "dan1", "help", &[("tier", "gold")]);
    let both = vec![(0, PassReason::Full), (1, PassReason::Closed)];
    assert_eq!((waits_in(&centre, 4), passed(&plan(&centre, 4))), (queue("help"), both));

    let skip = json!([{
        "id": "skip",
        "targets": [
            { "queue": "vip", "timeout_ms": 9_000, "skip_if": "queue.agentsReady == 0 && queue.agentsOnline == 0" },
            { "queue": "help", "timeout_ms": 9_000, "skip_if": "queue.waiting >= 2" },
        ],
    }]);
    let mut centre = Centre::with(config(skip));
    for name in ["ann1", "ben1"] {
        come(&mut centre, name, "help", &[]);
    }
    assert_eq!(
        (waits_in(&centre, 2), passed(&plan(&centre, 2))),
        (queue("help"), vec![(0, PassReason::Skipped)])
    );
    // All would be skipped: the last one keeps it.
    come(&mut centre, "cat1", "help", &[]);
    assert_eq!(waits_in(&centre, 3), queue("help"));
    centre.agent("zoe1");
    come(&mut centre, "dan1", "help", &[]);
    assert_eq!((waits_in(&centre, 4), passed(&plan(&centre, 4))), (queue("vip"), vec![]));
    replays(&centre);
}

#[test]
fn who_rings_is_let_ring_before_it_goes_on() {
    let mut centre = Centre::with(config(gold()));
    come(&mut centre, "ann1", "help", &[("tier", "gold")]);
    centre.pass(50_000);
    centre.agent("zoe1");
    assert!(centre.offer_to("zoe1").is_some());
    centre.pass(12_000);
    assert_eq!(waits_in(&centre, 1), queue("vip"), "zoe may still answer");
    centre.pass(8_000);
    assert_eq!(waits_in(&centre, 1), queue("late"), "she did not");
    replays(&centre);

    let mut centre = Centre::with(config(gold()));
    come(&mut centre, "ann1", "help", &[("tier", "gold")]);
    centre.agent("zoe1");
    centre.accept("zoe1");
    centre.pass(600_000);
    assert_eq!(waits_in(&centre, 1), queue("vip"));
    assert_eq!(plan(&centre, 1).until, None);
    replays(&centre);
}

#[test]
fn where_no_later_target_takes_it_it_stays_and_looks_again() {
    let rules = json!([{ "id": "night", "targets": [{ "queue": "help", "timeout_ms": 40_000 }, { "queue": "late" }] }]);
    let mut centre = Centre::with(config(rules));
    centre.pass(7_200_000);
    come(&mut centre, "ann1", "help", &[]);
    centre.pass(40_000);
    assert_eq!((waits_in(&centre, 1), plan(&centre, 1).reason), (queue("help"), StepReason::Stays));
    // A week later late opens, and takes it at the next look.
    centre.pass(7 * 86_400_000 - 7_200_000);
    assert_eq!((waits_in(&centre, 1), plan(&centre, 1).reason), (queue("late"), StepReason::TimedOut));
    replays(&centre);
}

#[test]
fn nobody_comes_to_stand_in_one_queue_twice() {
    let rules = json!([{
        "id": "calls", "when": "conversation.queue == 'vip'",
        "targets": [{ "queue": "vip", "timeout_ms": 5_000 }, { "queue": "help", "timeout_ms": 5_000 }, { "queue": "late" }],
    }]);
    let mut centre = Centre::with(config(rules));
    come(&mut centre, "ann1", "help", &[]);
    ask(&mut centre, "ann1", "vip", &[]).unwrap();
    centre.pass(5_000);
    assert_eq!(
        (waits_in(&centre, 2), passed(&plan(&centre, 2))),
        (queue("late"), vec![(1, PassReason::Taken)])
    );
    replays(&centre);
}

#[test]
fn a_closed_queue_says_when_it_opens() {
    let mut centre = Centre::with(config(json!([])));
    centre.pass(3_600_000);
    centre.customer("ann1");
    let refused = ask(&mut centre, "ann1", "late", &[]).unwrap_err();
    assert_eq!(refused.code, Code::QueueClosed);
    assert_eq!(refused.message, "The queue takes no conversations now; it opens 1970-01-08 00:00 (UTC).");
    assert_eq!(refused.retry_after_ms, Some(7 * 86_400_000 - 4_600_000));
}

#[test]
fn at_closing_time_who_waits_is_kept_or_goes_on() {
    for (at_close, then) in [("keep", "late"), ("next_target", "help")] {
        let mut config = config(json!([]));
        config["queues"][2]["hours"]["at_close"] = json!(at_close);
        config["queues"][2]["overflow"] = json!({ "queue": "help" });
        let mut centre = Centre::with(config);
        come(&mut centre, "ann1", "late", &[]);
        assert_eq!(waits_in(&centre, 1), queue("late"));
        centre.pass(3_600_000 - 1_000_000);
        assert_eq!(waits_in(&centre, 1), queue(then), "{at_close}");
        // Who comes afterwards overflows at once.
        come(&mut centre, "ben1", "late", &[]);
        assert_eq!(
            (waits_in(&centre, 2), passed(&plan(&centre, 2))),
            (queue("help"), vec![(0, PassReason::Closed)])
        );
        replays(&centre);
    }
}

#[test]
fn queues_overflow_without_rules() {
    let mut overflows = config(json!([]));
    overflows["queues"][1]["overflow"] = json!({ "queue": "help", "after_ms": 10_000, "when_closed": false });
    let mut centre = Centre::with(overflows.clone());
    come(&mut centre, "ann1", "vip", &[]);
    come(&mut centre, "ben1", "vip", &[]);
    assert_eq!((waits_in(&centre, 1), waits_in(&centre, 2)), (queue("vip"), queue("help")));
    centre.pass(10_000);
    assert_eq!((waits_in(&centre, 1), plan(&centre, 1).rule), (queue("help"), None));
    assert_eq!(centre.seen("ann1", 1).unwrap().position, Some(1), "it came first");
    replays(&centre);

    overflows["queues"][1]["overflow"]["when_full"] = json!(false);
    let mut centre = Centre::with(overflows);
    come(&mut centre, "ann1", "vip", &[]);
    centre.customer("ben1");
    assert_eq!(ask(&mut centre, "ben1", "vip", &[]).unwrap_err().code, Code::QueueFull);
}

#[test]
fn a_condition_that_fails_counts_as_false_and_is_counted() {
    let rules = json!([
        { "id": "broken", "when": "conversation.attributes.age > 3", "targets": [{ "queue": "vip" }] },
        { "id": "rest", "targets": [{ "queue": "help", "timeout_ms": 9_000, "skip_if": "int(conversation.attributes.age) > 3" }, { "queue": "vip" }] },
    ]);
    let mut centre = Centre::with(config(rules));
    come(&mut centre, "ann1", "help", &[("age", "old")]);
    come(&mut centre, "ben1", "help", &[]);
    assert_eq!((waits_in(&centre, 1), waits_in(&centre, 2)), (queue("help"), queue("help")));
    let failures = centre.journal.iter().filter_map(|(_, event)| match event {
        Event::Planned(planned) => Some(planned.failures.iter().map(|f| (&*f.rule, f.target, f.why))),
        _ => None,
    });
    let failures: Vec<_> = failures.flatten().collect();
    use RuleFailure::{Missing, Other, WrongType};
    assert_eq!(
        failures,
        [
            ("broken", None, WrongType),
            ("rest", Some(0), Other),
            ("broken", None, Missing),
            ("rest", Some(0), Missing)
        ]
    );
    assert_eq!(centre.exchange.rule_failures()["broken"], 2);
    let journal: String = centre.journal.iter().map(|(_, e)| serde_json::to_string(e).unwrap()).collect();
    assert!(!journal.contains("old"), "what a customer brings along is in no journal");
    replays(&centre);
}

#[test]
fn a_customer_may_leave_the_queue_to_the_rules() {
    let anywhere = |channel| Command::StartConversation {
        queue_id: None,
        channel,
        subject: None,
        attributes: BTreeMap::new(),
    };
    let rules = json!([{ "id": "calls", "when": "conversation.channel == 'voice'", "targets": [{ "queue": "help" }] }]);
    let mut centre = Centre::with(config(rules));
    centre.customer("ann1");
    assert!(matches!(centre.ask("ann1", anywhere(Channel::Voice)), Ok(Outcome::ConversationStarted { .. })));
    assert_eq!((waits_in(&centre, 1), plan(&centre, 1).asked), (queue("help"), None));
    centre.customer("ben1");
    centre.refused("ben1", anywhere(Channel::Chat), Code::NoQueue);
}

#[test]
fn customers_are_told_how_long_it_may_take() {
    let mut centre = Centre::with(config(json!([])));
    for name in ["ann1", "ben1", "cat1"] {
        come(&mut centre, name, "help", &[]);
    }
    let wait = |centre: &Centre, id: &str, n| centre.seen(id, n).and_then(|seen| seen.estimated_wait_ms);
    assert_eq!(wait(&centre, "cat1", 3), None, "nobody was served yet");
    centre.pass(30_000);
    centre.agent("otto1");
    centre.accept("otto1");
    // Otto has room for three chats, and has the next one on the screen already. Each stood half a minute at the head.
    assert_eq!((wait(&centre, "ben1", 2), wait(&centre, "cat1", 3)), (Some(30_000), Some(60_000)));
    let told = centre.told("cat1").into_iter().rev().find_map(|event| match event {
        ServerEvent::PositionChanged { position, estimated_wait_ms, .. } => {
            Some((position, estimated_wait_ms))
        }
        _ => None,
    });
    assert_eq!(told, Some((2, Some(60_000))));
    // Rules see what who comes now would wait.
    let n = centre.exchange.tenant.queue_index(&queue("help")).unwrap();
    assert_eq!(centre.exchange.estimated_wait_ms(n, Channel::Chat), Some(90_000));
    assert_eq!(
        centre.exchange.estimated_wait_ms(n, Channel::Voice),
        None,
        "Otto is rung, and nobody called yet"
    );
    centre.agent("mina1");
    centre.accept("mina1");
    centre.agent("zoe1");
    let vip = centre.exchange.tenant.queue_index(&queue("vip")).unwrap();
    assert_eq!(
        centre.exchange.estimated_wait_ms(vip, Channel::Voice),
        Some(0),
        "nobody waits, and Zoe is ready"
    );
    replays(&centre);
}
