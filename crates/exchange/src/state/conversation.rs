//! One interaction with a customer, from arrival to the end of wrap-up.

use super::{Leg, Participant, WrapUp};
use crate::{
    Callback, ConversationBody, Needs, NewConversation, Outbound, Pending, Plan, Routing, Seat,
    needs::is_zero,
};
use jackfield_wire::{
    Attributes, Channel, ConversationId, ConversationState, Link, Millis, OfferId, Part, ParticipantId,
    QueueId, Role, SessionId, Side, Target, UserId,
};
use serde::{Deserialize, Deserializer, Serialize};
use std::{collections::BTreeMap, sync::Arc};

/// A conversation.
///
/// ```text
///           offer made            accepted            customer or agent ends it
///  queued ────────────▶ offered ────────────▶ active ───────────────────────────▶ wrapUp ──▶ ended
///    ▲ ▲                   │                  │ │  ▲                              ▲  the last agent has finished,
///    │ └───────────────────┘             park │ │  │ picked up                    │  or its time is over
///    │   rejected, timed out, rescinded       ▼ │  │                              │
///    │                                     parked ──┘──────────────────────────────┘
///    └────────────────────────────────────────┴─┘ the owner is lost or signs out, and no other agent is in it; transferred to a queue;
///                                                 parked, and its agent does not come back to it
///
///  queued, to be called back ⇄ offered ──▶ active, the customer is asked ──▶ active; queued again, where it does not answer (see decide/callback.rs)
///  queued, offered ──▶ ended: the customer gives up or is lost (wrapUp, where an agent who served it before is at its work)
///  (none) ──begun by an agent──▶ active, in preview ──▶ active, the customer is called ──▶ active; wrapUp, ended (see decide/outbound.rs)
///  active ──▶ active, outside: given to a telephone number ──▶ wrapUp, ended: one of the two hangs up
/// ```
///
/// The agent who serves the customer is its owner: there is one while it is active, but where it was given to a telephone number, and none otherwise. The work after a part is each
/// agent's own: who transferred the customer does it while the conversation goes on with the next.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Conversation {
    pub(crate) conversation_id: ConversationId,
    /// How many conversations there were when it came in, itself included: the order among those of the same millisecond.
    pub(crate) number: u64,
    pub(crate) queue_id: QueueId,
    pub(crate) channel: Channel,
    pub(crate) state: ConversationState,
    pub(crate) state_since: Millis,
    pub(crate) created_at: Millis,
    /// Not in snapshots, as the attributes and the customer's name.
    #[serde(default, skip_serializing)]
    pub(crate) subject: Option<String>,
    #[serde(default, skip_serializing)]
    pub(crate) attributes: Attributes,
    /// The attributes as the customer brought them, where others were set since. Not in snapshots, as the links that agents set.
    #[serde(default, skip_serializing)]
    pub(crate) brought: Option<Attributes>,
    #[serde(default, skip_serializing)]
    pub(crate) links: Vec<Link>,
    /// The telephone numbers that were dialled in it, by party. Not in snapshots.
    #[serde(default, skip_serializing)]
    pub(crate) numbers: BTreeMap<ParticipantId, String>,
    /// Codes of the tenant's agents, in order.
    #[serde(default)]
    pub(crate) tags: Vec<String>,
    /// Who came in, also when gone. Older snapshots have it in the store's row only.
    #[serde(default)]
    pub(crate) customer_id: Option<UserId>,
    /// Not in snapshots.
    #[serde(default, skip_serializing)]
    pub(crate) customer_name: String,
    pub(crate) participants: Vec<Participant>,
    /// Its own priority, on top of the queue's.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) priority: u8,
    /// Since when it is held to be waiting, where that is not `created_at`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) virtual_start: Option<Millis>,
    /// When it came into its queue, where that is not `created_at`: its timeline of rings begins there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) queued_at: Option<Millis>,
    /// What it asks of its agent beside what the queue asks; `None` for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) needs: Option<Box<Needs>>,
    /// The step of its timeline of rings that it has come to.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) ring: u8,
    /// The rule that placed it, by its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) rule: Option<Arc<str>>,
    /// The queues it waits in, one after the other, where there are several or a rule gave them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) plan: Option<Box<Plan>>,
    /// Whether a person said where it waits, or an agent has had it: rules that change leave it there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) by_hand: bool,
    /// The open offers of it: one round, which may go to several agents. There is never a second round while one is open.
    #[serde(default, alias = "offer", deserialize_with = "one_or_several")]
    pub(crate) offers: Vec<OfferId>,
    /// The customer's session that wants to talk, while the agent is asked.
    pub(crate) asking: Option<SessionId>,
    /// The place in line that the customer was told last.
    pub(crate) place_told: Option<u32>,
    /// The wait that the customer was told with it, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) wait_told: Option<u32>,
    /// Who turned it down a moment ago.
    pub(crate) pauses: Vec<Pause>,
    pub(crate) last_message: u64,
    /// The last message that customers may see.
    pub(crate) last_public: u64,
    /// Its offers that are over, the newest of them, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) tried: Vec<Tried>,
    /// What was asked for and is not answered yet: its offer is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pending: Option<Pending>,
    /// That its customer is to be called back, and does not wait on the line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) callback: Option<Box<Callback>>,
    /// Where the house began it: whom it goes to, and how far it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) outbound: Option<Box<Outbound>>,
    /// How it went, in the code of the agent who said it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) disposition: Option<String>,
    /// Where a snapshot of an older version kept the work after it.
    #[serde(default, skip_serializing)]
    wrap_up: Option<OldWrapUp>,
    /// How it was last counted.
    #[serde(default)]
    pub(crate) ledger: crate::stats::Ledger,
}

