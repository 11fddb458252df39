//! Rules, queues and rings that change while conversations wait.

use super::super::centre::{Centre, conversation, queue, user};
use super::{ask, come, config, gold, plan, replays, waits_in};
use crate::{Event, StepReason, TenantConfig};
use jackfield_wire::{
    Code, Command, ConversationState, EndReason, OfferEndReason, QueueId, Role, ServerEvent, Target,
};
use serde_json::{Value, json};

fn reload(centre: &mut Centre, config: Value) {
    let config: TenantConfig = serde_json::from_value(config).unwrap();
    assert_eq!(config.check(), Ok(()));
    centre.exchange.reconfigure(config);
    centre.settle();
    assert_eq!(centre.exchange.index, centre.exchange.build_index());
}

fn facts(centre: &Centre) -> usize {
    centre.journal.len()
}

#[test]
fn who_stays_in_its_queue_keeps_its_age_its_place_and_its_time_there() {
    let mut centre = Centre::with(config(gold()));
    let came = centre.now;
    come(&mut centre, "ann1", "help", &[("tier", "gold")]);
    let rule = centre.exchange.state.conversations[&conversation(1)].plan.clone();
    centre.pass(50_000);
    let mut rules = gold();
    rules[0]["priority"] = json!(7);
    rules[0]["skills"] = json!({ "tax": 1 });
    rules[0]["targets"][0]["timeout_ms"] = json!(90_000);
    reload(&mut centre, config(rules.clone()));
    let waits = &centre.exchange.state.conversations[&conversation(1)];
    assert_eq!(
        (waits.queue_id.clone(), waits.virtual_start(), waits.queued_at()),
        (queue("vip"), came, came)
    );
    assert_eq!((waits.priority, waits.needs.as_ref().unwrap().skills["tax"]), (7, 1));
    assert_ne!(waits.plan, rule);
    assert_eq!(plan(&centre, 1).until, Some(came + 90_000), "it counts from when it came");
    assert!(centre.told("ann1").iter().all(|event| !matches!(event, ServerEvent::QueueChanged { .. })));
    replays(&centre);

    // Zoe knows no tax; Mina does.
    centre.agent("zoe1");
    assert_eq!(centre.offer_to("zoe1"), None);
    centre.agent("mina1");
    assert!(centre.offer_to("mina1").is_some());

    // The same again says nothing new.
    let before = facts(&centre);
    reload(&mut centre, config(rules));
    assert_eq!(facts(&centre), before);
}

#[test]
fn who_has_come_further_in_its_plan_is_not_sent_back() {
    let mut centre = Centre::with(config(gold()));
    let came = centre.now;
    come(&mut centre, "ann1", "help", &[("tier", "gold")]);
    centre.pass(65_000);
    assert_eq!((waits_in(&centre, 1), plan(&centre, 1).target), (queue("help"), 2));
    let mut rules = gold();
    rules[0]["targets"].as_array_mut().unwrap().remove(1);
    rules[0]["targets"][1]["priority"] = json!(1);
    reload(&mut centre, config(rules));
    let waits = &centre.exchange.state.conversations[&conversation(1)];
    assert_eq!((waits.queue_id.clone(), waits.priority, waits.virtual_start()), (queue("help"), 1, came));
    assert_eq!((plan(&centre, 1).target, plan(&centre, 1).until), (1, None));
    replays(&centre);
}

