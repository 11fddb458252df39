//! The configuration: what is read, and what is refused.

use super::*;
use serde_json::{Value, json};

fn config() -> Value {
    json!({
        "tenant_id": "t", "name": "T",
        "queues": [{ "queue_id": "help", "name": "Help" }],
        "users": [{ "user_id": "mina", "name": "Mina" }],
    })
}

#[test]
fn each_problem_names_its_field_and_a_remedy() {
    let table = [
        ("/name", json!(" "), "name"),
        ("/offer_timeout_ms", json!(999), "offer_timeout_ms"),
        ("/grace_ms", json!(0), "grace_ms"),
        ("/no_answer_pause_ms", json!(999), "no_answer_pause_ms"),
        ("/queues/0/channels", json!([]), "queues[0].channels"),
        ("/queues/0/channels", json!(["chat", "chat"]), "queues[0].channels"),
        ("/queues/0/skills", json!({ "french": 11 }), "queues[0].skills.french"),
        ("/queues/0/skills", json!({ "french": 0 }), "queues[0].skills.french"),
        ("/queues/0/wrap_up_ms", json!(3_600_001), "queues[0].wrap_up_ms"),
        ("/queues/0/park_ms", json!(999), "queues[0].park_ms"),
        ("/queues/0/offer_to", json!(0), "queues[0].offer_to"),
        ("/queues/0/offer_to", json!(11), "queues[0].offer_to"),
        ("/queues/0/offer_timeout_ms", json!(999), "queues[0].offer_timeout_ms"),
        ("/queues/1", json!({ "queue_id": "help", "name": "Again" }), "queues[1].queue_id"),
        ("/users/0/roles", json!(["customer"]), "users[0].roles"),
        ("/users/0/roles", json!([]), "users[0].roles"),
        ("/users/0/queues", json!(["nowhere"]), "users[0].queues[0]"),
        ("/users/0/supervises", json!(["help"]), "users[0].supervises"),
        (
            "/users/1",
            json!({ "user_id": "bea", "name": "Bea", "roles": ["supervisor"], "supervises": ["help", "nowhere"] }),
            "users[1].supervises[1]",
        ),
        ("/users/0/capacity", json!({ "voice": 2 }), "users[0].capacity.voice"),
        ("/users/0/queue_priorities", json!({ "nowhere": 1 }), "users[0].queue_priorities.nowhere"),
        ("/users/0/queue_priorities", json!({ "help": 11 }), "users[0].queue_priorities.help"),
        ("/users/0/skills", json!({ "": 3 }), "users[0].skills"),
        ("/interrupted_by", json!({ "voice": ["voice"] }), "interrupted_by.voice"),
        ("/interrupted_by", json!({ "chat": ["voice", "voice"] }), "interrupted_by.chat"),
        ("/users/0/interrupted_by", json!({ "chat": ["chat"] }), "users[0].interrupted_by.chat"),
        ("/statistics", json!({ "service_level_ms": 0 }), "statistics.service_level_ms"),
        ("/statistics", json!({ "short_abandon_ms": 600_001 }), "statistics.short_abandon_ms"),
        ("/queues/0/service_level_ms", json!(0), "queues[0].service_level_ms"),
        ("/users/1", json!({ "user_id": "mina", "name": "Again" }), "users[1].user_id"),
    ];
    for (pointer, value, field) in table {
        let mut wrong = config();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        match wrong.pointer_mut(parent).unwrap() {
            Value::Array(items) => items.push(value),
            object => object[key] = value,
        }
        let config: TenantConfig = serde_json::from_value(wrong).unwrap();
        let problems = config.check().unwrap_err();
        assert!(problems.iter().all(|p| p.field == field && !p.remedy.is_empty()), "{pointer}: {problems:?}");
    }
}

#[test]
fn all_problems_are_told_at_once() {
    let mut wrong = config();
    wrong["grace_ms"] = json!(1);
    wrong["queues"][0]["name"] = json!("");
    wrong["users"][0]["capacity"] = json!({ "voice": 9, "chat": 101 });
    let config: TenantConfig = serde_json::from_value(wrong).unwrap();
    assert_eq!(config.check().unwrap_err().len(), 4);
}

#[test]
fn a_field_nobody_knows_is_refused_by_its_name() {
    let mut wrong = config();
    wrong["users"][0]["skils"] = json!({});
    let refused = serde_json::from_value::<TenantConfig>(wrong).unwrap_err().to_string();
    assert!(refused.contains("skils"), "{refused}");
}

#[test]
fn skills_must_reach_the_least_level() {
    for (level, serves) in [(4, false), (5, true), (6, true)] {
        let mut skilled = config();
        skilled["queues"][0]["skills"] = json!({ "french": 5 });
        skilled["users"][0]["skills"] = json!({ "french": level });
        let config: TenantConfig = serde_json::from_value(skilled).unwrap();
        assert_eq!(config.users[0].serves(&config.queues[0]), serves, "{level}");
    }
}
