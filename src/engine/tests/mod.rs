//! One engine against frames written here: small stories, in virtual time.

mod chat;
mod connection;
mod passing;
mod properties;
mod resume;
mod voice;

use super::{Engine, Event, Input, Options, Output, Reply, RequestId, VoiceAction};
use jackfield_wire::{
    Activity, Answer, Availability, Channel, ClientFrame, Code, Command, CommandId, ConversationId,
    ConversationState, ConversationView, Leg, MessageView, Millis, Outcome, Part, ParticipantId,
    ParticipantView, PresenceView, QueueId, Resumed, Role, Secret, ServerEvent, ServerFrame, SessionId, Side,
    SnapshotView, UserId, UserView, Visibility, WireError, decode_client, encode,
};

/// An engine with its clock, and all that came out of it.
struct Desk {
    engine: Engine,
    now: Millis,
    link: u64,
    seq: u64,
    frames: Vec<ClientFrame>,
    events: Vec<Event>,
    answers: Vec<(RequestId, Result<Reply, WireError>)>,
    actions: Vec<VoiceAction>,
    others: Vec<Output>,
    timeout: Option<Millis>,
    requests: u64,
}

impl Desk {
    fn new(options: Options) -> Self {
        Self {
            engine: Engine::new(options),
            now: 1_000_000,
            link: 0,
            seq: 0,
            frames: Vec::new(),
            events: Vec::new(),
            answers: Vec::new(),
            actions: Vec::new(),
            others: Vec::new(),
            timeout: None,
            requests: 0,
        }
    }

    /// A session that is open, without voice.
    fn open(snapshot: SnapshotView) -> Self {
        let mut desk = Self::new(Options { voice: false, ..Options::default() });
        desk.input(Input::Connect);
        desk.greet();
        desk.welcome(Resumed::New, Some(snapshot));
        desk.events.clear();
        desk
    }

    fn input(&mut self, input: Input) {
        self.engine.handle(self.now, input);
        while let Some(output) = self.engine.poll() {
            match output {
                Output::Send(text) => self.frames.extend(decode_client(&text).unwrap()),
                Output::Event(event) => self.events.push(event),
                Output::Resolve { request, answer } => self.answers.push((request, answer)),
                Output::Voice(action) => self.actions.push(action),
                Output::Timeout(at) => self.timeout = at,
                Output::Connect { link } => {
                    self.link = link;
                    self.others.push(Output::Connect { link });
                }
                other => self.others.push(other),
            }
        }
    }

    /// Gives the token that was asked for and opens the socket.
    fn greet(&mut self) {
        assert!(self.others.contains(&Output::NeedToken), "{:?}", self.others);
        self.others.clear();
        self.input(Input::Token(Ok(Secret::new("t"))));
        self.input(Input::SocketOpened { link: self.link });
    }

    fn say(&mut self, frame: &ServerFrame) {
        let text = encode(frame).unwrap();
        self.input(Input::Text { link: self.link, text });
    }

    fn welcome_frame(&self, epoch: u64, resumed: Resumed, snapshot: Option<SnapshotView>) -> ServerFrame {
        ServerFrame::Welcome {
            tenant_id: jackfield_wire::TenantId::parse("t1").unwrap(),
            session_id: SessionId::parse("s1").unwrap(),
            resume_key: Secret::new("key"),
            epoch,
            seq: self.seq,
            resumed,
            snapshot: snapshot.map(Box::new),
            now: self.now + 500,
            token_expires_at: self.now + 3_600_000,
            ping_every_ms: 5_000,
            grace_ms: 60_000,
        }
    }

    fn welcome(&mut self, resumed: Resumed, snapshot: Option<SnapshotView>) {
        let frame = self.welcome_frame(1, resumed, snapshot);
        self.say(&frame);
    }

    fn event(&mut self, event: ServerEvent) {
        self.seq += 1;
        self.say(&ServerFrame::Event { seq: self.seq, at: self.now, event });
    }

    fn request(&mut self, command: Command) -> RequestId {
        self.requests += 1;
        let request = RequestId(self.requests);
        self.input(Input::ask(request, &command));
        request
    }

    fn answer(&mut self, id: &CommandId, answer: Answer) {
        self.say(&ServerFrame::Result { id: id.clone(), answer });
    }

