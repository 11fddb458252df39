//! How much an agent takes at once, and what may interrupt it.

use jackfield_wire::Channel;
use serde::{Deserialize, Serialize};

/// How many conversations an agent takes at once, by channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Capacity {
    /// Voice conversations: 0 or 1. Default: 1.
    pub voice: u32,
    /// Chats. Default: 3.
    pub chat: u32,
}

impl Capacity {
    /// The most that anybody can take: nobody can keep two calls apart.
    pub(crate) const MOST: Self = Self { voice: 1, chat: 100 };

    /// How many on one channel.
    pub fn of(self, channel: Channel) -> u32 {
        match channel {
            Channel::Voice => self.voice,
            Channel::Chat => self.chat,
        }
    }
}

impl Default for Capacity {
    fn default() -> Self {
        Self { voice: 1, chat: 3 }
    }
}

/// By which other channels an agent who is at work on one may be interrupted: what Genesys Cloud calls "interrupted by", and Amazon Connect cross-channel behaviour.
///
/// At work is who has a conversation of the channel, or the work after it, or whom one rings for; a chat that became a call is both. What is parked is no work.
/// An agent is offered a conversation where its capacity for the channel leaves room, and all that it has of the other channel may be interrupted by this one.
/// It holds for what colleagues hand over as well. What an agent takes up by itself interrupts nobody.
///
/// ```
/// # use jackfield_exchange::TenantConfig;
/// # use jackfield_wire::Channel;
/// // Neither interrupts the other.
/// let text = r#"{ "tenant_id": "t", "name": "T", "interrupted_by": { "chat": [] } }"#;
/// let config: TenantConfig = serde_json::from_str(text)?;
/// assert!(!config.interrupted_by.allows(Channel::Chat, Channel::Voice));
/// assert!(!config.interrupted_by.allows(Channel::Voice, Channel::Chat));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InterruptedBy {
    /// What may interrupt a call. Default: nothing.
    pub voice: Vec<Channel>,
    /// What may interrupt chats. Default: a call.
    pub chat: Vec<Channel>,
}

impl InterruptedBy {
    /// Whether work on a channel may be interrupted by another.
    pub fn allows(&self, work: Channel, by: Channel) -> bool {
        match work {
            Channel::Voice => self.voice.contains(&by),
            Channel::Chat => self.chat.contains(&by),
        }
    }
}

impl Default for InterruptedBy {
    fn default() -> Self {
        Self { voice: Vec::new(), chat: vec![Channel::Voice] }
    }
}
