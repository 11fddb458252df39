//! What is wrong with rules, hours and overflow, and what is said of it.

use super::config;
use crate::{ConfigProblem, TenantConfig};
use serde_json::{Value, json};

/// What is wrong with a configuration, as an operator reads it.
fn problems(config: Value) -> Vec<ConfigProblem> {
    let config: TenantConfig = serde_json::from_value(config).unwrap();
    config.check().err().unwrap_or_default()
}

#[test]
fn each_problem_of_a_rule_names_the_rule_the_place_and_the_remedy() {
    let rule = |fields: Value| {
        let mut rule = json!({ "id": "r", "when": "true", "targets": [{ "queue": "help" }] });
        rule.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        json!([{ "id": "before", "continue": true }, rule])
    };
    for (rules, field, problem) in [
        (rule(json!({ "id": "" })), "rules[1].id", "a rule needs an id"),
        (rule(json!({ "id": "before" })), "rules[1].id", "before stands twice"),
        (
            rule(json!({ "when": "conversation.channel = 'voice'" })),
            "rules[1].when",
            "rule r at column 22: it is no CEL",
        ),
        (
            rule(json!({ "when": "true\n  && custmer" })),
            "rules[1].when",
            "rule r at line 2, column 6: there is no variable custmer",
        ),
        (
            rule(json!({ "when": "dice() < 2" })),
            "rules[1].when",
            "rule r at column 1: there is no function dice",
        ),
        (
            rule(json!({ "when": "conversation.channel" })),
            "rules[1].when",
            "rule r: it gives neither true nor false",
        ),
        (
            rule(json!({ "when": "local.hour > '9'" })),
            "rules[1].when",
            "rule r: it compares things that do not go together",
        ),
        (rule(json!({ "agent": "nobody" })), "rules[1].agent", "rule r: there is no user nobody"),
        (
            rule(json!({ "agent_from": "customer." })),
            "rules[1].agent_from",
            "rule r at column 10: it is no CEL",
        ),
        (
            rule(json!({ "skills": { "cooking": 1 } })),
            "rules[1].skills.cooking",
            "rule r: nobody has the skill cooking",
        ),
        (
            rule(json!({ "preferred": { "french": 10 } })),
            "rules[1].preferred.french",
            "rule r: nobody has the skill french at level 10",
        ),
        (rule(json!({ "skills": { "french": 11 } })), "rules[1].skills.french", "11 is out of range"),
        (rule(json!({ "targets": [] })), "rules[1].targets", "rule r has no targets"),
        (rule(json!({ "continue": true })), "rules[1].targets", "rule r goes on"),
        (
            rule(json!({ "targets": [{ "queue": "attic" }] })),
            "rules[1].targets[0].queue",
            "rule r: there is no queue attic",
        ),
        (
            rule(json!({ "targets": [{ "queue": "help" }, { "queue": "vip" }] })),
            "rules[1].targets[0].timeout_ms",
            "rule r: every conversation stays",
        ),
        (
            rule(json!({ "targets": [{ "queue": "help", "timeout_ms": 5 }, { "queue": "vip" }] })),
            "rules[1].targets[0].timeout_ms",
            "5 is out of range",
        ),
        (
            rule(json!({ "targets": [{ "queue": "help", "skip_if": "queue.waitin > 3" }] })),
            "rules[1].targets[0].skip_if",
            "rule r at column 7: there is no field of queue waitin",
        ),
        (
            rule(json!({ "targets": [{ "queue": "help", "agents_if": "customer.userId == 'x'" }] })),
            "rules[1].targets[0].agents_if",
            "rule r at column 1: there is no variable customer",
        ),
        (
            rule(json!({ "targets": [{ "queue": "help", "agents_if": "agent.skills.french > 9" }] })),
            "rules[1].targets[0].agents_if",
            "rule r: it holds for 0 agents",
        ),
        (
            json!([{ "id": "all", "targets": [{ "queue": "help" }] }, { "id": "r", "targets": [{ "queue": "vip" }] }]),
            "rules[0].when",
            "rule all always holds",
        ),
    ] {
        let found = problems(config(rules.clone()));
        assert_eq!(found.len(), 1, "{rules}: {found:?}");
        assert!(found[0].field == field && found[0].problem.starts_with(problem), "{rules}: {found:?}");
        assert!(!found[0].remedy.is_empty());
    }
    // What may be passed over may have targets after it.
    for first in [
        json!({ "queue": "help", "skip_if": "queue.waiting > 3" }),
        json!({ "queue": "vip" }),
        json!({ "queue": "late" }),
    ] {
        assert_eq!(problems(config(rule(json!({ "targets": [first, { "queue": "help" }] })))), []);
    }
}

