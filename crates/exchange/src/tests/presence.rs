//! Presence: what an agent wishes, and what follows from its work.

use super::{Centre, conversation, user};
use jackfield_wire::{Activity, Availability, Channel, Code, Command, Role, ServerEvent};

type Act = fn(&mut Centre);

fn chats(centre: &mut Centre, n: usize) {
    for customer in &["a1", "b1", "c1"][..n] {
        centre.caller(customer, "help", Channel::Chat);
        centre.accept("mina1");
    }
}

fn call(centre: &mut Centre) {
    centre.caller("v1", "help", Channel::Voice);
    centre.accept("mina1");
}

fn end(centre: &mut Centre) {
    centre.done("mina1", Command::EndConversation { conversation_id: conversation(1) });
}

fn wish(centre: &mut Centre, availability: Availability) {
    centre.done("mina1", Command::SetPresence { availability });
}

#[test]
fn what_follows_from_wish_and_work() {
    use Activity as Does;
    use Availability as Is;
    let table: &[(&str, Act, Is, Does)] = &[
        ("signed in and available", |_| (), Is::Available, Does::Available),
        ("by wish busy", |c| wish(c, Is::Busy), Is::Busy, Does::Busy),
        ("by wish away", |c| wish(c, Is::Away), Is::Away, Does::Away),
        ("by wish offline", |c| wish(c, Is::Offline), Is::Offline, Does::Offline),
        (
            "rings",
            |c| {
                c.caller("v1", "help", Channel::Voice);
            },
            Is::Available,
            Does::Available,
        ),
        ("one chat of three", |c| chats(c, 1), Is::Available, Does::Available),
        ("three chats of three", |c| chats(c, 3), Is::Busy, Does::InAConversation),
        ("in a call", call, Is::Busy, Does::InACall),
        (
            "away by wish in a call",
            |c| {
                call(c);
                wish(c, Is::Away);
            },
            Is::Busy,
            Does::InACall,
        ),
        (
            "after a call",
            |c| {
                call(c);
                end(c);
            },
            Is::Busy,
            Does::WrapUp,
        ),
        (
            "after a chat",
            |c| {
                chats(c, 1);
                end(c);
            },
            Is::Available,
            Does::WrapUp,
        ),
        (
            "after one of three chats",
            |c| {
                chats(c, 3);
                end(c);
            },
            Is::Busy,
            Does::WrapUp,
        ),
        (
            "after wrap-up, away by wish",
            |c| {
                call(c);
                wish(c, Is::Away);
                end(c);
                c.pass(30_000);
            },
            Is::Away,
            Does::Away,
        ),
        ("silent", |c| c.away("mina1"), Is::Away, Does::Away),
        (
            "back",
            |c| {
                c.away("mina1");
                c.back("mina1");
            },
            Is::Available,
            Does::Available,
        ),
        (
            "lost",
            |c| {
                c.away("mina1");
                c.pass(60_000);
            },
            Is::Offline,
            Does::Offline,
        ),
    ];
    for (what, act, availability, activity) in table {
        let mut centre = Centre::new();
        centre.agent("mina1");
        act(&mut centre);
        let presence = centre.exchange.presence_view(&user("mina"));
        assert_eq!((presence.availability, presence.activity), (*availability, *activity), "{what}");
    }
}

#[test]
fn a_new_agent_is_away_until_it_says_otherwise() {
    let mut centre = Centre::new();
    assert_eq!(centre.exchange.presence_view(&user("mina")).availability, Availability::Offline);
    centre.sign_in("mina1", Role::Agent);
    assert_eq!(centre.snapshot("mina1").presence.availability, Availability::Away);
}

#[test]
fn those_who_watch_are_told_and_customers_can_not_watch() {
    let mut centre = Centre::new();
    centre.sign_in("sue1", Role::Supervisor);
    centre.customer("carla1");
    centre.agent("mina1");
    let changed = |e: &ServerEvent| matches!(e, ServerEvent::PresenceChanged { presence } if presence.user_id == user("mina"));
    assert_eq!(centre.told("sue1").iter().filter(|e| changed(e)).count(), 2, "away, then available");
    assert_eq!(centre.told("carla1"), []);
    let watch = |id| Command::WatchPresence { user_ids: vec![user(id)] };
    centre.refused("carla1", watch("mina"), Code::NotAllowed);
    centre.refused("mina1", watch("carla"), Code::NotFound);
    assert!(centre.ask("mina1", watch("otto")).is_ok());
    centre.refused("carla1", Command::SetPresence { availability: Availability::Away }, Code::NotAllowed);
}
