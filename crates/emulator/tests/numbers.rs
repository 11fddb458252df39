//! The simulated telephone network, through the emulator's door.
#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use jackfield_emulator::{Delivery, Emulator, NumberBehavior};
use jackfield_exchange::switchboard::ConnectionId;
use jackfield_wire::{
    Answer, Availability, Channel, ClientFrame, Command, CommandId, ConversationId, ConversationState,
    EndReason, LeaveReason, OutboundStage, Outcome, Part, QueueId, Role, ServerEvent, ServerFrame, Target,
    decode_server, encode,
};
use std::collections::BTreeMap;

/// kim talks with mina.
struct Call {
    emulator: Emulator,
    now: u64,
    got: BTreeMap<ConnectionId, Vec<ServerEvent>>,
    answers: Vec<Answer>,
    commands: u64,
    mina: ConnectionId,
    kim: ConnectionId,
}

impl Call {
    /// mina and kim are there, and nobody talks.
    fn quiet() -> Self {
        let tenant = serde_json::from_str(
            r#"{"tenant_id": "demo", "name": "Demo", "queues": [{"queue_id": "help", "name": "Help", "wrap_up_ms": 5000}],
                "users": [{"user_id": "mina", "name": "Mina"}], "trunk": {"numbers": ["+4420*"], "dial_timeout_ms": 30000}}"#,
        );
        let emulator = Emulator::new(tenant.unwrap(), 1_000_000, 7).unwrap();
        let nobody = ConnectionId(0);
        let (got, answers) = (BTreeMap::new(), Vec::new());
        let mut call =
            Self { emulator, now: 1_000_000, got, answers, commands: 0, mina: nobody, kim: nobody };
        call.mina = call.enter("mina", Role::Agent);
        call.done(call.mina, Command::presence(Availability::Available));
        call.kim = call.enter("kim", Role::Customer);
        call
    }

    fn new() -> Self {
        let mut call = Self::quiet();
        let (queue_id, channel) = (Some(QueueId::parse("help").unwrap()), Channel::Voice);
        let attributes = BTreeMap::new();
        call.done(call.kim, Command::StartConversation { queue_id, channel, subject: None, attributes });
        let offer_id = call.got[&call.mina].iter().find_map(|event| match event {
            ServerEvent::OfferMade { offer } => Some(offer.offer_id.clone()),
            _ => None,
        });
        call.done(call.mina, Command::AcceptOffer { offer_id: offer_id.unwrap() });
        call
    }

    fn id() -> ConversationId {
        ConversationId::numbered('c', 1)
    }

    fn collect(&mut self) {
        while let Some(delivery) = self.emulator.poll() {
            let Delivery::Text { connection, text } = delivery else { continue };
            for frame in decode_server(&text).unwrap() {
                match frame {
                    ServerFrame::Event { event, .. } => self.got.entry(connection).or_default().push(event),
                    ServerFrame::Result { answer, .. } => self.answers.push(answer),
                    _ => {}
                }
            }
        }
    }

    fn say(&mut self, connection: ConnectionId, frame: &ClientFrame) {
        self.emulator.feed(self.now, connection, &encode(frame).unwrap());
        self.collect();
    }

    fn enter(&mut self, user: &str, role: Role) -> ConnectionId {
        let connection = self.emulator.connect();
        let token = self.emulator.token(user, user, role, 3_600_000).unwrap();
        self.say(connection, &ClientFrame::Hello { token, resume: None, client: None });
        connection
    }

    fn done(&mut self, connection: ConnectionId, command: Command) {
        self.commands += 1;
        let id = CommandId::numbered('k', self.commands);
        self.say(connection, &ClientFrame::Command { id, command });
        match self.answers.pop() {
            Some(Answer::Ok(
                Outcome::Done | Outcome::ConversationStarted { .. } | Outcome::OfferAccepted { .. },
            )) => {}
            other => panic!("{other:?}"),
        }
    }

    /// The agent's desk dials, and time passes.
    fn dials(&mut self, how: impl Fn(ConversationId, Target) -> Command, number: &str, then_ms: u64) {
        let target = Target::Number { number: number.into() };
        self.done(self.mina, how(Self::id(), target));
        self.pass(then_ms);
    }

    fn pass(&mut self, ms: u64) {
        for _ in 0..ms / 1_000 {
            self.now += 1_000;
            self.emulator.advance(self.now);
            self.collect();
            for connection in [self.mina, self.kim] {
                self.say(connection, &ClientFrame::Pong { n: 1 });
            }
        }
    }

    /// Why the number left, as the agent was told.
    fn why(&self) -> Option<LeaveReason> {
        self.got[&self.mina].iter().rev().find_map(|event| match event {
            ServerEvent::ParticipantLeft { reason, .. } => Some(*reason),
            _ => None,
        })
    }

    fn connected(&self) -> bool {
        self.got[&self.mina].iter().any(|event| match event {
            ServerEvent::ParticipantChanged { participant, .. } => {
                participant.part == Part::External && !participant.dialing && participant.voice.is_some()
            }
            _ => false,
        })
    }
}

fn transfer(conversation_id: ConversationId, target: Target) -> Command {
    Command::Transfer { conversation_id, target }
}

