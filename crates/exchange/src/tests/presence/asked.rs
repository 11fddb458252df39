//! What may be asked for: what goes together, for how long, for which reason.

use super::*;

#[test]
fn only_what_goes_together_is_taken() {
    let mut centre = Centre::new();
    centre.sign_in("mina1", Role::Agent);
    for &availability in Availability::ALL {
        for &activity in Activity::ALL {
            let said = Command::SetSessionPresence { availability, activity, expires_in_ms: None };
            let prefers = Command::SetPresence {
                availability,
                activity: Some(activity),
                reason: None,
                expires_in_ms: None,
                after_work: false,
            };
            use Activity as Does;
            use Availability as Is;
            let of_session = matches!(
                (availability, activity),
                (Is::Available, Does::Available)
                    | (Is::Busy, Does::InACall | Does::InAConferenceCall)
                    | (Is::Away, Does::Away)
                    | (Is::DoNotDisturb, Does::Presenting)
            );
            let preferred = matches!(
                (availability, activity),
                (Is::Available, Does::Available)
                    | (Is::Busy, Does::Busy)
                    | (Is::DoNotDisturb, Does::DoNotDisturb)
                    | (Is::BeRightBack, Does::BeRightBack)
                    | (Is::Away, Does::Away)
                    | (Is::Offline, Does::OffWork)
            );
            for (command, legal, names) in
                [(said, of_session, "busy/inAConferenceCall"), (prefers, preferred, "offline/offWork")]
            {
                match centre.ask("mina1", command) {
                    Ok(_) => assert!(legal, "{availability:?} {activity:?}"),
                    Err(error) => {
                        assert!(!legal && error.code == Code::InvalidField, "{error}");
                        assert!(error.message.contains(names), "{error}");
                    }
                }
            }
        }
    }
}

#[test]
fn times_have_bounds() {
    let mut centre = Centre::new();
    centre.sign_in("mina1", Role::Agent);
    let (day, away) = (24 * 60 * MINUTE, Availability::Away);
    let prefer = |reason: Option<&str>, ms: u64| Command::SetPresence {
        availability: away,
        activity: None,
        reason: reason.map(str::to_owned),
        expires_in_ms: Some(ms),
        after_work: false,
    };
    let say = |ms: u64| Command::SetSessionPresence {
        availability: away,
        activity: Activity::Away,
        expires_in_ms: Some(ms),
    };
    let table = [
        (prefer(None, 5 * MINUTE - 1), false),
        (prefer(None, 5 * MINUTE), true),
        (prefer(None, 7 * day), true),
        (prefer(None, 7 * day + 1), false),
        (prefer(None, u64::MAX), false),
        (prefer(Some("lunch"), 60 * MINUTE), true),
        (prefer(Some("lunch"), 60 * MINUTE + 1), false),
        (say(5 * MINUTE - 1), false),
        (say(5 * MINUTE), true),
        (say(240 * MINUTE), true),
        (say(240 * MINUTE + 1), false),
    ];
    for (command, legal) in table {
        if legal {
            centre.done("mina1", command);
        } else {
            centre.refused("mina1", command, Code::InvalidField);
        }
    }
}

#[test]
fn reasons_are_the_tenants_and_customers_never_see_them() {
    let mut config = crate::tests::centre::config();
    config["reason_required"] = true.into();
    let mut centre = Centre::with(config);
    centre.customer("carla1");
    centre.sign_in("sue1", Role::Supervisor);
    centre.agent("mina1");
    let refusal = |centre: &mut Centre, command| centre.ask("mina1", command).unwrap_err().message;
    assert!(refusal(&mut centre, with_reason(Availability::Away, "nap")).contains("lunch, training"));
    assert!(refusal(&mut centre, with_reason(Availability::Busy, "lunch")).contains("away"));
    assert!(refusal(&mut centre, Command::presence(Availability::Away)).contains("lunch"));
    assert!(refusal(&mut centre, Command::presence(Availability::Offline)).contains("there is none"));
    centre.done("mina1", with_reason(Availability::Busy, "training"));
    let presence = centre.snapshot("mina1").presence;
    assert_eq!((presence.activity, presence.reason.as_deref()), (Activity::InAMeeting, Some("training")));
    let told =
        |e: &ServerEvent| matches!(e, ServerEvent::PresenceChanged { presence } if presence.reason.is_some());
    assert!(centre.told("sue1").iter().any(told));
    assert_eq!(centre.snapshot("mina1").reasons.len(), 2);
    let seen = serde_json::to_string(&centre.snapshot("carla1")).unwrap();
    assert!(!seen.contains("eason") && !seen.contains("capacity"), "{seen}");
    centre.done("mina1", Command::presence(Availability::Available));
    assert_eq!(centre.snapshot("mina1").presence.reason, None);
}
