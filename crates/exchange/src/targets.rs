//! To whom a conversation can be given: what an agent chooses from when it transfers, consults or invites.

use crate::{Exchange, QueueConfig, UserConfig, view::serves};
use jackfield_wire::{AgentTarget, Availability, Outcome, QueueTarget, UserId};

/// How many of each there are where nobody says how many.
pub(crate) const TARGETS: u32 = 20;

impl Exchange {
    /// Colleagues and queues whose names hold a text, in any case; without one, all. Whoever asks is left out.
    ///
    /// Those who are available come first: an agent with a customer on the line looks for somebody who can take over now.
    pub(crate) fn targets(&self, asking: &UserId, text: Option<&str>, most: u32) -> Outcome {
        let wanted = text.unwrap_or_default().trim().to_lowercase();
        let holds = |name: &str| wanted.is_empty() || name.to_lowercase().contains(&wanted);
        let users = self.tenant.config.users.iter();
        let users = users.filter(|u| u.user_id != *asking && u.roles.iter().any(|role| serves(*role)));
        let mut agents: Vec<_> =
            users.filter(|u| holds(&u.name)).map(|user| self.agent_target(user)).collect();
        agents.sort_by_cached_key(|agent| {
            let presence = agent.presence.availability;
            let (busy, offline) = (presence != Availability::Available, presence == Availability::Offline);
            (offline, busy, agent.name.to_lowercase())
        });
        agents.truncate(most as usize);
        let queues = self.tenant.config.queues.iter().enumerate().filter(|(_, q)| holds(&q.name));
        let mut queues: Vec<_> = queues.map(|(n, queue)| self.queue_target(n, queue)).collect();
        queues.sort_by_cached_key(|queue| queue.name.to_lowercase());
        queues.truncate(most as usize);
        Outcome::Targets { agents, queues }
    }

    fn agent_target(&self, user: &UserConfig) -> AgentTarget {
        let presence = self.presence_view(&user.user_id);
        AgentTarget { user_id: user.user_id.clone(), name: user.name.clone(), presence }
    }

    fn queue_target(&self, n: usize, queue: &QueueConfig) -> QueueTarget {
        QueueTarget {
            queue_id: queue.queue_id.clone(),
            name: queue.name.clone(),
            channels: queue.channels.clone(),
            waiting: u32::try_from(self.waiting_in(&queue.queue_id)).unwrap_or(u32::MAX),
            agents_ready: self.agents_ready(n),
        }
    }
}
