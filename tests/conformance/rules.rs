//! Rules: where a conversation waits, how long, and where it goes then.

use super::centre::Centre;
use jackfield_wire::Code;
use serde_json::{Value, json};

/// Experts and a desk; `rules` say who goes where.
fn centre(queues: Value, rules: Value) -> Centre {
    Centre::new(json!({
        "queues": queues, "rules": rules,
        "users": [{ "user_id": "mina", "queues": ["desk"] }, { "user_id": "zoe", "queues": ["experts"] }],
    }))
}

fn gold_first_to_the_experts(extra: Value) -> Centre {
    let mut target = json!({ "queue": "experts", "timeout_ms": 60_000 });
    for (field, value) in extra.as_object().unwrap() {
        target[field] = value.clone();
    }
    centre(
        json!([{ "queue_id": "desk" }, { "queue_id": "experts" }]),
        json!([{
            "id": "gold", "when": "conversation.attributes.tier == 'gold'",
            "targets": [target, { "queue": "desk" }],
        }]),
    )
}

fn gold_chat() -> Value {
    json!({ "queueId": "desk", "channel": "chat", "attributes": { "tier": "gold" } })
}

/// TaskRouter: the first filter of a workflow whose expression matches the task's attributes routes it; none: the default queue.
#[test]
fn the_first_rule_that_matches_says_where() {
    let mut centre = gold_first_to_the_experts(json!({}));
    centre.ready(&["mina", "zoe"]);
    centre.comes("kim", gold_chat());
    centre.chats("lee", "desk");
    assert_eq!(centre.rings(), ["kim → zoe", "lee → mina"]);
}

/// TaskRouter: a target's time-out moves the task to the next target, with its age.
#[test]
fn a_target_that_does_not_serve_in_time_passes_it_on_with_its_age() {
    let mut centre = gold_first_to_the_experts(json!({}));
    centre.comes("kim", gold_chat());
    centre.pass(30);
    centre.chats("lee", "desk");
    centre.pass(30);
    assert_eq!(centre.queue_of("kim"), "desk");
    assert_eq!(
        (centre.place("kim"), centre.place("lee")),
        (Some(1), Some(2)),
        "kim came first, to whichever queue"
    );
    centre.ready(&["mina"]);
    assert_eq!(centre.rings(), ["kim → mina"]);
}

/// TaskRouter: `skip_if` passes a target over at once, as in `workers.available == 0`.
#[test]
fn a_target_is_skipped_where_its_condition_says_so() {
    let skip = json!({ "skip_if": "queue.agentsOnline == 0" });
    let mut centre = gold_first_to_the_experts(skip);
    centre.comes("kim", gold_chat());
    assert_eq!(centre.queue_of("kim"), "desk", "no expert is there");
    centre.ready(&["zoe"]);
    centre.comes("lee", gold_chat());
    assert_eq!(
        (centre.queue_of("lee"), centre.rings()),
        ("experts".to_owned(), vec!["lee → zoe".to_owned()])
    );
}

fn with_hours(desk: Value) -> Centre {
    let mut desk_queue = json!({ "queue_id": "desk" });
    for (field, value) in desk.as_object().unwrap() {
        desk_queue[field] = value.clone();
    }
    centre(json!([desk_queue, { "queue_id": "experts" }]), json!([]))
}

fn chat() -> Value {
    json!({ "queueId": "desk", "channel": "chat" })
}

/// Amazon Connect: hours of operation, in a time zone. Genesys Cloud: schedules.
#[test]
fn a_queue_that_is_closed_takes_nobody() {
    let weekly = json!([{ "days": ["mon"], "from": "09:00", "to": "12:30" }]);
    let mut centre = with_hours(json!({ "hours": { "weekly": weekly } }));
    assert_eq!(centre.tries_to_come("kim", chat()), Ok(()), "Monday, 12:00");
    centre.pass(1_800);
    assert_eq!(centre.tries_to_come("lee", chat()), Err(Code::QueueClosed));
    assert_eq!(centre.state("kim"), "queued", "who came in time is served");
    // The same hours in Berlin are over at 11:30 UTC.
    let mut berlin = with_hours(json!({ "hours": { "weekly": weekly, "time_zone": "Europe/Berlin" } }));
    assert_eq!(berlin.tries_to_come("kim", chat()), Err(Code::QueueClosed));
}

/// Amazon Connect: overrides of hours of operation for holidays. Genesys Cloud: a schedule group's holidays.
#[test]
fn a_holiday_closes_a_queue() {
    let weekly = json!([{ "days": ["mon"], "from": "09:00", "to": "18:00" }]);
    let holidays = json!([{ "date": "2026-01-05", "name": "The day before Epiphany" }]);
    let mut centre = with_hours(json!({ "hours": { "weekly": weekly, "holidays": holidays } }));
    assert_eq!(centre.tries_to_come("kim", chat()), Err(Code::QueueClosed));
}

