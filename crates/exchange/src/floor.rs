//! The figures of queues and agents as those see them who watch the floor: whole, or what changed.

use crate::{
    Exchange, FloorDelta, FloorFilter, FloorScope, QueueConfig, UserConfig, Viewer,
    index::{Line, LineId, Staff},
    stats::working_on,
    tenant::QueueIndex,
    view::serves,
};
use jackfield_wire::{
    AgentConversation, AgentStats, Channel, FloorView, Millis, QueueId, QueueStats, Role, ServerEvent, UserId,
};
use std::collections::BTreeSet;

impl Exchange {
    /// All queues and agents.
    pub fn floor(&self) -> FloorView {
        let config = &self.tenant.config;
        FloorView {
            queues: (0..config.queues.len()).filter_map(|queue| self.queue_stats(queue)).collect(),
            agents: config.users.iter().filter_map(|user| self.agent_stats(user)).collect(),
        }
    }

    /// The queues and agents that a viewer may see and wants to; nothing where it does not watch the floor.
    pub fn floor_of(&self, viewer: &Viewer) -> Option<FloorView> {
        self.floor_scope(viewer).filter(|_| viewer.watches_floor).map(|scope| self.floor_within(&scope))
    }

    fn floor_within(&self, scope: &FloorScope<'_>) -> FloorView {
        let (queues, users) = (scope.queues().into_iter(), scope.users().into_iter());
        let agents = users.filter_map(|user| self.agent_stats(user));
        FloorView {
            queues: queues.filter_map(|queue| self.queue_stats(queue)).collect(),
            agents: agents.map(|agent| shown_to(scope, agent)).collect(),
        }
    }

