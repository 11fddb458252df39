//! What is derived from the state so that no step has to look through all of it: lines, ready agents, deadlines.
//!
//! It is kept up to date fact by fact. Built anew from the state it must come out the same; the tests hold it against that.

mod bits;
mod facts;
mod lines;
mod market;
mod marks;
mod orders;
mod staff;
mod staffing;
mod work;

pub(crate) use bits::Bits;
pub(crate) use facts::{ConversationFacts, InLine};
pub(crate) use lines::{Line, LineId, PLACES_TOLD, Place};
pub(crate) use market::{EARLIEST, Found, Stand, StandIndex};
pub(crate) use marks::FloorMarks;
#[cfg(test)]
pub(crate) use marks::TOLD_AT_ONCE;
pub(crate) use staff::ReadyFacts;
pub(crate) use staffing::Staff;
pub(crate) use work::Todo;

use crate::{
    Exchange,
    standing::Standing,
    state::User,
    tenant::{AgentIndex, QueueIndex, TeamIndex, Tenant},
};
use jackfield_wire::{ConversationId, Millis, OfferId, ParticipantId, SessionId, UserId};
use lines::Lines;
use market::Market;
use staffing::Staffing;
use std::collections::{BTreeMap, BTreeSet};
use work::Work;

/// Something that is due by the clock.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Deadline {
    /// An offer was not answered.
    Offer(OfferId),
    /// The time for an agent's work after its part is over.
    WrapUp(ConversationId, ParticipantId),
    /// A parked conversation comes back.
    Parked(ConversationId),
    /// The customer did not answer what it was asked.
    Asked(ConversationId),
    /// A customer may be called back from now on, or could not be reached for as long as its place is kept.
    Callback(ConversationId),
    /// An agent has looked long enough at what there is to see before a call.
    Preview(ConversationId),
    /// A customer may be called again from now on.
    CallAgain(ConversationId),
    /// A conversation may be offered to an agent again who turned it down.
    Pause(ConversationId, UserId),
    /// A session was away for the whole grace time.
    Grace(SessionId),
    /// The time for what a user prefers to be is over.
    Preferred(UserId),
    /// The time for what a user says about its presence is over.
    Status(UserId),
    /// An agent who did not answer is offered something again.
    OffersPaused(UserId),
    /// What a session says of its user fades.
    SessionFade(SessionId),
    /// The time for what a session says of its user is over.
    SessionPresence(SessionId),
    /// The time of a conversation in a target of its plan is over.
    Target(ConversationId),
}

/// Everything derived.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Index {
    pub(crate) deadlines: BTreeSet<(Millis, Deadline)>,
    pub(crate) lines: Lines,
    pub(crate) staffing: Staffing,
    pub(crate) staff: staff::Staff,
    /// Who waits, and is not being offered, by what they demand.
    pub(crate) market: Market,
    pub(crate) work: Work,
    /// When demands relax. Apart from the other deadlines: those who fit before are asked first.
    pub(crate) rings: BTreeSet<(Millis, ConversationId)>,
    /// Who turned a conversation (by its number) down a moment ago, both ways round.
    paused_for: BTreeSet<(u64, AgentIndex)>,
    paused_of: BTreeSet<(AgentIndex, u64)>,
    /// Users whose presence is not what others were told.
    pub(crate) presence_due: BTreeSet<UserId>,
    /// Users whose work is done, and who prefer another presence from then on.
    pub(crate) next_due: BTreeSet<UserId>,
    /// Waiting conversations whose queue, or a later one of their plan, is gone from the configuration.
    pub(crate) orphans: BTreeSet<ConversationId>,
    /// Conversations with a monitor whose agent is gone, or who hears nobody any more.
    pub(crate) strays: BTreeSet<ConversationId>,
    /// Open offers to agents who no longer fit.
    pub(crate) unfit: BTreeSet<OfferId>,
    /// Conversations with a telephone number that has nobody to talk to.
    pub(crate) lone: BTreeSet<ConversationId>,
    /// Conversations whose customer was called and did not answer.
    pub(crate) unanswered: BTreeSet<ConversationId>,
    /// Conversations with an agent, by queue.
    pub(crate) active: BTreeMap<QueueIndex, u32>,
}

