//! An agent and a customer in the emulator, over the wire's own frames.
#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use jackfield_emulator::{Delivery, Emulator, Unusable};
use jackfield_exchange::switchboard::ConnectionId;
use jackfield_wire::{
    Answer, Availability, Channel, ClientFrame, Code, Command, CommandId, ConversationId, OfferOutcome,
    Outcome, QueueId, Resume, Resumed, Role, ServerEvent, ServerFrame, Visibility, decode_server, encode,
};
use std::collections::BTreeMap;

/// The emulator, and what its clients got.
struct Page {
    emulator: Emulator,
    now: u64,
    got: BTreeMap<ConnectionId, Vec<ServerFrame>>,
    closed: BTreeMap<ConnectionId, u16>,
    commands: u64,
}

impl Page {
    fn new() -> Self {
        let tenant = serde_json::from_str(
            r#"{"tenant_id": "demo", "name": "Demo", "queues": [{"queue_id": "help", "name": "Help", "wrap_up_ms": 5000}],
                "users": [{"user_id": "mina", "name": "Mina"}]}"#,
        );
        let emulator = Emulator::new(tenant.unwrap(), 1_000_000, 7).unwrap();
        Self { emulator, now: 1_000_000, got: BTreeMap::new(), closed: BTreeMap::new(), commands: 0 }
    }

    fn collect(&mut self) {
        while let Some(delivery) = self.emulator.poll() {
            match delivery {
                Delivery::Text { connection, text } => {
                    self.got.entry(connection).or_default().extend(decode_server(&text).unwrap());
                }
                Delivery::Closed { connection, code } => drop(self.closed.insert(connection, code)),
            }
        }
    }

    fn say(&mut self, connection: ConnectionId, frame: &ClientFrame) {
        self.emulator.feed(self.now, connection, &encode(frame).unwrap());
        self.collect();
    }

    fn enter(&mut self, user: &str, role: Role, resume: Option<Resume>) -> ConnectionId {
        let connection = self.emulator.connect();
        let token = self.emulator.token(user, user, role, 3_600_000).unwrap();
        self.say(connection, &ClientFrame::Hello { token, resume, client: None });
        connection
    }

    fn ask(&mut self, connection: ConnectionId, command: Command) -> Answer {
        self.commands += 1;
        let id = CommandId::numbered('k', self.commands);
        self.say(connection, &ClientFrame::Command { id: id.clone(), command });
        let answers = self.got[&connection].iter().filter_map(|frame| match frame {
            ServerFrame::Result { id: of, answer } if *of == id => Some(answer.clone()),
            _ => None,
        });
        answers.collect::<Vec<_>>().pop().unwrap()
    }

    fn done(&mut self, connection: ConnectionId, command: Command) -> Outcome {
        match self.ask(connection, command) {
            Answer::Ok(outcome) => outcome,
            Answer::Error(error) => panic!("{error}"),
        }
    }

    fn events(&self, connection: ConnectionId) -> Vec<ServerEvent> {
        let events = self.got[&connection].iter().filter_map(|frame| match frame {
            ServerFrame::Event { event, .. } => Some(event.clone()),
            _ => None,
        });
        events.collect()
    }

    fn pass(&mut self, ms: u64) {
        self.now += ms;
        self.emulator.advance(self.now);
        self.collect();
    }

    /// A customer's chat in line, and the offer that an agent got for it.
    fn offered(&mut self) -> (ConnectionId, ConnectionId, ConversationId, Command) {
        let mina = self.enter("mina", Role::Agent, None);
        self.done(mina, Command::presence(Availability::Available));
        let kim = self.enter("kim", Role::Customer, None);
        let queue_id = Some(QueueId::parse("help").unwrap());
        let start = Command::StartConversation {
            queue_id,
            channel: Channel::Chat,
            subject: None,
            attributes: BTreeMap::new(),
        };
        let Outcome::ConversationStarted { conversation_id } = self.done(kim, start) else { panic!() };
        let accept = self.events(mina).into_iter().find_map(|event| match event {
            ServerEvent::OfferMade { offer } => Some(Command::AcceptOffer { offer_id: offer.offer_id }),
            _ => None,
        });
        (mina, kim, conversation_id, accept.unwrap())
    }
}

