//! What a client sees of the contact centre: the parts of a snapshot, also used inside events.

use crate::declare::{shape, words};
use crate::{FloorView, UserId};

mod conversation;
mod offer;
mod outbound;
mod participant;
mod presence;
mod tenant;

pub use conversation::*;
pub use offer::*;
pub use outbound::*;
pub use participant::*;
pub use presence::*;
pub use tenant::*;

words! {
    /// What a user may do in its tenant.
    Role {
        /// Talks with customers.
        Agent,
        /// Watches over agents and queues. Conversations are offered to agents only: who supervises and serves has both roles.
        Supervisor,
        /// Changes the tenant's configuration.
        Admin,
        /// Asks for help.
        Customer,
        /// A virtual assistant.
        Bot,
    }
}

words! {
    /// A way to talk within a conversation.
    Channel {
        /// Audio, both ways.
        Voice,
        /// Written messages.
        Chat,
    }
}

shape! {
    /// A user, as colleagues and customers see it.
    #[derive(Eq)]
    UserView {
        /// Who.
        user_id: UserId,
        /// The name to show.
        name: String,
        /// The role of this session.
        role: Role,
    }
}

shape! {
    /// All that a session sees, at one moment.
    #[derive(Eq)]
    SnapshotView {
        /// The session's own user.
        user: UserView,
        /// Its presence.
        presence: PresenceView,
        /// The queues it may use.
        queues: Vec<QueueInfo>,
        /// The offers open to it.
        offers: Vec<OfferView>,
        /// The conversations it takes part in.
        conversations: Vec<ConversationView>,
        /// The presence it watches.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        watched: Vec<PresenceView> = Vec::new(),
        /// The floor, where it watches that.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        floor: Option<FloorView>,
        /// The tenant's reasons for not being ready; empty for customers.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        reasons: Vec<PresenceReason> = Vec::new(),
        /// Whether one of them has to be given.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        reason_required: bool = false,
        /// What the tenant declares of attributes, in the order in which to show it; empty for customers.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attributes: Vec<AttributeInfo> = Vec::new(),
        /// The tags that the tenant has names for; empty for customers.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tags: Vec<TagInfo> = Vec::new(),
        /// Whether telephone numbers can be reached, as targets: the tenant has a trunk. Never for customers.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        trunk: bool = false,
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}
