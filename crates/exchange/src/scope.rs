//! What a supervisor looks after, and what of the floor somebody is shown.

use crate::{
    Exchange, FloorFilter, UserConfig, Viewer,
    state::Conversation,
    tenant::{QueueIndex, Tenant},
};
use jackfield_wire::{Code, QueueId, Role, UserId, WireError};
use std::collections::{BTreeSet, HashMap};

/// Some queues, and the agents who serve them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope {
    queues: BTreeSet<QueueId>,
    agents: BTreeSet<UserId>,
}

impl Scope {
    /// Takes in that an agent is another.
    pub(crate) fn change_agent(&mut self, agent: &UserConfig, serves: impl Fn(&QueueId) -> bool) {
        if self.queues.iter().any(serves) {
            self.agents.insert(agent.user_id.clone());
        } else {
            self.agents.remove(&agent.user_id);
        }
    }
}

/// What each supervisor looks after who does not look after all.
pub(crate) fn scopes(tenant: &Tenant) -> HashMap<UserId, Scope> {
    let users = &tenant.config.users;
    let limited = users.iter().filter(|user| !user.supervises.is_empty());
    let scope = |user: &UserConfig| {
        let known = user.supervises.iter().filter_map(|id| Some((id, tenant.queue_index(id)?)));
        let (queues, numbers): (BTreeSet<_>, Vec<_>) = known.map(|(id, n)| (id.clone(), n)).unzip();
        let serves = |agent: &&UserConfig| numbers.iter().any(|n| tenant.serves(agent, *n));
        let agents = users.iter().filter(serves).map(|agent| agent.user_id.clone()).collect();
        Scope { queues, agents }
    };
    limited.map(|user| (user.user_id.clone(), scope(user))).collect()
}

/// What limits one who supervises; nothing limits an admin, and a supervisor who looks after all.
fn scope_of<'a>(tenant: &'a Tenant, (user_id, role): (&UserId, Role)) -> Option<&'a Scope> {
    tenant.scopes.get(user_id).filter(|_| role == Role::Supervisor)
}

/// Whether one who supervises looks after a conversation. See [`Exchange::looks_after`].
pub(crate) fn looks_after(
    tenant: &Tenant,
    who: (&UserId, Role),
    conversation: &Conversation,
) -> Result<(), WireError> {
    match scope_of(tenant, who) {
        Some(scope) if !scope.queues.contains(&conversation.queue_id) => {
            let queue = &conversation.queue_id;
            Err(scope.refusal(&format!("the conversation is in queue {queue}, which you do not supervise")))
        }
        _ => Ok(()),
    }
}

impl Exchange {
    /// Whether one who supervises looks after a conversation: by the queue it is in.
    ///
    /// # Errors
    /// `notAllowed`, with the queues that it does look after.
    pub(crate) fn looks_after(
        &self,
        user_id: &UserId,
        role: Role,
        conversation: &Conversation,
    ) -> Result<(), WireError> {
        looks_after(&self.tenant, (user_id, role), conversation)
    }

    /// Whether one who supervises looks after an agent: who serves one of its queues.
    ///
    /// # Errors
    /// As [`Exchange::looks_after`].
    pub(crate) fn looks_after_agent(
        &self,
        user_id: &UserId,
        role: Role,
        agent: &UserId,
    ) -> Result<(), WireError> {
        match scope_of(&self.tenant, (user_id, role)) {
            Some(scope) if !scope.agents.contains(agent) => {
                Err(scope.refusal(&format!("{agent} serves no queue that you supervise")))
            }
            _ => Ok(()),
        }
    }

    /// Whether one who supervises looks after a queue, where a command does `what`, its field first, with it.
    ///
    /// # Errors
    /// As [`Exchange::looks_after`].
    pub(crate) fn looks_after_queue(
        &self,
        user_id: &UserId,
        role: Role,
        queue: &QueueId,
        what: &str,
    ) -> Result<(), WireError> {
        match scope_of(&self.tenant, (user_id, role)) {
            Some(scope) if !scope.queues.contains(queue) => {
                Err(scope.refusal(&format!("{what} {queue}, which you do not supervise")))
            }
            _ => Ok(()),
        }
    }

    /// What of the floor a viewer may see and wants to: supervisors what they look after and asked for, agents themselves, and the queues they serve
    /// where the tenant lets them. Nothing for customers.
    pub fn floor_scope<'a>(&'a self, viewer: &'a Viewer) -> Option<FloorScope<'a>> {
        let within = match viewer.role {
            Role::Supervisor | Role::Admin => match scope_of(&self.tenant, (&viewer.user_id, viewer.role)) {
                Some(scope) => Within::Scope(scope),
                None => Within::All,
            },
            Role::Agent => Within::Own(&viewer.user_id),
            Role::Customer | Role::Bot => return None,
        };
        Some(FloorScope { tenant: &self.tenant, asked: &viewer.floor_filter, within })
    }
}

