//! Supervisors: they listen, whisper, barge in, take over, and set an agent's presence.

use super::{Centre, centre, conversation, recount::check_statistics, user};
use crate::{Event, Order, PatchRole};
use jackfield_wire::{
    Activity, Availability, Channel, Code, Command, CommandId, ConversationState, MonitorMode, Part, Role,
    ServerEvent, Side, SignOutReason, SupervisorOrder, Visibility,
};
use serde_json::json;

fn monitor(mode: MonitorMode) -> Command {
    Command::Monitor { conversation_id: conversation(1), mode, user_id: None }
}

fn stop() -> Command {
    Command::StopMonitoring { conversation_id: conversation(1) }
}

fn take_over() -> Command {
    Command::TakeOver { conversation_id: conversation(1) }
}

fn set_presence(who: &str, availability: Availability) -> Command {
    Command::SetAgentPresence { user_id: user(who), availability, reason: None }
}

fn write(visibility: Visibility) -> Command {
    Command::SendMessage { conversation_id: conversation(1), text: "a word".into(), visibility }
}

/// Mina serves anna; bea supervises, and otto is another agent.
fn served(channel: Channel) -> Centre {
    let mut centre = Centre::new();
    centre.sign_in("bea1", Role::Supervisor);
    centre.agent("mina1");
    centre.caller("anna1", "help", channel);
    centre.accept("mina1");
    centre.sign_in("otto1", Role::Agent);
    for id in ["anna1", "mina1", "bea1", "otto1"] {
        centre.told(id);
    }
    centre
}

fn room(centre: &Centre) -> Vec<(String, PatchRole)> {
    let legs = centre.exchange.legs(&conversation(1), Side::Main);
    legs.into_iter().map(|leg| (leg.session.to_string(), leg.role)).collect()
}

fn orders(centre: &mut Centre, id: &str) -> Vec<SupervisorOrder> {
    let told = centre.told(id).into_iter();
    told.filter_map(|event| match event {
        ServerEvent::Supervised { order, by, .. } => {
            assert_eq!(by, user("bea"));
            Some(order)
        }
        _ => None,
    })
    .collect()
}

/// D6: nobody but supervisors and admins supervises, whatever the conversation.
#[test]
fn every_order_is_refused_to_everybody_else() {
    let orders = [monitor(MonitorMode::Listen), take_over(), set_presence("mina", Availability::Busy)];
    for order in orders {
        let mut centre = served(Channel::Voice);
        let before = centre.exchange.state().clone();
        for id in ["anna1", "mina1", "otto1"] {
            centre.refused(id, order.clone(), Code::NotAllowed);
        }
        centre.customer("carla1");
        centre.refused("carla1", order.clone(), Code::NotAllowed);
        centre.close("carla1", SignOutReason::Asked);
        assert_eq!(centre.exchange.state(), &before, "{order:?}");
        assert!(centre.ask("bea1", order.clone()).is_ok(), "{order:?}");
    }
    let mut centre = served(Channel::Voice);
    centre.refused("otto1", stop(), Code::NotFound);
    centre.refused("mina1", stop(), Code::WrongState);
    let unknown = conversation(77);
    centre.refused("bea1", Command::TakeOver { conversation_id: unknown.clone() }, Code::NotFound);
    let command = Command::Monitor { conversation_id: unknown, mode: MonitorMode::Barge, user_id: None };
    centre.refused("bea1", command, Code::NotFound);
    centre.refused("bea1", set_presence("nobody", Availability::Busy), Code::NotFound);
    centre.refused("bea1", set_presence("zoe", Availability::Busy), Code::WrongState);
}

/// Whether somebody listens or whispers, the customer is told the same, to the last byte.
#[test]
fn a_customer_is_told_the_same_whether_it_is_monitored_or_not() {
    let story = |channel, monitored: bool| {
        let mut centre = served(channel);
        if monitored {
            centre.done("bea1", monitor(MonitorMode::Listen));
        }
        centre.pass(1_000);
        let seen = serde_json::to_string(&centre.snapshot("anna1")).unwrap();
        if monitored {
            centre.done("bea1", monitor(MonitorMode::Whisper));
        }
        let (session, id) = (super::session("anna1"), CommandId::numbered('a', 1));
        centre.order(&Order::Do { session, id, command: write(Visibility::Everyone) }).unwrap();
        if channel == Channel::Voice {
            for held in [true, false] {
                let (conversation_id, participant_id) = (conversation(1), None);
                let hold = match held {
                    true => Command::Hold { conversation_id, participant_id },
                    false => Command::Resume { conversation_id, participant_id },
                };
                centre.done("mina1", hold);
            }
        }
        if monitored {
            centre.done("bea1", stop());
        }
        centre.done("mina1", Command::EndConversation { conversation_id: conversation(1) });
        (seen, serde_json::to_string(&centre.told("anna1")).unwrap())
    };
    for channel in [Channel::Voice, Channel::Chat] {
        assert_eq!(story(channel, true), story(channel, false), "{channel:?}");
    }
}

