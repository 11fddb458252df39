//! An agent and a customer who come back whatever happens, and remember all that they were told.

use jackfield_load::{Client, Door, LoadError, Socket};
use jackfield_wire::{
    Availability, Channel, Command, CommandId, ConversationId, ConversationState, MessageView, OfferId,
    Outcome, QueueId, Resumed, ServerEvent, ServerFrame, Visibility, WireError,
};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(40);

/// A user with one session, over any number of connections.
pub(crate) struct Person {
    pub(crate) door: Door,
    token: String,
    pub(crate) client: Client,
    /// Every message this session was told of, in the order of arrival.
    pub(crate) told: Vec<MessageView>,
    /// The answers to messages sent, by command.
    pub(crate) acknowledged: BTreeMap<CommandId, u64>,
    looked_at: usize,
}

impl Person {
    pub(crate) async fn arrive(door: &Door, user: &str, role: &str) -> Self {
        let token = door.demo_token(user, role, user).await.unwrap();
        let client = Client::open(door, &token, None).await.unwrap();
        let door = door.clone();
        Self { door, token, client, told: Vec::new(), acknowledged: BTreeMap::new(), looked_at: 0 }
    }

    /// One more session of the same user, on a socket that buffers little.
    pub(crate) async fn slow_twin(&self) -> Client {
        let socket = Socket::connect_with(&self.door, Some(4096)).await.unwrap();
        Client::open_on(socket, &self.token, None).await.unwrap()
    }

