//! The facts of the journal.

use crate::{
    AgentSettings, Callback, ConversationBody, Identity, NextPresence, Pending, Planned, Progress, Routing,
    Seat, SessionPresence,
};
use jackfield_wire::{
    Activity, Availability, Channel, CommandId, ConversationId, ConversationState, EndReason, LeaveReason,
    Millis, OfferEndReason, OfferId, OfferOutcome, ParticipantId, PendingKind, QueueId, Role, SessionId,
    SignOutReason, SupervisorOrder, Unanswered, UserId, Visibility,
};
use serde::{Deserialize, Serialize};

mod about;
mod parts;

pub use parts::{Body, NewConversation, NewOffer};

/// A fact: it has happened, and nobody can refuse it any more.
///
/// The names and fields are the journal's format: they may grow, but keep their meaning. When a fact happened is said by the journal's entry;
/// only where a projection needs it does the fact carry it, too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Event {
    /// A session began.
    SessionOpened {
        /// Which.
        session: SessionId,
        /// Whose.
        who: Identity,
    },
    /// A session gives no sign of life.
    SessionAway {
        /// Which.
        session: SessionId,
    },
    /// It is back.
    SessionReturned {
        /// Which.
        session: SessionId,
    },
    /// A session is over.
    SessionClosed {
        /// Which.
        session: SessionId,
        /// Whose.
        user_id: UserId,
        /// Why.
        reason: SignOutReason,
    },
    /// A user prefers a presence from now on; or an unanswered offer, or a supervisor, put it there. What was queued is dropped.
    PresenceWished {
        /// Who.
        user_id: UserId,
        /// What.
        availability: Availability,
        /// What goes with it; what goes with the availability, where it is left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        activity: Option<Activity>,
        /// Why, by the id of the tenant's reason.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// When it ends by itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Millis>,
        /// The offer that it left unanswered, where that put it there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unanswered: Option<Box<Unanswered>>,
    },
    /// A user prefers nothing any more: it said so, or the time for it is over. What was queued is dropped.
    PresenceCleared {
        /// Who.
        user_id: UserId,
    },
    /// A user will prefer another presence once it has nothing in hand.
    PresenceQueued {
        /// Who.
        user_id: UserId,
        /// What.
        next: NextPresence,
    },
    /// An offer was not answered, and by its queue's rule the agent is offered nothing for a while. Whatever it prefers or takes part in next ends that.
    OffersPaused {
        /// Who.
        user_id: UserId,
        /// Until when.
        until: Millis,
        /// The offer; left out in journals of before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unanswered: Option<Box<Unanswered>>,
    },
    /// The time in which an agent is offered nothing is over, or it is back before.
    OffersResumed {
        /// Who.
        user_id: UserId,
    },
    /// A session says something of its user, or what it said has faded.
    SessionPresenceSet {
        /// Which.
        session: SessionId,
        /// What.
        presence: SessionPresence,
    },
    /// A user says something about its presence.
    StatusMessageSet {
        /// Who.
        user_id: UserId,
        /// What. Not in the journal.
        #[serde(skip)]
        body: Body,
        /// When it ends by itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Millis>,
    },
    /// It says nothing about it any more, or the time for it is over.
    StatusMessageCleared {
        /// Who.
        user_id: UserId,
    },
    /// The time for what a session said is over.
    SessionPresenceEnded {
        /// Which.
        session: SessionId,
    },
    /// A user's presence, as others see it, is another. What is shown beside it (preferred, next, capacity, wrap-ups) stands in the state.
    PresenceChanged {
        /// Whose.
        user_id: UserId,
        /// Whether the user can be reached.
        availability: Availability,
        /// What the user does.
        activity: Activity,
        /// Why, by the id of the tenant's reason.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// A customer came in.
    ConversationStarted(Box<NewConversation>),
    /// A conversation was proposed to an agent.
    OfferMade(Box<NewOffer>),
    /// An offer is no longer open.
    OfferEnded {
        /// Which.
        offer_id: OfferId,
        /// Its conversation.
        conversation_id: ConversationId,
        /// The agent.
        user_id: UserId,
        /// How.
        outcome: OfferOutcome,
        /// Why the agent turned it down.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// Why it was taken back, where it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<OfferEndReason>,
        /// Until when the conversation is not offered to this agent again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pause_until: Option<Millis>,
    },
    /// The time in which a conversation is not offered to an agent again is over.
    PauseEnded {
        /// The conversation.
        conversation_id: ConversationId,
        /// The agent.
        user_id: UserId,
    },
    /// A conversation stands elsewhere.
    StateChanged {
        /// Which.
        conversation_id: ConversationId,
        /// Where.
        state: ConversationState,
        /// Why, where it is over.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<EndReason>,
        /// Whose work it is now, where it is in wrap-up. Only in older journals: now each agent's wrap-up is a fact of its own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        wrap_up_by: Option<UserId>,
        /// Until when, where it is in wrap-up. As `wrap_up_by`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        wrap_up_until: Option<Millis>,
    },
    /// An agent's part is over, and it does the work after it.
    WrapUpBegan {
        /// Which conversation.
        conversation_id: ConversationId,
        /// Who.
        participant_id: ParticipantId,
        /// Until when.
        until: Millis,
        /// Why the conversation is over; nothing where it goes on without this agent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<EndReason>,
        /// Where it goes on: the newest message that the agent may still see.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        last_message: Option<u64>,
    },
    /// The work after an agent's part is done, or its time is over. The agent leaves with the next fact.
    WrapUpEnded {
        /// Which conversation.
        conversation_id: ConversationId,
        /// Who.
        participant_id: ParticipantId,
        /// How it went, in the agent's code.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        disposition: Option<String>,
    },
    /// The work after a conversation got more time.
    WrapUpExtended {
        /// Which conversation.
        conversation_id: ConversationId,
        /// Whose; older journals know of one only.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        participant_id: Option<ParticipantId>,
        /// Until when.
        until: Millis,
    },
    /// A conversation left the state; what is to be kept of it is its record.
    ConversationClosed {
        /// Which.
        conversation_id: ConversationId,
        /// How it went, in the agent's code.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        disposition: Option<String>,
    },
    /// A waiting conversation was given its queue, its place and its demands anew.
    Routed(Box<Routing>),
    /// A conversation that waits has another place in its line; nothing else about it changes.
    Prioritized {
        /// Which.
        conversation_id: ConversationId,
        /// Its own priority from now on.
        priority: u8,
        /// Since when it is held to be waiting.
        virtual_start: Millis,
    },
    /// What a waiting conversation asks of its agent relaxed: the next ring of its timeline holds.
    RingReached {
        /// Which conversation.
        conversation_id: ConversationId,
        /// The step of the timeline that it came to; 0 is where it began.
        ring: u8,
    },
    /// The one agent that a conversation was for did not take it. It is for anybody who fits from now on, and its timeline is gone through anew by the time that it
    /// has waited.
    AgentPassed {
        /// Which conversation.
        conversation_id: ConversationId,
        /// Who.
        user_id: UserId,
    },
    /// A conversation has a plan, another target of it, or no plan any more. Comes after the fact that places it.
    Planned(Box<Planned>),
    /// Rules, overflows or rings are others than those by which the waiting conversations were placed, and some of these were held against them. What came of it are facts of their
    /// own, before this one.
    Reviewed {
        /// The print of the rules.
        rules: u64,
        /// The last conversation that was looked at, in the order of ids; left out where there are no more.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<ConversationId>,
        /// How many were looked at since the last such fact.
        #[serde(default)]
        looked: u32,
    },
    /// All places in a line from one on (1 being next) are others now.
    PlacesMoved {
        /// The queue.
        queue_id: QueueId,
        /// The channel of the line.
        channel: Channel,
        /// The first place that is another.
        from: u32,
    },
    /// A customer wants to talk within a chat, or no longer.
    VoiceRequested {
        /// Which conversation.
        conversation_id: ConversationId,
        /// The session that asks, and will have the leg.
        session: SessionId,
        /// Whether an agent is being asked now.
        requested: bool,
        /// How the asking ended, where it did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outcome: Option<OfferOutcome>,
    },
    /// Something was asked for in a conversation, or is answered or taken back.
    PendingChanged {
        /// Which conversation.
        conversation_id: ConversationId,
        /// What it is about.
        kind: PendingKind,
        /// What is asked for now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pending: Option<Pending>,
        /// How the asking ended, where it did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outcome: Option<OfferOutcome>,
    },
    /// A customer is to be called back, at another time than before, can be reached or not; or waits on the line again, or has answered.
    CallbackChanged {
        /// Which conversation.
        conversation_id: ConversationId,
        /// How it stands; nothing where the customer is on the line.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        callback: Option<Callback>,
        /// Since when it is held to be waiting, where that is another time now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        virtual_start: Option<Millis>,
    },
    /// A conversation that the house began came further.
    OutboundChanged {
        /// Which conversation.
        conversation_id: ConversationId,
        /// How far.
        progress: Progress,
        /// What is known of the customer from now on, where it was not known what it is called. Not in the journal.
        #[serde(skip)]
        body: Option<Box<ConversationBody>>,
    },
    /// An agent did not want to call a customer. That the conversation is over follows as a fact of its own.
    Skipped {
        /// Which conversation.
        conversation_id: ConversationId,
        /// Who; nobody, where a supervisor withdrew it from its queue.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        participant_id: Option<ParticipantId>,
        /// The supervisor who withdrew it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<UserId>,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Somebody came in.
    ParticipantJoined {
        /// Which conversation.
        conversation_id: ConversationId,
        /// Which participant.
        participant_id: ParticipantId,
        /// Who.
        who: Identity,
        /// The session whose audio it is, where it came in by voice.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        voice: Option<SessionId>,
        /// What it is there.
        #[serde(default, skip_serializing_if = "Seat::is_default")]
        seat: Seat,
    },
    /// A participant is something else now, or elsewhere.
    SeatChanged {
        /// Which conversation.
        conversation_id: ConversationId,
        /// Who.
        participant_id: ParticipantId,
        /// What it was: by it one can tell to whom it appears now, or disappears.
        was: Seat,
        /// What it is.
        seat: Seat,
    },
    /// A supervisor gave an order. The facts after it, in the same entry of the journal, came of it.
    Supervised {
        /// The supervisor.
        by: UserId,
        /// What it did.
        order: SupervisorOrder,
        /// Whom it concerns.
        user_id: UserId,
        /// In which conversation, if in one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        conversation_id: Option<ConversationId>,
    },
    /// An agent can do something else, serves other queues or takes more or less at once: these settings hold instead of those before.
    AgentChanged {
        /// Who.
        user_id: UserId,
        /// What holds over the configuration from now on.
        settings: AgentSettings,
    },
    /// A participant has a leg now, or has it in another session.
    VoiceJoined {
        /// Which conversation.
        conversation_id: ConversationId,
        /// Who.
        participant_id: ParticipantId,
        /// The session whose audio it is.
        session: SessionId,
    },
    /// A participant's leg is gone.
    VoiceLeft {
        /// Which conversation.
        conversation_id: ConversationId,
        /// Who.
        participant_id: ParticipantId,
    },
    /// A leg was held, or taken back from hold.
    HeldChanged {
        /// Which conversation.
        conversation_id: ConversationId,
        /// Whose leg.
        participant_id: ParticipantId,
        /// Whether.
        held: bool,
    },
    /// A leg was muted or unmuted.
    MutedChanged {
        /// Which conversation.
        conversation_id: ConversationId,
        /// Whose leg.
        participant_id: ParticipantId,
        /// Whether.
        muted: bool,
    },
    /// No sign of life comes from a participant, or comes again.
    ParticipantAway {
        /// Which conversation.
        conversation_id: ConversationId,
        /// Who.
        participant_id: ParticipantId,
        /// Whether.
        away: bool,
    },
    /// Somebody is gone.
    ParticipantLeft {
        /// Which conversation.
        conversation_id: ConversationId,
        /// Which participant.
        participant_id: ParticipantId,
        /// Who.
        user_id: UserId,
        /// Why.
        reason: LeaveReason,
        /// What it was.
        #[serde(default, skip_serializing_if = "Seat::is_default")]
        seat: Seat,
        /// Whether it left the work after its part: the conversation it had left before.
        #[serde(default, skip_serializing_if = "is_false")]
        wrapping: bool,
    },
    /// Somebody wrote.
    MessageAdded {
        /// Which conversation.
        conversation_id: ConversationId,
        /// Its number: 1, 2, 3 …
        number: u64,
        /// The command that sent it.
        command_id: CommandId,
        /// Who wrote it.
        participant_id: ParticipantId,
        /// The writer's name at that time. Not in the journal.
        #[serde(default, skip_serializing)]
        name: String,
        /// The writer's role.
        role: Role,
        /// When it was taken.
        at: Millis,
        /// Who may read it.
        visibility: Visibility,
        /// Whether it is a note.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        note: bool,
        /// What it says. Not in the journal.
        #[serde(skip)]
        body: Body,
    },
    /// Messages came further with a participant.
    MessagesMarked {
        /// Which conversation.
        conversation_id: ConversationId,
        /// With whom.
        participant_id: ParticipantId,
        /// The last that arrived.
        delivered: u64,
        /// The last that was read.
        read: u64,
    },
    /// Somebody set attributes of a conversation, or took some away. Which ones, and what they are, is not in the journal.
    AttributesChanged {
        /// Which conversation.
        conversation_id: ConversationId,
        /// Who did it.
        participant_id: ParticipantId,
        /// The names of those that are others now.
        #[serde(skip)]
        names: Vec<String>,
        /// What is known of the conversation from now on.
        #[serde(skip)]
        body: Option<Box<ConversationBody>>,
    },
    /// The tags of a conversation are others.
    TagsChanged {
        /// Which conversation.
        conversation_id: ConversationId,
        /// Who did it.
        participant_id: ParticipantId,
        /// All tags, in order.
        tags: Vec<String>,
    },
    /// Somebody set the links of a conversation. Where they lead is not in the journal.
    LinksChanged {
        /// Which conversation.
        conversation_id: ConversationId,
        /// Who did it.
        participant_id: ParticipantId,
        /// What is known of the conversation from now on.
        #[serde(skip)]
        body: Option<Box<ConversationBody>>,
    },
    /// A telephone number was dialled. Until it answers ([`Event::VoiceJoined`]) it is a party that rings, on the consult side; it is no more with
    /// [`Event::ParticipantLeft`].
    Dialed {
        /// Which conversation.
        conversation_id: ConversationId,
        /// The party that rings.
        participant_id: ParticipantId,
        /// When it is given up.
        until: Millis,
        /// Whether it is the customer of an outbound conversation, and not a party beside the customer: then it rings on the main side.
        #[serde(default, skip_serializing_if = "is_false")]
        customer: bool,
        /// The number (E.164). Not in the journal.
        #[serde(skip)]
        number: String,
        /// What is known of the conversation from now on: the number among it.
        #[serde(skip)]
        body: Option<Box<ConversationBody>>,
    },
}

crate::tagged::tagged!(Event, "type");

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_false(value: &bool) -> bool {
    !value
}