#[test]
fn another_way_of_monitoring_is_another_patch_and_the_agent_is_told() {
    let mut centre = served(Channel::Voice);
    let pair = [("anna1".to_owned(), PatchRole::Talker), ("mina1".to_owned(), PatchRole::Talker)];
    let with = |role| [&pair[..], &[("bea1".to_owned(), role)]].concat();
    centre.done("bea1", monitor(MonitorMode::Listen));
    assert_eq!(room(&centre), with(PatchRole::Listener));
    centre.done("bea1", monitor(MonitorMode::Whisper));
    assert_eq!(room(&centre), with(PatchRole::Whisper { to: super::session("mina1") }));
    centre.done("bea1", monitor(MonitorMode::Whisper));
    centre.done("bea1", monitor(MonitorMode::Barge));
    assert_eq!(room(&centre), with(PatchRole::Barge));
    let shown = centre.seen("anna1", 1).unwrap().participants;
    assert_eq!(
        (shown.len(), shown[2].part, shown[2].monitor),
        (3, Part::Agent, None),
        "an agent, to the customer"
    );
    centre.done("bea1", stop());
    assert_eq!(room(&centre), pair);
    use SupervisorOrder::{Barge, Listen, StopMonitoring, Whisper};
    assert_eq!(orders(&mut centre, "mina1"), [Listen, Whisper, Barge, StopMonitoring], "each once");
    assert_eq!(orders(&mut centre, "anna1"), []);
    let facts = centre.journal.iter().filter(|(_, event)| matches!(event, Event::Supervised { .. }));
    assert_eq!(facts.count(), 4, "who did what stands in the journal");
    check_statistics(&centre.exchange, &centre.journal);
}

#[test]
fn a_tenant_may_have_its_agents_listened_to_without_telling_them() {
    let mut config = centre::config();
    config["monitoring_notice"] = json!(false);
    let mut centre = Centre::with(config);
    centre.sign_in("bea1", Role::Supervisor);
    centre.agent("mina1");
    centre.caller("anna1", "help", Channel::Voice);
    centre.accept("mina1");
    centre.told("mina1");
    centre.done("bea1", monitor(MonitorMode::Listen));
    assert_eq!(centre.told("mina1"), []);
    centre.done("bea1", monitor(MonitorMode::Whisper));
    assert_eq!(orders(&mut centre, "mina1"), [SupervisorOrder::Whisper]);
}

#[test]
fn in_a_chat_a_listener_reads_a_whisper_is_internal_and_who_barges_in_writes_to_all() {
    let mut centre = served(Channel::Chat);
    centre.ask("anna1", write(Visibility::Everyone)).unwrap();
    centre.done("bea1", monitor(MonitorMode::Listen));
    assert_eq!(centre.seen("bea1", 1).unwrap().last_message, 1, "from the beginning");
    centre.refused("bea1", write(Visibility::Internal), Code::NotAllowed);
    centre.refused("bea1", write(Visibility::Everyone), Code::NotAllowed);
    centre.done("bea1", monitor(MonitorMode::Whisper));
    centre.refused("bea1", write(Visibility::Everyone), Code::NotAllowed);
    centre.told("anna1");
    centre.ask("bea1", write(Visibility::Internal)).unwrap();
    assert_eq!(centre.told("anna1"), []);
    assert!(centre.told("mina1").iter().any(|event| matches!(event, ServerEvent::MessageAdded { .. })));
    centre.done("bea1", monitor(MonitorMode::Barge));
    centre.ask("bea1", write(Visibility::Everyone)).unwrap();
    assert!(centre.told("anna1").iter().any(|event| matches!(event, ServerEvent::MessageAdded { .. })));
}

#[test]
fn who_monitors_ends_nothing_and_holds_nobody() {
    let mut centre = served(Channel::Voice);
    centre.done("bea1", monitor(MonitorMode::Barge));
    let id = conversation(1);
    let anna = centre.seen("bea1", 1).unwrap().participants[0].participant_id.clone();
    let (conversation_id, participant_id) = (id.clone(), Some(anna));
    for command in [
        Command::EndConversation { conversation_id: id.clone() },
        Command::HangUp { conversation_id: id.clone() },
        Command::Hold { conversation_id: id.clone(), participant_id: None },
        Command::SetMuted { conversation_id, participant_id, muted: true },
    ] {
        centre.refused("bea1", command, Code::NotAllowed);
    }
    assert_eq!(centre.seen("anna1", 1).unwrap().state, ConversationState::Active);
}

