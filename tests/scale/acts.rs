//! What people do: about an offer, while they talk, and after it. All of it follows from the seed and from whom it is about.

use super::plan::dice;
use jackfield_wire::{Channel, Millis};
use serde_json::{Value, json};

/// Who does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Who {
    Agent,
    Customer,
    Supervisor,
}

/// Something that is done in a conversation: after how long, by whom, and what. It names no conversation yet.
pub(crate) type Act = (Millis, Who, Value);

/// What an agent does about an offer, if anything.
pub(crate) fn answer(seed: u64, offer: u64) -> Option<(Millis, Value)> {
    let mut random = dice(seed, "answer", offer);
    let after = random.between(500, 12_000);
    match random.between(0, 100) {
        0..10 => None,
        10..18 => Some((after, json!({ "type": "rejectOffer", "reason": "not mine" }))),
        _ => Some((after, json!({ "type": "acceptOffer" }))),
    }
}

/// How long a customer waits before it gives up, and whether it is lost then or hangs up.
pub(crate) fn patience(seed: u64, talk: u64) -> Millis {
    let mut random = dice(seed, "patience", talk);
    if random.chance(15) { random.between(1_000, 60_000) } else { random.between(120_000, 900_000) }
}

/// What is done while a customer is with an agent. The last is the end of it.
pub(crate) fn talk(seed: u64, talk: u64, round: u64, channel: Channel) -> Vec<Act> {
    let mut random = dice(seed, "talk", talk * 16 + round);
    let length = random.between(5_000, 240_000);
    let mut acts = Vec::new();
    for _ in 0..random.between(0, 4) {
        let at = random.between(500, length);
        acts.extend(meanwhile(&mut random, at, channel));
    }
    let end = match random.between(0, 10) {
        0..4 => (length, Who::Customer, json!({ "type": "endConversation" })),
        4..6 if channel == Channel::Voice => (length, Who::Customer, json!({ "type": "hangUp" })),
        _ => (length, Who::Agent, json!({ "type": "endConversation" })),
    };
    // Where the end was refused, as in another's wrap-up, the customer goes in the end.
    acts.extend([end, (length + 120_000, Who::Customer, json!({ "type": "signOut" }))]);
    acts
}

fn meanwhile(random: &mut super::random::Random, at: Millis, channel: Channel) -> Vec<Act> {
    let agent = |command: Value| (at, Who::Agent, command);
    match random.between(0, 17) {
        12 | 13 => {
            let target = json!({ "type": "queue", "queueId": format!("q{}", random.between(0, 2)) });
            vec![agent(json!({ "type": "transfer", "target": target }))]
        }
        14 | 15 => {
            let target = json!({ "type": "agent", "userId": format!("agent-{}", random.between(0, 4)) });
            vec![agent(json!({ "type": "transfer", "target": target }))]
        }
        16 => vec![
            agent(json!({ "type": "park" })),
            (at + random.between(1_000, 20_000), Who::Agent, json!({ "type": "pickUp" })),
        ],
        0..2 if channel == Channel::Voice => {
            let resume = (at + random.between(1_000, 30_000), Who::Agent, json!({ "type": "resume" }));
            vec![agent(json!({ "type": "hold" })), resume]
        }
        0..2 => vec![(at, Who::Customer, json!({ "type": "startVoice" }))],
        2..4 => vec![agent(json!({ "type": "setMuted", "muted": random.chance(50) }))],
        4..6 => vec![agent(
            json!({ "type": "sendMessage", "text": super::eyes::SECRET, "visibility": "internal" }),
        )],
        6..9 => vec![
            (at, Who::Customer, json!({ "type": "sendMessage", "text": "Hello?" })),
            (at + 500, Who::Agent, json!({ "type": "markMessages", "delivered": 1, "read": 1 })),
        ],
        9 => vec![(at, Who::Supervisor, json!({ "type": "endConversation" }))],
        _ => vec![agent(json!({ "type": "sendMessage", "text": "How can I help?" }))],
    }
}

/// What an agent does about the work after a conversation.
pub(crate) fn wrap_up(seed: u64, talk: u64) -> Vec<Act> {
    let mut random = dice(seed, "wrap-up", talk);
    let after = random.between(500, 9_000);
    let finish = json!({ "type": "finishWrapUp", "note": super::eyes::SECRET });
    match random.between(0, 10) {
        0..2 => Vec::new(),
        2..4 => {
            vec![(after, Who::Agent, json!({ "type": "extendWrapUp" })), (after + 8_000, Who::Agent, finish)]
        }
        _ => vec![(after, Who::Agent, finish)],
    }
}