impl Index {
    fn new(tenant: &Tenant) -> Self {
        Self {
            lines: Lines::new(tenant.config.queues.len()),
            staffing: Staffing::new(tenant.team_count()),
            staff: staff::Staff::new(tenant),
            ..Self::default()
        }
    }

    /// Takes in that what is derived from a conversation changed. Gives the place in line that it newly has, 1 being next.
    pub(crate) fn change_conversation(
        &mut self,
        tenant: &Tenant,
        id: &ConversationId,
        before: &ConversationFacts,
        after: &ConversationFacts,
    ) -> Option<u32> {
        self.change_deadlines(id, before, after);
        self.change_active(before.active, after.active);
        set_member(&mut self.strays, id, after.stray);
        set_member(&mut self.lone, id, after.lone);
        set_member(&mut self.unanswered, id, after.unanswered);
        set_member(&mut self.orphans, id, after.orphan);
        self.change_rings(id, before, after);
        self.change_market(tenant, before.line.as_ref(), after.line.as_ref());
        self.change_pauses(tenant, before, after);
        self.lines.change(id, before.line.as_ref(), after.line.as_ref())
    }

    /// Most facts leave all of these as they are.
    fn change_deadlines(
        &mut self,
        id: &ConversationId,
        before: &ConversationFacts,
        after: &ConversationFacts,
    ) {
        self.change_deadline((before.parked_until, after.parked_until), || Deadline::Parked(id.clone()));
        self.change_deadline((before.asked_until, after.asked_until), || Deadline::Asked(id.clone()));
        self.change_deadline((before.callback_due, after.callback_due), || Deadline::Callback(id.clone()));
        self.change_deadline((before.preview_until, after.preview_until), || Deadline::Preview(id.clone()));
        self.change_deadline((before.called_at, after.called_at), || Deadline::CallAgain(id.clone()));
        self.change_deadline((before.step, after.step), || Deadline::Target(id.clone()));
        if before.pauses != after.pauses {
            let pause =
                |(until, user_id): &(Millis, UserId)| (*until, Deadline::Pause(id.clone(), user_id.clone()));
            for due in before.pauses.iter().map(pause) {
                self.deadlines.remove(&due);
            }
            self.deadlines.extend(after.pauses.iter().map(pause));
        }
        if before.wrap_ups != after.wrap_ups {
            let wrap_up = |(until, whose): &(Millis, ParticipantId)| {
                (*until, Deadline::WrapUp(id.clone(), whose.clone()))
            };
            for due in before.wrap_ups.iter().map(wrap_up) {
                self.deadlines.remove(&due);
            }
            self.deadlines.extend(after.wrap_ups.iter().map(wrap_up));
        }
    }

    fn change_deadline(
        &mut self,
        (before, after): (Option<Millis>, Option<Millis>),
        due: impl Fn() -> Deadline,
    ) {
        if before == after {
            return;
        }
        if let Some(at) = before {
            self.deadlines.remove(&(at, due()));
        }
        self.deadlines.extend(after.map(|at| (at, due())));
    }

    fn change_rings(&mut self, id: &ConversationId, before: &ConversationFacts, after: &ConversationFacts) {
        let relaxes = |facts: &ConversationFacts| facts.line.as_ref().and_then(|line| line.now.relaxes_at);
        if let Some(at) = relaxes(before) {
            self.rings.remove(&(at, id.clone()));
        }
        if let Some(at) = relaxes(after) {
            self.rings.insert((at, id.clone()));
        }
    }

    fn change_market(&mut self, tenant: &Tenant, before: Option<&InLine>, after: Option<&InLine>) {
        let (before, after) = (before.filter(|i| i.open), after.filter(|i| i.open));
        if before == after {
            return;
        }
        if let Some(before) = before {
            self.market.close(before);
        }
        if let Some(after) = after {
            let (stand, turn) = self.market.open(tenant, &mut self.staff, after);
            self.work.todo_mut().stands.insert((turn, stand));
        }
    }

