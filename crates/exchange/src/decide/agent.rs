//! A supervisor changes what an agent can do; somebody asks why a conversation waits.

use super::{Caller, Facts, asking::asked, done, invalid, supervise::ordered};
use crate::{AgentSettings, Capacity, Decision, Event, Exchange, Skills, needs::LEVELS, state::Conversation};
use jackfield_wire::{
    AgentCapacity, Code, ConversationId, Millis, OfferEndReason, OfferKind, OfferOutcome, Outcome, QueueId,
    Role, SupervisorOrder, UserId, WireError,
};

/// What is to be changed; what is left out stays.
pub(super) struct Change<'a> {
    pub(super) skills: Option<&'a Skills>,
    pub(super) queues: Option<&'a [QueueId]>,
    pub(super) capacity: Option<AgentCapacity>,
    /// Before that, all is as the configuration says.
    pub(super) reset: bool,
}

impl Exchange {
    /// The agent is another from now on: what waits is matched anew; offers that it no longer fits or has no room for are taken back, and so is its asking a
    /// customer to talk. Conversations that it has go on.
    pub(super) fn set_agent_skills(
        &self,
        caller: Caller<'_>,
        user_id: &UserId,
        change: &Change<'_>,
    ) -> Facts {
        self.supervised_agent(caller, user_id)?;
        self.check_skills(change.skills)?;
        self.check_queues(change.queues)?;
        self.check_own_queues(caller, user_id, change.queues)?;
        let capacity = change.capacity.map(checked_capacity).transpose()?;
        let before = self.state.agents.get(user_id).cloned().unwrap_or_default();
        let kept = if change.reset { AgentSettings::default() } else { before.clone() };
        let settings = AgentSettings {
            skills: change.skills.cloned().or(kept.skills),
            queues: change.queues.map(<[QueueId]>::to_vec).or(kept.queues),
            capacity: capacity.or(kept.capacity),
        };
        if settings == before {
            return Ok(Vec::new());
        }
        let room = settings.capacity.or_else(|| self.tenant.configured(user_id).map(|user| user.capacity));
        let mut events = vec![ordered(caller, SupervisorOrder::SetSkills, user_id, None)];
        events.push(Event::AgentChanged { user_id: user_id.clone(), settings });
        events.extend(self.without_room(user_id, room.unwrap_or_default()));
        events.extend(self.asks_without_room(user_id, room.unwrap_or_default()));
        Ok(events)
    }

    /// Supervisors for what they look after; agents for what they take part in, are offered, or whose queue they serve.
    pub(super) fn explained(
        &self,
        caller: Caller<'_>,
        id: &ConversationId,
        now: Millis,
    ) -> Result<Decision, WireError> {
        match caller.who.role {
            Role::Supervisor | Role::Admin => drop(self.supervised(caller, id)?),
            Role::Agent => self.check_concerned(&caller.who.user_id, id)?,
            Role::Customer | Role::Bot => {
                let message = "only agents and supervisors can ask why a conversation waits";
                return Err(WireError::new(Code::NotAllowed, message));
            }
        }
        let explanation = Box::new(self.explain(id, now).ok_or(Code::NotFound)?);
        Ok(Decision { outcome: Outcome::Explanation { explanation }, ..done(Vec::new()) })
    }

    fn check_concerned(&self, user_id: &UserId, id: &ConversationId) -> Result<(), WireError> {
        let conversation = self.state.conversations.get(id).ok_or(Code::NotFound)?;
        let offered = self.state.offers_in(conversation).any(|offer| offer.made.user_id == *user_id);
        let agent = self.tenant.agent_index(user_id).zip(self.tenant.queue_index(&conversation.queue_id));
        let serves = agent.is_some_and(|(agent, queue)| self.index.staff.serves(agent, queue));
        let concerned = serves || offered || conversation.participant_of(user_id).is_some();
        if concerned { Ok(()) } else { Err(Code::NotFound.into()) }
    }

    fn check_skills(&self, skills: Option<&Skills>) -> Result<(), WireError> {
        for (skill, level) in skills.into_iter().flatten() {
            if !LEVELS.contains(level) {
                let (least, most) = (LEVELS.start(), LEVELS.end());
                let message = format!("skills.{skill} is {level}; write a level from {least} to {most}");
                return Err(invalid(message));
            }
            if !self.tenant.knows_skill(skill) {
                let message = format!(
                    "skills names {skill}: no queue or rule of the configuration asks for it, and no user has it; correct the name"
                );
                return Err(WireError::new(Code::SkillUnknown, message));
            }
        }
        Ok(())
    }

    fn check_queues(&self, queues: Option<&[QueueId]>) -> Result<(), WireError> {
        let unknown = queues.into_iter().flatten().find(|id| self.tenant.queue_index(id).is_none());
        unknown.map_or(Ok(()), |id| {
            Err(invalid(format!("queues names {id}: there is no such queue; leave it out")))
        })
    }

    /// Who supervises some queues neither puts an agent into others nor takes it out of these. No list is all queues.
    fn check_own_queues(
        &self,
        caller: Caller<'_>,
        user_id: &UserId,
        queues: Option<&[QueueId]>,
    ) -> Result<(), WireError> {
        let Some(after) = queues else { return Ok(()) };
        let before = self.tenant.user(user_id).map_or(&[][..], |user| &user.queues);
        let has = |list: &[QueueId], id: &QueueId| list.is_empty() || list.contains(id);
        let all = self.tenant.config.queues.iter().map(|queue| &queue.queue_id);
        let mut changed = all.filter(|id| has(before, id) != has(after, id));
        changed.try_for_each(|id| {
            let what = if has(after, id) { "queues puts it into" } else { "queues takes it out of" };
            self.looks_after_queue(&caller.who.user_id, caller.who.role, id, what)
        })
    }

    /// What an agent asks its customers that a lowered capacity has no room for: a call within a chat.
    fn asks_without_room(&self, user_id: &UserId, capacity: Capacity) -> Vec<Event> {
        if self.load(user_id).voice <= capacity.voice {
            return Vec::new();
        }
        let asks = |c: &&Conversation| {
            let asked = asked(c).and_then(|pending| c.participant(&pending.by));
            asked.is_some_and(|by| by.user_id == *user_id)
        };
        let all = self.state.conversations_of(user_id).filter(asks);
        all.flat_map(|c| self.asking_over(c, OfferOutcome::Rescinded)).collect()
    }

    /// Offers that a lowered capacity has no room for.
    fn without_room(&self, user_id: &UserId, capacity: Capacity) -> Vec<Event> {
        let load = self.load(user_id);
        let offers = self.state.offers_of(user_id).map(|offer| &offer.made);
        let over = offers.filter(|made| made.kind == OfferKind::Conversation).filter(|made| {
            let channel = made.channel;
            load.of(channel) > capacity.of(channel)
        });
        over.flat_map(|made| {
            self.end_offer_as(made, OfferOutcome::Rescinded, Some(OfferEndReason::NoLongerFits))
        })
        .collect()
    }
}

fn checked_capacity(capacity: AgentCapacity) -> Result<Capacity, WireError> {
    let most = Capacity::MOST;
    for (field, asked, most) in [("voice", capacity.voice, most.voice), ("chat", capacity.chat, most.chat)] {
        if asked > most {
            return Err(invalid(format!("capacity.{field} is out of range; write 0 to {most}")));
        }
    }
    Ok(Capacity { voice: capacity.voice, chat: capacity.chat })
}
