//! Supervisors who look after some queues only.

use super::{Centre, centre, conversation, queue, user};
use crate::TenantConfig;
use jackfield_wire::{
    Availability, Channel, Code, Command, MonitorMode, Outcome, Role, ServerEvent, SessionId, Target,
};
use serde_json::json;

/// Bea looks after vip, which mina and zoe serve; ada is an admin of the same name in the configuration.
fn config() -> serde_json::Value {
    let mut config = centre::config();
    let users = config["users"].as_array_mut().unwrap();
    users[4]["supervises"] = json!(["vip"]);
    users.push(
        json!({ "user_id": "ada", "name": "Ada", "roles": ["admin", "supervisor"], "supervises": ["help"] }),
    );
    config
}

/// Otto serves bert of help (1) and mina anna of vip (2).
fn served() -> Centre {
    let mut centre = Centre::with(config());
    centre.sign_in("bea1", Role::Supervisor);
    centre.sign_in("ada1", Role::Admin);
    centre.agent("otto1");
    centre.caller("bert1", "help", Channel::Chat);
    centre.accept("otto1");
    centre.agent("mina1");
    centre.caller("anna1", "vip", Channel::Chat);
    centre.accept("mina1");
    centre
}

fn orders(n: u64) -> Vec<Command> {
    let conversation_id = || conversation(n);
    vec![
        Command::Monitor { conversation_id: conversation_id(), mode: MonitorMode::Listen, user_id: None },
        Command::TakeOver { conversation_id: conversation_id() },
        Command::Reassign {
            conversation_id: conversation_id(),
            target: Target::Queue { queue_id: queue("vip") },
        },
        Command::FetchCustomerHistory { conversation_id: conversation_id(), before: None, limit: None },
    ]
}

fn about(who: &str) -> Vec<Command> {
    vec![
        Command::SetAgentPresence { user_id: user(who), availability: Availability::Busy, reason: None },
        Command::SignOutAgent { user_id: user(who) },
    ]
}

#[test]
fn an_agent_is_put_into_and_taken_out_of_ones_own_queues_only() {
    let mut config = config();
    config["queues"].as_array_mut().unwrap().push(json!({ "queue_id": "tax", "name": "Tax" }));
    config["users"][0]["queues"] = json!(["help", "vip"]);
    config["users"][4]["supervises"] = json!(["vip", "tax"]);
    let mut centre = Centre::with(config);
    centre.sign_in("bea1", Role::Supervisor);
    centre.sign_in("ada1", Role::Admin);
    let queues = |who: &str, ids: &[&str]| Command::SetAgentSkills {
        user_id: user(who),
        skills: None,
        queues: Some(ids.iter().map(|id| queue(id)).collect()),
        capacity: None,
        reset: false,
    };
    for (who, ids) in [("zoe", &["vip", "help"][..]), ("zoe", &[]), ("mina", &["vip"])] {
        let before = centre.exchange.state().clone();
        let refused = centre.ask("bea1", queues(who, ids)).unwrap_err();
        assert_eq!(refused.code, Code::NotAllowed);
        let message = &refused.message;
        assert!(message.contains("help") || message.contains("tax"), "it names the queue: {message}");
        assert_eq!(centre.exchange.state(), &before);
    }
    centre.done("bea1", queues("mina", &["help", "tax"]));
    centre.done("bea1", queues("zoe", &["vip", "tax"]));
    centre.done("ada1", queues("zoe", &["help"]));
}

#[test]
fn orders_about_others_are_refused_with_the_remedy_and_change_nothing() {
    let centre = served();
    for command in orders(1).into_iter().chain(about("otto")) {
        let mut centre = centre.clone();
        let before = centre.exchange.state().clone();
        let refused = centre.ask("bea1", command.clone()).unwrap_err();
        assert_eq!(refused.code, Code::NotAllowed, "{command:?}");
        assert!(
            refused.message.contains("you supervise vip") && refused.message.contains("supervises"),
            "{refused}"
        );
        assert_eq!(centre.exchange.state(), &before);
        // An admin is not limited, whatever its name is limited to as a supervisor.
        assert!(centre.ask("ada1", command.clone()).is_ok(), "{command:?}");
    }
    for command in orders(2).into_iter().chain(about("mina")) {
        assert!(centre.clone().ask("bea1", command.clone()).is_ok(), "{command:?}");
    }
    let mut centre = centre;
    centre.close("ada1", jackfield_wire::SignOutReason::Asked);
    centre.sign_in("ada1", Role::Supervisor);
    let [listen, ..] = &orders(2)[..] else { panic!() };
    centre.refused("ada1", listen.clone(), Code::NotAllowed);
}