    fn change_pauses(&mut self, tenant: &Tenant, before: &ConversationFacts, after: &ConversationFacts) {
        if before.barred.is_empty() && after.barred.is_empty() {
            return;
        }
        let agents = |facts: &ConversationFacts| {
            facts.barred.iter().filter_map(|id| tenant.agent_index(id)).collect::<Vec<_>>()
        };
        for agent in agents(before) {
            self.paused_for.remove(&(before.number, agent));
            self.paused_of.remove(&(agent, before.number));
            self.work.todo_mut().agents.insert(agent);
        }
        for agent in agents(after) {
            self.paused_for.insert((after.number, agent));
            self.paused_of.insert((agent, after.number));
        }
    }

    /// The agents who turned a conversation down a moment ago.
    pub(crate) fn paused_for(&self, number: u64) -> impl Iterator<Item = AgentIndex> {
        self.paused_for.range((number, 0)..=(number, AgentIndex::MAX)).map(|(_, agent)| *agent)
    }

    /// Of those who are ready, those who have not turned a conversation (by its number) down a moment ago.
    pub(crate) fn without_paused(&self, mut ready: Bits, number: u64) -> Bits {
        self.paused_for(number).for_each(|agent| ready.set(agent, false));
        ready
    }

    /// The turn of the first in a stand for whom somebody is ready. Almost always that is the head; it is not where all who are ready have just turned it down.
    pub(crate) fn first_fit(&self, stand: &Stand) -> Option<Place> {
        let ready = self.staff.ready_for(stand.line, &stand.want);
        if ready.is_empty() {
            return None;
        }
        let mut turns = stand.open().map(|(_, turn)| turn);
        turns.find(|turn| !self.without_paused(ready.clone(), turn.number).is_empty())
    }

    /// What goes first in a stand for which somebody is ready: where some who are ready serve its queue before others, by what that is worth to them.
    pub(crate) fn first_found(&self, n: StandIndex) -> Option<Found> {
        let stand = self.market.get(n)?;
        if stand.is_backwards() {
            return self.first_of_line(stand.line);
        }
        if !self.staff.is_somebodys_first(stand.line.queue) {
            return self.first_fit(stand).map(|turn| Found { rank: turn, stand: n, turn });
        }
        let ready = self.staff.ready_for(stand.line, &stand.want);
        let most = self.staff.most_worth(stand.line.queue, &ready);
        let mut best: Option<Found> = None;
        for (_, turn) in stand.open() {
            if best.is_some_and(|best| best.rank <= turn.ahead_by(most)) {
                break;
            }
            let ready = self.without_paused(ready.clone(), turn.number);
            if ready.is_empty() {
                continue;
            }
            let rank = turn.ahead_by(self.staff.most_worth(stand.line.queue, &ready));
            let found = Found { rank, stand: n, turn };
            best = Some(best.map_or(found, |best| best.min(found)));
        }
        best
    }

    /// Where the last is served first: of a whole line, whatever those in it demand, the first for whom somebody is ready.
    fn first_of_line(&self, line: LineId) -> Option<Found> {
        let mut best: Option<(Place, Found)> = None;
        for (first, n, stand) in self.market.firsts(line) {
            if best.is_some_and(|(place, _)| place < first) {
                break;
            }
            best = best.into_iter().chain(self.first_in(n, stand)).min();
        }
        best.map(|(_, found)| found)
    }

    fn first_in(&self, n: StandIndex, stand: &Stand) -> Option<(Place, Found)> {
        let ready = self.staff.ready_for(stand.line, &stand.want);
        let mut places = stand.open().filter(|_| !ready.is_empty());
        places.find_map(|(place, turn)| {
            let ready = self.without_paused(ready.clone(), turn.number);
            let rank = || turn.ahead_by(self.staff.most_worth(stand.line.queue, &ready));
            (!ready.is_empty()).then(|| (place, Found { rank: rank(), stand: n, turn }))
        })
    }

    /// The stand that an agent serves first.
    pub(crate) fn best_for(&self, agent: AgentIndex) -> Option<Found> {
        let paused = self.paused_of.range((agent, 0)..=(agent, u64::MAX)).map(|(_, number)| *number);
        self.market.best_for(&self.staff, (agent, paused.collect()), &|line| self.first_of_line(line))
    }

