//! A switchboard with its host: a journal in memory, connections that only listen, and time that is set.

use crate::switchboard::{
    Batch, BodyRow, ConnectionId, Entry, Fresh, Input, KeyDigest, Output, ResumeRequest, Settings,
    Switchboard,
};
use crate::{Exchange, Identity, Memory, TenantConfig};
use jackfield_wire::{
    Answer, Channel, ClientFrame, Code, Command, CommandId, ConversationId, MessageView, Millis, Outcome,
    QualitySample, Resumed, Role, Secret, ServerEvent, ServerFrame, SessionId, SnapshotView, UserId,
    Visibility, decode_server,
};
use std::collections::BTreeMap;

pub(super) const START: Millis = 1_000_000;

/// What a client keeps of its welcome.
#[derive(Debug, Clone)]
pub(super) struct Welcomed {
    pub(super) connection: ConnectionId,
    pub(super) session: SessionId,
    pub(super) key: Secret,
    pub(super) epoch: u64,
    pub(super) seq: u64,
    pub(super) resumed: Resumed,
    pub(super) snapshot: Option<SnapshotView>,
}

pub(super) struct Desk {
    pub(super) board: Switchboard,
    pub(super) now: Millis,
    pub(super) settings: Settings,
    /// What is on disk.
    pub(super) journal: Vec<Entry>,
    pub(super) messages: BTreeMap<(ConversationId, u64), MessageView>,
    pub(super) rows: Vec<BodyRow>,
    pub(super) memory: Memory,
    /// Batches on their way to the disk, while it is told to wait.
    pub(super) waiting: Vec<Batch>,
    pub(super) slow_disk: bool,
    pub(super) slow_reads: bool,
    pub(super) reads: Vec<Output>,
    pub(super) sent: BTreeMap<ConnectionId, Vec<ServerFrame>>,
    pub(super) closed: BTreeMap<ConnectionId, Code>,
    /// Everything else that was asked of the host.
    pub(super) asked: Vec<Output>,
    counter: u64,
}

pub(super) fn config() -> TenantConfig {
    serde_json::from_str(
        r#"{"tenant_id": "contoso", "name": "Contoso",
            "queues": [{"queue_id": "help", "name": "Help", "wrap_up_ms": 10000}],
            "users": [{"user_id": "mina", "name": "Mina"}, {"user_id": "joon", "name": "Joon"},
                      {"user_id": "sam", "name": "Sam", "roles": ["supervisor"]}]}"#,
    )
    .unwrap()
}

pub(super) fn id(text: &str) -> CommandId {
    CommandId::parse(text).unwrap()
}

fn digest(key: &Secret) -> KeyDigest {
    let mut digest = [1; 32];
    for (n, byte) in key.expose().bytes().enumerate() {
        digest[n % 32] ^= byte.rotate_left(n as u32 % 7);
    }
    digest
}

impl Desk {
    pub(super) fn new() -> Self {
        Self::with(Settings::default())
    }

    pub(super) fn with(settings: Settings) -> Self {
        let mut board = Switchboard::new(Exchange::new(config()), settings.clone());
        board.start(START);
        Self {
            board,
            now: START,
            settings,
            journal: Vec::new(),
            messages: BTreeMap::new(),
            rows: Vec::new(),
            memory: Memory::default(),
            waiting: Vec::new(),
            slow_disk: false,
            slow_reads: false,
            reads: Vec::new(),
            sent: BTreeMap::new(),
            closed: BTreeMap::new(),
            asked: Vec::new(),
            counter: 0,
        }
    }

    pub(super) fn give(&mut self, input: Input) {
        self.board.handle(self.now, input);
        self.drain();
    }

    /// Lets time pass, doing on the way what is due.
    pub(super) fn pass(&mut self, ms: Millis) {
        let end = self.now + ms;
        while let Some(due) = self.board.deadline().filter(|due| *due <= end) {
            self.now = self.now.max(due);
            self.give(Input::Time);
        }
        self.now = end;
        self.give(Input::Time);
    }

    /// The same, with clients that answer pings.
    pub(super) fn pass_alive(&mut self, ms: Millis, alive: &[ConnectionId]) {
        let end = self.now + ms;
        while self.now < end {
            self.pass(1_000.min(end - self.now));
            for connection in alive {
                self.frames(*connection, vec![ClientFrame::Pong { n: 1 }]);
            }
        }
    }

    fn drain(&mut self) {
        self.board.flush(self.now);
        while let Some(output) = self.board.poll() {
            match output {
                Output::Send { connection, text } => {
                    self.sent.entry(connection).or_default().extend(decode_server(&text).unwrap());
                }
                Output::Close { connection, code } => {
                    self.closed.insert(connection, code);
                }
                Output::Commit(batch) if self.slow_disk => self.waiting.push(batch),
                Output::Commit(batch) => self.write(batch),
                Output::FetchMessages { .. } | Output::FetchPast { .. } if self.slow_reads => {
                    self.reads.push(output);
                }
                Output::FetchMessages { .. } | Output::FetchPast { .. } => self.read(output),
                other => self.asked.push(other),
            }
        }
    }

