//! Calling customers: the conversation begins with its agent, and the customer comes in when it is called.
//!
//! ```text
//!  startOutbound, preview ──▶ preview ──dial──▶ calling ──yes, answered──▶ reached: a conversation as any other
//!  startOutbound ───────────────│──────────────▶   │
//!                               │                  ├─ no, busy, no answer, the customer is gone, given up ──▶ wrapUp: unreached
//!                               │                  └─ the agent is lost ──▶ ended: agentLost
//!                               ├─ skip, endConversation; the queue's preview_ms are over ──▶ ended: skipped
//!                               └─ preview_ms are over, on_preview_end: dial ──▶ calling; ended: unreached, where it can't be called
//! ```
//!
//! In preview the agent alone is in it: the customer sees nothing and nothing rings. A customer with a page is asked there (`pending`, as where an agent would like to
//! talk); a number is dialled, and is the customer, on the main side, from then on. While it rings nobody else comes in: there is nobody yet to hand over.

use super::{
    Caller, Facts, check_short,
    context::attributes_of_agent,
    external::{is_reserved, user_of_call},
    invalid, wrong_state,
};
use crate::{
    Decision, Event, Exchange, Identity, NewConversation, Outbound, Pending, Progress, QueueConfig, Seat,
    state::{Conversation, Participant},
};
use jackfield_wire::{
    Attributes, Channel, Code, Millis, OutboundStage, Outcome, QueueId, Role, Target, UserId, WireError,
};

/// What an agent asks for who calls a customer.
pub(super) struct Wanted<'a> {
    pub(super) queue_id: &'a QueueId,
    pub(super) target: &'a Target,
    pub(super) channel: Channel,
    /// Whether the agent looks first.
    pub(super) preview: bool,
    pub(super) name: Option<&'a str>,
    pub(super) subject: Option<&'a str>,
    pub(super) attributes: &'a Attributes,
}

impl Exchange {
    /// An agent begins a conversation with a customer, and serves it. Who supervises puts it on the queue's list.
    pub(super) fn start_outbound(
        &self,
        caller: Caller<'_>,
        wanted: &Wanted<'_>,
        now: Millis,
    ) -> Result<Decision, WireError> {
        let queue = self.queue_to_call_for(caller, wanted)?;
        check_short("name", wanted.name)?;
        check_short("subject", wanted.subject)?;
        let (target, who) = self.customer_to_call(caller, wanted)?;
        let attributes = attributes_of_agent(&self.tenant.config, wanted.attributes, &who.attributes)?;
        if !caller.serves() {
            return self.list(caller, wanted, (target, who, attributes), now);
        }
        self.check_room_to_call(&caller.who.user_id, wanted.channel)?;
        let progress = Progress {
            until: wanted.preview.then(|| now + u64::from(queue.outbound.preview_ms)),
            session: Some(caller.session.clone()),
            ..Progress::at(OutboundStage::Preview)
        };
        let by = caller.who.user_id.clone();
        let new = NewConversation {
            conversation_id: self.state.counters.next_conversation(),
            queue_id: wanted.queue_id.clone(),
            channel: wanted.channel,
            subject: wanted.subject.map(str::to_owned),
            attributes,
            participant_id: self.state.counters.next_participant(),
            who,
            session: caller.session.clone(),
            priority: 0,
            virtual_start: None,
            needs: Default::default(),
            rule: None,
            outbound: Some(Box::new(Outbound { target, by, queued: false, progress })),
        };
        let outcome = Outcome::ConversationStarted { conversation_id: new.conversation_id.clone() };
        let events = self.begun(caller, new, wanted.preview, now)?;
        Ok(Decision { events, outcome })
    }

    /// The conversation and its agent; and the call, where the agent does not look first.
    fn begun(&self, caller: Caller<'_>, new: NewConversation, preview: bool, now: Millis) -> Facts {
        let mut conversation = Conversation::new(&new, 0, now);
        let agent = Participant::new(new.participant_id.clone(), caller.who, Seat::default(), None, now);
        conversation.participants.push(agent.clone());
        let joined = Event::ParticipantJoined {
            conversation_id: new.conversation_id.clone(),
            participant_id: agent.participant_id.clone(),
            who: caller.who.clone(),
            voice: None,
            seat: Seat::default(),
        };
        let mut events = vec![Event::ConversationStarted(Box::new(new)), joined];
        events.extend(self.back_from_pause(&caller.who.user_id));
        if !preview {
            let customer = self.state.counters.participant_after(1);
            events.extend(self.call(caller.session, (&conversation, &agent), customer, now)?);
        }
        Ok(events)
    }

