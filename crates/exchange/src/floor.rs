//! The figures of queues and agents, for supervisors: whole, or what changed.

use crate::{
    Exchange, FloorDelta, QueueConfig, UserConfig, Viewer,
    index::{FloorMarks, Line, LineId},
    tenant::QueueIndex,
    view::{may_watch_floor, serves},
};
use jackfield_wire::{AgentStats, Channel, FloorView, QueueId, QueueStats, ServerEvent};

impl Exchange {
    /// All queues and agents.
    pub fn floor(&self) -> FloorView {
        let config = &self.tenant.config;
        let queues = config.queues.iter().enumerate().map(|(n, queue)| self.queue_stats(n, queue));
        let agents = config.users.iter().filter_map(|user| self.agent_stats(user));
        FloorView { queues: queues.collect(), agents: agents.collect() }
    }

    /// The queues and agents whose figures changed since the last call; `None` where none did.
    pub fn take_floor_changes(&mut self) -> Option<FloorDelta> {
        let mut marks = std::mem::take(&mut self.marks);
        for team in &marks.teams {
            marks.queues.extend(self.tenant.queues_of(*team));
        }
        let queues =
            marks.queues.iter().filter_map(|n| Some(self.queue_stats(*n, self.tenant.queue_at(*n)?)));
        let agents = marks.agents.iter().filter_map(|id| self.agent_stats(self.tenant.user(id)?));
        let delta = FloorDelta { queues: queues.collect(), agents: agents.collect() };
        (!delta.queues.is_empty() || !delta.agents.is_empty()).then_some(delta)
    }

    /// What a viewer is told of changed figures.
    pub fn project_floor(&self, viewer: &Viewer, delta: &FloorDelta) -> Option<ServerEvent> {
        let watches = viewer.watches_floor && may_watch_floor(viewer.role);
        let FloorDelta { queues, agents } = delta;
        watches.then(|| ServerEvent::FloorChanged { queues: queues.clone(), agents: agents.clone() })
    }

    /// After a new configuration any figure may be another.
    pub(crate) fn mark_whole_floor(&mut self) {
        let config = &self.tenant.config;
        self.marks = FloorMarks {
            queues: (0..config.queues.len()).collect(),
            agents: config.users.iter().map(|u| u.user_id.clone()).collect(),
            ..FloorMarks::default()
        };
    }

    /// How many conversations wait in a queue, on all channels, those that are being offered among them.
    pub(crate) fn waiting_in(&self, queue_id: &QueueId) -> usize {
        self.tenant.queue_index(queue_id).map_or(0, |n| self.lines_of(n).map(|l| l.waiting.len()).sum())
    }

    fn lines_of(&self, queue: QueueIndex) -> impl Iterator<Item = &Line> {
        Channel::ALL.iter().filter_map(move |&channel| self.index.lines.get(LineId { queue, channel }))
    }

    pub(crate) fn queue_stats(&self, n: QueueIndex, queue: &QueueConfig) -> QueueStats {
        let waiting: usize = self.lines_of(n).map(|line| line.waiting.len()).sum();
        let longest = self.lines_of(n).filter_map(|line| line.waiting.keys().next()).min();
        QueueStats {
            queue_id: queue.queue_id.clone(),
            name: queue.name.clone(),
            waiting: u32::try_from(waiting).unwrap_or(u32::MAX),
            longest_since: longest.map(|place| place.arrived),
            active: self.index.active.get(&n).copied().unwrap_or_default(),
            agents_ready: self.agents_ready(n),
        }
    }

    /// How many agents can take a conversation of a queue now.
    pub(crate) fn agents_ready(&self, queue: QueueIndex) -> u32 {
        let teams = self.tenant.teams_of(queue).iter();
        teams.map(|team| self.index.ready.count(*team)).sum()
    }

    fn agent_stats(&self, user: &UserConfig) -> Option<AgentStats> {
        if !user.roles.iter().any(|role| serves(*role)) {
            return None;
        }
        let presence = self.presence_view(&user.user_id);
        let load = self.load(&user.user_id);
        Some(AgentStats {
            user_id: user.user_id.clone(),
            name: user.name.clone(),
            availability: presence.availability,
            activity: presence.activity,
            since: presence.since,
            voice: load.voice,
            chats: load.chat,
        })
    }
}