#[test]
fn where_another_rule_holds_now_it_goes_there_with_its_age() {
    let mut centre = Centre::with(config(gold()));
    let came = centre.now;
    come(&mut centre, "ann1", "help", &[("tier", "gold")]);
    centre.pass(1_000);
    come(&mut centre, "ben1", "help", &[]);
    // The rule is gone: back to the queue that was asked for, before who came later.
    reload(&mut centre, config(json!([])));
    let waits = &centre.exchange.state.conversations[&conversation(1)];
    assert_eq!((waits.queue_id.clone(), waits.priority, waits.virtual_start()), (queue("help"), 0, came));
    assert_eq!((waits.plan.clone(), waits.rule.clone()), (None, None));
    assert_eq!(centre.seen("ann1", 1).unwrap().position, Some(1));
    assert_eq!(centre.seen("ben1", 2).unwrap().position, Some(2));
    replays(&centre);

    // A rule for all comes: both go where it says, as far as there is room; the others stay.
    let rules =
        json!([{ "id": "all", "targets": [{ "queue": "vip", "timeout_ms": 9_000 }, { "queue": "help" }] }]);
    reload(&mut centre, config(rules));
    assert_eq!((waits_in(&centre, 1), waits_in(&centre, 2)), (queue("vip"), queue("help")));
    assert_eq!(
        (plan(&centre, 1).reason, plan(&centre, 1).until),
        (StepReason::PlannedAnew, Some(centre.now + 9_000))
    );
    assert_eq!(plan(&centre, 2).target, 1, "vip takes one at a time");
    replays(&centre);
}

#[test]
fn what_rings_rings_on_where_who_is_asked_still_fits() {
    let mut centre = Centre::with(config(gold()));
    come(&mut centre, "ann1", "help", &[("tier", "gold")]);
    centre.agent("zoe1");
    let rings = centre.offer_to("zoe1").unwrap();
    let ends = |centre: &Centre| {
        let ended = centre.journal.iter().filter_map(|(_, event)| match event {
            Event::OfferEnded { why, .. } => Some(*why),
            _ => None,
        });
        ended.collect::<Vec<_>>()
    };
    let mut rules = gold();
    rules[0]["priority"] = json!(9);
    reload(&mut centre, config(rules.clone()));
    assert_eq!(centre.offer_to("zoe1"), Some(rings), "she fits as before");
    assert_eq!(centre.exchange.state.conversations[&conversation(1)].priority, 9);
    replays(&centre);

    rules[0]["skills"] = json!({ "tax": 2 });
    reload(&mut centre, config(rules.clone()));
    assert_eq!((centre.offer_to("zoe1"), ends(&centre)), (None, vec![Some(OfferEndReason::NoLongerFits)]));
    centre.agent("mina1");
    assert!(centre.offer_to("mina1").is_some());

    // The queue that asks her is no longer the one it waits in.
    reload(&mut centre, config(json!([])));
    assert_eq!(ends(&centre)[1..], [Some(OfferEndReason::RoutedElsewhere)]);
    assert_eq!(waits_in(&centre, 1), queue("help"));
    assert!(centre.offer_to("mina1").is_some(), "and that queue asks her as well");
    replays(&centre);
}

#[test]
fn whom_a_person_placed_stays_where_it_is() {
    let with_bea = |rules: Value| {
        let mut config = config(rules);
        let users = config["users"].as_array_mut().unwrap();
        users.push(json!({ "user_id": "bea", "name": "Bea", "roles": ["supervisor"] }));
        config
    };
    let mut centre = Centre::with(with_bea(gold()));
    centre.sign_in("bea1", Role::Supervisor);
    come(&mut centre, "ann1", "help", &[("tier", "gold")]);
    let to_help = Target::Queue { queue_id: queue("help") };
    let conversation_id = conversation(1);
    centre.done("bea1", Command::Reassign { conversation_id: conversation_id.clone(), target: to_help });
    let mut rules = gold();
    rules[0]["priority"] = json!(9);
    reload(&mut centre, with_bea(rules.clone()));
    assert_eq!(waits_in(&centre, 1), queue("help"));
    replays(&centre);

    // An agent has had it, and is lost: it waits where it did, whatever rules say now.
    centre.agent("otto1");
    centre.accept("otto1");
    centre.close("otto1", jackfield_wire::SignOutReason::Asked);
    assert_eq!(centre.exchange.state.conversations[&conversation_id].state, ConversationState::Queued);
    rules[0]["targets"][0]["timeout_ms"] = json!(30_000);
    reload(&mut centre, with_bea(rules.clone()));
    assert_eq!(waits_in(&centre, 1), queue("help"));

    // What a supervisor said of the priority alone holds as well; the rest is for the rules.
    come(&mut centre, "ben1", "help", &[("tier", "gold")]);
    let first =
        Command::Prioritize { conversation_id: conversation(2), priority: Some(8), head_start_ms: None };
    centre.done("bea1", first);
    rules[0]["priority"] = json!(2);
    rules[0]["targets"][0]["timeout_ms"] = json!(20_000);
    reload(&mut centre, with_bea(rules));
    let waits = &centre.exchange.state.conversations[&conversation(2)];
    assert_eq!((waits.queue_id.clone(), waits.priority), (queue("vip"), 8));
    assert_eq!(plan(&centre, 2).targets[0].timeout_ms, Some(20_000));
    replays(&centre);
}

