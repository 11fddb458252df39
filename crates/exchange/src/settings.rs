//! What was changed about an agent at run time, over what the configuration says of it.

use crate::{Capacity, Skills, UserConfig};
use jackfield_wire::QueueId;
use serde::{Deserialize, Serialize};

/// What was changed about an agent at run time. What is left out is as the configuration says; what is there holds over it, after a restart and after a new configuration too.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AgentSettings {
    /// All its skills.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skills: Option<Skills>,
    /// The queues on its list; none for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queues: Option<Vec<QueueId>>,
    /// How many conversations it takes at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capacity: Option<Capacity>,
}

impl AgentSettings {
    /// Whether nothing was changed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The user as it is with these.
    pub(crate) fn over(&self, configured: &UserConfig) -> UserConfig {
        let mut user = configured.clone();
        user.skills = self.skills.clone().unwrap_or(user.skills);
        user.queues = self.queues.clone().unwrap_or(user.queues);
        user.capacity = self.capacity.unwrap_or(user.capacity);
        user
    }
}
