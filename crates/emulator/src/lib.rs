//! A whole contact centre inside the page: the exchange and its switchboard, with a store in memory.
//!
//! An [`Emulator`] answers clients of the wire as a gateway does, by the same rules and the same code, without a network: for
//! demonstrations, for an application's own tests, and for working on an agent desktop in a train. Text goes in by
//! [`Emulator::feed`], text comes out by [`Emulator::poll`], and time is what [`Emulator::advance`] says, so a test can let a wrap-up
//! run out in no time at all.
//!
//! It is not a gateway: tokens are not signed ([`Emulator::token`] makes them, anybody could), nothing outlives the page, and there is
//! no audio. Calls are offered, accepted, held and hung up, but `negotiateMedia` is answered `mediaUnavailable`. Where the tenant has a `trunk`, a simulated
//! telephone network stands behind it: see [`NumberBehavior`] for its numbers, and [`Emulator::set_number`] for others.
//!
//! This crate knows no browser. The shell that hands an SDK in the same page a socket that ends here is a part of its own.
//!
//! ```
//! use jackfield_emulator::{Delivery, Emulator};
//! use jackfield_wire::Role;
//!
//! let tenant = serde_json::from_str(r#"{"tenant_id": "demo", "name": "Demo", "users": [{"user_id": "mina", "name": "Mina"}]}"#)?;
//! let mut emulator = Emulator::new(tenant, 1_000, 42)?;
//! let socket = emulator.connect();
//! let token = emulator.token("mina", "Mina", Role::Agent, 3_600_000)?;
//! let hello = format!(r#"{{"type":"hello","token":{}}}"#, serde_json::to_string(&token)?);
//! emulator.feed(1_001, socket, &hello);
//! assert!(matches!(emulator.poll(), Some(Delivery::Text { text, .. }) if text.contains(r#""type":"welcome""#)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod door;
mod random;
mod token;

pub use jackfield_exchange::switchboard::NumberBehavior;

use door::Door;
use jackfield_exchange::switchboard::{
    ConnectionId, Input, Network, Output, Settings, Switchboard, close_number,
};
use jackfield_exchange::{ConfigProblem, Exchange, Memory, TenantConfig};
use jackfield_wire::{Code, Millis, Role, Secret, UserId, WireError};
use random::Random;
use std::{collections::VecDeque, fmt};

/// The WebSocket close code of a server that restarts (RFC 6455, section 7.4; IANA registry).
const SERVICE_RESTART: u16 = 1012;

/// A contact centre in memory. The [crate](self) tells how it is driven.
#[derive(Debug)]
pub struct Emulator {
    tenant: TenantConfig,
    board: Switchboard,
    settings: Settings,
    store: Memory,
    random: Random,
    doors: Door,
    network: Network,
    now: Millis,
    connections: u64,
    deliveries: VecDeque<Delivery>,
}

/// Something for a client's socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// A text message: one frame, or an array of frames.
    Text {
        /// For which socket.
        connection: ConnectionId,
        /// What it says.
        text: String,
    },
    /// The socket is closed. Nothing comes after it.
    Closed {
        /// Which.
        connection: ConnectionId,
        /// The WebSocket close code (RFC 6455, section 7.4).
        code: u16,
    },
}

/// Why a tenant can't be emulated: everything that is wrong with its configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unusable(pub Vec<ConfigProblem>);

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the tenant's configuration can't be used:")?;
        self.0.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

impl std::error::Error for Unusable {}

impl Emulator {
    /// A contact centre that opens now (milliseconds since the Unix epoch). The same seed gives the same ids and keys: take it from a
    /// good source where sessions of several people share a page.
    ///
    /// # Errors
    /// [`Unusable`] with every field that can't be used.
    pub fn new(tenant: TenantConfig, now: Millis, seed: u64) -> Result<Self, Unusable> {
        tenant.check().map_err(Unusable)?;
        let settings = Settings::default();
        let mut emulator = Self {
            board: Switchboard::new(Exchange::new(tenant.clone()), settings.clone()),
            tenant,
            settings,
            store: Memory::default(),
            random: Random::new(seed),
            doors: Door::default(),
            network: Network::new(),
            now,
            connections: 0,
            deliveries: VecDeque::new(),
        };
        emulator.board.start(now);
        emulator.drain();
        Ok(emulator)
    }

    /// Opens a socket. The client's first frame must be `hello`.
    pub fn connect(&mut self) -> ConnectionId {
        self.connections += 1;
        let connection = ConnectionId(self.connections);
        self.doors.open(connection);
        connection
    }

    /// A token for a user. Unlike a gateway's it is not signed: who has the page has everything in it.
    ///
    /// # Errors
    /// `invalidField` where the user's id can't be one.
    pub fn token(&self, user: &str, name: &str, role: Role, lasts_ms: Millis) -> Result<Secret, WireError> {
        let user_id = UserId::parse(user)
            .map_err(|e| WireError::new(Code::InvalidField, format!("user is {user:?}; {e}")))?;
        token::write(user_id, name, role, self.now.saturating_add(lasts_ms))
    }