    fn change_active(&mut self, before: Option<QueueIndex>, after: Option<QueueIndex>) {
        if before == after {
            return;
        }
        if let Some(queue) = before {
            let count = self.active.entry(queue).or_default();
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.active.remove(&queue);
            }
        }
        if let Some(queue) = after {
            *self.active.entry(queue).or_default() += 1;
        }
    }

    /// Takes in what an agent can do now, and which queues it serves: it looks anew at what waits.
    pub(crate) fn set_agent(&mut self, tenant: &Tenant, agent: AgentIndex) {
        let Some(user) = tenant.agent_at(agent) else { return };
        let listed = user.queues.iter().filter_map(|id| tenant.queue_index(id));
        let listed = (!user.queues.is_empty()).then(|| listed.collect());
        self.staff.set_agent(agent, &user.skills, listed);
        self.work.todo_mut().agents.insert(agent);
    }

    /// Takes in what an agent is ready for now. Gives its team, where it became ready or is no longer.
    pub(crate) fn change_agent(
        &mut self,
        tenant: &Tenant,
        user_id: &UserId,
        standing: Option<Standing>,
        user: &User,
    ) -> Option<TeamIndex> {
        let agent = tenant.agent_index(user_id)?;
        let standing = standing.filter(|s| s.ready.contains(&true));
        let after = standing.map(|s| ReadyFacts {
            ready: s.ready,
            idle_since: user.idle_since,
            load: s.load,
            last_offer: user.last_offer,
        });
        let (readier, counted) = self.staff.set_ready(agent, after);
        if readier {
            self.work.todo_mut().agents.insert(agent);
        }
        tenant.team_of(user_id).filter(|_| counted)
    }
}

impl Exchange {
    /// Everything derived, built anew from the state.
    pub(crate) fn build_index(&self) -> Index {
        let mut index = Index::new(&self.tenant);
        for (id, conversation) in &self.state.conversations {
            let facts = ConversationFacts::of(&self.tenant, conversation);
            index.change_conversation(&self.tenant, id, &ConversationFacts::default(), &facts);
        }
        index.lines.note_moved(&self.state.conversations);
        for (id, offer) in &self.state.offers {
            index.deadlines.insert((offer.made.expires_at, Deadline::Offer(id.clone())));
            index.unfit.extend(self.is_unfit(offer).then(|| id.clone()));
        }
        for (id, session) in &self.state.sessions {
            if let Some(since) = session.away_since {
                index.deadlines.insert((self.grace_over(since), Deadline::Grace(id.clone())));
            }
            if let Some(said) = &session.presence {
                index.deadlines.insert((said.until, Deadline::SessionPresence(id.clone())));
                let fades = said.fades_at.map(|at| (at, Deadline::SessionFade(id.clone())));
                index.deadlines.extend(fades);
            }
        }
        for (id, user) in &self.state.users {
            let standing = self.standing(id);
            index.change_agent(&self.tenant, id, standing, user);
            let ends = user.preferred_until().map(|at| (at, Deadline::Preferred(id.clone())));
            let quiets = user.status_until().map(|at| (at, Deadline::Status(id.clone())));
            let resumes = user.paused_until.map(|at| (at, Deadline::OffersPaused(id.clone())));
            index.deadlines.extend(ends.into_iter().chain(quiets).chain(resumes));
            index.presence_due.extend(self.presence_is_due(id).then(|| id.clone()));
            index.next_due.extend(self.next_is_due(id).then(|| id.clone()));
            if let Some(team) = self.tenant.team_of(id).filter(|_| self.is_agent(id)) {
                index.staffing.change(id, team, self.agent_state(id));
            }
        }
        index
    }

    /// When a session that is away since then is given up.
    pub(crate) fn grace_over(&self, away_since: Millis) -> Millis {
        away_since.saturating_add(u64::from(self.tenant.config.grace_ms))
    }
}

/// Takes in whether something is in a set.
pub(crate) fn set_member<T: Ord + Clone>(set: &mut BTreeSet<T>, id: &T, is_member: bool) {
    if is_member {
        set.insert(id.clone());
    } else {
        set.remove(id);
    }
}
