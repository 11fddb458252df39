//! Who looks at the exchange, and what it is shown.

use jackfield_wire::{AgentStats, ParticipantId, QueueId, QueueStats, Role, SessionId, UserId};
use std::collections::BTreeSet;

/// A session that looks at the exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// Whose it is.
    pub user_id: UserId,
    /// Which.
    pub session: SessionId,
    /// What the user is in it.
    pub role: Role,
    /// Whether it watches the floor.
    pub watches_floor: bool,
    /// What of the floor it wants to see.
    pub floor_filter: FloorFilter,
    /// Whose presence it watches.
    pub watched: BTreeSet<UserId>,
}

impl Viewer {
    /// A session that watches nothing but its own.
    pub fn new(user_id: UserId, session: SessionId, role: Role) -> Self {
        Self {
            user_id,
            session,
            role,
            watches_floor: false,
            floor_filter: FloorFilter::default(),
            watched: BTreeSet::new(),
        }
    }
}

/// Which queues and agents of the floor; all where nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FloorFilter {
    /// Only these queues.
    pub queues: Option<BTreeSet<QueueId>>,
    /// Only these agents.
    pub agents: Option<BTreeSet<UserId>>,
}

impl FloorFilter {
    /// Whether a queue is among them.
    pub fn has_queue(&self, queue_id: &QueueId) -> bool {
        self.queues.as_ref().is_none_or(|queues| queues.contains(queue_id))
    }

    /// Whether an agent is among them.
    pub fn has_agent(&self, user_id: &UserId) -> bool {
        self.agents.as_ref().is_none_or(|agents| agents.contains(user_id))
    }
}

/// Whom a fact concerns: the sessions to project it for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// Nobody.
    Nobody,
    /// All sessions of these users.
    Users(Vec<UserId>),
    /// All sessions of this user, and all that watch its presence.
    PresenceOf(UserId),
    /// This session alone.
    Session(SessionId),
}

/// What a viewer may read of a conversation that it takes part in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadAccess {
    /// The viewer's own participant.
    pub participant_id: ParticipantId,
    /// Whether it sees internal messages.
    pub see_internal: bool,
    /// The number of the newest message it may see.
    pub last_message: u64,
    /// The users of the other participants.
    pub others: Vec<UserId>,
}

/// A voice leg of a conversation, as the media plane's room has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatchLeg {
    /// The session whose audio it is.
    pub session: SessionId,
    /// Whose leg it is.
    pub participant: ParticipantId,
    /// It hears nobody and is heard by nobody.
    pub held: bool,
    /// It is heard by nobody.
    pub muted: bool,
    /// What it may say and to whom.
    pub role: PatchRole,
}

/// What a leg may say in its room, and to whom. Every role hears all that is said there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PatchRole {
    /// An ordinary party: heard by all.
    Talker,
    /// Heard by nobody.
    Listener,
    /// Heard by one alone.
    Whisper {
        /// The session that hears it.
        to: SessionId,
    },
    /// A supervisor who has joined in: heard by all.
    Barge,
}

/// Queues and agents whose figures are others than when they were last taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FloorDelta {
    /// The queues.
    pub queues: Vec<QueueStats>,
    /// The agents.
    pub agents: Vec<AgentStats>,
}
