//! What must outlive the process: journals, snapshots, messages and records.
//!
//! One writer a tenant. [`Store::open`] raises the tenant's *epoch*, and an append carries both that epoch and the position it
//! expects, so a second writer is refused and never merged. An append is on disk when its answer comes.
//!
//! Everything here is text: the store knows nothing of conversations' rules, and a rule can change without a migration.

pub mod conformance;
mod lines;
mod migrations;
mod reader;
mod sqlite;
mod writer;

pub use lines::Lines;
pub use sqlite::Sqlite;
pub(crate) use sqlite::wait;

use jackfield_wire::{ConversationId, Millis, SessionId, TenantId, UserId};
use std::sync::Arc;

/// Why the store could not do something.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Another gateway has this data.
    #[error("{what} is in use by another gateway. Stop that one, or give this one another data directory.")]
    InUse {
        /// Which directory.
        what: String,
    },
    /// Another writer has opened the tenant since.
    #[error(
        "tenant {tenant}: another writer has taken over with epoch {current}, so this one of epoch {given} writes nothing"
    )]
    Fenced {
        /// Whose journal.
        tenant: TenantId,
        /// The epoch of whoever writes now.
        current: u64,
        /// The epoch of who tried.
        given: u64,
    },
    /// The lines before these are not there: writing them failed, or somebody else appended.
    #[error("tenant {tenant}: the journal is at position {found}, not {expected}, so nothing was written")]
    OutOfPlace {
        /// Whose journal.
        tenant: TenantId,
        /// The position of its last line.
        found: u64,
        /// The position it should have had.
        expected: u64,
    },
    /// The data was written by a newer gateway.
    #[error("the data has schema version {found}; this gateway knows up to {known}. Use a newer gateway.")]
    TooNew {
        /// The version found.
        found: u32,
        /// The newest version known.
        known: u32,
    },
    /// A migration of an older gateway is not the one of this build.
    #[error(
        "migration {number} was another one when it was applied. Restore the data, or use the gateway that wrote it."
    )]
    MigrationChanged {
        /// Which.
        number: u32,
    },
    /// Reading or writing failed: the disk is full, gone or broken.
    #[error("the store can't be used: {0}")]
    Unavailable(String),
    /// More waits to be written than may wait.
    #[error("more waits to be written than the disk can take")]
    Busy,
}

/// One line of a journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalLine {
    /// When.
    pub at: Millis,
    /// What, as JSON.
    pub entry: String,
}

/// A chat message to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRow {
    /// Where it was written.
    pub conversation: ConversationId,
    /// Its place there.
    pub number: u64,
    /// Whether only colleagues may read it.
    pub internal: bool,
    /// The message, as JSON.
    pub message: String,
}

/// What is known of a conversation. It takes the place of the row before, and is open until a record of it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationRow {
    /// Which.
    pub conversation: ConversationId,
    /// Whose.
    pub customer: UserId,
    /// Name, subject and attributes, as JSON.
    pub body: String,
}

/// Who is behind a customer's session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Which.
    pub session: SessionId,
    /// Whose.
    pub user: UserId,
    /// Name and attributes, as JSON.
    pub body: String,
}

/// What somebody says about its presence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusRow {
    /// Who.
    pub user: UserId,
    /// What, as JSON; the row goes where there is nothing.
    pub body: Option<String>,
}

/// What is kept of a finished conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordRow {
    /// Which.
    pub conversation: ConversationId,
    /// When it was over.
    pub ended_at: Millis,
    /// The record, as JSON.
    pub record: String,
}

/// What is written together, or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Append {
    /// Whose.
    pub tenant: TenantId,
    /// The epoch that [`Store::open`] gave.
    pub epoch: u64,
    /// The position of the last line before these.
    pub expected: u64,
    /// Lines, in order.
    pub lines: Vec<JournalLine>,
    /// Messages that the lines name.
    pub messages: Vec<MessageRow>,
    /// Conversations that the lines begin.
    pub conversations: Vec<ConversationRow>,
    /// Records of conversations that the lines end.
    pub records: Vec<RecordRow>,
    /// Customers' sessions that the lines open.
    pub sessions: Vec<SessionRow>,
    /// Sessions that the lines close: nothing is kept of who was behind them.
    pub closed_sessions: Vec<SessionId>,
    /// What people say about their presence, in order.
    pub statuses: Vec<StatusRow>,
}