impl Scope {
    fn refusal(&self, why: &str) -> WireError {
        let queues: Vec<_> = self.queues.iter().map(QueueId::as_str).collect();
        let message = format!(
            "{why}: you supervise {}. An admin can do it, or add to supervises in the configuration",
            queues.join(", ")
        );
        WireError::new(Code::NotAllowed, message)
    }
}

/// What of the floor somebody may see and wants to.
#[derive(Debug, Clone, Copy)]
pub struct FloorScope<'a> {
    tenant: &'a Tenant,
    asked: &'a FloorFilter,
    within: Within<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Within<'a> {
    All,
    Scope(&'a Scope),
    Own(&'a UserId),
}

impl<'a> FloorScope<'a> {
    /// Whether a queue's figures are shown.
    pub fn has_queue(&self, queue_id: &QueueId) -> bool {
        self.asked.has_queue(queue_id) && self.may_see_queue(queue_id)
    }

    /// Whether an agent's figures are shown.
    pub fn has_agent(&self, user_id: &UserId) -> bool {
        self.asked.has_agent(user_id) && self.may_see_agent(user_id)
    }

    /// Whether among an agent's conversations those of a queue are shown.
    pub(crate) fn shows_conversations_of(&self, queue_id: &QueueId) -> bool {
        match self.within {
            Within::Scope(scope) => scope.queues.contains(queue_id),
            Within::All | Within::Own(_) => true,
        }
    }

    pub(crate) fn may_see_queue(&self, queue_id: &QueueId) -> bool {
        match self.within {
            Within::All => true,
            Within::Scope(scope) => scope.queues.contains(queue_id),
            Within::Own(user_id) => {
                let served = self.tenant.user(user_id).zip(self.tenant.queue_index(queue_id));
                self.tenant.config.statistics.agents_see_queues
                    && served.is_some_and(|(user, queue)| self.tenant.serves(user, queue))
            }
        }
    }

    pub(crate) fn may_see_agent(&self, user_id: &UserId) -> bool {
        match self.within {
            Within::All => true,
            Within::Scope(scope) => scope.agents.contains(user_id),
            Within::Own(own) => own == user_id,
        }
    }

    /// The queues that are shown.
    pub(crate) fn queues(&self) -> Vec<QueueIndex> {
        let named = match (&self.asked.queues, self.within) {
            (Some(ids), _) => Some(ids),
            (None, Within::Scope(scope)) => Some(&scope.queues),
            _ => None,
        };
        let queues = &self.tenant.config.queues;
        match named {
            Some(ids) => {
                let seen = ids.iter().filter(|id| self.has_queue(id));
                seen.filter_map(|id| self.tenant.queue_index(id)).collect()
            }
            None => (0..queues.len()).filter(|n| self.has_queue(&queues[*n].queue_id)).collect(),
        }
    }

    /// The users who are shown, where they are agents.
    pub(crate) fn users(&self) -> Vec<&'a UserConfig> {
        let own = |user_id| self.tenant.user(user_id).into_iter().collect::<Vec<_>>();
        let all = match (&self.asked.agents, self.within) {
            (_, Within::Own(user_id)) => own(user_id),
            (Some(ids), _) => ids.iter().filter_map(|id| self.tenant.user(id)).collect(),
            (None, Within::Scope(scope)) => {
                scope.agents.iter().filter_map(|id| self.tenant.user(id)).collect()
            }
            (None, Within::All) => self.tenant.config.users.iter().collect(),
        };
        all.into_iter().filter(|user| self.has_agent(&user.user_id)).collect()
    }

    /// Whether what it shows is known by its names alone; nothing is left out of `None`.
    pub(crate) fn names(&self) -> (Option<&'a BTreeSet<QueueId>>, Option<&'a BTreeSet<UserId>>) {
        let (queues, agents) = match self.within {
            Within::Scope(scope) => (Some(&scope.queues), Some(&scope.agents)),
            Within::All | Within::Own(_) => (None, None),
        };
        (self.asked.queues.as_ref().or(queues), self.asked.agents.as_ref().or(agents))
    }

    /// Whether two are shown the same.
    pub(crate) fn is_same_as(&self, other: &Self) -> bool {
        let within = match (self.within, other.within) {
            (Within::All, Within::All) => true,
            (Within::Scope(one), Within::Scope(two)) => one.queues == two.queues,
            (Within::Own(one), Within::Own(two)) => one == two,
            _ => false,
        };
        within && self.asked == other.asked
    }
}
