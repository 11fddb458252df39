//! What people do: about an offer, while they talk, and after it. All of it follows from the seed and from whom it is about.

use super::{eyes::SECRET, network::some_number, plan::dice, random::Random};
use jackfield_wire::{Channel, Millis};
use serde_json::{Value, json};

/// Who does it: the agent it is planned for, the conversation's customer, one of the supervisors, or any agent who has room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Who {
    Agent,
    Customer,
    Supervisor(u64),
    Colleague(u64),
}

/// Stands in a command for an agent who is free when it is given; which one is said by the number after it.
pub(crate) const FREE: &str = "free-";
/// For a customer whose page is open; which one is said by the number after it.
pub(crate) const PRESENT: &str = "present-";
/// For one of the other participants.
pub(crate) const OTHER: &str = "other-";
/// For how it went, in a code of the queue that was served.
pub(crate) const HOW: &str = "how-it-went";

/// No command: a customer opens its page again.
pub(crate) const ENTERS: &str = "enters";

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

/// A supervisor puts who waits before others, or behind them; and may take that back.
pub(crate) fn prioritized(seed: u64, talk: u64) -> Vec<(Millis, u64, Value)> {
    let mut random = dice(seed, "prioritized", talk);
    if !random.chance(15) {
        return Vec::new();
    }
    let (after, sue) = (random.between(500, 60_000), random.next());
    let mut order = json!({ "type": "prioritize" });
    if random.chance(60) {
        order["priority"] = random.between(0, 8).into();
    }
    if random.chance(60) || order.get("priority").is_none() {
        order["headStartMs"] = (random.between(0, 10) * 30_000).into();
    }
    let back = json!({ "type": "prioritize", "priority": 0, "headStartMs": 0 });
    let mut acts = vec![(after, sue, order)];
    acts.extend(random.chance(30).then(|| (after + random.between(1_000, 60_000), sue, back)));
    acts
}

/// What a customer does instead of waiting on the line: asks to be called back, at a time or when it is its turn; some close the page meanwhile, some wait on the line
/// again. The times are those of the commands, and that of the call.
pub(crate) fn callback(seed: u64, talk: u64, now: Millis) -> Vec<(Millis, Value)> {
    let mut random = dice(seed, "callback", talk);
    if !random.chance(30) {
        return Vec::new();
    }
    let after = random.between(500, 40_000);
    let mut ask = json!({ "type": "requestCallback" });
    if random.chance(40) {
        ask["at"] = (now + after + random.between(1_000, 120_000)).into();
    }
    let mut acts = vec![(after, ask), (after + 2_400_000, json!({ "type": "endConversation" }))];
    let later = after + random.between(1_000, 60_000);
    match random.between(0, 10) {
        0..4 => {
            let again = later + random.between(1_000, 300_000);
            acts.extend([(later, json!({ "type": "signOut" })), (again, json!({ "type": ENTERS }))]);
        }
        4 => acts.push((later, json!({ "type": "startVoice" }))),
        5 => acts.push((later, json!({ "type": "requestCallback" }))),
        6 => acts.push((later, json!({ "type": "endConversation" }))),
        _ => {}
    }
    acts
}

/// What a customer does who is called back: it answers, or does not, or is gone.
pub(crate) fn called_back(seed: u64, talk: u64, round: u64) -> Option<(Millis, Value)> {
    let mut random = dice(seed, "called", talk * 16 + round);
    let after = random.between(500, 7_000);
    match random.between(0, 10) {
        0..6 => Some((after, json!({ "type": "answerRequest", "accept": true }))),
        6 => Some((after, json!({ "type": "answerRequest", "accept": false }))),
        7 => Some((after, json!({ "type": "signOut" }))),
        _ => None,
    }
}

/// What an agent does who is to call a customer: it looks and calls, or does not, or looks for too long; some don't wait for the answer.
pub(crate) fn outbound(seed: u64, talk: u64, round: u64) -> Vec<Act> {
    let mut random = dice(seed, "outbound", talk * 16 + round);
    let looks = random.between(500, 12_000);
    let then = match random.between(0, 10) {
        0..6 => Some("dial"),
        6 => Some("skip"),
        7 => Some("endConversation"),
        _ => None,
    };
    let given_up = (looks + random.between(300, 4_000), "cancelConsult");
    let all = then.map(|what| (looks, what)).into_iter().chain(random.chance(15).then_some(given_up));
    all.chain([(600_000, "endConversation")])
        .map(|(at, what)| (at, Who::Agent, json!({ "type": what })))
        .collect()
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
        6 if channel == Channel::Voice => (length, Who::Agent, json!({ "type": "hangUp" })),
        _ => (length, Who::Agent, json!({ "type": "endConversation" })),
    };
    // Where the end was refused, as in another's wrap-up, the customer goes in the end.
    acts.extend([end, (length + 120_000, Who::Customer, json!({ "type": "signOut" }))]);
    // Some telephones never hang up.
    acts.push((length + 150_000, Who::Agent, json!({ "type": "endConversation" })));
    acts
}