#[test]
fn who_was_asked_by_name_is_not_asked_again() {
    let mut rules = json!([{ "id": "own", "agent": "otto", "agent_fallback_ms": 90_000, "targets": [{ "queue": "help" }] }]);
    let mut centre = Centre::with(config(rules.clone()));
    come(&mut centre, "ann1", "help", &[]);
    centre.agent("otto1");
    let offer_id = centre.offer_to("otto1").unwrap();
    centre.done("otto1", Command::RejectOffer { offer_id, reason: None });
    rules[0]["priority"] = json!(3);
    reload(&mut centre, config(rules));
    let waits = &centre.exchange.state.conversations[&conversation(1)];
    assert_eq!((waits.priority, waits.needs.clone()), (3, None));
    centre.agent("mina1");
    assert!(centre.offer_to("mina1").is_some());
    replays(&centre);
}

#[test]
fn who_waits_for_agents_of_a_kind_is_offered_to_who_becomes_one() {
    let rules =
        json!([{ "id": "tax", "targets": [{ "queue": "help", "agents_if": "agent.skills.tax >= 3" }] }]);
    let mut centre = Centre::with(config(rules));
    come(&mut centre, "ann1", "help", &[]);
    centre.agent("otto1");
    assert_eq!(centre.offer_to("otto1"), None);
    let changed = |skills: Value| Event::AgentChanged {
        user_id: user("otto"),
        settings: serde_json::from_value(json!({ "skills": skills })).unwrap(),
    };
    centre.fact(&changed(json!({ "tax": 5 })));
    assert!(centre.offer_to("otto1").is_some());
    centre.fact(&changed(json!({ "tax": 1 })));
    assert_eq!(centre.offer_to("otto1"), None);
    replays(&centre);
}

#[test]
fn a_timeline_that_is_another_is_come_as_far_as_the_time_that_was_waited() {
    let ringed = |after: u32| {
        let mut config = config(json!([]));
        config["queues"][1]["rings"] = json!([{ "after_ms": after, "skills": {} }]);
        config
    };
    let mut centre = Centre::with(ringed(10_000));
    come(&mut centre, "ann1", "vip", &[]);
    centre.pass(20_000);
    let ring = |centre: &Centre| centre.exchange.state.conversations[&conversation(1)].ring;
    assert_eq!(ring(&centre), 1);
    reload(&mut centre, ringed(30_000));
    assert_eq!(ring(&centre), 0);
    centre.pass(10_000);
    assert_eq!(ring(&centre), 1);
    replays_with(&centre);
}

/// As [`replays`], where the queues' own timelines count.
fn replays_with(centre: &Centre) {
    let mut again = crate::Exchange::new(centre.exchange.config().clone());
    for (at, event) in &centre.journal {
        again.apply(event, *at);
        event.body().iter().for_each(|row| again.furnish(row));
    }
    assert_eq!(again.state(), centre.exchange.state());
}