fn say(conversation: &ConversationId, text: &str) -> Command {
    let (conversation_id, text) = (conversation.clone(), text.to_owned());
    Command::SendMessage { conversation_id, text, visibility: Visibility::Everyone }
}

fn texts(events: &[ServerEvent]) -> Vec<&str> {
    let texts = events.iter().filter_map(|event| match event {
        ServerEvent::MessageAdded { message, .. } => Some(message.text.as_str()),
        _ => None,
    });
    texts.collect()
}

#[test]
fn an_agent_and_a_customer_have_a_chat() {
    let mut page = Page::new();
    let (mina, kim, chat, accept) = page.offered();
    page.done(mina, accept);
    page.done(kim, say(&chat, "hello"));
    page.done(mina, say(&chat, "what can I do for you?"));
    for client in [mina, kim] {
        assert_eq!(texts(&page.events(client)), ["hello", "what can I do for you?"]);
    }
    page.done(kim, Command::EndConversation { conversation_id: chat.clone() });
    page.done(mina, Command::FinishWrapUp { conversation_id: chat.clone(), disposition: None, note: None });
    assert!(page.events(mina).contains(&ServerEvent::ConversationRemoved { conversation_id: chat }));
}

#[test]
fn time_passes_as_it_is_told() {
    let mut page = Page::new();
    let (mina, ..) = page.offered();
    for _ in 0..25 {
        page.pass(1_000);
        page.say(mina, &ClientFrame::Pong { n: 1 });
    }
    let timed_out = |event: &ServerEvent| {
        matches!(event, ServerEvent::OfferEnded { outcome: OfferOutcome::TimedOut, .. })
    };
    assert!(page.events(mina).iter().any(timed_out));
}

#[test]
fn what_was_acknowledged_outlives_a_restart() {
    let mut page = Page::new();
    let (mina, kim, chat, accept) = page.offered();
    page.done(mina, accept);
    page.done(kim, say(&chat, "hello"));
    let Some(ServerFrame::Welcome { session_id, resume_key, epoch, .. }) = page.got[&kim].first().cloned()
    else {
        panic!()
    };
    page.emulator.restart(page.now);
    page.collect();
    assert_eq!(page.closed.get(&kim), Some(&1012));
    let resume = Resume { session_id: session_id.clone(), key: resume_key, epoch, seq: Some(1) };
    let kim = page.enter("kim", Role::Customer, Some(resume));
    let Some(ServerFrame::Welcome { session_id: same, resumed, snapshot, .. }) = page.got[&kim].first()
    else {
        panic!()
    };
    assert_eq!((same, *resumed), (&session_id, Resumed::Snapshot));
    assert_eq!(snapshot.as_ref().unwrap().conversations[0].messages[0].text, "hello");
}

#[test]
fn what_can_not_be_taken_is_refused_with_its_code() {
    let mut page = Page::new();
    let early = page.emulator.connect();
    page.say(early, &ClientFrame::Ack { seq: 1 });
    assert_eq!(page.closed.get(&early), Some(&4007));
    let stranger = page.enter("nobody", Role::Agent, None);
    assert_eq!(page.closed.get(&stranger), Some(&4105));
    let mina = page.enter("mina", Role::Agent, None);
    page.emulator.feed(page.now, mina, "{");
    page.collect();
    let Some(ServerFrame::Error { error }) = page.got[&mina].last() else { panic!() };
    assert_eq!(error.code, Code::MalformedFrame);
    let Answer::Error(error) = page.ask(mina, Command::NegotiateMedia { sdp: "v=0".into() }) else {
        panic!()
    };
    assert_eq!(error.code, Code::MediaUnavailable);
    assert!(!page.closed.contains_key(&mina), "the session goes on");
}

#[test]
fn a_wrong_configuration_is_refused_field_by_field() {
    let tenant = r#"{"tenant_id": "demo", "name": "", "users": [{"user_id": "a", "name": "A", "queues": ["nowhere"]}]}"#;
    let Err(Unusable(problems)) = Emulator::new(serde_json::from_str(tenant).unwrap(), 0, 0) else {
        panic!()
    };
    let fields: Vec<_> = problems.iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(fields, ["name", "users[0].queues[0]"]);
}