#[test]
fn the_floor_shows_the_queues_the_agents_who_serve_them_and_their_conversations_alone() {
    let mut centre = served();
    // Mina has a conversation of each queue.
    centre.caller("carla1", "help", Channel::Chat);
    centre.accept("mina1");
    let watch = || Command::WatchFloor { on: true, queue_ids: None, agent_ids: None };
    let Ok(Outcome::Floor { floor }) = centre.ask("bea1", watch()) else { panic!() };
    assert_eq!(floor.queues.iter().map(|q| q.queue_id.clone()).collect::<Vec<_>>(), [queue("vip")]);
    assert_eq!(
        floor.agents.iter().map(|a| a.user_id.clone()).collect::<Vec<_>>(),
        [user("mina"), user("zoe")]
    );
    let own: Vec<_> = floor.agents[0].conversations.iter().map(|c| c.conversation_id.clone()).collect();
    assert_eq!((own, floor.agents[0].chats), (vec![conversation(2)], 2), "its load is that of all");
    let Ok(Outcome::Floor { floor: whole }) = centre.ask("ada1", watch()) else { panic!() };
    assert_eq!((whole.queues.len(), whole.agents[0].conversations.len()), (2, 2));
    for (queues, agents) in [(vec![queue("help")], vec![]), (vec![], vec![user("otto")])] {
        let command = Command::WatchFloor { on: true, queue_ids: Some(queues), agent_ids: Some(agents) };
        centre.refused("bea1", command, Code::NotFound);
    }
    // What changes is told within the same bounds.
    centre.floor_changes("bea1");
    centre.done("otto1", Command::presence(Availability::Busy));
    assert_eq!(centre.floor_changes("bea1"), None);
    centre.caller("emil1", "vip", Channel::Voice);
    let delta = centre.floor_changes("bea1").unwrap();
    let viewer = &centre.viewers[&SessionId::parse("bea1").unwrap()];
    let Some(ServerEvent::FloorChanged { queues, agents }) = centre.exchange.project_floor(viewer, &delta)
    else {
        panic!("{delta:?}")
    };
    assert_eq!(queues.iter().map(|q| q.queue_id.clone()).collect::<Vec<_>>(), [queue("vip")]);
    assert!(agents.iter().flat_map(|a| &a.conversations).all(|c| c.queue_id == queue("vip")));
    assert!(agents.iter().all(|a| a.user_id != user("otto")), "{agents:?}");
}

#[test]
fn monitoring_ends_where_the_conversation_goes_to_a_queue_of_others() {
    let mut centre = served();
    let command =
        Command::Monitor { conversation_id: conversation(2), mode: MonitorMode::Listen, user_id: None };
    centre.done("bea1", command);
    let target = Target::Agent { user_id: user("otto") };
    centre.done("mina1", Command::Transfer { conversation_id: conversation(2), target });
    centre.accept("otto1");
    assert!(centre.seen("bea1", 2).is_some(), "otto serves no vip, but this conversation of it");
    // A new configuration takes the queue away from it.
    let mut config: TenantConfig = centre.exchange.config().clone();
    config.users[4].supervises = vec![queue("help")];
    centre.exchange.reconfigure(config);
    centre.settle();
    assert_eq!(centre.seen("bea1", 2), None);
    assert_eq!(centre.exchange.index, centre.exchange.build_index());
}

#[test]
fn who_serves_ones_queues_no_more_is_ones_agent_no_more_and_may_be_again() {
    let mut centre = served();
    let french = |skills: &[(&str, u8)], reset: bool| Command::SetAgentSkills {
        user_id: user("mina"),
        skills: (!reset).then(|| skills.iter().map(|(skill, level)| ((*skill).to_owned(), *level)).collect()),
        queues: None,
        capacity: None,
        reset,
    };
    let seen = |centre: &mut Centre| {
        let watch = Command::WatchFloor { on: true, queue_ids: None, agent_ids: None };
        let Ok(Outcome::Floor { floor }) = centre.ask("bea1", watch) else { panic!() };
        floor.agents.iter().any(|agent| agent.user_id == user("mina"))
    };
    assert!(seen(&mut centre));
    centre.done("ada1", french(&[("french", 1)], false));
    assert!(!seen(&mut centre));
    for order in about("mina") {
        centre.refused("bea1", order, Code::NotAllowed);
    }
    centre.done("ada1", french(&[], true));
    assert!(seen(&mut centre));
    centre.done("bea1", about("mina").remove(0));
}
