//! Presence: what an agent wishes, and what follows from its work.

mod asked;
mod status;

use super::{Centre, conversation, user};
use jackfield_wire::{Activity, Availability, Channel, Code, Command, Role, ServerEvent};

type Act = fn(&mut Centre);

const MINUTE: u64 = 60_000;

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
    centre.done("mina1", Command::presence(availability));
}

#[test]
fn what_follows_from_wish_and_work() {
    use Activity as Does;
    use Availability as Is;
    let table: &[(&str, Act, Is, Does)] = &[
        ("signed in and available", |_| (), Is::Available, Does::Available),
        ("by wish busy", |c| wish(c, Is::Busy), Is::Busy, Does::Busy),
        ("by wish away", |c| wish(c, Is::Away), Is::Away, Does::Away),
        ("by wish offline", |c| wish(c, Is::Offline), Is::Offline, Does::OffWork),
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
    centre.refused("carla1", Command::presence(Availability::Away), Code::NotAllowed);
}

fn session_says(centre: &mut Centre, id: &str, availability: Availability, activity: Activity, minutes: u64) {
    let expires_in_ms = Some(minutes * MINUTE);
    centre.done(id, Command::SetSessionPresence { availability, activity, expires_in_ms });
}

fn shown(centre: &Centre) -> (Availability, Activity) {
    let presence = centre.exchange.presence_view(&user("mina"));
    (presence.availability, presence.activity)
}

fn after_work(availability: Availability, reason: Option<&str>) -> Command {
    let reason = reason.map(str::to_owned);
    Command::SetPresence { availability, activity: None, reason, expires_in_ms: None, after_work: true }
}

fn with_reason(availability: Availability, reason: &str) -> Command {
    let reason = Some(reason.to_owned());
    Command::SetPresence { availability, activity: None, reason, expires_in_ms: None, after_work: false }
}

#[test]
fn a_session_that_says_available_is_rung_until_it_fades() {
    let mut centre = Centre::new();
    centre.sign_in("mina1", Role::Agent);
    session_says(&mut centre, "mina1", Availability::Available, Activity::Available, 60);
    centre.pass(4 * MINUTE);
    session_says(&mut centre, "mina1", Availability::Available, Activity::Available, 60);
    centre.pass(5 * MINUTE - 1);
    assert_eq!(shown(&centre), (Availability::Available, Activity::Available), "said again, it begins anew");
    centre.caller("a1", "help", Channel::Chat);
    centre.accept("mina1");
    centre.pass(1);
    assert_eq!(shown(&centre), (Availability::AvailableIdle, Activity::Inactive));
    centre.caller("b1", "help", Channel::Chat);
    assert_eq!(centre.offer_to("mina1"), None, "who has faded is not rung");
    centre.pass(5 * MINUTE);
    assert_eq!(shown(&centre), (Availability::Away, Activity::Away));
    session_says(&mut centre, "mina1", Availability::Available, Activity::Available, 5);
    assert!(centre.offer_to("mina1").is_some());
}

#[test]
fn who_does_not_answer_is_put_away_whichever_way_it_was_available() {
    let mut centre = Centre::new();
    centre.sign_in("mina1", Role::Agent);
    session_says(&mut centre, "mina1", Availability::Available, Activity::Available, 60);
    centre.caller("a1", "help", Channel::Chat);
    centre.pass(20_000);
    assert_eq!(shown(&centre), (Availability::Away, Activity::Away));
    assert_eq!(centre.offer_to("mina1"), None);
    centre.done("mina1", Command::ClearPresence);
    assert_eq!(shown(&centre), (Availability::Available, Activity::Available), "its session still says so");
}

#[test]
fn what_a_session_says_ends_with_its_time_and_with_the_session() {
    let mut centre = Centre::new();
    centre.sign_in("mina1", Role::Agent);
    centre.sign_in("mina2", Role::Agent);
    session_says(&mut centre, "mina1", Availability::Busy, Activity::InAConferenceCall, 240);
    session_says(&mut centre, "mina2", Availability::DoNotDisturb, Activity::Presenting, 5);
    assert_eq!(shown(&centre), (Availability::DoNotDisturb, Activity::Presenting));
    centre.pass(5 * MINUTE);
    assert_eq!(shown(&centre), (Availability::Busy, Activity::InAConferenceCall), "as if never said");
    centre.away("mina1");
    assert_eq!(shown(&centre), (Availability::Away, Activity::Away), "a silent session says nothing");
    centre.back("mina1");
    assert_eq!(shown(&centre), (Availability::Busy, Activity::InAConferenceCall));
    centre.pass(235 * MINUTE - 1);
    assert_eq!(shown(&centre).0, Availability::Busy, "busy does not fade");
    centre.pass(1);
    assert_eq!(shown(&centre), (Availability::Away, Activity::Away));
    session_says(&mut centre, "mina2", Availability::Busy, Activity::InACall, 60);
    centre.done("mina2", Command::SignOut);
    assert_eq!(shown(&centre), (Availability::Away, Activity::Away));
    assert_eq!(centre.exchange.deadline(), None, "nothing is due for a session that is gone");
}

#[test]
fn the_preferred_presence_lies_above_the_sessions_until_its_time_is_over() {
    let table = [
        (Availability::Available, 7 * 24 * 60),
        (Availability::Busy, 24 * 60),
        (Availability::DoNotDisturb, 24 * 60),
        (Availability::BeRightBack, 7 * 24 * 60),
        (Availability::Away, 7 * 24 * 60),
        (Availability::Offline, 7 * 24 * 60),
    ];
    for (availability, minutes) in table {
        let mut centre = Centre::new();
        centre.sign_in("mina1", Role::Agent);
        wish(&mut centre, availability);
        assert_eq!(shown(&centre).0, availability);
        centre.pass(minutes * MINUTE - MINUTE);
        session_says(&mut centre, "mina1", Availability::Busy, Activity::InACall, 60);
        assert_eq!(shown(&centre).0, availability, "the user's own lies above");
        centre.pass(MINUTE);
        assert_eq!(shown(&centre), (Availability::Busy, Activity::InACall), "{availability:?} is over");
    }
}

#[test]
fn being_available_ends_with_the_last_session_and_the_others_wait_for_the_next() {
    for (availability, after) in [
        (Availability::Available, Availability::Away),
        (Availability::DoNotDisturb, Availability::DoNotDisturb),
    ] {
        let mut centre = Centre::new();
        centre.sign_in("mina1", Role::Agent);
        wish(&mut centre, availability);
        centre.done("mina1", Command::SignOut);
        let gone = centre.exchange.presence_view(&user("mina"));
        assert_eq!((gone.availability, gone.preferred), (Availability::Offline, None));
        centre.sign_in("mina2", Role::Agent);
        assert_eq!(shown(&centre).0, after);
    }
}

#[test]
fn a_break_after_the_work_in_hand() {
    let mut centre = Centre::new();
    centre.agent("mina1");
    chats(&mut centre, 2);
    centre.caller("c1", "help", Channel::Chat);
    assert!(centre.offer_to("mina1").is_some());
    centre.done("mina1", after_work(Availability::Away, Some("lunch")));
    assert_eq!(centre.offer_to("mina1"), None, "what rings stops, and nothing new comes");
    let presence = centre.snapshot("mina1").presence;
    assert_eq!(presence.availability, Availability::Available, "it still serves what it has");
    assert_eq!(presence.next.unwrap().reason.as_deref(), Some("lunch"));
    centre.done("mina1", Command::EndConversation { conversation_id: conversation(1) });
    centre.pass(30_000);
    assert_eq!(shown(&centre).0, Availability::Available, "one chat is left");
    centre.done("mina1", Command::EndConversation { conversation_id: conversation(2) });
    assert_eq!(shown(&centre).1, Activity::WrapUp);
    centre.pass(29_999);
    assert_eq!(centre.snapshot("mina1").presence.preferred.unwrap().availability, Availability::Available);
    centre.pass(1);
    let presence = centre.snapshot("mina1").presence;
    assert_eq!((presence.availability, presence.reason.as_deref()), (Availability::Away, Some("lunch")));
    assert_eq!((presence.next, centre.offer_to("mina1")), (None, None));
    assert_eq!(presence.preferred.unwrap().until, Some(centre.now + 60 * MINUTE), "its time begins now");
}

#[test]
fn a_break_after_work_comes_at_once_where_there_is_none() {
    let mut centre = Centre::new();
    centre.agent("mina1");
    centre.caller("a1", "help", Channel::Chat);
    centre.done("mina1", after_work(Availability::BeRightBack, None));
    assert_eq!(shown(&centre), (Availability::BeRightBack, Activity::BeRightBack));
    assert_eq!((centre.offer_to("mina1"), centre.snapshot("mina1").presence.next), (None, None));
}

#[test]
fn a_queued_presence_is_replaced_and_dropped() {
    type Drops = fn(&mut Centre);
    let drops: &[(&str, Drops)] = &[
        ("a new preferred presence", |c| wish(c, Availability::Available)),
        ("clearing", |c| c.done("mina1", Command::ClearPresence)),
        ("signing out", |c| {
            c.done("mina1", Command::SignOut);
            c.sign_in("mina1", Role::Agent);
        }),
    ];
    for (what, drop) in drops {
        let mut centre = Centre::new();
        centre.agent("mina1");
        chats(&mut centre, 1);
        centre.done("mina1", after_work(Availability::Away, None));
        centre.done("mina1", after_work(Availability::Busy, Some("training")));
        let next = centre.snapshot("mina1").presence.next.unwrap();
        assert_eq!((next.availability, next.activity), (Availability::Busy, Activity::InAMeeting));
        drop(&mut centre);
        assert_eq!(centre.snapshot("mina1").presence.next, None, "{what}");
    }
    let mut centre = Centre::new();
    centre.agent("mina1");
    chats(&mut centre, 1);
    centre.done("mina1", after_work(Availability::Available, None));
    centre.caller("b1", "help", Channel::Chat);
    assert!(centre.offer_to("mina1").is_some(), "to be available after it is no break");
}

#[test]
fn a_call_covers_the_reason_and_what_comes_after_it_shows_it_again() {
    let mut centre = Centre::new();
    centre.agent("mina1");
    call(&mut centre);
    centre.done("mina1", with_reason(Availability::Away, "lunch"));
    let presence = centre.snapshot("mina1").presence;
    assert_eq!((presence.reason, presence.preferred.unwrap().reason.as_deref()), (None, Some("lunch")));
    let since = presence.since;
    end(&mut centre);
    centre.pass(30_000);
    let presence = centre.snapshot("mina1").presence;
    assert_eq!(presence.reason.as_deref(), Some("lunch"));
    assert!(presence.since > since);
}

#[test]
fn colleagues_see_what_is_in_hand_and_since_keeps_its_meaning() {
    let mut centre = Centre::new();
    centre.sign_in("sue1", Role::Supervisor);
    centre.agent("mina1");
    let since = centre.now;
    centre.pass(1_000);
    chats(&mut centre, 2);
    let seen = |centre: &Centre| {
        let watched = centre.snapshot("sue1").watched;
        watched.into_iter().find(|p| p.user_id == user("mina")).unwrap()
    };
    let capacity = seen(&centre).capacity.unwrap();
    assert_eq!((capacity.chat.used, capacity.chat.of, capacity.voice.used), (2, 3, 0));
    assert_eq!(seen(&centre).since, since, "it is available since before");
    end(&mut centre);
    assert_eq!((seen(&centre).wrap_ups, seen(&centre).capacity.unwrap().chat.used), (1, 2));
    let mut config = centre.exchange.config().clone();
    config.users[0].capacity.chat = 7;
    centre.exchange.reconfigure(config);
    centre.settle();
    assert_eq!(seen(&centre).capacity.unwrap().chat.of, 7);
}

#[test]
fn who_becomes_available_has_been_idle_since_then() {
    let mut centre = Centre::new();
    centre.sign_in("mina1", Role::Agent);
    session_says(&mut centre, "mina1", Availability::Available, Activity::Available, 60);
    centre.pass(1_000);
    centre.agent("otto1");
    centre.pass(1_000);
    centre.done("mina1", Command::presence(Availability::Available));
    centre.caller("a1", "help", Channel::Chat);
    assert!(centre.offer_to("mina1").is_some(), "it was available by its session all the time");
    centre.done("mina1", Command::presence(Availability::Busy));
    centre.pass(1_000);
    assert!(centre.offer_to("otto1").is_some());
}

#[test]
fn a_snapshot_of_before_is_read_as_it_was_meant() {
    let mut centre = Centre::new();
    centre.agent("mina1");
    let mut kept = serde_json::to_value(centre.exchange.state()).unwrap();
    for (word, preferred) in
        [("busy", Some(Activity::Busy)), ("offline", Some(Activity::OffWork)), ("away", None)]
    {
        let mina = kept["users"]["mina"].as_object_mut().unwrap();
        mina.remove("preferred");
        mina.insert("wish".into(), word.into());
        mina["told"] = serde_json::json!({ "availability": "away", "activity": "away", "since": 7 });
        let state: crate::ExchangeState = serde_json::from_str(&kept.to_string()).unwrap();
        let read = state.users[&user("mina")].preferred.as_ref().map(|p| p.activity);
        assert_eq!(read, preferred, "{word}");
    }
    let old = r#"{"type":"presenceWished","userId":"mina","availability":"doNotDisturb"}"#;
    let old: crate::Event = serde_json::from_str(old).unwrap();
    centre.exchange.apply(&old, centre.now);
    assert_eq!(centre.exchange.chosen_availability(&user("mina")), Availability::DoNotDisturb);
}
