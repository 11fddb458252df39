//! Sessions and their connections over the wire protocol, around an [`Exchange`](crate::Exchange).
//!
//! A [`Switchboard`] is the front desk of one tenant, without I/O: it says hello, resumes, answers each command once, keeps what a client
//! may have missed, pings, and tells everybody what the exchange says they may see. The same code runs in the gateway, in the emulator
//! and in the simulation.
//!
//! ```text
//!  handle(now, Input) ─▶ decide, apply, project ─▶ flush(now) ─▶ poll(): Commit(batch) ─▶ the host writes it
//!                                                               poll(): Send, Close, SetRoom … ◀─ Input::Committed
//! ```
//!
//! The host gathers what has come, calls [`Switchboard::handle`] for each, then [`Switchboard::flush`] once, then [`Switchboard::poll`] until
//! nothing comes, and again at [`Switchboard::deadline`]. Facts are applied in memory at once, but nobody is told of them, and no audio is
//! switched, before the journal has them: [`Output::Commit`] goes out first, and everything told waits for [`Input::Committed`]. Several
//! batches may be in flight; their order is kept.
//!
//! At start: [`Switchboard::new`] or [`Switchboard::restore`], then [`Switchboard::replay`] for each later entry, then [`Switchboard::start`].

mod answers;
mod bucket;
mod clock;
mod commands;
mod entry;
mod frames;
mod greet;
mod happen;
mod input;
mod media;
mod messages;
mod network;
mod outbox;
mod output;
mod page;
mod past;
mod recover;
mod requests;
mod ring;
mod saved;
mod session;
mod sessions;
mod settings;
#[cfg(test)]
mod tests;
mod timers;
mod typing;
mod watch;

pub use crate::BodyRow;
pub use entry::{Asked, Entry, SessionFact};
pub use input::{ConnectionId, Fresh, Input, KeyDigest, ResumeRequest};
pub use network::{Network, NumberBehavior};
pub use output::{Batch, Output, close_number};
pub use saved::Saved;
pub use settings::Settings;

use crate::Exchange;
use jackfield_wire::{Code, Millis, ServerFrame, UserId, WireError};
use std::collections::BTreeMap;

/// The front desk of one tenant. The [module](self) tells how it is driven.
#[derive(Debug)]
pub struct Switchboard {
    exchange: Exchange,
    settings: Settings,
    clock: clock::Steady,
    /// Steady time, as of the last input.
    now: Millis,
    /// The machine's time, as of the last input: tokens are judged by it.
    machine_now: Millis,
    sessions: sessions::Sessions,
    outbox: outbox::Outbox,
    messages: messages::Messages,
    requests: requests::Requests,
    rooms: media::Rooms,
    typing: typing::Typing,
    /// Whether the exchange was given something since it last had nothing more to do.
    unsettled: bool,
    /// When the floor's watchers were last told.
    floor_told: Millis,
    storage: Storage,
    /// The last batch on disk when the journal refused one.
    last_good: u64,
    /// Users who were revoked, with the batch that ends their sessions: until it is on disk, or the user is enabled again.
    revoked: BTreeMap<UserId, u64>,
    closing: bool,
}

/// How the journal fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Storage {
    /// It takes what it is given.
    Good,
    /// It refused a write; the state in memory holds what never was, and must be replaced.
    Failed,
    /// It refused a write not long ago; nothing is asked of it until then.
    Paused(Millis),
}

/// Figures of a switchboard, for the operator.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Gauges {
    /// Sessions, connected or not.
    pub sessions: usize,
    /// Sessions on a connection.
    pub connected: usize,
    /// Things told that wait for the journal.
    pub held: usize,
    /// Batches at the journal.
    pub batches_in_flight: u64,
    /// Events kept for resumes.
    pub ring_events: usize,
    /// Questions to the store and to the media plane without an answer.
    pub requests: usize,
    /// Conversations whose newest messages are in memory.
    pub cached_conversations: usize,
    /// Calls.
    pub rooms: usize,
}

