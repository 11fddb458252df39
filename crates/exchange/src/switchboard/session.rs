//! One session, and its connection while it has one.

use super::{ConnectionId, KeyDigest, answers::Answers, bucket::Bucket, ring::Ring};
use crate::{FloorFilter, Viewer};
use jackfield_wire::{ClientFrame, Millis, Resumed, Role, Secret, SessionId, UserId};
use std::collections::BTreeSet;

/// One session.
///
/// ```text
///               hello                 no sign of life for away_after_ms
/// (nothing) ───────────▶ connected ───────────────┐
///                          │  ▲                   │ (an open connection is closed: idle)
///             socket lost  ▼  │ hello, resume     ▼
///                        waiting ─────────────▶ away ──── grace time ────▶ (closed by the exchange)
/// ```
#[derive(Debug)]
pub(super) struct Session {
    /// How the exchange sees it.
    pub(super) viewer: Viewer,
    /// The digest of the key of its newest welcome.
    pub(super) key: KeyDigest,
    /// The digest of the key it came with, until it shows that it got the new one.
    pub(super) previous: Option<KeyDigest>,
    /// Its connection.
    pub(super) attached: Option<Box<Attached>>,
    /// The events it may not have got.
    pub(super) ring: Ring,
    /// The answers it has had.
    pub(super) answers: Answers,
    /// The commands it may send.
    pub(super) bucket: Bucket,
    /// The commands that wait for the store or for the media plane.
    pub(super) pending: u32,
    /// When it last gave a sign of life.
    pub(super) last_seen: Millis,
    /// Whether the exchange knows it as away.
    pub(super) away: bool,
    /// Whether its voice connection is up, where the gateway said so.
    pub(super) media: Option<bool>,
    /// Whose audio comes in which of its slots.
    pub(super) slots: Vec<Option<SessionId>>,
    /// When its timers are looked at next.
    pub(super) wake: Option<Millis>,
}

/// A session's connection.
#[derive(Debug)]
pub(super) struct Attached {
    /// Which.
    pub(super) connection: ConnectionId,
    /// The key told by its welcome. Kept in memory only, for a welcome that must be told again.
    pub(super) key: Secret,
    /// When its token's time is over, by the machine's clock.
    pub(super) token_expires_at: Millis,
    /// Whether a new token was asked for.
    pub(super) renewal_asked: bool,
    /// When the next ping is due.
    pub(super) next_ping: Millis,
    /// How many pings were sent.
    pub(super) pings: u64,
    /// Until its welcome is told: what is to be told, and what it has sent already.
    pub(super) greeting: Option<Greeting>,
}

/// A welcome in the making: messages may have to be read from the store first.
#[derive(Debug)]
pub(super) struct Greeting {
    /// How the session came to be open.
    pub(super) resumed: Resumed,
    /// Whether it asked for a session that is over or not its own.
    pub(super) resume_failed: bool,
    /// How many conversations' messages are still to come.
    pub(super) waiting: usize,
    /// Frames that came before the welcome was told.
    pub(super) backlog: Vec<ClientFrame>,
}

impl Session {
    /// A session as the exchange opened it, without a connection or a key.
    pub(super) fn new(user_id: UserId, session: SessionId, role: Role, burst: u32, now: Millis) -> Self {
        let viewer = Viewer {
            user_id,
            session,
            role,
            watches_floor: false,
            floor_filter: FloorFilter::default(),
            watched: BTreeSet::new(),
        };
        Self {
            viewer,
            key: [0; 32],
            previous: None,
            attached: None,
            ring: Ring::default(),
            answers: Answers::default(),
            bucket: Bucket::full(burst, now),
            pending: 0,
            last_seen: now,
            away: false,
            media: None,
            slots: Vec::new(),
            wake: None,
        }
    }

    /// Its id.
    pub(super) fn id(&self) -> &SessionId {
        &self.viewer.session
    }

    /// Its connection, if it has been welcomed on one.
    pub(super) fn connection(&self) -> Option<ConnectionId> {
        self.attached.as_ref().filter(|attached| attached.greeting.is_none()).map(|a| a.connection)
    }

    /// Whether a key's digest is that of its newest welcome, or of the one before while that may have been lost.
    pub(super) fn opens_with(&self, digest: &KeyDigest) -> bool {
        // An all-zero digest stands for "no key yet" and belongs to none.
        self.key != [0; 32] && (self.key == *digest || self.previous.as_ref() == Some(digest))
    }
}