    /// Puts a batch on disk.
    pub(super) fn write(&mut self, batch: Batch) {
        self.memory.keep(&batch);
        for entry in &batch.entries {
            let text = serde_json::to_string(entry).unwrap();
            self.journal.push(serde_json::from_str(&text).unwrap());
        }
        for row in batch.bodies {
            let BodyRow::Message { conversation, message } = row else {
                self.rows.push(row);
                continue;
            };
            let before = self.messages.insert((conversation, message.number), message);
            assert_eq!(before, None, "a message number was given twice");
        }
        self.board.handle(self.now, Input::Committed { batch: batch.number });
    }

    /// Puts the batches that wait on disk.
    pub(super) fn write_waiting(&mut self) {
        for batch in std::mem::take(&mut self.waiting) {
            self.write(batch);
        }
        self.drain();
    }

    pub(super) fn read(&mut self, fetch: Output) {
        let (request, conversation, before, limit, see_internal) = match fetch {
            Output::FetchPast { request, customer, before, limit } => {
                let (entries, more) = self.memory.past(&customer, before.as_ref(), limit);
                return self.give(Input::Past { request, entries: Ok(entries), more });
            }
            Output::FetchMessages {
                request,
                conversation,
                before,
                limit,
                see_internal,
                past_of: Some(of),
            } => {
                let (messages, more) =
                    self.memory.page(&conversation, before, limit, see_internal, Some(&of));
                return self.give(Input::Messages { request, conversation, messages: Ok(messages), more });
            }
            Output::FetchMessages { request, conversation, before, limit, see_internal, past_of: None } => {
                (request, conversation, before, limit, see_internal)
            }
            other => unreachable!("{other:?}"),
        };
        let mut found: Vec<_> = self
            .messages
            .range((conversation.clone(), 0)..(conversation.clone(), before.unwrap_or(u64::MAX)))
            .map(|(_, message)| message.clone())
            .filter(|message| see_internal || message.visibility == Visibility::Everyone)
            .collect();
        let more = found.len() > limit as usize;
        found.drain(..found.len().saturating_sub(limit as usize));
        let messages = Ok(found);
        self.give(Input::Messages { request, conversation, messages, more });
    }

    pub(super) fn read_waiting(&mut self) {
        for fetch in std::mem::take(&mut self.reads) {
            self.read(fetch);
        }
    }

    fn connection(&mut self) -> ConnectionId {
        self.counter += 1;
        ConnectionId(self.counter)
    }

    fn fresh(&mut self) -> Fresh {
        self.counter += 1;
        let key = Secret::new(format!("key-{}", self.counter));
        let session_id = SessionId::parse(&format!("s{}", self.counter)).unwrap();
        Fresh { session_id, key_digest: digest(&key), key }
    }

    pub(super) fn hello(
        &mut self,
        who: &str,
        role: Role,
        resume: Option<(&Welcomed, Option<u64>)>,
    ) -> ConnectionId {
        self.hello_until(who, role, resume, u64::MAX)
    }

    pub(super) fn hello_until(
        &mut self,
        who: &str,
        role: Role,
        resume: Option<(&Welcomed, Option<u64>)>,
        token_expires_at: Millis,
    ) -> ConnectionId {
        let (connection, fresh) = (self.connection(), self.fresh());
        let resume = resume.map(|(welcomed, seq)| ResumeRequest {
            session_id: welcomed.session.clone(),
            key_digest: digest(&welcomed.key),
            epoch: welcomed.epoch,
            seq,
        });
        let identity = identity(who, role);
        self.give(Input::Hello { connection, identity, token_expires_at, resume, fresh });
        connection
    }

    /// Says hello and is welcomed.
    pub(super) fn enter(&mut self, who: &str, role: Role) -> Welcomed {
        let connection = self.hello(who, role, None);
        self.welcomed(connection)
    }

    /// Resumes and is welcomed.
    pub(super) fn back(&mut self, who: &str, role: Role, before: &Welcomed, seq: Option<u64>) -> Welcomed {
        let connection = self.hello(who, role, Some((before, seq)));
        self.welcomed(connection)
    }

    pub(super) fn welcomed(&self, connection: ConnectionId) -> Welcomed {
        match self.frames_of(connection).first() {
            Some(ServerFrame::Welcome { session_id, resume_key, epoch, seq, resumed, snapshot, .. }) => {
                Welcomed {
                    connection,
                    session: session_id.clone(),
                    key: resume_key.clone(),
                    epoch: *epoch,
                    seq: *seq,
                    resumed: *resumed,
                    snapshot: snapshot.as_deref().cloned(),
                }
            }
            other => panic!("no welcome but {other:?}"),
        }
    }

    pub(super) fn frames(&mut self, connection: ConnectionId, frames: Vec<ClientFrame>) {
        self.give(Input::Frames { connection, frames });
    }