fn consult(conversation_id: ConversationId, target: Target) -> Command {
    Command::Consult { conversation_id, target }
}

fn invite(conversation_id: ConversationId, target: Target) -> Command {
    Command::Invite { conversation_id, target }
}

#[test]
fn every_documented_number_does_what_it_is_known_for() {
    for how in [transfer, consult, invite] {
        for (number, why) in [
            ("+442079460002", LeaveReason::Busy),
            ("+442079460003", LeaveReason::NoAnswer),
            ("+442079460004", LeaveReason::Rejected),
            ("+442079460006", LeaveReason::Unreachable),
        ] {
            let mut call = Call::new();
            call.dials(how, number, 31_000);
            assert_eq!((call.why(), call.emulator.calls()), (Some(why), 0), "{number}");
        }
    }
}

#[test]
fn consult_swap_conference_hold_and_remove() {
    let mut call = Call::new();
    call.dials(consult, "+44 20 7946 0001", 2_000);
    assert!(call.connected());
    let conversation_id = Call::id();
    call.done(call.mina, Command::Swap { conversation_id: conversation_id.clone() });
    call.done(call.mina, Command::Conference { conversation_id: conversation_id.clone() });
    let joined = call.got[&call.kim].iter().find_map(|event| match event {
        ServerEvent::ParticipantJoined { participant, .. } if participant.part == Part::External => {
            Some(participant.clone())
        }
        _ => None,
    });
    let number = joined.unwrap();
    assert_eq!(number.name, "", "the customer does not see the number");
    let participant_id = Some(number.participant_id.clone());
    call.done(
        call.mina,
        Command::Hold { conversation_id: conversation_id.clone(), participant_id: participant_id.clone() },
    );
    call.done(call.mina, Command::Resume { conversation_id: conversation_id.clone(), participant_id });
    assert_eq!(call.emulator.calls(), 1);
    call.done(
        call.mina,
        Command::RemoveParticipant { conversation_id, participant_id: number.participant_id },
    );
    assert_eq!((call.why(), call.emulator.calls()), (Some(LeaveReason::Removed), 0));
}

#[test]
fn a_consult_is_taken_back_or_completed() {
    let mut call = Call::new();
    call.dials(consult, "+442079460001", 0);
    call.done(call.mina, Command::CancelConsult { conversation_id: Call::id() });
    assert_eq!(call.emulator.calls(), 0, "it does not ring on");
    call.dials(consult, "+442079460001", 2_000);
    call.done(call.mina, Command::CompleteConsult { conversation_id: Call::id() });
    assert_eq!(call.emulator.calls(), 1);
    call.done(call.kim, Command::HangUp { conversation_id: Call::id() });
    assert_eq!(call.emulator.calls(), 0);
}

#[test]
fn a_transfer_goes_on_without_an_agent_until_the_number_hangs_up() {
    let mut call = Call::new();
    call.dials(transfer, "+442079460005", 8_000);
    assert_eq!(call.emulator.calls(), 1);
    call.pass(4_000);
    let ended = call.got[&call.kim].iter().any(|event| {
        let over = ConversationState::Ended;
        matches!(event, ServerEvent::ConversationStateChanged { state, reason, .. } if *state == over && *reason == Some(EndReason::ExternalLeft))
    });
    assert!(ended && call.emulator.calls() == 0);
}

#[test]
fn numbers_are_set_as_a_test_wants_them() {
    let mut call = Call::new();
    call.emulator
        .set_number("+442079460123", NumberBehavior::Answers { after_ms: 20_000, hangs_up_after_ms: None });
    call.dials(invite, "+442079460123", 19_000);
    assert!(!call.connected());
    call.pass(1_000);
    assert!(call.connected());
}

#[test]
fn no_call_outlives_a_restart() {
    let mut call = Call::new();
    call.dials(invite, "+442079460001", 2_000);
    assert_eq!(call.emulator.calls(), 1);
    call.emulator.restart(call.now);
    assert_eq!(call.emulator.calls(), 0);
}

fn outbound(number: &str) -> Command {
    Command::StartOutbound {
        queue_id: QueueId::parse("help").unwrap(),
        target: Target::Number { number: number.into() },
        channel: Channel::Voice,
        preview: true,
        name: None,
        subject: None,
        attributes: BTreeMap::new(),
    }
}

/// An outbound conversation to a number that answers is a call like any other; with its agent gone the network's call ends, too.
#[test]
fn a_customer_is_called_by_its_number() {
    let mut call = Call::quiet();
    call.done(call.mina, outbound("+442079460001"));
    call.pass(5_000);
    assert_eq!(call.emulator.calls(), 0, "nobody is called in preview");
    call.done(call.mina, Command::Dial { conversation_id: Call::id() });
    call.pass(5_000);
    let reached = call.got[&call.mina].iter().any(|event| {
        matches!(event, ServerEvent::OutboundChanged { outbound, .. } if outbound.stage == OutboundStage::Reached)
    });
    assert_eq!((reached, call.emulator.calls()), (true, 1));
    call.done(call.mina, Command::HangUp { conversation_id: Call::id() });
    assert_eq!(call.emulator.calls(), 0);
}
