//! What an engine is told at its beginning, and its fixed times.

use super::StoredSession;
use jackfield_wire::ClientInfo;

/// What an engine is told at its beginning.
#[derive(Debug, Clone)]
pub struct Options {
    /// What client this is, for the operator's logs.
    pub client: ClientInfo,
    /// The session to go on with, from an [`Output::StoreSession`](super::Output::StoreSession) before the page was reloaded.
    pub resume: Option<StoredSession>,
    /// Whether a voice connection is wanted.
    pub voice: bool,
    /// For how long the first connection is tried, in milliseconds.
    pub give_up_after_ms: u64,
    /// The seed of all random numbers. Take it from a good source: it also makes the ids of commands differ from other pages'.
    pub seed: u64,
}

impl Default for Options {
    /// Voice on, nothing to resume, ten seconds for the first connection, and a seed that only suits tests.
    fn default() -> Self {
        let client = ClientInfo { name: "jackfield".into(), version: env!("CARGO_PKG_VERSION").into() };
        Self { client, resume: None, voice: true, give_up_after_ms: 10_000, seed: 0 }
    }
}

/// How long a socket may take to open, and hello to be answered, in milliseconds.
pub(super) const OPEN_MS: u64 = 10_000;
/// The first pause between two attempts is up to this long, in milliseconds; it doubles with each.
pub(super) const BACKOFF_MS: u64 = 500;
/// No pause is longer, in milliseconds.
pub(super) const BACKOFF_MOST_MS: u64 = 30_000;
/// A connection that held this long counts as good: the pauses begin anew. In milliseconds.
pub(super) const STABLE_MS: u64 = 10_000;
/// A new token is asked for this long before the old one's time is over, in milliseconds.
pub(super) const RENEW_BEFORE_MS: u64 = 60_000;
/// After a token function that failed, the next try, in milliseconds.
pub(super) const RENEW_AGAIN_MS: u64 = 5_000;
/// How long signing out may take before the engine closes all the same, in milliseconds.
pub(super) const SIGN_OUT_MS: u64 = 3_000;
/// Events are acknowledged at the latest after this many, or after this many milliseconds.
pub(super) const ACK_EVENTS: u64 = 32;
pub(super) const ACK_MS: u64 = 1_000;
/// Arrived messages are confirmed together, after this many milliseconds.
pub(super) const MARK_MS: u64 = 200;
/// A message that the gateway turned away without saying for how long is sent again after this many milliseconds.
pub(super) const AGAIN_MS: u64 = 1_000;
/// Commands that may wait for the connection or an answer.
pub(super) const OUTBOX: usize = 256;
/// While the user types, this is said again so often, in milliseconds; the gateway forgets it after 6,000.
pub(super) const TYPING_AGAIN_MS: u64 = 3_000;
/// Somebody's typing is forgotten after this many milliseconds without another word of it.
pub(super) const TYPING_MS: u64 = 6_000;
/// The quality of a call is reported so often, in milliseconds.
pub(super) const REPORT_MS: u64 = 10_000;