/// An offer that is over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Tried {
    #[serde(flatten)]
    pub(crate) offer: super::Offer,
    pub(crate) outcome: jackfield_wire::OfferOutcome,
    pub(crate) ended_at: Millis,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct OldWrapUp {
    user_id: UserId,
    #[serde(flatten)]
    work: WrapUp,
}

/// An agent who is not offered the conversation again for a while.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Pause {
    pub(crate) user_id: UserId,
    pub(crate) until: Millis,
}

impl Conversation {
    /// A conversation as it comes in.
    pub(crate) fn new(new: &NewConversation, number: u64, at: Millis) -> Self {
        let voice = (new.channel == Channel::Voice).then(|| new.session.clone());
        let customer = Participant::new(new.participant_id.clone(), &new.who, Seat::customer(), voice, at);
        let begun = new.outbound.is_some();
        let own = new.outbound.as_ref().is_some_and(|outbound| !outbound.queued);
        Self {
            conversation_id: new.conversation_id.clone(),
            number,
            queue_id: new.queue_id.clone(),
            channel: new.channel,
            state: if own { ConversationState::Active } else { ConversationState::Queued },
            state_since: at,
            created_at: at,
            subject: new.subject.clone(),
            attributes: new.attributes.clone(),
            // What agents give a conversation of theirs is not the customer's to see.
            brought: begun.then(|| new.who.attributes.clone()),
            links: Vec::new(),
            numbers: BTreeMap::new(),
            tags: Vec::new(),
            customer_id: Some(new.who.user_id.clone()),
            customer_name: new.who.name.clone(),
            participants: if begun { Vec::new() } else { vec![customer] },
            priority: new.priority,
            virtual_start: new.virtual_start.filter(|start| *start != at),
            queued_at: None,
            needs: (!new.needs.is_empty()).then(|| Box::new(new.needs.clone())),
            ring: 0,
            rule: new.rule.clone(),
            plan: None,
            by_hand: false,
            offers: Vec::new(),
            asking: None,
            place_told: None,
            wait_told: None,
            pauses: Vec::new(),
            last_message: 0,
            last_public: 0,
            pending: None,
            tried: Vec::new(),
            callback: None,
            outbound: new.outbound.clone(),
            disposition: None,
            wrap_up: None,
            ledger: crate::stats::Ledger::default(),
        }
    }

