//! Those who take part in a conversation.

use crate::declare::{shape, words};
use crate::{Millis, ParticipantId, Role, SessionId, UserId};

words! {
    /// What a participant is in a conversation, beside the role of its user.
    Part {
        /// The customer.
        Customer,
        /// Serves the customer: the owner, or another agent of a conference.
        Agent,
        /// Is asked for advice, and not (or not yet) an agent of the conversation.
        Consulted,
        /// Listens, whispers or barges in: a supervisor.
        Monitor,
        /// A telephone number that was dialled.
        External,
    }
}

words! {
    /// The two sides of a conversation while an agent consults. Who is on one side is not heard on the other.
    Side {
        /// Where the customer is.
        Main,
        /// Where the agent and the one it consults talk among themselves.
        Consult,
    }
}

words! {
    /// How a supervisor takes part without serving.
    MonitorMode {
        /// Hears all, is heard by nobody.
        Listen,
        /// Hears all, is heard by the agent alone.
        Whisper,
        /// Hears all, is heard by all.
        Barge,
    }
}

shape! {
    /// A participant's voice connection.
    #[derive(Eq)]
    Leg {
        /// The session whose audio it is.
        session_id: SessionId,
        /// Since when.
        since: Millis,
        /// Held by the other side: hears nobody and is heard by nobody.
        held: bool,
        /// Heard by nobody, but hears.
        muted: bool,
    }
}

shape! {
    /// A party in a conversation.
    #[derive(Eq)]
    ParticipantView {
        /// Which, within its conversation.
        participant_id: ParticipantId,
        /// The user behind it.
        user_id: UserId,
        /// The name to show. Of a telephone number, the number, in E.164; customers are told none of it.
        name: String,
        /// What it is in this conversation. A telephone number is a customer by its role; see `part`.
        role: Role,
        /// Since when.
        joined_at: Millis,
        /// Its voice connection, while it has one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        voice: Option<Leg>,
        /// No sign of life from its session: the network is gone, or the page is reloading.
        away: bool,
        /// The number of the last message that reached it.
        delivered: u64,
        /// The number of the last message it has read.
        read: u64,
        /// What it is in this conversation.
        #[serde(default = "agent")]
        part: Part = agent(),
        /// Which side it is on.
        #[serde(default = "main_side")]
        side: Side = main_side(),
        /// Whether it is the agent who serves the customer: there is one at most.
        #[serde(default)]
        owner: bool = false,
        /// How it takes part, where it monitors.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        monitor: Option<MonitorMode>,
        /// Its work after its part, while it does it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        wrap_up: Option<WrapUpView>,
        /// A telephone number that rings and has not answered yet.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        dialing: bool = false,
    }
}

fn agent() -> Part {
    Part::Agent
}

fn main_side() -> Side {
    Side::Main
}

shape! {
    /// The work after a conversation.
    #[derive(Eq)]
    WrapUpView {
        /// Whose work it is.
        user_id: UserId,
        /// Since when.
        since: Millis,
        /// When it ends by itself.
        until: Millis,
    }
}
