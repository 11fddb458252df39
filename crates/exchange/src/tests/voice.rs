//! Voice: calls, escalation, hold, mute, hang-up.

use super::{Centre, conversation, participant};
use jackfield_wire::{
    Activity, Channel, Code, Command, ConversationState, EndReason, OfferKind, OfferOutcome, ServerEvent,
    SignOutReason,
};

const ID: u64 = 1;

/// Who hears: held and muted by session.
fn legs(centre: &Centre) -> Vec<(String, bool, bool)> {
    let legs = centre.exchange.legs(&conversation(ID), jackfield_wire::Side::Main);
    legs.into_iter().map(|leg| (leg.session.to_string(), leg.held, leg.muted)).collect()
}

fn leg(session: &str, held: bool, muted: bool) -> (String, bool, bool) {
    (session.to_owned(), held, muted)
}

fn call() -> Centre {
    let mut centre = Centre::new();
    centre.agent("mina1");
    centre.caller("carla1", "help", Channel::Voice);
    centre.accept("mina1");
    centre
}

fn chat() -> Centre {
    let mut centre = Centre::new();
    centre.agent("mina1");
    centre.caller("carla1", "help", Channel::Chat);
    centre.accept("mina1");
    centre
}

fn start_voice() -> Command {
    Command::StartVoice { conversation_id: conversation(ID) }
}

fn hang_up() -> Command {
    Command::HangUp { conversation_id: conversation(ID) }
}

#[test]
fn a_call_has_the_customers_leg_from_the_start_and_the_agents_on_accept() {
    let mut centre = Centre::new();
    centre.agent("mina1");
    centre.caller("carla1", "help", Channel::Voice);
    assert_eq!(legs(&centre), [leg("carla1", false, false)]);
    centre.accept("mina1");
    assert_eq!(legs(&centre), [leg("carla1", false, false), leg("mina1", false, false)]);
    assert_eq!(centre.snapshot("mina1").presence.activity, Activity::InACall);
}

#[test]
fn hang_up_ends_a_call_from_both_ends() {
    for (who, reason) in [("carla1", EndReason::CustomerLeft), ("mina1", EndReason::AgentLeft)] {
        let mut centre = call();
        centre.told("carla1");
        centre.done(who, hang_up());
        assert_eq!(legs(&centre), []);
        assert_eq!(centre.seen("mina1", ID).unwrap().state, ConversationState::WrapUp);
        assert_eq!(centre.seen("carla1", ID), None, "over for the customer");
        let told = centre.told("carla1");
        let over = |e: &ServerEvent| {
            let ServerEvent::ConversationStateChanged { state, reason: why, wrap_up, .. } = e else {
                return false;
            };
            (*state, *why, wrap_up) == (ConversationState::Ended, Some(reason), &None)
        };
        assert!(told.iter().any(over), "{who}: {told:?}");
        assert!(matches!(told.last(), Some(ServerEvent::ConversationRemoved { .. })));
    }
}

#[test]
fn hold_and_resume_are_the_agents() {
    let mut centre = call();
    let hold = |participant_id| Command::Hold { conversation_id: conversation(ID), participant_id };
    let resume = |participant_id| Command::Resume { conversation_id: conversation(ID), participant_id };
    centre.done("mina1", hold(None));
    assert_eq!(legs(&centre), [leg("carla1", true, false), leg("mina1", false, false)]);
    centre.done("mina1", hold(None));
    centre.refused("carla1", resume(None), Code::NotAllowed);
    centre.done("mina1", resume(Some(participant(1))));
    assert_eq!(legs(&centre), [leg("carla1", false, false), leg("mina1", false, false)]);
    centre.refused("mina1", hold(Some(participant(2))), Code::InvalidField);
    centre.refused("mina1", hold(Some(participant(9))), Code::NotFound);
}

#[test]
fn mute_is_for_oneself_and_for_the_agent_to_all() {
    let mut centre = call();
    let mute = |participant_id, muted| Command::SetMuted {
        conversation_id: conversation(ID),
        participant_id,
        muted,
    };
    centre.done("carla1", mute(None, true));
    assert_eq!(legs(&centre)[0], leg("carla1", false, true));
    centre.done("mina1", mute(Some(participant(1)), false));
    assert_eq!(legs(&centre)[0], leg("carla1", false, false));
    centre.done("mina1", mute(None, true));
    centre.refused("carla1", mute(Some(participant(2)), false), Code::NotAllowed);
    assert_eq!(legs(&centre), [leg("carla1", false, false), leg("mina1", false, true)]);
}

