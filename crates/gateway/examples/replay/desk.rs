//! A switchboard whose clients answer its pings and whose disk is quick; what it writes is gathered.

use jackfield_exchange::{
    Event, Exchange, Identity, TenantConfig,
    switchboard::{
        Batch, ConnectionId, Fresh, Input, KeyDigest, Output, ResumeRequest, Settings, Switchboard,
    },
};
use jackfield_wire::{ClientFrame, Command, CommandId, Millis, Role, Secret, ServerFrame, SessionId, UserId};
use std::error::Error;

/// A client's connection, and what it would resume by.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) connection: ConnectionId,
    session: SessionId,
    key: KeyDigest,
    who: Identity,
}

pub(crate) struct Desk {
    pub(crate) board: Switchboard,
    pub(crate) now: Millis,
    /// What was written and is still to be kept.
    pub(crate) written: Batch,
    /// What happened and was not looked at yet.
    pub(crate) news: Vec<Event>,
    pub(crate) events: u64,
    pub(crate) connected: usize,
    numbers: u64,
}

impl Desk {
    pub(crate) fn new(config: TenantConfig, now: Millis) -> Self {
        // Pings are no part of a journal: with fewer of them the year is made sooner.
        let settings = Settings { ping_every_ms: 120_000, away_after_ms: 300_000, ..Settings::default() };
        let mut board = Switchboard::new(Exchange::new(config), settings);
        board.start(now);
        let written = Batch { number: 0, entries: Vec::new(), bodies: Vec::new() };
        Self { board, now, written, news: Vec::new(), events: 0, connected: 0, numbers: 0 }
    }

    pub(crate) fn enter(&mut self, user: &str, role: Role) -> Result<Line, Box<dyn Error>> {
        let who = Identity::new(UserId::parse(user)?, format!("Name of {user}"), role);
        self.numbers += 1;
        let session = SessionId::parse(&format!("session-{}", self.numbers))?;
        self.hello(Line { connection: ConnectionId(0), session, key: [0; 32], who }, false)
    }

    /// The page is loaded anew.
    pub(crate) fn reload(&mut self, line: Line) -> Result<Line, Box<dyn Error>> {
        self.leave(&line);
        self.hello(line, true)
    }

    fn hello(&mut self, line: Line, again: bool) -> Result<Line, Box<dyn Error>> {
        self.numbers += 1;
        let number = self.numbers;
        let (connection, mut key) = (ConnectionId(number), [7; 32]);
        key[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes());
        let resume = again.then(|| ResumeRequest {
            session_id: line.session.clone(),
            key_digest: line.key,
            epoch: 1,
            seq: None,
        });
        let fresh = Fresh {
            session_id: line.session.clone(),
            key: Secret::new(format!("key {number}")),
            key_digest: key,
        };
        let identity = line.who.clone();
        self.connected += 1;
        self.give(Input::Hello { connection, identity, token_expires_at: u64::MAX, resume, fresh })?;
        Ok(Line { connection, key, ..line })
    }

    /// The socket is gone.
    pub(crate) fn leave(&mut self, line: &Line) {
        self.connected -= 1;
        self.board.handle(self.now, Input::Disconnected { connection: line.connection });
    }

    pub(crate) fn ask(&mut self, line: &Line, command: Command) -> Result<(), Box<dyn Error>> {
        self.numbers += 1;
        // As long as the SDK's are.
        let id =
            CommandId::parse(&format!("k-{:016x}-{}", self.numbers.wrapping_mul(0x9e37_79b9), self.numbers))?;
        let frames = vec![ClientFrame::Command { id, command }];
        self.give(Input::Frames { connection: line.connection, frames })
    }

    pub(crate) fn give(&mut self, input: Input) -> Result<(), Box<dyn Error>> {
        self.board.handle(self.now, input);
        loop {
            self.board.flush(self.now);
            let mut pings = Vec::new();
            while let Some(output) = self.board.poll() {
                pings.extend(self.carry_out(output)?);
            }
            if pings.is_empty() {
                return Ok(());
            }
            for (connection, n) in pings {
                self.board
                    .handle(self.now, Input::Frames { connection, frames: vec![ClientFrame::Pong { n }] });
            }
        }
    }

    fn carry_out(&mut self, output: Output) -> Result<Option<(ConnectionId, u64)>, Box<dyn Error>> {
        match output {
            Output::Commit(batch) => {
                for entry in &batch.entries {
                    self.events += entry.events.len() as u64;
                    self.news.extend(entry.events.iter().cloned());
                }
                self.written.entries.extend(batch.entries);
                self.written.bodies.extend(batch.bodies);
                self.board.handle(self.now, Input::Committed { batch: batch.number });
            }
            Output::FetchMessages { request, conversation, .. } => {
                let messages = Ok(Vec::new());
                self.board.handle(self.now, Input::Messages { request, conversation, messages, more: false });
            }
            Output::Send { connection, text } if text.contains(r#""type":"ping""#) => {
                for frame in jackfield_wire::decode_server(&text)? {
                    if let ServerFrame::Ping { n } = frame {
                        return Ok(Some((connection, n)));
                    }
                }
            }
            _ => {}
        }
        Ok(None)
    }

    /// What was written since the last call.
    pub(crate) fn take_written(&mut self) -> Batch {
        let empty = Batch { number: 0, entries: Vec::new(), bodies: Vec::new() };
        std::mem::replace(&mut self.written, empty)
    }
}
