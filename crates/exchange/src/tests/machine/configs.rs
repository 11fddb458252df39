//! The configurations under which the machine runs.

use super::super::centre;

/// Rules, hours and overflow that let conversations go round all queues, with conditions that fail now and then.
pub(super) fn ruled() -> serde_json::Value {
    let mut config = centre::config();
    config["rules"] = serde_json::json!([
        { "id": "calls", "when": "conversation.channel == 'voice'", "priority": 2, "preferred": { "french": 9 }, "continue": true },
        { "id": "own", "when": "customer.userId == 'carla'", "agent_from": "conversation.attributes.owner", "agent": "otto", "continue": true },
        { "id": "asked", "when": "has(conversation.queue) && conversation.queue == 'vip'", "targets": [
            { "queue": "vip", "timeout_ms": 15_000, "skip_if": "queue.agentsOnline == 0 || queue.estimatedWaitMs > 9000" },
            { "queue": "help", "timeout_ms": 5_000, "skills": { "french": 3 } },
            { "queue": "late" },
        ] },
        { "id": "chats", "when": "conversation.channel == 'chat'", "targets": [
            { "queue": "late", "timeout_ms": 3_000 },
            { "queue": "help", "agents_if": "agent.skills.french < 9", "skip_if": "queue.waiting > 1" },
        ] },
    ]);
    let minutes = ["16", "18", "20", "22"].map(|minute| {
        let (from, to) = (format!("00:{minute}"), format!("00:{:02}", minute.parse::<u8>().unwrap() + 1));
        serde_json::json!({ "days": ["thu"], "from": from, "to": to })
    });
    config["queues"].as_array_mut().unwrap().push(serde_json::json!({
        "queue_id": "late", "name": "Late", "max_waiting": 2, "overflow": { "queue": "vip", "after_ms": 20_000 },
        "hours": { "weekly": minutes, "at_close": "next_target" },
    }));
    config["on_failed_transfer"] = "queue".into();
    config["queues"][1]["on_failed_transfer"] = "owner".into();
    config["queues"][0]["overflow"] = serde_json::json!({ "queue": "vip", "after_ms": 7_000 });
    config["queues"][0]["max_waiting"] = serde_json::json!(3);
    config
}

/// The same queues and users, with other rules, overflows and rings: what waits is placed anew.
pub(super) fn changed(n: u8) -> serde_json::Value {
    let mut config = ruled();
    match n {
        0 => {}
        1 => config["rules"] = serde_json::json!([]),
        2 => {
            config["rules"][2]["targets"][1]["priority"] = 4.into();
            config["rules"][3]["targets"][1]["agents_if"] = "agent.skills.french >= 7".into();
            config["queues"][0]["rings"] = serde_json::json!([
                { "after_ms": 2_000, "skills": { "french": 5 } }, { "after_ms": 8_000, "agents": ["otto", "mina"] },
            ]);
        }
        _ => {
            config["rules"].as_array_mut().unwrap().reverse();
            config["rules"][0]["targets"] =
                serde_json::json!([{ "queue": "vip", "timeout_ms": 4_000 }, { "queue": "help" }]);
            config["queues"][0]["overflow"] = serde_json::json!({ "queue": "late", "after_ms": 3_000 });
            config["queues"][2]["overflow"] = serde_json::Value::Null;
            config["queues"][1]["rings"] = serde_json::json!([{ "after_ms": 5_000, "skills": {} }]);
        }
    }
    config
}

/// Conversations that are offered to several agents at once; who does not answer is set aside for a while, or not at all.
pub(super) fn several() -> serde_json::Value {
    let mut config = centre::config();
    (config["queues"][0]["offer_to"], config["queues"][1]["offer_to"]) = (2.into(), 10.into());
    config["queues"][0]["offer_timeout_ms"] = 4_000.into();
    (config["queues"][0]["on_no_answer"], config["queues"][1]["on_no_answer"]) =
        ("pause".into(), "keep".into());
    config["no_answer_pause_ms"] = 8_000.into();
    config["interrupted_by"] = serde_json::json!({ "voice": ["chat"], "chat": [] });
    config["users"][0]["interrupted_by"] = serde_json::json!({});
    config
}

/// A tenant with a way into the telephone network.
pub(super) fn trunked() -> serde_json::Value {
    let mut config = centre::config();
    config["trunk"] = serde_json::json!({ "numbers": ["+49*"], "dial_timeout_ms": 9_000 });
    config
}
