//! The supervisor's figures.

use super::{Centre, queue, user};
use jackfield_wire::{Activity, Availability, Channel, Code, Command, Outcome, Role, ServerEvent};

#[test]
fn figures_follow_what_happens() {
    let mut centre = Centre::new();
    centre.sign_in("sue1", Role::Supervisor);
    centre.agent("mina1");
    centre.caller("a1", "help", Channel::Voice);
    centre.caller("b1", "help", Channel::Chat);
    let stats = |centre: &Centre| {
        let floor = centre.exchange.floor();
        let help = floor.queues.into_iter().find(|q| q.queue_id == queue("help")).unwrap();
        (help.waiting, help.active, help.agents_ready)
    };
    assert_eq!(stats(&centre), (2, 0, 0), "one offered, one behind it");
    centre.accept("mina1");
    assert_eq!(stats(&centre), (1, 1, 0));
    centre.agent("otto1");
    centre.accept("otto1");
    assert_eq!(stats(&centre), (0, 2, 1), "otto has room for more");
    let floor = centre.exchange.floor();
    let mina = floor.agents.iter().find(|a| a.user_id == user("mina")).unwrap();
    assert_eq!((mina.voice, mina.chats, mina.activity), (1, 0, Activity::InACall));
}

#[test]
fn changes_add_up_to_the_whole() {
    let mut centre = Centre::new();
    centre.sign_in("sue1", Role::Supervisor);
    let mut floor = centre.exchange.floor();
    centre.agent("mina1");
    centre.caller("a1", "help", Channel::Voice);
    centre.accept("mina1");
    centre.done("a1", Command::SignOut);
    let delta = centre.floor_changes("sue1").unwrap();
    for changed in delta.queues {
        *floor.queues.iter_mut().find(|q| q.queue_id == changed.queue_id).unwrap() = changed.clone();
    }
    for changed in delta.agents {
        *floor.agents.iter_mut().find(|a| a.user_id == changed.user_id).unwrap() = changed.clone();
    }
    assert_eq!(floor, centre.exchange.floor());
    assert_eq!(centre.floor_changes("sue1"), None);
}

fn watch(on: bool) -> Command {
    Command::WatchFloor { on, queue_ids: None, agent_ids: None }
}

fn watch_some(queues: &[&str], agents: &[&str]) -> Command {
    let queue_ids = Some(queues.iter().copied().map(queue).collect());
    Command::WatchFloor { on: true, queue_ids, agent_ids: Some(agents.iter().copied().map(user).collect()) }
}

fn floor(answer: Result<Outcome, jackfield_wire::WireError>) -> (Vec<String>, Vec<String>) {
    let Ok(Outcome::Floor { floor }) = answer else { panic!("{answer:?}") };
    let queues = floor.queues.iter().map(|q| q.queue_id.to_string()).collect();
    (queues, floor.agents.iter().map(|a| a.user_id.to_string()).collect())
}

#[test]
fn supervisors_watch_all_agents_themselves_and_customers_nothing() {
    let mut centre = Centre::new();
    centre.sign_in("sue1", Role::Supervisor);
    centre.agent("mina1");
    centre.customer("a1");
    assert_eq!(floor(centre.ask("sue1", watch(true))).1, ["mina", "otto", "zoe", "sue"]);
    centre.done("sue1", watch(false));
    assert_eq!(floor(centre.ask("mina1", watch(true))), (vec![], vec!["mina".to_owned()]));
    centre.refused("mina1", watch_some(&[], &["otto"]), Code::NotFound);
    centre.refused("mina1", watch_some(&["help"], &[]), Code::NotFound);
    centre.refused("a1", watch(true), Code::NotAllowed);
    centre.agent("otto1");
    let delta = centre.floor_changes("sue1").unwrap();
    let told = |id| centre.exchange.project_floor(&centre.viewers[&super::session(id)], &delta);
    assert!(told("sue1").is_some());
    assert_eq!((told("mina1"), told("a1")), (None, None), "neither asked to be told");
    assert!(centre.snapshot("sue1").floor.is_some() && centre.snapshot("mina1").floor.is_none());
}

