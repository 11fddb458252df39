//! Status messages, and who has a presence at all.

use super::*;

#[test]
fn a_status_message_is_for_colleagues_until_its_time_is_over() {
    let mut centre = Centre::new();
    centre.sign_in("sue1", Role::Supervisor);
    centre.customer("carla1");
    centre.agent("mina1");
    centre.told("sue1");
    let say = |text: Option<&str>, expires_in_ms| Command::SetStatusMessage {
        text: text.map(str::to_owned),
        expires_in_ms,
    };
    centre.done("mina1", say(Some(" back at 2 "), Some(60 * MINUTE)));
    centre.done("mina1", say(Some("back at 2"), Some(60 * MINUTE)));
    let told = centre.told("sue1");
    let [ServerEvent::PresenceChanged { presence }] = &told[..] else { panic!("{told:?}") };
    let status = presence.status_message.as_ref().unwrap();
    assert_eq!((status.text.as_str(), status.until), ("back at 2", Some(centre.now + 60 * MINUTE)));
    assert_eq!(centre.told("carla1"), []);
    let kept = serde_json::to_string(centre.exchange.state()).unwrap()
        + &serde_json::to_string(&centre.journal).unwrap();
    assert!(kept.contains("statusMessageSet") && !kept.contains("back at 2"), "{kept}");
    centre.pass(60 * MINUTE);
    let told = centre.told("sue1");
    assert!(
        matches!(&told[..], [ServerEvent::PresenceChanged { presence }] if presence.status_message.is_none())
    );
    centre.done("mina1", say(Some("in the canteen"), None));
    centre.done("mina1", Command::SignOut);
    let there = centre.exchange.presence_view(&user("mina")).status_message;
    assert_eq!(there.map(|s| s.text).as_deref(), Some("in the canteen"), "it stays");
    centre.sign_in("mina1", Role::Agent);
    centre.done("mina1", say(None, None));
    assert_eq!(centre.snapshot("mina1").presence.status_message, None);
    centre.done("mina1", say(Some(&"가".repeat(280)), None));
    for wrong in
        [say(Some(&"가".repeat(281)), None), say(Some("x"), Some(59_999)), say(Some("x"), Some(u64::MAX))]
    {
        centre.refused("mina1", wrong, Code::InvalidField);
    }
    centre.refused("carla1", say(Some("x"), None), Code::NotAllowed);
}

#[test]
fn only_agents_and_supervisors_have_a_presence_to_set() {
    let mut config = crate::tests::centre::config();
    let users = config["users"].as_array_mut().unwrap();
    users.push(serde_json::json!({ "user_id": "ada", "name": "Ada", "roles": ["admin"] }));
    users.push(serde_json::json!({ "user_id": "hal", "name": "Hal", "roles": ["bot"] }));
    let mut centre = Centre::with(config);
    let (availability, activity) = (Availability::Away, Activity::Away);
    let commands = [
        Command::presence(availability),
        Command::SetSessionPresence { availability, activity, expires_in_ms: None },
        Command::SetStatusMessage { text: Some("x".into()), expires_in_ms: None },
        Command::ClearPresence,
    ];
    for (id, role, may) in [
        ("mina1", Role::Agent, true),
        ("bea1", Role::Supervisor, true),
        ("ada1", Role::Admin, false),
        ("hal1", Role::Bot, false),
        ("carla1", Role::Customer, false),
    ] {
        centre.sign_in(id, role);
        for command in commands.clone() {
            if may {
                centre.done(id, command);
            } else {
                centre.refused(id, command, Code::NotAllowed);
            }
        }
    }
}