    /// What the store keeps of it. `None` only for one of an older snapshot whose row is not read yet.
    pub(crate) fn body(&self) -> Option<ConversationBody> {
        Some(ConversationBody {
            conversation_id: self.conversation_id.clone(),
            customer: self.customer_id.clone()?,
            name: self.customer_name.clone(),
            subject: self.subject.clone(),
            attributes: self.attributes.clone(),
            brought: self.brought.clone(),
            links: self.links.clone(),
            numbers: self.numbers.clone(),
            to: self.outbound.as_ref().and_then(|outbound| outbound.number()),
        })
    }

    /// Takes in what was set on it.
    pub(crate) fn know(&mut self, body: &ConversationBody) {
        self.attributes.clone_from(&body.attributes);
        self.brought.clone_from(&body.brought);
        self.links.clone_from(&body.links);
        self.numbers.clone_from(&body.numbers);
        if let Some(outbound) = &mut self.outbound {
            outbound.know(body.to.as_deref());
        }
        for party in &mut self.participants {
            if let Some(number) = body.numbers.get(&party.participant_id) {
                party.name.clone_from(number);
            }
        }
        let dialing = self.dialing().map(|party| party.name.clone());
        if let Some((Target::Number { number }, dialing)) =
            self.pending.as_mut().map(|p| &mut p.target).zip(dialing)
        {
            *number = dialing;
        }
    }

    /// Places it anew, at a time.
    pub(crate) fn place(&mut self, routing: &Routing, at: Millis) {
        self.queue_id = routing.queue_id.clone();
        self.priority = routing.priority;
        self.wait_since(routing.virtual_start);
        let since = routing.stays.map_or(at, |stays| stays.since);
        self.queued_at = Some(since).filter(|since| *since != self.created_at);
        self.needs = (!routing.needs.is_empty()).then(|| Box::new(routing.needs.clone()));
        self.rule = routing.rule.clone();
        self.plan = None;
        self.ring = routing.stays.map_or(0, |stays| stays.ring);
        self.by_hand = routing.ordered;
    }

    /// It is held to have been waiting since then.
    pub(crate) fn wait_since(&mut self, virtual_start: Millis) {
        self.virtual_start = Some(virtual_start).filter(|start| *start != self.created_at);
    }

    /// Gives it another place in its line.
    pub(crate) fn prioritize(&mut self, priority: u8, virtual_start: Millis) {
        self.priority = priority;
        self.wait_since(virtual_start);
    }

    /// How much longer it is held to have waited than it has, in milliseconds.
    pub(crate) fn head_start_ms(&self) -> Millis {
        self.created_at.saturating_sub(self.virtual_start())
    }

    /// It is for one agent no more.
    pub(crate) fn pass_agent(&mut self) {
        let needs = self.needs.take().map(|needs| Needs { agent: None, ..*needs });
        self.needs = needs.filter(|needs| !needs.is_empty()).map(Box::new);
        self.ring = 0;
    }

    /// Whether rules that change leave it in its queue: a person said where it waits, an agent has had it or began it, or its customer is called back and keeps its place.
    pub(crate) fn keeps_queue(&self) -> bool {
        self.by_hand || self.callback.is_some() || self.outbound.is_some()
    }

    /// Since when it is held to be waiting: what its place in line goes by.
    pub(crate) fn virtual_start(&self) -> Millis {
        self.virtual_start.unwrap_or(self.created_at)
    }

    /// Since when it is shown as waiting. Who asked to be called back at a time has not waited before that.
    pub(crate) fn waits_since(&self) -> Millis {
        match self.callback {
            Some(_) => self.created_at.max(self.virtual_start()),
            None => self.created_at,
        }
    }

    /// Since when it has been in its queue: what its rings go by.
    pub(crate) fn queued_at(&self) -> Millis {
        self.queued_at.unwrap_or(self.created_at)
    }

    /// Whether it waits for an agent, offered or not.
    pub(crate) fn is_waiting(&self) -> bool {
        matches!(self.state, ConversationState::Queued | ConversationState::Offered)
    }

