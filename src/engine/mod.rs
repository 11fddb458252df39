//! What a session does, without a socket, a clock or a browser.
//!
//! The engine is told what happens by [`Engine::handle`], with the time, and says what is to be done by [`Engine::poll`], until it says
//! `None`. It draws its random numbers from the seed in [`Options`]. The same inputs therefore always give the same outputs, and many engines run in one test, in virtual time.
//!
//! ```
//! use jackfield::engine::{Engine, Input, Options, Output};
//! use jackfield_wire::Secret;
//!
//! let mut engine = Engine::new(Options::default());
//! engine.handle(1_000, Input::Connect);
//! assert_eq!(engine.poll(), Some(Output::NeedToken));
//! while engine.poll().is_some() {}
//! engine.handle(1_010, Input::Token(Ok(Secret::new("a.b.c"))));
//! assert_eq!(engine.poll(), Some(Output::Connect { link: 1 }));
//! while engine.poll().is_some() {}
//! engine.handle(1_020, Input::SocketOpened { link: 1 });
//! assert!(matches!(engine.poll(), Some(Output::Send(hello)) if hello.contains(r#""type":"hello""#)));
//! ```

mod clock;
mod commands;
mod event;
mod frames;
mod io;
mod link;
mod options;
mod outbox;
mod quality;
mod random;
#[cfg(test)]
mod tests;
mod typing;
pub mod view;
mod voice;

pub use event::Event;
pub use io::{ConnectionState, Input, Output, Reply, RequestId, StoredSession, VoiceAction, VoiceInput};
pub use options::Options;
pub use quality::{Quality, VoiceCounters};
pub use view::{Conversation, Message, MessageState, View};
pub use voice::VoiceState;

use clock::Clock;
use jackfield_wire::lean::{Command, Outcome};
use jackfield_wire::{ConversationId, Millis, WireError, encode_batch, limits};
use link::Link;
use outbox::Outbox;
use random::Random;
use std::collections::VecDeque;
use typing::Typing;
use voice::{Voice, VoiceEffect};

/// One session of one user: its connection, what it sees, what it waits for.
#[derive(Debug)]
pub struct Engine {
    options: Options,
    clock: Clock,
    random: Random,
    connection: ConnectionState,
    link: Link,
    session: Option<StoredSession>,
    /// The number of the last event that arrived, and what is owed for it.
    events: Arrived,
    outbox: Outbox,
    /// Counts up from a random number: ids of commands differ from those of the page before a reload.
    commands: u64,
    view: Option<View>,
    /// The gateway's clock minus this one's.
    clock_offset: i64,
    typing: Typing,
    voice: Voice,
    call: Call,
    /// When arrived messages are confirmed.
    mark_at: Option<u64>,
    /// Answers that wait until the view shows what they speak of.
    early: Vec<Early>,
    /// What the floor is watched by.
    floor_watch: Option<Command>,
    /// When the engine closes though signing out was not answered.
    sign_out_by: Option<u64>,
    stamp: u64,
    frames: Vec<String>,
    outputs: VecDeque<Output>,
    /// What an event comes to; empty between events.
    applied: Vec<Event>,
    timeout_told: Option<Millis>,
}

/// Which events arrived, and the acknowledgement that is owed for them.
#[derive(Debug, Default)]
struct Arrived {
    seq: u64,
    acknowledged: u64,
    ack_at: Option<u64>,
}

/// The call whose quality is measured.
#[derive(Debug, Default)]
struct Call {
    counters: Option<VoiceCounters>,
    report_at: Option<u64>,
    microphone: bool,
}

/// An answer that came before the event it speaks of.
#[derive(Debug)]
struct Early {
    request: RequestId,
    outcome: Outcome,
    conversation_id: ConversationId,
}

impl Engine {
    /// An engine that waits for [`Input::Connect`].
    pub fn new(options: Options) -> Self {
        let mut random = Random::new(options.seed);
        Self {
            clock: Clock::default(),
            commands: random.up_to(1 << 52),
            random,
            connection: ConnectionState::Connecting,
            link: Link::default(),
            session: options.resume.clone(),
            events: Arrived::default(),
            outbox: Outbox::default(),
            view: None,
            clock_offset: 0,
            typing: Typing::default(),
            voice: Voice::new(options.voice),
            call: Call::default(),
            mark_at: None,
            early: Vec::new(),
            floor_watch: None,
            sign_out_by: None,
            stamp: 0,
            frames: Vec::new(),
            outputs: VecDeque::new(),
            applied: Vec::new(),
            timeout_told: None,
            options,
        }
    }

    /// Takes in what happened. `now` is the wall clock in milliseconds since the Unix epoch; it may jump.
    ///
    /// Afterwards [`Engine::poll`] until it gives `None`. Deadlines that have passed are judged with every input, whatever it is:
    /// a page that slept misses its timers.
    pub fn handle(&mut self, now: Millis, input: Input) {
        self.clock.advance(now);
        if self.connection == ConnectionState::Closed {
            return self.handle_closed(input);
        }
        match input {
            Input::Connect => self.begin(),
            Input::Close => self.sign_out(),
            Input::Token(token) => self.token(token),
            Input::SocketOpened { link } => self.opened(link),
            Input::SocketClosed { link, code } => self.closed(link, code),
            Input::Text { link, text } => self.text(link, &text),
            // That timer is used up: where it rang early, the same time is to be told again.
            Input::Timeout => self.timeout_told = None,
            Input::Request { request, command, shows } => self.request(request, command, shows),
            Input::Cancel { request } => self.cancel(request),
            Input::Typing { conversation_id, typing } => self.user_typing(conversation_id, typing),
            Input::Visible => self.visible(),
            Input::Online => self.online(),
            Input::Suspend => self.suspend(),
            Input::Wake => self.wake(),
            Input::Voice(input) => self.voice_input(input),
        }
        self.judge();
        self.settle_voice();
        self.flush();
    }