impl Switchboard {
    /// A switchboard without sessions, around an exchange without sessions.
    pub fn new(exchange: Exchange, settings: Settings) -> Self {
        Self {
            messages: messages::Messages::new(settings.snapshot_messages, settings.cached_conversations),
            exchange,
            settings,
            clock: clock::Steady::default(),
            now: 0,
            machine_now: 0,
            sessions: sessions::Sessions::default(),
            outbox: outbox::Outbox::default(),
            requests: requests::Requests::default(),
            rooms: media::Rooms::default(),
            typing: typing::Typing::default(),
            unsettled: true,
            floor_told: 0,
            storage: Storage::Good,
            last_good: 0,
            revoked: BTreeMap::new(),
            closing: false,
        }
    }

    /// Takes in what has come, and what time has brought.
    pub fn handle(&mut self, now: Millis, input: Input) {
        self.tick(now);
        match input {
            Input::Hello { connection, identity, token_expires_at, resume, fresh } => {
                self.hello(connection, greet::Caller { identity, token_expires_at, fresh }, resume);
            }
            Input::Frames { connection, frames } => self.frames(connection, frames),
            Input::Renewed { connection, identity, token_expires_at } => {
                self.renewed(connection, &identity, token_expires_at);
            }
            Input::Disconnected { connection } => self.disconnected(connection),
            Input::RevokeUser { user_id } => self.revoke(user_id),
            Input::Shutdown { after_ms, within_ms } => self.shut_down(after_ms, within_ms),
            Input::Committed { batch } => self.committed(batch),
            Input::CommitFailed { batch } => self.commit_failed(batch),
            Input::Messages { request, conversation, messages, more } => {
                self.messages_came(request, &conversation, messages, more);
            }
            Input::Past { request, entries, more } => self.past_came(request, entries, more),
            Input::MediaAnswer { request, result } => self.media_answered(request, result),
            Input::MediaSlots { session, slots } => self.media_slots(&session, slots),
            Input::MediaState { session, connected } => self.media_state(&session, connected),
            Input::External { conversation, participant, news } => {
                // Never refused: news of what is gone is no news.
                let _ = self.order(&crate::Order::External { conversation, participant, news });
            }
            Input::Time => {}
        }
        self.pass_time();
    }

    /// Ends what was gathered: the journal's entries so far become one batch.
    pub fn flush(&mut self, now: Millis) {
        self.tick(now);
        self.tell_floor();
        self.trim_messages();
        self.outbox.flush();
    }

    /// What the host is to do next; `None` when there is nothing more.
    pub fn poll(&mut self) -> Option<Output> {
        self.outbox.poll()
    }

    /// When [`Input::Time`] is due, by the machine's clock.
    pub fn deadline(&self) -> Option<Millis> {
        let steady = [
            self.sessions.deadline(),
            self.settle_deadline(),
            self.floor_deadline(),
            self.typing.deadline(),
            self.pause_deadline(),
        ];
        steady.into_iter().flatten().min().map(|at| self.clock.machine(at))
    }

    /// The rules and their state.
    pub fn exchange(&self) -> &Exchange {
        &self.exchange
    }

    /// Takes a new configuration. What follows from it is settled with the next input.
    pub fn reconfigure(&mut self, config: crate::TenantConfig) {
        self.forgive(&config);
        self.exchange.reconfigure(config);
        self.unsettled = true;
    }

    /// Figures for the operator. Walks all sessions: not for a hot path.
    pub fn gauges(&self) -> Gauges {
        Gauges {
            sessions: self.sessions.len(),
            connected: self.sessions.connected(),
            held: self.outbox.held(),
            batches_in_flight: self.outbox.newest_batch() - self.outbox.committed_batch(),
            ring_events: self.sessions.iter().map(|session| session.ring.len()).sum(),
            requests: self.requests.len(),
            cached_conversations: self.messages.len(),
            rooms: self.rooms.len(),
        }
    }

    fn tick(&mut self, now: Millis) {
        self.machine_now = now;
        self.now = self.clock.at(now);
    }
}

/// A frame as text. Types of the wire can always be written; if one ever could not, the client is told that much.
fn text_of(frame: &ServerFrame) -> String {
    jackfield_wire::encode(frame).unwrap_or_else(|_| {
        r#"{"type":"error","error":{"code":"internal","message":"a frame could not be written"}}"#.to_owned()
    })
}

/// An error frame as text.
fn error_text(error: WireError) -> String {
    text_of(&ServerFrame::Error { error })
}

/// The refusal while the journal takes nothing.
fn storage_refusal(pause_ms: u32) -> WireError {
    WireError::from(Code::StorageUnavailable).retry_after(pause_ms)
}