    /// Whether it waits for an agent, and nobody can be offered it: its customer is to be called back later, or can't be reached.
    pub(crate) fn is_aside(&self) -> bool {
        let later = self.callback.as_ref().is_some_and(|callback| !callback.is_ready());
        self.is_waiting() && (later || self.called_at().is_some())
    }

    pub(crate) fn participant(&self, id: &ParticipantId) -> Option<&Participant> {
        self.participants.iter().find(|p| p.participant_id == *id)
    }

    pub(crate) fn participant_mut(&mut self, id: &ParticipantId) -> Option<&mut Participant> {
        self.participants.iter_mut().find(|p| p.participant_id == *id)
    }

    pub(crate) fn participant_of(&self, user_id: &UserId) -> Option<&Participant> {
        self.participants.iter().find(|p| p.user_id == *user_id)
    }

    /// The agent who serves the customer.
    pub(crate) fn owner(&self) -> Option<&Participant> {
        self.participants.iter().find(|p| p.seat.owner)
    }

    /// Those who serve the customer, the owner among them; not who is at the work after its part.
    pub(crate) fn agents(&self) -> impl Iterator<Item = &Participant> {
        self.participants.iter().filter(|p| p.seat.part == Part::Agent && !p.is_wrapping())
    }

    pub(crate) fn customer(&self) -> Option<&Participant> {
        self.participants.iter().find(|p| p.is_customer())
    }

    /// Who is asked for advice, and has come.
    pub(crate) fn consulted(&self) -> Option<&Participant> {
        self.participants.iter().find(|p| p.is_consulted())
    }

    /// The telephone number that rings. There is one at a time: it is what is pending.
    pub(crate) fn dialing(&self) -> Option<&Participant> {
        self.participants.iter().find(|p| p.dialing)
    }

    /// Whether nobody of the house serves the customer any more: it talks with a telephone number alone.
    pub(crate) fn is_outside(&self) -> bool {
        let out =
            |p: &Participant| p.seat.part == Part::External && p.seat.side == Side::Main && p.leg.is_some();
        self.state == ConversationState::Active && self.owner().is_none() && self.participants.iter().any(out)
    }

    /// Until when who is at the work after its part.
    pub(crate) fn wrap_ups(&self) -> impl Iterator<Item = (Millis, ParticipantId)> {
        let all = self.participants.iter();
        all.filter_map(|p| p.wrap_up.as_ref().map(|w| (w.until, p.participant_id.clone())))
    }

    /// Those who have a voice connection.
    pub(crate) fn with_leg(&self) -> impl Iterator<Item = (&Participant, &Leg)> {
        self.participants.iter().filter_map(|p| p.leg.as_ref().map(|leg| (p, leg)))
    }

    /// Whether an agent is not to be offered it just now: it has turned it down, or is still at the work after its part in it. Matching asks the index.
    #[cfg(test)]
    pub(crate) fn is_paused_for(&self, user_id: &UserId) -> bool {
        self.participant_of(user_id).is_some() || self.pauses.iter().any(|p| p.user_id == *user_id)
    }

    /// Brings what a snapshot of an older version said into today's form. Of today's it changes nothing.
    pub(super) fn upgrade(&mut self) {
        let customers =
            self.participants.iter_mut().filter(|p| p.role == Role::Customer && p.seat.part == Part::Agent);
        for customer in customers {
            customer.seat = Seat::customer();
        }
        let Some(OldWrapUp { user_id, work }) = self.wrap_up.take() else { return };
        for agent in self.participants.iter_mut().filter(|p| p.user_id == user_id) {
            agent.begin_wrap_up(work.clone());
        }
    }
}

/// Snapshots had one offer or none, where now there are several.
fn one_or_several<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<OfferId>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Several(Vec<OfferId>),
        One(Option<OfferId>),
    }
    Ok(match Written::deserialize(from)? {
        Written::Several(offers) => offers,
        Written::One(offer) => offer.into_iter().collect(),
    })
}