    pub(super) fn send(&mut self, on: &Welcomed, id_text: &str, command: Command) {
        self.frames(on.connection, vec![ClientFrame::Command { id: id(id_text), command }]);
    }

    /// Sends a command and gives its answer.
    pub(super) fn ask(&mut self, on: &Welcomed, id_text: &str, command: Command) -> Answer {
        self.send(on, id_text, command);
        self.answers(on.connection, id_text).pop().expect("an answer")
    }

    /// Sends a command that is done.
    pub(super) fn done(&mut self, on: &Welcomed, id_text: &str, command: Command) -> Outcome {
        match self.ask(on, id_text, command) {
            Answer::Ok(outcome) => outcome,
            Answer::Error(error) => panic!("{id_text}: {error}"),
        }
    }

    pub(super) fn answers(&self, connection: ConnectionId, id_text: &str) -> Vec<Answer> {
        let of = |frame: &ServerFrame| match frame {
            ServerFrame::Result { id: of, answer } if *of == id(id_text) => Some(answer.clone()),
            _ => None,
        };
        self.frames_of(connection).iter().filter_map(of).collect()
    }

    pub(super) fn frames_of(&self, connection: ConnectionId) -> &[ServerFrame] {
        self.sent.get(&connection).map_or(&[], Vec::as_slice)
    }

    /// The events a connection was sent, with their numbers.
    pub(super) fn events(&self, connection: ConnectionId) -> Vec<(u64, ServerEvent)> {
        let of = |frame: &ServerFrame| match frame {
            ServerFrame::Event { seq, event, .. } => Some((*seq, event.clone())),
            _ => None,
        };
        self.frames_of(connection).iter().filter_map(of).collect()
    }

    /// The number of the last event a client has.
    pub(super) fn last_seq(&self, on: &Welcomed) -> u64 {
        self.events(on.connection).last().map_or(on.seq, |(seq, _)| *seq)
    }

    pub(super) fn errors(&self, connection: ConnectionId) -> Vec<Code> {
        let of = |frame: &ServerFrame| match frame {
            ServerFrame::Error { error } => Some(error.code),
            _ => None,
        };
        self.frames_of(connection).iter().filter_map(of).collect()
    }

    /// Kills the gateway and starts it again from what is on disk.
    pub(super) fn restart(&mut self) {
        self.settings.epoch += 1;
        self.board = self.stored();
        self.board.start(self.now);
        self.waiting.clear();
        self.reads.clear();
        self.drain();
    }

    pub(super) fn stored(&self) -> Switchboard {
        let mut board = Switchboard::new(Exchange::new(config()), self.settings.clone());
        self.journal.iter().for_each(|entry| board.replay(entry));
        board.furnish(self.rows.clone());
        board
    }

    /// A customer's chat that an agent has taken: the agent, the customer, the conversation.
    pub(super) fn chat(&mut self) -> (Welcomed, Welcomed, ConversationId) {
        self.conversation(Channel::Chat)
    }

    pub(super) fn call(&mut self) -> (Welcomed, Welcomed, ConversationId) {
        self.conversation(Channel::Voice)
    }

    fn conversation(&mut self, channel: Channel) -> (Welcomed, Welcomed, ConversationId) {
        let mina = self.enter("mina", Role::Agent);
        let available = Command::presence(jackfield_wire::Availability::Available);
        self.done(&mina, "ready", available);
        let kim = self.enter("kim", Role::Customer);
        let Outcome::ConversationStarted { conversation_id } = self.done(&kim, "start", start(channel))
        else {
            panic!("not started")
        };
        let offer = self.events(mina.connection).into_iter().find_map(|(_, event)| match event {
            ServerEvent::OfferMade { offer } => Some(offer.offer_id),
            _ => None,
        });
        self.done(&mina, "accept", Command::AcceptOffer { offer_id: offer.expect("an offer") });
        (mina, kim, conversation_id)
    }
}

pub(super) fn identity(who: &str, role: Role) -> Identity {
    Identity::new(UserId::parse(who).unwrap(), format!("Name of {who}"), role)
}

pub(super) fn start(channel: Channel) -> Command {
    let queue_id = Some(jackfield_wire::QueueId::parse("help").unwrap());
    let attributes = BTreeMap::from([("order".to_owned(), "A-17".into())]);
    Command::StartConversation { queue_id, channel, subject: Some("My parcel".to_owned()), attributes }
}

/// What a session says of its voice, and the figures in it.
pub(super) fn report(call: &ConversationId) -> (Command, QualitySample) {
    let sample = QualitySample { rtt_ms: 20.0, jitter_ms: 2.0, loss: 0.0, concealed: 0.0, mos: 4.3 };
    (Command::ReportQuality { conversation_id: call.clone(), sample: sample.clone() }, sample)
}

pub(super) fn say(conversation: &ConversationId, text: &str) -> Command {
    let (conversation_id, text) = (conversation.clone(), text.to_owned());
    Command::SendMessage { conversation_id, text, visibility: Visibility::Everyone }
}