    /// Lets time pass, with every deadline on the way.
    fn pass(&mut self, ms: u64) {
        let until = self.now + ms;
        while let Some(at) = self.timeout.filter(|&at| at <= until) {
            self.now = self.now.max(at);
            self.timeout = None;
            self.input(Input::Timeout);
        }
        self.now = until;
    }

    /// The socket is cut and comes back, up to hello.
    fn cut(&mut self) {
        self.input(Input::SocketClosed { link: self.link, code: 1006 });
        self.pass(30_000);
        self.greet();
    }

    /// The commands sent since the last call, with their ids.
    fn commands(&mut self) -> Vec<(CommandId, Command)> {
        let frames = std::mem::take(&mut self.frames);
        let command = |frame| match frame {
            ClientFrame::Command { id, command } => Some((id, command)),
            _ => None,
        };
        frames.into_iter().filter_map(command).collect()
    }

    fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    fn numbers(&self) -> Vec<u64> {
        let conversation = self.engine.view().unwrap().conversation(&c1()).unwrap();
        conversation.thread.messages().iter().map(|m| m.number).collect()
    }
}

fn c1() -> ConversationId {
    ConversationId::parse("c1").unwrap()
}

fn p(id: &str) -> ParticipantId {
    ParticipantId::parse(id).unwrap()
}

fn presence(availability: Availability) -> PresenceView {
    PresenceView::new(UserId::parse("mina").unwrap(), availability, Activity::Available, 1)
}

fn snapshot(conversations: Vec<ConversationView>) -> SnapshotView {
    SnapshotView {
        user: UserView { user_id: UserId::parse("mina").unwrap(), name: "Mina".into(), role: Role::Agent },
        presence: presence(Availability::Available),
        queues: Vec::new(),
        offers: Vec::new(),
        conversations,
        watched: Vec::new(),
        floor: None,
        reasons: Vec::new(),
        reason_required: false,
        trunk: false,
        attributes: Vec::new(),
        tags: Vec::new(),
    }
}

fn participant(id: &str, user: &str, role: Role) -> ParticipantView {
    ParticipantView {
        participant_id: p(id),
        user_id: UserId::parse(user).unwrap(),
        name: user.into(),
        role,
        joined_at: 1,
        voice: None,
        away: false,
        delivered: 0,
        read: 0,
        part: if role == Role::Customer { Part::Customer } else { Part::Agent },
        side: Side::Main,
        owner: role == Role::Agent,
        monitor: None,
        wrap_up: None,
        dialing: false,
    }
}

fn leg() -> Leg {
    Leg { session_id: SessionId::parse("s1").unwrap(), since: 1, held: false, muted: false }
}

/// Mina with a customer.
fn conversation(messages: Vec<MessageView>) -> ConversationView {
    ConversationView {
        conversation_id: c1(),
        queue_id: QueueId::parse("sales").unwrap(),
        channel: Channel::Chat,
        state: ConversationState::Active,
        state_since: 1,
        created_at: 1,
        subject: None,
        attributes: Default::default(),
        tags: Vec::new(),
        links: Vec::new(),
        participants: vec![participant("p1", "mina", Role::Agent), participant("p2", "carl", Role::Customer)],
        voice_requested: false,
        position: None,
        estimated_wait_ms: None,
        last_message: messages.last().map_or(0, |m| m.number),
        messages,
        wrap_up: None,
        pending: None,
        callback: None,
        outbound: None,
    }
}

/// The customer's message.
fn message(number: u64) -> MessageView {
    MessageView {
        number,
        command_id: CommandId::numbered('x', number),
        participant_id: p("p2"),
        name: "carl".into(),
        role: Role::Customer,
        at: number,
        visibility: Visibility::Everyone,
        note: false,
        text: format!("m{number}"),
    }
}

fn hello(text: &str) -> Command {
    Command::SendMessage { conversation_id: c1(), text: text.into(), visibility: Visibility::Everyone }
}

fn sent(number: u64) -> Answer {
    Answer::Ok(Outcome::MessageSent { number, at: 77 })
}

fn refusal(code: Code) -> Answer {
    Answer::Error(code.into())
}