#[test]
fn who_watches_some_is_told_of_those_alone() {
    let mut centre = Centre::new();
    centre.sign_in("sue1", Role::Supervisor);
    assert_eq!(
        floor(centre.ask("sue1", watch_some(&["vip"], &["zoe", "mina"]))),
        (vec!["vip".to_owned()], vec!["mina".to_owned(), "zoe".to_owned()])
    );
    centre.refused("sue1", watch_some(&["nowhere"], &[]), Code::NotFound);
    centre.refused("sue1", watch_some(&[], &["bea"]), Code::NotFound);
    centre.watch_floor("sue1", &["vip"], &["zoe"]);
    centre.agent("otto1");
    centre.caller("a1", "help", Channel::Chat);
    assert_eq!(centre.floor_changes("sue1"), None, "nothing of it is watched");
    centre.agent("zoe1");
    let delta = centre.floor_changes("sue1").unwrap();
    assert_eq!(delta.queues.iter().map(|q| (q.agents_ready, q.agents_online)).collect::<Vec<_>>(), [(1, 1)]);
    assert_eq!(delta.agents.iter().map(|a| a.user_id.clone()).collect::<Vec<_>>(), [user("zoe")]);
}

#[test]
fn agents_see_their_queues_where_the_tenant_lets_them() {
    let mut config = super::centre::config();
    config["statistics"] = serde_json::json!({ "agents_see_queues": true });
    let mut centre = Centre::with(config);
    centre.agent("otto1");
    assert_eq!(floor(centre.ask("otto1", watch(true))), (vec!["help".to_owned()], vec!["otto".to_owned()]));
    centre.refused("otto1", watch_some(&["vip"], &["otto"]), Code::NotFound);
    centre.watch_floor("otto1", &["help"], &["otto"]);
    centre.agent("mina1");
    centre.caller("a1", "vip", Channel::Chat);
    centre.caller("b1", "help", Channel::Chat);
    let delta = centre.floor_changes("otto1").unwrap();
    let viewer = &centre.viewers[&super::session("otto1")];
    let Some(ServerEvent::FloorChanged { queues, agents }) = centre.exchange.project_floor(viewer, &delta)
    else {
        panic!("{delta:?}")
    };
    assert_eq!(queues.iter().map(|q| q.queue_id.clone()).collect::<Vec<_>>(), [queue("help")]);
    assert_eq!(agents.iter().map(|a| a.user_id.clone()).collect::<Vec<_>>(), [user("otto")]);
}

/// Who only supervises takes no conversations: it is none of the agents.
#[test]
fn only_who_works_as_an_agent_is_offered_conversations_and_is_on_the_floor() {
    let mut centre = Centre::new();
    for id in ["bea1", "sue1"] {
        centre.sign_in(id, Role::Supervisor);
        centre.done(id, Command::presence(Availability::Available));
    }
    centre.caller("a1", "help", Channel::Chat);
    assert_eq!(centre.exchange.floor().queues[0].agents_ready, 0);
    for id in ["bea1", "sue1"] {
        assert!(centre.snapshot(id).offers.is_empty(), "{id} supervises");
    }
    let agents: Vec<_> = centre.exchange.floor().agents.into_iter().map(|a| a.user_id).collect();
    assert_eq!(agents, ["mina", "otto", "zoe", "sue"].map(user));
    centre.sign_in("sue2", Role::Agent);
    assert_eq!((centre.snapshot("sue2").offers.len(), centre.snapshot("sue1").offers.len()), (1, 0));
    let offer_id = centre.snapshot("sue2").offers[0].offer_id.clone();
    centre.refused("sue1", Command::AcceptOffer { offer_id }, Code::NotAllowed);
    centre.away("sue2");
    assert!(centre.snapshot("sue2").offers.is_empty(), "the session that is left does not ring");
}

#[test]
fn who_was_never_here_is_offline_since_the_beginning() {
    let mut centre = Centre::new();
    centre.pass(5_000);
    let began = centre.now;
    centre.sign_in("sue1", Role::Supervisor);
    centre.pass(70_000);
    centre.agent("mina1");
    let since = |centre: &Centre, id| {
        let floor = centre.exchange.floor();
        floor.agents.iter().find(|a| a.user_id == user(id)).map(|a| a.since)
    };
    assert_eq!(since(&centre, "otto"), Some(began));
    assert_eq!(since(&centre, "mina"), Some(centre.now));
    assert_eq!(centre.exchange.presence_view(&user("otto")).since, began);
}
