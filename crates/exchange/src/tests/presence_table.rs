//! Presence over every combination of what the sessions say, what is preferred, what is in hand, and whether its time is over.

use super::{Centre, conversation, user};
use jackfield_wire::{Activity as Does, Availability as Is, Channel, Command, Role, SignOutReason};

type Pair = (Is, Does);

const MINUTE: u64 = 60_000;

/// What the sessions say, one after another; the second session is opened where there are two.
const SESSIONS: &[&[Option<Pair>]] = &[
    &[],
    &[None],
    &[Some((Is::Available, Does::Available))],
    &[Some((Is::Busy, Does::InACall))],
    &[Some((Is::Away, Does::Away))],
    &[Some((Is::DoNotDisturb, Does::Presenting))],
    &[None, Some((Is::Available, Does::Available))],
    &[Some((Is::Available, Does::Available)), Some((Is::Busy, Does::InAConferenceCall))],
    &[Some((Is::Busy, Does::InACall)), Some((Is::DoNotDisturb, Does::Presenting))],
    &[Some((Is::Away, Does::Away)), Some((Is::Available, Does::Available))],
];

const PREFERRED: &[Option<Pair>] = &[
    None,
    Some((Is::Available, Does::Available)),
    Some((Is::Busy, Does::Busy)),
    Some((Is::DoNotDisturb, Does::DoNotDisturb)),
    Some((Is::BeRightBack, Does::BeRightBack)),
    Some((Is::Away, Does::Away)),
    Some((Is::Offline, Does::OffWork)),
];

#[derive(Debug, Clone, Copy, PartialEq)]
enum Work {
    None,
    Chat,
    Chats,
    ChatWrapUp,
    FullWrapUp,
    Call,
    CallWrapUp,
}

const WORK: [Work; 7] =
    [Work::None, Work::Chat, Work::Chats, Work::ChatWrapUp, Work::FullWrapUp, Work::Call, Work::CallWrapUp];

/// When it is looked: at once; when available has faded once and twice; when the preferred presence and the sessions' are over.
const LATER: [u64; 4] = [0, 5, 10, 20];

/// A queue whose wrap-up lasts longer than anything here.
fn config() -> serde_json::Value {
    let mut config = super::centre::config();
    config["queues"][0]["wrap_up_ms"] = 3_600_000.into();
    config
}

fn work(centre: &mut Centre, work: Work) {
    let chats: &[&str] = match work {
        Work::Chat | Work::ChatWrapUp => &["a1"],
        Work::Chats | Work::FullWrapUp => &["a1", "b1", "c1"],
        _ => &[],
    };
    for customer in chats {
        centre.caller(customer, "help", Channel::Chat);
        centre.accept("mina1");
    }
    if matches!(work, Work::Call | Work::CallWrapUp) {
        centre.caller("v1", "help", Channel::Voice);
        centre.accept("mina1");
    }
    if matches!(work, Work::ChatWrapUp | Work::FullWrapUp | Work::CallWrapUp) {
        centre.done("mina1", Command::EndConversation { conversation_id: conversation(1) });
    }
}

fn set(centre: &mut Centre, sessions: &[Option<Pair>], preferred: Option<Pair>) {
    match preferred {
        Some((availability, activity)) => {
            let (activity, expires_in_ms) = (Some(activity), Some(15 * MINUTE));
            let (reason, after_work) = (None, false);
            let set = Command::SetPresence { availability, activity, reason, expires_in_ms, after_work };
            centre.done("mina1", set);
        }
        None => centre.done("mina1", Command::ClearPresence),
    }
    for (n, says) in sessions.iter().enumerate() {
        let id = format!("mina{}", n + 1);
        if n > 0 {
            centre.sign_in(&id, Role::Agent);
        }
        if let Some((availability, activity)) = *says {
            let expires_in_ms = Some(20 * MINUTE);
            centre.done(&id, Command::SetSessionPresence { availability, activity, expires_in_ms });
        }
    }
    if sessions.is_empty() {
        centre.close("mina1", SignOutReason::Lost);
    }
}

/// What one session says after a while.
fn says((availability, activity): Pair, minutes: u64) -> Option<Pair> {
    match (availability, minutes) {
        (_, 20) => None,
        (Is::Available, 5) => Some((Is::AvailableIdle, Does::Inactive)),
        (Is::Available, 10) => Some((Is::Away, Does::Away)),
        _ => Some((availability, activity)),
    }
}

/// The table, written down a second time.
fn expected(sessions: &[Option<Pair>], preferred: Option<Pair>, work: Work, minutes: u64) -> Pair {
    if sessions.is_empty() {
        return (Is::Offline, Does::Offline);
    }
    let said: Vec<_> = sessions.iter().flatten().filter_map(|pair| says(*pair, minutes)).collect();
    let order = [Is::DoNotDisturb, Is::Busy, Is::Available, Is::AvailableIdle, Is::Away];
    let strongest = order.iter().find_map(|is| said.iter().find(|pair| pair.0 == *is)).copied();
    let preferred = preferred.filter(|_| minutes < 15);
    let chosen = preferred.or(strongest).unwrap_or((Is::Away, Does::Away));
    match work {
        Work::None | Work::Chat => chosen,
        Work::Chats => (Is::Busy, Does::InAConversation),
        Work::ChatWrapUp => (chosen.0, Does::WrapUp),
        Work::FullWrapUp | Work::CallWrapUp => (Is::Busy, Does::WrapUp),
        Work::Call => (Is::Busy, Does::InACall),
    }
}

#[test]
fn every_combination_is_as_drawn() {
    for sessions in SESSIONS {
        for &preferred in PREFERRED {
            for in_hand in WORK {
                let mut centre = Centre::with(config());
                centre.agent("mina1");
                work(&mut centre, in_hand);
                set(&mut centre, sessions, preferred);
                let from = centre.now;
                for minutes in LATER {
                    centre.pass(from + minutes * MINUTE - centre.now);
                    let presence = centre.exchange.presence_view(&user("mina"));
                    let shown = (presence.availability, presence.activity);
                    let what = format!("{sessions:?} {preferred:?} {in_hand:?} after {minutes} minutes");
                    assert_eq!(shown, expected(sessions, preferred, in_hand, minutes), "{what}");
                    let standing = centre.exchange.standing(&user("mina")).unwrap();
                    assert_eq!(standing.ready[1], shown.0 == Is::Available, "{what}");
                }
            }
        }
    }
}