/// Amazon Connect: at capacity, or closed, a flow can transfer to another queue. Genesys Cloud: overflow.
#[test]
fn a_closed_or_full_queue_overflows() {
    let weekly = json!([{ "days": ["tue"], "from": "09:00", "to": "18:00" }]);
    let overflow = json!({ "queue": "experts" });
    let mut closed = with_hours(json!({ "hours": { "weekly": weekly }, "overflow": overflow }));
    closed.comes("kim", chat());
    assert_eq!(closed.queue_of("kim"), "experts");
    let mut full = with_hours(json!({ "max_waiting": 1, "overflow": overflow }));
    full.comes("kim", chat());
    full.comes("lee", chat());
    assert_eq!((full.queue_of("kim"), full.queue_of("lee")), ("desk".to_owned(), "experts".to_owned()));
}

/// Genesys Cloud: after a time in queue, a call overflows to another group of agents.
#[test]
fn who_waits_too_long_overflows() {
    let mut centre = with_hours(json!({ "overflow": { "queue": "experts", "after_ms": 120_000 } }));
    centre.comes("kim", chat());
    centre.pass(119);
    assert_eq!(centre.queue_of("kim"), "desk");
    centre.pass(1);
    assert_eq!(centre.queue_of("kim"), "experts");
}

/// TaskRouter: a workflow that names a queue that is not there is refused when it is saved. So is one that can't end, or can't be read.
#[test]
fn rules_that_can_not_work_are_refused_when_they_are_loaded() {
    let problems = |queues: Value, rules: Value| -> Vec<String> {
        let config = json!({ "tenant_id": "t", "name": "T", "queues": queues, "rules": rules });
        let config: jackfield_exchange::TenantConfig = serde_json::from_value(config).unwrap();
        config.check().unwrap_err().into_iter().map(|problem| problem.field).collect()
    };
    let queue = |id: &str, to: &str| json!({ "queue_id": id, "name": id, "overflow": { "queue": to } });
    let desk = json!([{ "queue_id": "desk", "name": "Desk" }]);
    let nowhere = json!([{ "id": "a", "targets": [{ "queue": "nowhere" }] }]);
    let unreadable = json!([{ "id": "a", "when": "1 +", "targets": [{ "queue": "desk" }] }]);
    assert_eq!(problems(desk.clone(), nowhere), ["rules[0].targets[0].queue"]);
    assert_eq!(problems(desk, unreadable), ["rules[0].when"]);
    let circle = problems(json!([queue("a", "b"), queue("b", "a")]), json!([]));
    assert!(!circle.is_empty() && circle.iter().all(|field| field.contains("overflow")), "{circle:?}");
}

/// Amazon Connect: a contact block can change a contact's routing priority before it is queued. TaskRouter: a target's priority.
#[test]
fn a_rule_gives_priority() {
    let mut centre = centre(
        json!([{ "queue_id": "desk" }, { "queue_id": "experts" }]),
        json!([{ "id": "gold", "when": "conversation.attributes.tier == 'gold'", "priority": 9, "continue": true }]),
    );
    centre.chats("lee", "desk");
    centre.pass(10);
    centre.comes("kim", gold_chat());
    centre.ready(&["mina"]);
    assert_eq!(centre.rings(), ["kim → mina"]);
}

/// TaskRouter: an updated workflow re-evaluates the tasks that are pending. Amazon Connect and Genesys Cloud: a contact keeps to the flow it came in by.
#[test]
fn rules_that_change_hold_for_who_waits_already() {
    let with = |rules: Value| {
        json!({
            "queues": [{ "queue_id": "desk" }, { "queue_id": "experts" }], "rules": rules,
            "users": [{ "user_id": "mina", "queues": ["desk"] }, { "user_id": "zoe", "queues": ["experts"] }],
        })
    };
    let mut centre = Centre::new(with(json!([])));
    centre.comes("kim", gold_chat());
    centre.pass(30);
    centre.ready(&["zoe"]);
    assert_eq!(centre.rings(), Vec::<String>::new());
    let gold = "conversation.attributes.tier == 'gold'";
    centre.takes(with(json!([{ "id": "gold", "when": gold, "targets": [{ "queue": "experts" }] }])));
    assert_eq!(centre.rings(), ["kim → zoe"]);

    // Nobody has it yet, and the rule is gone again: back to the desk, before who came meanwhile.
    centre.chats("lee", "desk");
    centre.takes(with(json!([])));
    assert_eq!((centre.rings(), centre.queue_of("kim")), (Vec::new(), "desk".to_owned()));
    assert_eq!(["kim", "lee"].map(|customer| centre.place(customer)), [Some(1), Some(2)]);
    centre.ready(&["mina"]);
    assert_eq!(centre.rings(), ["kim → mina"]);
}

/// TaskRouter: pending reservations stay as far as the worker still matches.
#[test]
fn what_rings_goes_on_ringing_where_the_new_rules_say_the_same() {
    let with = |priority: u8| {
        json!({
            "queues": [{ "queue_id": "desk" }, { "queue_id": "experts" }], "users": [{ "user_id": "mina" }],
            "rules": [{ "id": "gold", "priority": priority, "targets": [{ "queue": "experts" }] }],
        })
    };
    let mut centre = Centre::new(with(1));
    centre.ready(&["mina"]);
    centre.comes("kim", gold_chat());
    let rings = centre.offer_to("mina");
    assert!(rings.is_some());
    centre.takes(with(9));
    assert_eq!(centre.offer_to("mina"), rings);
}