    /// The queue for which an agent calls: one that it serves, with the channel.
    fn queue_to_call_for(&self, caller: Caller<'_>, wanted: &Wanted<'_>) -> Result<&QueueConfig, WireError> {
        let supervises = super::supervise::supervises(caller).is_ok();
        if !caller.serves() && !supervises {
            return Err(WireError::new(
                Code::NotAllowed,
                "only agents and supervisors have customers called",
            ));
        }
        let queue = self.tenant.queue(wanted.queue_id);
        let queue = queue.ok_or_else(|| WireError::new(Code::NotFound, "queueId: there is no such queue"))?;
        if supervises {
            let (user_id, role) = (&caller.who.user_id, caller.who.role);
            self.looks_after_queue(user_id, role, wanted.queue_id, "targetId")?;
        } else if !self.is_own_queue(caller, wanted.queue_id) {
            let message = "you do not serve this queue; name one of yours in queueId";
            return Err(WireError::new(Code::NotAllowed, message));
        }
        if !queue.channels.contains(&wanted.channel) {
            return Err(Code::QueueClosed.into());
        }
        Ok(queue)
    }

    /// As its skills and queues are now, and in a ring too: what an agent was told are its queues.
    fn is_own_queue(&self, caller: Caller<'_>, queue_id: &QueueId) -> bool {
        let place = self.tenant.agent_index(&caller.who.user_id).zip(self.tenant.queue_index(queue_id));
        place.is_some_and(|(agent, queue)| self.index.staff.serves(agent, queue))
    }

    /// Whom a target means, and who that is.
    fn customer_to_call(
        &self,
        caller: Caller<'_>,
        wanted: &Wanted<'_>,
    ) -> Result<(Target, Identity), WireError> {
        let given = wanted.name.map(str::to_owned);
        match wanted.target {
            Target::Customer { user_id } => {
                if self.tenant.user(user_id).is_some() || is_reserved(user_id.as_str()) {
                    return Err(invalid("target.userId is no customer; name one, or a telephone number"));
                }
                let known = self.check_reachable(user_id, wanted.queue_id, wanted.channel);
                if !caller.serves() && known.is_err() {
                    // It may be there when its turn comes.
                    let who = Identity::new(user_id.clone(), given.unwrap_or_default(), Role::Customer);
                    return Ok((wanted.target.clone(), who));
                }
                let known = known?;
                let name = given.unwrap_or_else(|| known.name.clone());
                let who = Identity {
                    attributes: known.attributes.clone(),
                    ..Identity::new(user_id.clone(), name, Role::Customer)
                };
                Ok((wanted.target.clone(), who))
            }
            Target::Number { number } => {
                if wanted.channel != Channel::Voice {
                    return Err(invalid("channel: a telephone number takes no chat; leave channel out"));
                }
                let number = self.number_to_dial(number)?;
                let user_id = user_of_call(&self.state.counters.next_conversation());
                let who = Identity::new(user_id, given.unwrap_or_else(|| number.clone()), Role::Customer);
                Ok((Target::Number { number }, who))
            }
            Target::Agent { .. } | Target::Queue { .. } => {
                Err(invalid("target is no customer; name one, or a telephone number"))
            }
        }
    }

    /// Whether a customer can be asked in its page now: one of its sessions gives signs of life, and it is not in a call or being called.
    pub(super) fn check_reachable(
        &self,
        user_id: &UserId,
        queue_id: &QueueId,
        channel: Channel,
    ) -> Result<&Identity, WireError> {
        let unreachable = |message: &str| WireError::new(Code::CustomerUnreachable, message);
        let sessions = self.state.users.get(user_id).into_iter().flat_map(|user| &user.sessions);
        let mut live =
            sessions.filter_map(|id| self.state.sessions.get(id)).filter(|s| s.away_since.is_none());
        let session = live.next().ok_or_else(|| {
            unreachable(
                "the customer has no page open that could be called; try again later, or call its number",
            )
        })?;
        if self.state.conversations_of(user_id).any(|c| c.queue_id == *queue_id) {
            return Err(wrong_state("the customer has a conversation open on this queue; go on there"));
        }
        let asked = |c: &Conversation| c.pending.as_ref().is_some_and(Pending::asks_customer);
        if (channel == Channel::Voice && self.talks(user_id))
            || self.state.conversations_of(user_id).any(asked)
        {
            return Err(unreachable("the customer is in another call, or is being called; try again later"));
        }
        Ok(&session.who)
    }

    /// It takes room as any conversation does, whatever presence the agent prefers. Nobody hears two calls.
    fn check_room_to_call(&self, user_id: &UserId, channel: Channel) -> Result<(), WireError> {
        let hears = channel == Channel::Voice && self.work(user_id).in_call;
        if hears || !self.has_room(user_id, &[channel]) {
            let message = "you have no room for it now; finish or park another first";
            return Err(WireError::new(Code::NoCapacity, message));
        }
        Ok(())
    }
}