fn meanwhile(random: &mut Random, at: Millis, channel: Channel) -> Vec<Act> {
    match random.between(0, 32) {
        0..3 => chat(at),
        3..5 => vec![(at, Who::Agent, json!({ "type": "setMuted", "muted": random.chance(50) }))],
        5..7 => write(random, at),
        7..10 if channel == Channel::Voice => {
            let resume = (at + random.between(1_000, 30_000), Who::Agent, json!({ "type": "resume" }));
            vec![(at, Who::Agent, json!({ "type": "hold" })), resume]
        }
        7..10 => vec![
            (at, if random.chance(50) { Who::Customer } else { Who::Agent }, json!({ "type": "startVoice" })),
            // It is refused where the agent was asked.
            (at + 3_000, Who::Customer, json!({ "type": "answerRequest", "accept": random.chance(70) })),
            (at + random.between(20_000, 60_000), Who::Customer, json!({ "type": "hangUp" })),
        ],
        10..12 => {
            let target = json!({ "type": "queue", "queueId": format!("q{}", random.between(0, 2)) });
            vec![(at, Who::Agent, json!({ "type": "transfer", "target": target }))]
        }
        12..15 => ask(random, at, "transfer"),
        15..18 => park(random, at),
        18..23 => consult(random, at),
        23..26 => invite(random, at),
        26..30 => supervise(random, at),
        30 => vec![(at, Who::Agent, json!({ "type": "removeParticipant", "participantId": other(random) }))],
        _ => vec![(at, supervisor(random), json!({ "type": "endConversation" }))],
    }
}

fn supervisor(random: &mut Random) -> Who {
    Who::Supervisor(random.next())
}

fn other(random: &mut Random) -> String {
    format!("{OTHER}{}", random.between(0, 8))
}

/// A colleague who is free, a queue of colleagues, or a telephone number is asked.
fn ask(random: &mut Random, at: Millis, how: &str) -> Vec<Act> {
    let target = match random.between(0, 100) {
        0..60 => json!({ "type": "agent", "userId": format!("{FREE}{}", random.between(0, 16)) }),
        60..72 => json!({ "type": "queue", "queueId": format!("q{}", random.between(0, 2)) }),
        _ => json!({ "type": "number", "number": some_number(random) }),
    };
    // Two numbers that are left to each other would never hang up.
    let both_outside = how == "transfer" && target["type"] == "number";
    let end = (at + 400_000, Who::Supervisor(0), json!({ "type": "endConversation" }));
    let taken_back = (at + random.between(100, 1_500), Who::Agent, json!({ "type": "cancelConsult" }));
    let asked = (at, Who::Agent, json!({ "type": how, "target": target }));
    let taken_back = random.chance(10).then_some(taken_back);
    std::iter::once(asked).chain(taken_back).chain(both_outside.then_some(end)).collect()
}

fn chat(at: Millis) -> Vec<Act> {
    vec![
        (at, Who::Customer, json!({ "type": "sendMessage", "text": "Hello?" })),
        (at + 500, Who::Agent, json!({ "type": "markMessages", "delivered": 1, "read": 1 })),
        (at + 900, Who::Agent, json!({ "type": "sendMessage", "text": "How can I help?" })),
    ]
}

/// What only colleagues may read.
fn write(random: &mut Random, at: Millis) -> Vec<Act> {
    let link = json!({ "name": SECRET, "url": format!("https://crm.example/{SECRET}") });
    let what = match random.between(0, 5) {
        0 => json!({ "type": "sendMessage", "text": SECRET, "visibility": "internal" }),
        1 => json!({ "type": "addNote", "text": SECRET }),
        2 => json!({ "type": "setAttributes", "set": { "judged": SECRET, "language": "fr" } }),
        3 => json!({ "type": "setTags", "add": [SECRET] }),
        _ => json!({ "type": "setLinks", "links": [link] }),
    };
    vec![(at, Who::Agent, what)]
}