impl Append {
    /// Lines, and nothing beside them yet.
    pub fn new(tenant: TenantId, epoch: u64, expected: u64, lines: Vec<JournalLine>) -> Self {
        Self {
            tenant,
            epoch,
            expected,
            lines,
            messages: Vec::new(),
            conversations: Vec::new(),
            records: Vec::new(),
            sessions: Vec::new(),
            closed_sessions: Vec::new(),
            statuses: Vec::new(),
        }
    }
}

/// A tenant's whole state at one position; lines up to it are not needed any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Whose.
    pub tenant: TenantId,
    /// The epoch that [`Store::open`] gave.
    pub epoch: u64,
    /// The position of the last line it contains.
    pub position: u64,
    /// The state, as JSON.
    pub state: String,
}

/// How a tenant was left.
#[derive(Debug)]
pub struct Opened {
    /// This opening's number; larger than any before.
    pub epoch: u64,
    /// The newest snapshot, if there is one.
    pub snapshot: Option<Snapshot>,
    /// The lines after it, in order.
    pub lines: Lines,
    /// The position of the last line.
    pub position: u64,
    /// The bodies of the conversations that are not over.
    pub conversations: Vec<String>,
    /// The bodies of the customers' sessions that are open.
    pub sessions: Vec<String>,
    /// What people say about their presence.
    pub statuses: Vec<String>,
}

/// Which messages to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Whose.
    pub tenant: TenantId,
    /// Where.
    pub conversation: ConversationId,
    /// Only those with a smaller number; the newest if left out.
    pub before: Option<u64>,
    /// How many at most.
    pub limit: u32,
    /// Whether messages to colleagues are among them.
    pub internal: bool,
    /// None at all are given, unless the conversation is this customer's and over.
    pub past_of: Option<UserId>,
}

/// Which of a customer's conversations to read: those that are over, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastPage {
    /// Whose.
    pub tenant: TenantId,
    /// The customer.
    pub customer: UserId,
    /// Only those before this one; the newest if left out.
    pub before: Option<ConversationId>,
    /// How many at most.
    pub limit: u32,
}

/// A conversation that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastRow {
    /// Which.
    pub conversation: ConversationId,
    /// Its record, as JSON.
    pub record: String,
    /// What was known of it, as JSON.
    pub body: String,
    /// The last message that was not to colleagues, as JSON.
    pub last: Option<String>,
}

/// Conversations that are over, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PastRows {
    /// The conversations.
    pub rows: Vec<PastRow>,
    /// Whether older ones are there.
    pub more: bool,
}

/// Messages, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Messages {
    /// The messages, as JSON.
    pub messages: Vec<String>,
    /// Whether older ones are there.
    pub more: bool,
}

/// Takes the answer of a write. It is called once, on a thread of the store, and must not block.
pub type Done = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// Takes the answer of a read, as [`Done`].
pub type Read<T> = Box<dyn FnOnce(Result<T, StoreError>) + Send>;

/// A place for journals. [`conformance`] holds what every kind of store must do.
pub trait Store: Send + Sync + 'static {
    /// Takes a tenant's journal over: whoever had it before can no longer write.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    fn open(&self, tenant: &TenantId) -> Result<Opened, StoreError>;

    /// Reads a tenant as it stands, without taking it over. Its lines come while they are read, all of one moment.
    fn load(&self, tenant: TenantId, done: Read<Opened>);

    /// Writes, durably. Appends of a tenant happen in the order of the calls; one that fails lets all that were built upon it fail.
    fn append(&self, append: Append, done: Done);

    /// Keeps a snapshot and drops the lines that it replaces. Refused where a line that it holds is not on disk.
    fn snapshot(&self, snapshot: Snapshot, done: Done);

    /// Reads a page of messages.
    fn messages(&self, page: Page, done: Read<Messages>);

    /// Reads a page of a customer's conversations that are over. Of a customer whose rows were deleted there are none.
    fn past(&self, page: PastPage, done: Read<PastRows>);

    /// Reads the record of a finished conversation, as JSON.
    fn record(&self, tenant: TenantId, conversation: ConversationId, done: Read<Option<String>>);

    /// Tries a small durable write.
    fn probe(&self, done: Done);
}

/// A store, shared.
pub type SharedStore = Arc<dyn Store>;