    /// Takes in a text message of a socket. A message for a socket that is closed is dropped.
    pub fn feed(&mut self, now: Millis, connection: ConnectionId, text: &str) {
        self.now = now;
        for input in self.doors.read(connection, text, &mut self.random) {
            match input {
                Ok(input) => self.give(input),
                Err(refused) => self.refuse(connection, refused),
            }
        }
    }

    /// A socket is gone.
    pub fn disconnect(&mut self, now: Millis, connection: ConnectionId) {
        self.now = now;
        if self.doors.close(connection) {
            self.give(Input::Disconnected { connection });
        }
    }

    /// Lets time pass up to now, with everything due on the way in its order.
    pub fn advance(&mut self, now: Millis) {
        while let Some(due) = self.deadline().filter(|due| *due <= now) {
            self.now = self.now.max(due);
            let news = self.network.take(self.now);
            self.give(news.unwrap_or(Input::Time));
        }
        self.now = self.now.max(now);
        self.give(Input::Time);
    }

    /// When [`Emulator::advance`] is due.
    pub fn deadline(&self) -> Option<Millis> {
        self.board.deadline().into_iter().chain(self.network.deadline()).min()
    }

    /// What a telephone number (E.164, as in `+442079460001`) does when it is called from now on.
    pub fn set_number(&mut self, number: &str, does: NumberBehavior) {
        self.network.set(number, does);
    }

    /// How many calls to telephone numbers there are, ringing or answered.
    pub fn calls(&self) -> usize {
        self.network.calls()
    }

    /// Restarts, as a gateway that is killed and started again: sockets close, what was acknowledged stays, sessions resume by a snapshot.
    pub fn restart(&mut self, now: Millis) {
        self.now = now;
        self.board.flush(now);
        self.drain();
        for connection in self.doors.close_all() {
            self.deliveries.push_back(Delivery::Closed { connection, code: SERVICE_RESTART });
        }
        // There is always one: everything was flushed, and this journal refuses nothing.
        if let Some(saved) = self.board.snapshot() {
            self.settings.epoch += 1;
            self.board = Switchboard::restore(self.tenant.clone(), self.settings.clone(), saved);
            self.board.start(now);
            self.drain();
        }
    }

    /// What there is for the clients' sockets; `None` when there is nothing more.
    pub fn poll(&mut self) -> Option<Delivery> {
        self.deliveries.pop_front()
    }

    /// The contact centre itself, to look at.
    pub fn switchboard(&self) -> &Switchboard {
        &self.board
    }

    fn give(&mut self, input: Input) {
        self.board.handle(self.now, input);
        self.drain();
    }

    fn drain(&mut self) {
        loop {
            self.board.flush(self.now);
            let Some(output) = self.board.poll() else { return };
            self.output(output);
        }
    }

    fn output(&mut self, output: Output) {
        match output {
            Output::Send { connection, text } => {
                self.deliveries.push_back(Delivery::Text { connection, text });
            }
            Output::Close { connection, code } => self.close(connection, code),
            Output::Commit(batch) => {
                self.store.keep(&batch);
                self.board.handle(self.now, Input::Committed { batch: batch.number });
            }
            Output::FetchMessages { request, conversation, before, limit, see_internal, past_of } => {
                let (messages, more) =
                    self.store.page(&conversation, before, limit, see_internal, past_of.as_ref());
                let messages = Ok(messages);
                self.board.handle(self.now, Input::Messages { request, conversation, messages, more });
            }
            Output::FetchPast { request, customer, before, limit } => {
                let (entries, more) = self.store.past(&customer, before.as_ref(), limit);
                self.board.handle(self.now, Input::Past { request, entries: Ok(entries), more });
            }
            Output::NegotiateMedia { request, .. } => {
                let result = Err(WireError::new(Code::MediaUnavailable, "the emulator carries no audio"));
                self.board.handle(self.now, Input::MediaAnswer { request, result });
            }
            Output::Dial { conversation, participant, number, .. } => {
                self.network.dial(self.now, (conversation, participant), &number);
            }
            Output::EndCall { conversation, participant } => self.network.end(conversation, participant),
            // There is no audio to switch and nobody to measure it.
            Output::CloseMedia { .. }
            | Output::SetRoom { .. }
            | Output::ClearRoom { .. }
            | Output::Quality { .. } => {}
        }
    }

    /// Tells a client that its message can't be taken; ends its socket where that can't be mended.
    fn refuse(&mut self, connection: ConnectionId, error: WireError) {
        let code = error.code;
        if let Ok(text) = jackfield_wire::encode(&jackfield_wire::ServerFrame::Error { error }) {
            self.deliveries.push_back(Delivery::Text { connection, text });
        }
        if code.info().fatal {
            self.close(connection, code);
            self.give(Input::Disconnected { connection });
        }
    }

    fn close(&mut self, connection: ConnectionId, code: Code) {
        if self.doors.close(connection) {
            self.deliveries.push_back(Delivery::Closed { connection, code: close_number(code) });
        }
    }
}