    /// Queues and agents whose figures changed, as far as one of these viewers watches them; `None` where there are none. In a large tenant they come in turns: what
    /// is left is there at the next call.
    pub fn take_floor_changes<'a>(
        &mut self,
        now: Millis,
        viewers: impl Iterator<Item = &'a Viewer>,
    ) -> Option<FloorDelta> {
        self.advance_floor(now);
        let wanted = self.wanted_by(viewers)?;
        let queues: Option<BTreeSet<QueueIndex>> =
            wanted.0.queues.map(|ids| ids.iter().filter_map(|id| self.tenant.queue_index(id)).collect());
        let wants = |queue| queues.as_ref().is_none_or(|queues| queues.contains(&queue));
        let queues = self.marks.next_queues(&self.tenant, wants).into_iter();
        let wants = |id: &UserId| wanted.0.agents.as_ref().is_none_or(|agents| agents.contains(id));
        let agents = self.marks.next_agents(wants).into_iter();
        let queues = queues.filter_map(|queue| self.queue_stats(queue)).collect();
        let agents = agents.filter_map(|id| self.agent_stats(self.tenant.user(&id)?)).collect();
        let delta = FloorDelta { queues, agents };
        (!delta.queues.is_empty() || !delta.agents.is_empty()).then_some(delta)
    }

    /// Nobody watches: what changed is to be told to nobody.
    pub fn forget_floor_changes(&mut self) {
        self.marks.told();
    }

    /// What any of these viewers watches; `None` where nobody does. Agents who see queues are not asked which: there are many of them, and they serve many.
    fn wanted_by<'a>(&self, viewers: impl Iterator<Item = &'a Viewer>) -> Option<Wanted> {
        let sees_queues = self.tenant.config.statistics.agents_see_queues;
        let (mut queues, mut agents) = (Some(BTreeSet::new()), Some(BTreeSet::new()));
        let mut any = false;
        for viewer in viewers.filter(|viewer| viewer.watches_floor) {
            any = true;
            if viewer.role == Role::Agent {
                queues.take_if(|_| sees_queues);
                agents.iter_mut().for_each(|agents| agents.extend([viewer.user_id.clone()]));
                continue;
            }
            let (asked, named) = self.floor_scope(viewer).map(|scope| scope.names()).unwrap_or_default();
            widen(&mut queues, asked);
            widen(&mut agents, named);
        }
        any.then_some(Wanted(FloorFilter { queues, agents }))
    }

    /// What a viewer is told of changed figures.
    pub fn project_floor(&self, viewer: &Viewer, delta: &FloorDelta) -> Option<ServerEvent> {
        let scope = self.floor_scope(viewer).filter(|_| viewer.watches_floor)?;
        let queues = delta.queues.iter().filter(|queue| scope.has_queue(&queue.queue_id));
        let agents = delta.agents.iter().filter(|agent| scope.has_agent(&agent.user_id));
        let agents = agents.map(|agent| shown_to(&scope, agent.clone()));
        let (queues, agents): (Vec<_>, Vec<_>) = (queues.cloned().collect(), agents.collect());
        let any = !queues.is_empty() || !agents.is_empty();
        any.then_some(ServerEvent::FloorChanged { queues, agents })
    }

    /// After a new configuration any figure may be another.
    pub(crate) fn mark_whole_floor(&mut self) {
        let config = &self.tenant.config;
        self.marks.queues.extend(0..config.queues.len());
        self.marks.agents.extend(config.users.iter().map(|u| u.user_id.clone()));
    }

    /// How many conversations wait in a queue, on all channels, those that are being offered among them.
    pub(crate) fn waiting_in(&self, queue_id: &QueueId) -> usize {
        self.tenant.queue_index(queue_id).map_or(0, |n| self.lines_of(n).map(|l| l.waiting.len()).sum())
    }

    /// How many agents can take a conversation of a queue now, on any channel.
    pub(crate) fn agents_ready(&self, queue: QueueIndex) -> u32 {
        u32::try_from(self.index.staff.ready_count(queue)).unwrap_or(u32::MAX)
    }

    fn line(&self, queue: QueueIndex, channel: Channel) -> Option<&Line> {
        self.index.lines.get(LineId { queue, channel })
    }

    /// The lines of a queue, one for each channel.
    pub(crate) fn lines_of(&self, queue: QueueIndex) -> impl Iterator<Item = &Line> {
        Channel::ALL.iter().filter_map(move |&channel| self.line(queue, channel))
    }

    fn queue_stats(&self, n: QueueIndex) -> Option<QueueStats> {
        let queue: &QueueConfig = self.tenant.queue_at(n)?;
        let waiting = |channel| count(self.line(n, channel).map_or(0, |line| line.waiting.len()));
        let quiet: usize = self.lines_of(n).map(|line| line.open + line.aside).sum();
        let all = waiting(Channel::Voice) + waiting(Channel::Chat);
        let longest = self.lines_of(n).filter_map(|line| line.arrived.first()).min();
        let teams = self.tenant.teams_of(n).iter();
        let staff: Vec<Staff> = teams.map(|team| self.index.staffing.of(*team)).collect();
        let (queue_id, at) = (&queue.queue_id, self.floor_time());
        Some(QueueStats {
            queue_id: queue_id.clone(),
            name: queue.name.clone(),
            waiting: all,
            longest_since: longest.map(|(arrived, _)| *arrived),
            active: self.index.active.get(&n).copied().unwrap_or_default(),
            agents_ready: self.agents_ready(n),
            waiting_voice: waiting(Channel::Voice),
            waiting_chat: waiting(Channel::Chat),
            offered: all - count(quiet),
            callbacks: count(self.lines_of(n).map(|line| line.called_back).sum()),
            agents_online: staff.iter().map(|staff| staff.online).sum(),
            agents_busy: staff.iter().map(|staff| staff.busy).sum(),
            service_level_ms: u32::try_from(self.tenant.service_terms(queue_id).level_ms).unwrap_or(u32::MAX),
            today: Some(self.queue_today(queue_id, at)),
            window: Some(self.queue_window(queue_id, at)),
        })
    }

    fn agent_stats(&self, user: &UserConfig) -> Option<AgentStats> {
        if !user.roles.iter().any(|role| serves(*role)) {
            return None;
        }
        let user_id = &user.user_id;
        let presence = self.presence_view(user_id);
        let load = self.load(user_id);
        let ((state, reason), state_since) = self.agent_stands(user_id);
        Some(AgentStats {
            user_id: user_id.clone(),
            name: user.name.clone(),
            availability: presence.availability,
            activity: presence.activity,
            since: presence.since,
            voice: load.voice,
            chats: load.chat,
            state: Some(state),
            state_since: Some(state_since),
            reason,
            conversations: self.conversations_worked_on(user_id),
            today: Some(self.agent_today(user_id, self.floor_time())),
            skills: user.skills.clone(),
            queues: user.queues.clone(),
        })
    }

    fn conversations_worked_on(&self, user_id: &UserId) -> Vec<AgentConversation> {
        let parts = self.state.conversations_of(user_id).filter(|c| working_on(c, user_id));
        parts
            .map(|c| AgentConversation {
                conversation_id: c.conversation_id.clone(),
                queue_id: c.queue_id.clone(),
                channel: c.channel,
                state: c.state,
                since: c.ledger.had_since(user_id).unwrap_or(c.state_since),
                customer_name: c.customer().map(|p| p.name.clone()).or_else(|| c.called_name()),
                stage: c.stage_before_answer(),
            })
            .collect()
    }
}

/// An agent as a viewer sees it: a supervisor is not shown conversations of queues that are not its to look after.
fn shown_to(scope: &FloorScope<'_>, mut agent: AgentStats) -> AgentStats {
    agent.conversations.retain(|conversation| scope.shows_conversations_of(&conversation.queue_id));
    agent
}

/// What any of several viewers watches.
struct Wanted(FloorFilter);

fn widen<T: Ord + Clone>(all: &mut Option<BTreeSet<T>>, more: Option<&BTreeSet<T>>) {
    match (&mut *all, more) {
        (Some(all), Some(more)) => all.extend(more.iter().cloned()),
        _ => *all = None,
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