    /// Takes the session up again, as soon as the gateway lets it.
    pub(crate) async fn come_back(&mut self) -> Resumed {
        self.remember();
        let deadline = Instant::now() + PATIENCE;
        loop {
            match Client::open(&self.door, &self.token, Some(self.client.resume.clone())).await {
                Ok(client) => {
                    self.client = client;
                    self.looked_at = 0;
                    self.remember_snapshot();
                    self.remember();
                    return self.client.resumed;
                }
                Err(LoadError::Wire(error)) if !error.code.info().retryable => panic!("not let in: {error}"),
                Err(error) if Instant::now() > deadline => panic!("not back: {error}"),
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    }

    /// Sorts what came since the last time.
    pub(crate) fn remember(&mut self) {
        for frame in &self.client.frames[self.looked_at..] {
            match frame {
                ServerFrame::Event { event: ServerEvent::MessageAdded { message, .. }, .. } => {
                    self.told.push(message.clone());
                }
                ServerFrame::Result { id, answer } => {
                    if let Ok(Outcome::MessageSent { number, .. }) = answer.clone().into() {
                        let before = self.acknowledged.insert(id.clone(), number);
                        assert!(before.is_none_or(|b| b == number), "{id} was {before:?}, is {number}");
                    }
                }
                _ => {}
            }
        }
        self.looked_at = self.client.frames.len();
    }

    /// Sorts what came, then forgets the frames themselves: the next answer is a new one.
    pub(crate) fn forget(&mut self) {
        self.remember();
        self.client.frames.clear();
        self.looked_at = 0;
    }

    fn remember_snapshot(&mut self) {
        let newest = self.told.last().map_or(0, |message| message.number);
        let conversations = self.client.snapshot.iter().flat_map(|snapshot| &snapshot.conversations);
        let missed = conversations.flat_map(|c| c.messages.clone()).filter(|m| m.number > newest);
        self.told.extend(missed);
    }

    /// Does a command under its id until it is answered, through cuts and rate limits.
    pub(crate) async fn insist(&mut self, id: &CommandId, command: &Command) -> Result<Outcome, WireError> {
        loop {
            let answered = match self.client.send_as(id.clone(), command.clone()).await {
                Ok(()) => self.client.answer(id).await,
                Err(error) => Err(error),
            };
            self.remember();
            match answered {
                Ok(Err(WireError { retry_after_ms: Some(ms), .. })) => {
                    self.forget();
                    tokio::time::sleep(Duration::from_millis(ms.into())).await;
                }
                Ok(answer) => return answer,
                Err(LoadError::Gap { expected, got }) => panic!("event {got} came where {expected} was due"),
                Err(_) => {
                    self.come_back().await;
                }
            }
        }
    }

    /// The last snapshot says who asks, and what about: the journal does not hold it, but the store does.
    fn sees_who_asks(&self) {
        let Some(view) = self.client.snapshot.as_ref().and_then(|snapshot| snapshot.conversations.first())
        else {
            return;
        };
        assert_eq!(
            (view.subject.as_deref(), view.attributes["order"].as_text()),
            (Some("My parcel"), Some("A-17"))
        );
        let names: Vec<_> = view.participants.iter().map(|party| party.name.is_empty()).collect();
        assert_eq!(names, [false, false], "everybody has a name");
    }

    /// All messages of the conversation that this person may see, oldest first.
    pub(crate) async fn history(&mut self, conversation_id: &ConversationId) -> Vec<MessageView> {
        let mut all: Vec<MessageView> = Vec::new();
        loop {
            let before = all.first().map(|message| message.number);
            let command =
                Command::FetchHistory { conversation_id: conversation_id.clone(), before, limit: Some(100) };
            match self.client.ask(command).await {
                Ok(Outcome::History { messages, more }) => {
                    all.splice(0..0, messages);
                    if !more {
                        return all;
                    }
                }
                Err(LoadError::Wire(WireError { retry_after_ms: Some(ms), .. })) => {
                    tokio::time::sleep(Duration::from_millis(ms.into())).await;
                }
                other => panic!("no history: {other:?}"),
            }
        }
    }
}

/// Two people in a conversation.
pub(crate) struct Chat {
    pub(crate) agent: Person,
    pub(crate) customer: Person,
    pub(crate) conversation: ConversationId,
}

impl Chat {
    /// A customer asks, the agent accepts.
    pub(crate) async fn begin(door: &Door) -> Self {
        let mut agent = Person::arrive(door, "mina", "agent").await;
        let mut customer = Person::arrive(door, "customer-1", "customer").await;
        agent.client.ask(Command::presence(Availability::Available)).await.unwrap();
        let start = Command::StartConversation {
            queue_id: Some(QueueId::parse("support").unwrap()),
            channel: Channel::Chat,
            subject: Some("My parcel".to_owned()),
            attributes: BTreeMap::from([("order".to_owned(), "A-17".into())]),
        };
        customer.client.ask(start).await.unwrap();
        let offer_id = agent.client.event(offer).await.unwrap();
        agent.client.ask(Command::AcceptOffer { offer_id }).await.unwrap();
        let conversation = customer.client.event(active).await.unwrap();
        Self { agent, customer, conversation }
    }

    pub(crate) fn say(&self, text: impl Into<String>) -> Command {
        Command::SendMessage {
            conversation_id: self.conversation.clone(),
            text: text.into(),
            visibility: Visibility::Everyone,
        }
    }

    /// The conversation is whole: each of these commands is one message, at the number that was acknowledged, without holes, the same at both ends.
    pub(crate) async fn is_whole(&mut self, sent: &BTreeMap<CommandId, String>) {
        let history = self.agent.history(&self.conversation).await;
        assert_eq!(history, self.customer.history(&self.conversation).await);
        let numbers: Vec<u64> = history.iter().map(|message| message.number).collect();
        assert_eq!(numbers, (1..=history.len() as u64).collect::<Vec<_>>(), "numbers without holes");
        let kept: BTreeMap<_, _> = history.iter().map(|m| (m.command_id.clone(), m.text.clone())).collect();
        assert_eq!(kept.len(), history.len(), "one message a command");
        assert_eq!(&kept, sent);
        for person in [&self.agent, &self.customer] {
            person.sees_who_asks();
            for (id, number) in &person.acknowledged {
                let message = history.iter().find(|message| message.number == *number).unwrap();
                assert_eq!(&message.command_id, id, "at the number that was acknowledged");
            }
        }
    }
}

/// A customer who waits in line, and has written something.
pub(crate) async fn visit(door: &Door, user: &str) -> Client {
    let token = door.demo_token(user, "customer", user).await.unwrap();
    let mut client = Client::open(door, &token, None).await.unwrap();
    let start = Command::StartConversation {
        queue_id: Some(QueueId::parse("sales").unwrap()),
        channel: Channel::Chat,
        subject: Some("x".repeat(500)),
        attributes: BTreeMap::from([("page".to_owned(), "y".repeat(500).into())]),
    };
    let Outcome::ConversationStarted { conversation_id } = client.ask(start).await.unwrap() else {
        panic!("not started")
    };
    let (text, visibility) = ("z".repeat(2_000), Visibility::Everyone);
    client.ask(Command::SendMessage { conversation_id, text, visibility }).await.unwrap();
    client
}

fn offer(event: &ServerEvent) -> Option<OfferId> {
    match event {
        ServerEvent::OfferMade { offer } => Some(offer.offer_id.clone()),
        _ => None,
    }
}

fn active(event: &ServerEvent) -> Option<ConversationId> {
    match event {
        ServerEvent::ConversationStateChanged {
            conversation_id, state: ConversationState::Active, ..
        } => Some(conversation_id.clone()),
        _ => None,
    }
}