#[test]
fn a_long_line_is_looked_at_some_at_a_time() {
    let mut centre = Centre::with(config(gold()));
    for n in 0..10 {
        come(&mut centre, &format!("k{n}x1"), "help", &[("tier", "silver")]);
    }
    let rules = json!([{ "id": "all", "priority": 4, "targets": [{ "queue": "help" }] }]);
    let anew = |centre: &Centre| {
        let all = centre.exchange.state.conversations.values();
        all.filter(|c| c.priority == 4).count()
    };
    reload(&mut centre, config(rules));
    assert_eq!(anew(&centre), 3);
    // Who comes meanwhile is placed by the new rules at once.
    come(&mut centre, "late1", "help", &[]);
    assert_eq!(anew(&centre), 4);
    // A restart in between goes on where it was.
    let kept = serde_json::to_string(centre.exchange.state()).unwrap();
    let mut again =
        crate::Exchange::from_state(centre.exchange.config().clone(), serde_json::from_str(&kept).unwrap());
    centre.exchange.state.conversations.values().filter_map(|c| c.body()).for_each(|body| {
        again.furnish(&crate::BodyRow::Conversation(body));
    });
    assert_eq!(again.deadline(), centre.exchange.deadline());
    let at = centre.exchange.deadline().unwrap();
    assert_eq!(again.advance(at), centre.exchange.advance(at));
    centre.pass(100);
    assert_eq!((anew(&centre), centre.exchange.deadline()), (11, None));
    replays(&centre);
}

#[test]
fn where_a_queue_is_gone_it_goes_where_the_rules_say_or_on_in_its_plan() {
    let without = |which: usize, rules: Value| {
        let mut config = config(rules);
        let queues = config["queues"].as_array_mut().unwrap();
        let gone: QueueId = serde_json::from_value(queues.remove(which)["queue_id"].take()).unwrap();
        for user in config["users"].as_array_mut().unwrap() {
            if user["queues"] == json!([gone]) {
                user["queues"] = json!([]);
            }
        }
        config
    };
    // A later queue of the plan is gone, and another rule holds.
    let mut centre = Centre::with(config(gold()));
    come(&mut centre, "ann1", "help", &[("tier", "gold")]);
    let new =
        json!([{ "id": "new", "when": "conversation.queue == 'help'", "targets": [{ "queue": "help" }] }]);
    reload(&mut centre, without(2, new));
    assert_eq!((waits_in(&centre, 1), plan(&centre, 1).reason), (queue("help"), StepReason::PlannedAnew));
    assert_eq!(plan(&centre, 1).rule.as_deref(), Some("new"));

    // The queue it waits in is gone, while it rings, and no rule says where to: the one that was asked for.
    let mut centre = Centre::with(config(gold()));
    come(&mut centre, "ann1", "help", &[("tier", "gold")]);
    centre.agent("zoe1");
    reload(&mut centre, without(1, json!([])));
    let waits = &centre.exchange.state.conversations[&conversation(1)];
    assert_eq!((waits.queue_id.clone(), waits.plan.clone()), (queue("help"), None));

    // Asked for and waiting there, and it is gone: what is left of the plan.
    let mut overflows = config(json!([]));
    overflows["queues"][1]["overflow"] = json!({ "queue": "help", "after_ms": 10_000 });
    let mut centre = Centre::with(overflows);
    come(&mut centre, "ann1", "vip", &[]);
    reload(&mut centre, without(1, json!([])));
    assert_eq!(waits_in(&centre, 1), queue("help"));

    // Nothing is left: over.
    let mut centre = Centre::with(config(json!([])));
    come(&mut centre, "ann1", "vip", &[]);
    reload(&mut centre, without(1, json!([])));
    let lost = |event: &ServerEvent| {
        matches!(
            event,
            ServerEvent::ConversationStateChanged {
                state: ConversationState::Ended,
                reason: Some(EndReason::AgentLost),
                ..
            }
        )
    };
    let ended = centre.told("ann1");
    assert!(ended.iter().any(lost), "{ended:?}");
    assert_eq!(ask(&mut centre, "ann1", "vip", &[]).unwrap_err().code, Code::NotFound);
}