fn park(random: &mut Random, at: Millis) -> Vec<Act> {
    let later = at + random.between(1_000, 20_000);
    let then = match random.between(0, 4) {
        0 => (later, Who::Customer, json!({ "type": "sendMessage", "text": "Are you still there?" })),
        1 => (later, Who::Colleague(random.next()), json!({ "type": "pickUp" })),
        // Nobody comes back to it: the queue's time for it is over.
        2 => (at + 60_000, Who::Agent, json!({ "type": "pickUp" })),
        _ => (later, Who::Agent, json!({ "type": "pickUp" })),
    };
    vec![(at, Who::Agent, json!({ "type": "park" })), then]
}

fn consult(random: &mut Random, at: Millis) -> Vec<Act> {
    let mut acts = ask(random, at, "consult");
    let later = at + random.between(12_000, 25_000);
    let swaps = [
        (later, Who::Agent, json!({ "type": "swap" })),
        (later + 2_000, Who::Agent, json!({ "type": "swap" })),
    ];
    acts.extend(swaps.into_iter().take(random.between(0, 3) as usize));
    let end = *random
        .pick(&["completeConsult", "completeConsult", "cancelConsult", "conference", "conference"])
        .unwrap();
    acts.push((later + 6_000, Who::Agent, json!({ "type": end })));
    acts
}

fn invite(random: &mut Random, at: Millis) -> Vec<Act> {
    let mut acts = ask(random, at, "invite");
    if random.chance(40) {
        let remove = json!({ "type": "removeParticipant", "participantId": other(random) });
        acts.push((at + random.between(12_000, 40_000), Who::Agent, remove));
    }
    acts
}

/// A supervisor listens, whispers, barges in, and stops; takes over; or sees to its agent.
fn supervise(random: &mut Random, at: Millis) -> Vec<Act> {
    let who = supervisor(random);
    let monitor = |mode: &str| json!({ "type": "monitor", "mode": mode });
    match random.between(0, 8) {
        5 => {
            let target = json!({ "type": "agent", "userId": format!("{FREE}{}", random.between(0, 16)) });
            vec![(at, who, json!({ "type": "reassign", "target": target }))]
        }
        6 => {
            let target = json!({ "type": "queue", "queueId": format!("q{}", random.between(0, 2)) });
            vec![(at, who, json!({ "type": "reassign", "target": target }))]
        }
        7 if random.chance(25) => {
            vec![(
                at,
                who,
                json!({ "type": "signOutAgent", "userId": format!("{FREE}{}", random.between(0, 16)) }),
            )]
        }
        0 => vec![(at, who, monitor("listen")), (at + 4_000, who, json!({ "type": "takeOver" }))],
        1 => vec![(at, who, json!({ "type": "takeOver" }))],
        2 => {
            let (is, whom) = (random.pick(&["away", "available", "busy"]).unwrap(), FREE);
            let whom = format!("{whom}{}", random.between(0, 16));
            vec![(at, who, json!({ "type": "setAgentPresence", "userId": whom, "availability": is }))]
        }
        _ => vec![
            (at, who, monitor("listen")),
            (at + 2_000, who, monitor("whisper")),
            (at + 2_500, who, json!({ "type": "sendMessage", "text": SECRET, "visibility": "internal" })),
            (at + 5_000, who, monitor("barge")),
            (at + 9_000, who, monitor("listen")),
            (at + random.between(10_000, 15_000), who, json!({ "type": "stopMonitoring" })),
        ],
    }
}

/// What a colleague does who was asked in: it goes by itself, or stays until it is over.
pub(crate) fn guest(seed: u64, talk: u64, round: u64) -> Vec<Act> {
    let mut random = dice(seed, "guest", talk * 16 + round);
    let after = random.between(3_000, 60_000);
    match random.between(0, 3) {
        0 => Vec::new(),
        1 => vec![(after, Who::Agent, json!({ "type": "hangUp" }))],
        _ => vec![(after, Who::Agent, json!({ "type": "endConversation" }))],
    }
}

/// What an agent does about the work after a conversation.
pub(crate) fn wrap_up(seed: u64, talk: u64) -> Vec<Act> {
    let mut random = dice(seed, "wrap-up", talk);
    let after = random.between(500, 9_000);
    let finish = json!({ "type": "finishWrapUp", "note": SECRET, "disposition": HOW });
    match random.between(0, 10) {
        0..2 => Vec::new(),
        2..4 => {
            vec![(after, Who::Agent, json!({ "type": "extendWrapUp" })), (after + 8_000, Who::Agent, finish)]
        }
        _ => vec![(after, Who::Agent, finish)],
    }
}