    /// What is to be done next; `None`: nothing until the next [`Engine::handle`].
    pub fn poll(&mut self) -> Option<Output> {
        if let Some(output) = self.outputs.pop_front() {
            return Some(output);
        }
        let at = self.next_deadline().map(|tick| self.clock.wall_at(tick));
        if at == self.timeout_told {
            return None;
        }
        self.timeout_told = at;
        Some(Output::Timeout(at))
    }

    /// How the connection stands.
    pub fn connection(&self) -> ConnectionState {
        self.connection
    }

    /// How the voice connection stands.
    pub fn voice(&self) -> VoiceState {
        self.voice.state()
    }

    /// What the session sees; `None` before the first welcome.
    pub fn view(&self) -> Option<&View> {
        self.view.as_ref()
    }

    /// The session, once it is open.
    pub fn session(&self) -> Option<&StoredSession> {
        self.session.as_ref()
    }

    /// The gateway's clock minus this machine's, in milliseconds.
    pub fn clock_offset(&self) -> i64 {
        self.clock_offset
    }

    /// Another number for every change of anything a reader of the engine can see.
    pub fn stamp(&self) -> (u64, u64) {
        (self.stamp, self.view.as_ref().map_or(0, View::stamp))
    }

    fn handle_closed(&mut self, input: Input) {
        if let Input::Request { request, .. } = input {
            let answer = Err(jackfield_wire::Code::Closed.into());
            self.outputs.push_back(Output::Resolve { request, answer });
        }
    }

    fn voice_input(&mut self, input: VoiceInput) {
        match input {
            VoiceInput::Counters(counters) => self.counters(counters),
            input => self.voice.handle(self.clock.now(), input, &mut self.random),
        }
    }

    /// What is due by now.
    fn judge(&mut self) {
        let now = self.clock.now();
        let due = |at: Option<u64>| at.is_some_and(|at| at <= now);
        if due(self.sign_out_by) {
            return self.finish(None);
        }
        self.judge_link();
        if due(self.events.ack_at) {
            self.acknowledge();
        }
        if due(self.mark_at) {
            self.mark_delivered();
        }
        self.send_due();
        self.judge_typing();
        self.voice.judge(now, &mut self.random);
    }

    fn next_deadline(&self) -> Option<u64> {
        [
            self.link.deadline(),
            self.sign_out_by,
            self.events.ack_at,
            self.mark_at,
            self.outbox.deadline().filter(|_| self.link.is_up()),
            self.typing.deadline(),
            self.voice.deadline(),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// Carries out what the voice connection's state machine decided.
    fn settle_voice(&mut self) {
        for effect in self.voice.effects() {
            match effect {
                VoiceEffect::Do(action) => self.outputs.push_back(Output::Voice(action)),
                VoiceEffect::Negotiate { generation, sdp } => self.negotiate(generation, sdp),
                VoiceEffect::State(voice, error) => {
                    self.stamp += 1;
                    self.tell(Event::VoiceChanged { voice, error });
                }
            }
        }
        let needed = self.has_call();
        if needed != self.call.microphone {
            self.call = Call { microphone: needed, ..Call::default() };
            self.outputs.push_back(Output::Voice(VoiceAction::Microphone { needed }));
        }
    }

    fn has_call(&self) -> bool {
        let (Some(view), Some(session)) = (&self.view, &self.session) else { return false };
        view.call(&session.session_id).is_some()
    }

    fn tell(&mut self, event: Event) {
        self.outputs.push_back(Output::Event(event));
    }

    fn send(&mut self, frame: String) {
        self.frames.push(frame);
    }

    /// Sends what gathered, several frames in one message.
    fn flush(&mut self) {
        let frames = std::mem::take(&mut self.frames);
        let mut rest = frames.as_slice();
        while !rest.is_empty() {
            let mut bytes = 2;
            let fits = |frame: &&String| {
                bytes += frame.len() + 1;
                bytes <= limits::FRAME_BYTES
            };
            let count = rest.iter().take(limits::BATCH).take_while(fits).count().max(1);
            let (now, later) = rest.split_at(count);
            self.outputs.push_back(Output::Send(encode_batch(now)));
            rest = later;
        }
    }

    /// Ends the session here, for good.
    fn finish(&mut self, error: Option<WireError>) {
        self.flush();
        self.link.close();
        self.outputs.push_back(Output::Disconnect);
        self.voice.close();
        self.settle_voice();
        self.sign_out_by = None;
        self.mark_at = None;
        self.events.ack_at = None;
        self.typing = Typing::default();
        self.session = None;
        self.outputs.push_back(Output::StoreSession(None));
        self.refuse_all(error.clone());
        self.set_connection(ConnectionState::Closed, error.clone(), None);
        self.tell(Event::Closed { error });
    }
}
