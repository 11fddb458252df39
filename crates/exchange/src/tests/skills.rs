//! What an agent can do changes at run time, and what waits is matched anew.

use super::{Centre, conversation, queue, session, user};
use crate::{Event, Exchange};
use jackfield_wire::{
    AgentCapacity, Channel, Code, Command, OfferOutcome, QueueId, Role, ServerEvent, SupervisorOrder,
};

fn set(id: &str, skills: Option<&[(&str, u8)]>, queues: Option<&[&str]>) -> Command {
    let skills = skills.map(|all| all.iter().map(|(skill, level)| ((*skill).to_owned(), *level)).collect());
    let queues = queues.map(|all| all.iter().map(|id| queue(id)).collect());
    Command::SetAgentSkills { user_id: user(id), skills, queues, capacity: None, reset: false }
}

fn capacity(id: &str, voice: u32, chat: u32) -> Command {
    let capacity = Some(AgentCapacity { voice, chat });
    Command::SetAgentSkills { user_id: user(id), skills: None, queues: None, capacity, reset: false }
}

/// Otto's French is not good enough for the VIPs, and somebody waits there.
fn waiting() -> Centre {
    let mut centre = Centre::new();
    centre.sign_in("bea1", Role::Supervisor);
    centre.agent("otto1");
    centre.caller("anna1", "vip", Channel::Chat);
    assert_eq!(centre.offer_to("otto1"), None);
    centre
}

#[test]
fn who_gets_a_skill_is_offered_at_once_what_waited_for_it() {
    let mut centre = waiting();
    centre.done("bea1", set("otto", Some(&[("french", 5)]), None));
    assert!(centre.offer_to("otto1").is_some());
    let told = centre.told("otto1");
    let ordered = |event: &&ServerEvent| {
        matches!(event, ServerEvent::Supervised { order: SupervisorOrder::SetSkills, .. })
    };
    assert_eq!(told.iter().filter(ordered).count(), 1, "the agent is told who did it");
}

#[test]
fn who_loses_a_skill_loses_the_offer_that_asked_for_it() {
    let mut centre = waiting();
    centre.done("bea1", set("otto", Some(&[("french", 5)]), None));
    let offer_id = centre.offer_to("otto1").unwrap();
    centre.done("bea1", set("otto", Some(&[("french", 4)]), None));
    let ended = centre.journal.iter().any(|(_, event)| {
        matches!(event, Event::OfferEnded { offer_id: id, outcome: OfferOutcome::Rescinded, .. } if *id == offer_id)
    });
    assert!(ended);
    let waits = &centre.exchange.state.conversations[&conversation(1)];
    assert_eq!((waits.offers.len(), waits.pauses.len()), (0, 0), "it waits at its place again");
}

#[test]
fn a_conversation_that_an_agent_has_stays_with_it() {
    let mut centre = waiting();
    centre.done("bea1", set("otto", Some(&[("french", 5)]), None));
    centre.accept("otto1");
    centre.done("bea1", set("otto", Some(&[]), Some(&["help"])));
    let had = &centre.exchange.state.conversations[&conversation(1)];
    assert_eq!(had.owner().map(|owner| &owner.user_id), Some(&user("otto")));
}

#[test]
fn a_queue_on_the_list_and_room_for_one_more_are_looked_at_anew() {
    let mut centre = Centre::new();
    centre.sign_in("bea1", Role::Supervisor);
    centre.agent("zoe1");
    centre.caller("anna1", "help", Channel::Chat);
    assert_eq!(centre.offer_to("zoe1"), None, "zoe serves the VIPs only");
    centre.done("bea1", set("zoe", None, Some(&[])));
    assert!(centre.offer_to("zoe1").is_some(), "no list: all queues");
    centre.done("bea1", capacity("zoe", 1, 0));
    assert_eq!(centre.offer_to("zoe1"), None, "there is no room for it any more");
    centre.done("bea1", capacity("zoe", 1, 1));
    assert!(centre.offer_to("zoe1").is_some());
}

#[test]
fn what_was_changed_outlives_a_snapshot_and_a_new_configuration_until_it_is_reset() {
    let mut centre = waiting();
    centre.done("bea1", set("otto", Some(&[("french", 5)]), None));
    let configured = serde_json::from_value(super::centre::config()).unwrap();
    let written = serde_json::to_string(centre.exchange.state()).unwrap();
    let mut again = Exchange::from_state(configured, serde_json::from_str(&written).unwrap());
    assert_eq!(again.config().user(&user("otto")).unwrap().skills["french"], 5);
    again.reconfigure(serde_json::from_value(super::centre::config()).unwrap());
    assert_eq!(again.config().user(&user("otto")).unwrap().skills["french"], 5);
    centre.done(
        "bea1",
        Command::SetAgentSkills {
            user_id: user("otto"),
            skills: None,
            queues: None,
            capacity: None,
            reset: true,
        },
    );
    assert_eq!(centre.exchange.config().user(&user("otto")).unwrap().skills["french"], 4);
    assert!(centre.exchange.state.agents.is_empty());
    assert_eq!(centre.offer_to("otto1"), None);
}

#[test]
fn the_queues_figures_count_the_agent_where_it_serves_now() {
    let mut centre = waiting();
    let online = |centre: &Centre, id: &str| {
        let floor = centre.exchange.snapshot(&centre.viewers[&session("bea1")], centre.now).floor;
        let queues = floor.map(|floor| floor.queues).unwrap_or_default();
        queues.into_iter().find(|q| q.queue_id == queue(id)).map(|q| q.agents_online)
    };
    assert_eq!((online(&centre, "help"), online(&centre, "vip")), (Some(1), Some(0)));
    centre.done("bea1", set("otto", Some(&[("french", 9)]), Some(&["vip"])));
    assert_eq!((online(&centre, "help"), online(&centre, "vip")), (Some(0), Some(1)));
    centre.done("bea1", set("otto", None, Some(&["help", "vip"])));
    assert_eq!((online(&centre, "help"), online(&centre, "vip")), (Some(1), Some(1)));
}

#[test]
fn bad_settings_are_refused_by_their_field() {
    let mut centre = waiting();
    let nowhere: QueueId = queue("nowhere");
    let table = [
        (set("otto", Some(&[("french", 11)]), None), Code::InvalidField, "skills.french"),
        (set("otto", Some(&[("french", 0)]), None), Code::InvalidField, "skills.french"),
        (set("otto", Some(&[("frensh", 5)]), None), Code::SkillUnknown, "skills names frensh"),
        (set("otto", None, Some(&[nowhere.as_str()])), Code::InvalidField, "queues names nowhere"),
        (capacity("otto", 2, 1), Code::InvalidField, "capacity.voice"),
        (capacity("otto", 1, 101), Code::InvalidField, "capacity.chat"),
        (set("nobody", None, None), Code::NotFound, ""),
    ];
    for (command, code, names) in table {
        let refused = centre.ask("bea1", command).unwrap_err();
        assert_eq!(refused.code, code);
        assert!(refused.message.contains(names), "{}", refused.message);
    }
    centre.refused("otto1", set("otto", Some(&[("french", 9)]), None), Code::NotAllowed);
    let before = centre.journal.len();
    centre.done("bea1", set("otto", None, None));
    assert_eq!(centre.journal.len(), before, "nothing to change, nothing happened");
}
