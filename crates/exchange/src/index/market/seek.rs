//! What an agent who becomes ready serves first.

use super::{Class, Found, Market, Stand, StandIndex};
use crate::{
    index::{LineId, Place, staff::Staff},
    standing::slot,
    tenant::{AgentIndex, QueueIndex},
};
use jackfield_wire::Channel;

/// How many heads are looked at in their order, before the agent's own skills or queues say where to look. Where much of what waits fits, the first of
/// them do; where little does, looking at all of it would cost more than the time there is for a match.
/// The tests' centres are small: there, each way of looking is taken as well.
const HEADS_AT_FIRST: usize = if cfg!(test) { 2 } else { 128 };
/// An agent with no more queues on its list looks at these and at nothing else.
const FEW_QUEUES: usize = if cfg!(test) { 1 } else { 64 };

/// The search for what an agent serves first.
pub(super) struct Seeker<'a> {
    pub(super) market: &'a Market,
    pub(super) staff: &'a Staff,
    pub(super) agent: AgentIndex,
    /// Which conversations, by number and in order, are not for this agent just now.
    pub(super) paused: Vec<u64>,
    /// Of a line where the last is served first: the first for whom anybody is ready.
    pub(super) first_of_line: &'a dyn Fn(LineId) -> Option<Found>,
    pub(super) best: Option<Found>,
}

impl Seeker<'_> {
    /// The stand, and the turn in it.
    pub(super) fn seek(mut self) -> Option<Found> {
        let ready = self.staff.facts(self.agent)?.ready;
        let channels: Vec<_> = Channel::ALL.iter().copied().filter(|channel| ready[slot(*channel)]).collect();
        self.look_where_paused(&channels);
        self.look_at_own_first(&channels);
        let market = self.market;
        for class in market.classes.for_agent(self.agent) {
            self.look_at_class(class, &channels);
        }
        let listed = self.staff.listed(self.agent);
        for channel in channels {
            match listed {
                Some(listed) if listed.len() <= FEW_QUEUES => self.look_at_lines(listed, channel),
                Some(listed) if !self.look_at_first(channel) => self.look_at_lines(listed, channel),
                None if !self.look_at_first(channel) => {
                    for class in market.classes.for_skills_of(self.staff, self.agent, slot(channel)) {
                        self.look_at_class(class, &[channel]);
                    }
                }
                _ => {}
            }
        }
        self.best
    }

    /// What waits in the queues that the agent serves before others: everywhere else, no rank is before the turn.
    fn look_at_own_first(&mut self, channels: &[Channel]) {
        let queues: Vec<_> = self.staff.worths(self.agent).iter().map(|(queue, _)| *queue).collect();
        for channel in channels.iter().copied().filter(|_| !queues.is_empty()) {
            self.look_at_lines(&queues, channel);
        }
    }

    /// Where the last is served first, who stands behind one that is not for this agent can have an earlier turn than the head. Everywhere else
    /// no turn is before the head's.
    fn look_where_paused(&mut self, channels: &[Channel]) {
        let stands = self.paused.iter().filter_map(|number| self.market.backwards.get(number).copied());
        for n in stands.collect::<Vec<_>>() {
            if self.market.get(n).is_some_and(|stand| channels.contains(&stand.line.channel)) {
                self.look_at(n);
            }
        }
    }

    /// Looks at the first heads of a channel that are for anybody. Says whether that settles it.
    fn look_at_first(&mut self, channel: Channel) -> bool {
        let mut heads = self.market.order[slot(channel)].iter();
        for (head, n) in heads.by_ref().take(HEADS_AT_FIRST) {
            if self.is_settled(*head) {
                return true;
            }
            self.look_at(*n);
        }
        heads.next().is_none_or(|(head, _)| self.is_settled(*head))
    }

    fn look_at_lines(&mut self, queues: &[QueueIndex], channel: Channel) {
        for queue in queues {
            let stands = self.market.by_queue.get(*queue).map(|stands| &stands[slot(channel)]);
            for n in stands.into_iter().flatten() {
                self.look_at(*n);
            }
        }
    }

    fn look_at_class(&mut self, class: &Class, channels: &[Channel]) {
        let Some(first) = class.first() else { return };
        // It is for this agent's own queues too, where a rank may be before the turn.
        let most = self.staff.worths(self.agent).iter().map(|(_, worth)| *worth).max().unwrap_or_default();
        if !channels.contains(&class.channel())
            || self.is_settled(first.ahead_by(most))
            || !class.fits(self.staff, self.agent)
        {
            return;
        }
        for (head, n) in class.stands() {
            if self.is_settled(head.ahead_by(most)) {
                return;
            }
            self.look_at(n);
        }
    }

    /// Nothing from this turn on can be better than what was found.
    fn is_settled(&self, head: Place) -> bool {
        self.best.is_some_and(|best| best.rank <= head)
    }

    fn look_at(&mut self, n: StandIndex) {
        let Some(stand) = self.market.get(n) else { return };
        let worth = self.staff.worth(self.agent, stand.line.queue);
        if self.is_worse(stand, worth) || !self.staff.fits(self.agent, stand.line.queue, &stand.want) {
            return;
        }
        let found = if stand.is_backwards() {
            // It may be one that is not for this agent.
            (self.first_of_line)(stand.line)
        } else {
            let mut turns = stand.open().map(|(_, turn)| turn);
            let first = turns.find(|turn| self.paused.binary_search(&turn.number).is_err());
            first.map(|turn| Found { rank: turn.ahead_by(worth), stand: n, turn })
        };
        if let Some(found) = found.filter(|found| !self.is_settled(found.rank)) {
            self.best = Some(found);
        }
    }

    fn is_worse(&self, stand: &Stand, worth: i64) -> bool {
        !stand.is_backwards() && stand.head.is_none_or(|head| self.is_settled(head.ahead_by(worth)))
    }
}