#[test]
fn a_chat_becomes_a_call_and_a_chat_again() {
    let mut centre = chat();
    centre.done("carla1", start_voice());
    assert!(centre.seen("mina1", ID).unwrap().voice_requested);
    assert_eq!(centre.snapshot("mina1").offers[0].kind, OfferKind::Escalation);
    assert_eq!(centre.seen("carla1", ID).unwrap().state, ConversationState::Active);
    centre.accept("mina1");
    assert_eq!(legs(&centre), [leg("carla1", false, false), leg("mina1", false, false)]);
    let load = centre.exchange.load(&super::user("mina"));
    assert_eq!((load.voice, load.chat), (1, 1));
    for who in ["carla1", "mina1"] {
        centre.done(who, hang_up());
        assert_eq!(legs(&centre), []);
        assert_eq!(centre.seen("carla1", ID).unwrap().state, ConversationState::Active, "the chat goes on");
        centre.refused(who, hang_up(), Code::WrongState);
        centre.done("carla1", start_voice());
        centre.accept("mina1");
    }
}

#[test]
fn a_request_to_talk_ends_in_every_way_and_the_chat_goes_on() {
    type Act = fn(&mut Centre);
    let cases: [(&str, OfferOutcome, Act); 4] = [
        ("rejected", OfferOutcome::Rejected, |c| {
            let offer_id = c.offer_to("mina1").unwrap();
            c.done("mina1", Command::RejectOffer { offer_id, reason: None });
        }),
        ("timed out", OfferOutcome::TimedOut, |c| c.pass(20_000)),
        ("called off", OfferOutcome::Canceled, |c| c.done("carla1", hang_up())),
        ("agent away", OfferOutcome::Rescinded, |c| c.away("mina1")),
    ];
    for (why, outcome, act) in cases {
        let mut centre = chat();
        centre.done("carla1", start_voice());
        centre.told("carla1");
        act(&mut centre);
        let over = ServerEvent::VoiceRequested {
            conversation_id: conversation(ID),
            requested: false,
            outcome: Some(outcome),
        };
        let told = centre.told("carla1");
        assert!(told.contains(&over), "{why}: {told:?}");
        assert_eq!(centre.snapshot("mina1").offers, []);
        assert_eq!(centre.seen("carla1", ID).unwrap().state, ConversationState::Active, "{why}");
        assert_eq!(legs(&centre), []);
    }
}

#[test]
fn an_agent_on_another_call_has_no_room_to_talk() {
    let mut centre = chat();
    centre.caller("dora1", "help", Channel::Voice);
    centre.refused("carla1", start_voice(), Code::NoCapacity);
    centre.accept("mina1");
    centre.refused("carla1", start_voice(), Code::NoCapacity);
}

#[test]
fn voice_is_added_only_where_it_can_be() {
    let mut centre = chat();
    centre.done("carla1", start_voice());
    centre.refused("carla1", start_voice(), Code::WrongState);

    let mut waiting = Centre::new();
    waiting.caller("carla1", "help", Channel::Chat);
    waiting.refused("carla1", start_voice(), Code::WrongState);
    waiting.refused("carla1", hang_up(), Code::WrongState);
}

#[test]
fn voice_moves_to_another_session_with_hold_and_mute() {
    let mut centre = call();
    centre.done("mina1", Command::Hold { conversation_id: conversation(ID), participant_id: None });
    centre.customer("carla2");
    centre.done("carla2", start_voice());
    assert_eq!(legs(&centre), [leg("carla2", true, false), leg("mina1", false, false)]);
    centre.close("carla1", SignOutReason::Asked);
    assert_eq!(legs(&centre).len(), 2, "the call is in the other session now");
}

#[test]
fn a_customer_has_one_call_at_a_time_and_one_conversation_a_queue() {
    let mut centre = Centre::new();
    centre.caller("carla1", "help", Channel::Voice);
    let start = |queue, channel| Command::StartConversation {
        queue_id: Some(super::queue(queue)),
        channel,
        subject: None,
        attributes: Default::default(),
    };
    centre.refused("carla1", start("help", Channel::Chat), Code::WrongState);
    centre.refused("carla1", start("vip", Channel::Voice), Code::WrongState);
    assert!(centre.ask("carla1", start("vip", Channel::Chat)).is_ok());
}