#[test]
fn each_problem_of_hours_and_overflow_names_its_place() {
    let week = |fields: Value| {
        let mut week = json!({ "days": ["mon"], "from": "09:00", "to": "17:00" });
        week.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        json!({ "hours": { "weekly": [week] } })
    };
    let at = "queues[0].hours";
    for (fields, field, problem) in [
        (
            json!({ "hours": { "time_zone": "Europe/Atlantis", "holidays": [], "weekly": [{ "days": ["mon"], "from": "09:00", "to": "10:00" }] } }),
            format!("{at}.time_zone"),
            "there is no time zone",
        ),
        (json!({ "hours": { "weekly": [] } }), format!("{at}.weekly"), "the queue would never open"),
        (week(json!({ "days": [] })), format!("{at}.weekly[0].days"), "no day is named"),
        (week(json!({ "from": "9 am" })), format!("{at}.weekly[0].from"), "\"9 am\" is no time of the clock"),
        (week(json!({ "from": "17:30" })), format!("{at}.weekly[0].to"), "17:00 is not after 17:30"),
        (
            week(json!({ "from": "24:30", "to": "30:00" })),
            format!("{at}.weekly[0].from"),
            "24:30 is on the next day",
        ),
        (
            json!({ "hours": { "holidays": [{ "date": "2026-02-30", "from": "09:00", "to": "10:00" }] } }),
            format!("{at}.holidays[0].date"),
            "\"2026-02-30\" is no date",
        ),
        (
            json!({ "hours": { "holidays": [{ "date": "2026-02-28", "from": "09:00" }] } }),
            format!("{at}.holidays[0]"),
            "one of from and to is missing",
        ),
        (
            json!({ "overflow": { "queue": "attic" } }),
            "queues[0].overflow.queue".into(),
            "there is no queue attic",
        ),
        (
            json!({ "overflow": { "queue": "vip", "when_full": false, "when_closed": false } }),
            "queues[0].overflow".into(),
            "nothing ever overflows",
        ),
        (
            json!({ "overflow": { "queue": "help" } }),
            "queues[0].overflow.queue".into(),
            "conversations would go round in a circle: help → help",
        ),
    ] {
        let mut wrong = config(json!([]));
        wrong["queues"][0].as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        let found = problems(wrong);
        assert_eq!(found.len(), 1, "{fields}: {found:?}");
        assert!(found[0].field == field && found[0].problem.starts_with(problem), "{fields}: {found:?}");
    }
    let mut circle = config(json!([]));
    for (n, into) in ["vip", "late", "vip"].into_iter().enumerate() {
        circle["queues"][n]["overflow"] = json!({ "queue": into });
    }
    circle["time_zone"] = json!("Mars/Olympus");
    let found = problems(circle);
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(found[1].field, "queues[1].overflow.queue");
    assert_eq!(found[1].problem, "conversations would go round in a circle: vip → late → vip");
    let night = problems({
        let mut night = config(json!([]));
        night["queues"][0]["hours"] =
            json!({ "weekly": [{ "days": ["mon"], "from": "22:00", "to": "06:00" }] });
        night
    });
    assert_eq!(night[0].remedy, "Write 30:00, if 06:00 on the next day is meant");
}