#[test]
fn monitoring_ends_with_the_conversation_and_with_the_agents_part() {
    for ends in ["mina1", "anna1"] {
        let mut centre = served(Channel::Voice);
        centre.done("bea1", monitor(MonitorMode::Listen));
        centre.done(ends, Command::EndConversation { conversation_id: conversation(1) });
        assert_eq!(centre.seen("bea1", 1), None, "{ends}");
        assert_eq!(room(&centre), []);
    }
    let mut centre = served(Channel::Chat);
    centre.done("bea1", monitor(MonitorMode::Whisper));
    centre.close("mina1", SignOutReason::Asked);
    assert_eq!(centre.seen("bea1", 1), None, "the customer waits: there is nobody to whisper to");
    assert_eq!(centre.exchange.index, centre.exchange.build_index());
}

/// A monitor hears on, and is still nobody to talk to.
#[test]
fn a_chats_voice_ends_with_one_who_talks_though_a_supervisor_listens() {
    let mut centre = served(Channel::Chat);
    centre.done("anna1", Command::StartVoice { conversation_id: conversation(1) });
    centre.accept("mina1");
    centre.done("bea1", monitor(MonitorMode::Listen));
    assert_eq!(room(&centre).len(), 3);
    centre.done("mina1", Command::HangUp { conversation_id: conversation(1) });
    assert_eq!(room(&centre), []);
    assert!(centre.seen("bea1", 1).is_some(), "it reads on");
}

#[test]
fn who_takes_over_is_the_owner_and_the_agent_does_its_wrap_up() {
    for (channel, monitors_first) in
        [(Channel::Voice, true), (Channel::Voice, false), (Channel::Chat, true), (Channel::Chat, false)]
    {
        let mut centre = served(channel);
        if monitors_first {
            centre.done("bea1", monitor(MonitorMode::Whisper));
        }
        centre.done("bea1", take_over());
        let owner = centre.exchange.state.conversations[&conversation(1)].owner().unwrap();
        assert_eq!((owner.user_id.clone(), owner.seat.part), (user("bea"), Part::Agent));
        let mina = centre.seen("mina1", 1).unwrap();
        assert_eq!((mina.state, mina.wrap_up.is_some()), (ConversationState::WrapUp, true));
        let shown = centre.seen("anna1", 1).unwrap();
        assert_eq!((shown.state, shown.participants.len()), (ConversationState::Active, 2));
        let talkers = room(&centre).into_iter().map(|(id, _)| id).collect::<Vec<_>>();
        let expected: &[&str] = if channel == Channel::Voice { &["anna1", "bea1"] } else { &[] };
        assert_eq!(talkers, expected);
        centre.refused("bea1", take_over(), Code::WrongState);
        centre.ask("bea1", write(Visibility::Everyone)).unwrap();
        centre.pass(30_000);
        assert_eq!(centre.seen("mina1", 1), None);
        centre.done("bea1", Command::EndConversation { conversation_id: conversation(1) });
        assert_eq!(centre.exchange.index, centre.exchange.build_index());
        check_statistics(&centre.exchange, &centre.journal);
    }
}

#[test]
fn who_is_in_another_call_neither_monitors_nor_takes_over_by_voice() {
    let mut centre = served(Channel::Voice);
    centre.done("bea1", monitor(MonitorMode::Listen));
    centre.done("otto1", Command::presence(Availability::Available));
    centre.caller("bert1", "help", Channel::Voice);
    centre.accept("otto1");
    let second = conversation(2);
    let command =
        Command::Monitor { conversation_id: second.clone(), mode: MonitorMode::Listen, user_id: None };
    centre.refused("bea1", command, Code::WrongState);
    centre.refused("bea1", Command::TakeOver { conversation_id: second }, Code::WrongState);
}

#[test]
fn an_agents_presence_is_set_and_it_learns_by_whom() {
    let mut centre = served(Channel::Chat);
    centre.done("bea1", set_presence("otto", Availability::Available));
    assert_eq!(centre.snapshot("otto1").presence.availability, Availability::Available);
    assert_eq!(orders(&mut centre, "otto1"), [SupervisorOrder::SetPresence]);
    centre.done("bea1", set_presence("otto", Availability::Away));
    let presence = centre.snapshot("otto1").presence;
    assert_eq!((presence.availability, presence.activity), (Availability::Away, Activity::Away));
    let command = Command::SetAgentPresence {
        user_id: user("otto"),
        availability: Availability::Away,
        reason: Some("nonsense".into()),
    };
    centre.refused("bea1", command, Code::InvalidField);
}
