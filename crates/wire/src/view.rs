//! What a client sees of the contact centre: the parts of a snapshot, also used inside events.

use crate::declare::{shape, tagged, words};
use crate::{
    Attributes, ConversationId, FloorView, Link, Millis, OfferId, ParticipantId, QueueId, SessionId, UserId,
};

use std::collections::BTreeMap;

words! {
    /// What a user may do in its tenant.
    Role {
        /// Talks with customers.
        Agent,
        /// Watches over agents and queues. Conversations are offered to agents only: who supervises and serves has both roles.
        Supervisor,
        /// Changes the tenant's configuration.
        Admin,
        /// Asks for help.
        Customer,
        /// A virtual assistant.
        Bot,
    }
}

words! {
    /// A way to talk within a conversation.
    Channel {
        /// Audio, both ways.
        Voice,
        /// Written messages.
        Chat,
    }
}

words! {
    /// Whether a user can be reached: the words of Microsoft Graph's `presence.availability`. Offers come to who is `available`, and to nobody else.
    Availability {
        /// Offers may come.
        Available,
        /// Working; no new offers.
        Busy,
        /// Not at the desk.
        Away,
        /// Not there.
        Offline,
        /// Was available, and its session has not said so again for five minutes; no offers.
        AvailableIdle,
        /// Busy, and nothing was heard of it for a while. Graph's word; no rule here leads to it.
        BusyIdle,
        /// Not to be disturbed; no offers.
        DoNotDisturb,
        /// Not at the desk, and back soon; no offers.
        BeRightBack,
        /// Nobody knows. Graph's word; no rule here leads to it.
        PresenceUnknown,
    }
}

words! {
    /// What a user does: the words of Microsoft Graph's `presence.activity`, and two of a contact centre (`inAConversation`, `wrapUp`). A supplement to
    /// [`Availability`].
    Activity {
        /// Nothing in particular, ready.
        Available,
        /// Busy by own choice.
        Busy,
        /// Away by own choice, or because no session gives a sign of life.
        Away,
        /// Not there.
        Offline,
        /// In a voice conversation.
        InACall,
        /// Serving chats up to the capacity.
        InAConversation,
        /// At work after a conversation.
        WrapUp,
        /// Back soon.
        BeRightBack,
        /// Not to be disturbed.
        DoNotDisturb,
        /// In a conference, as its session says.
        InAConferenceCall,
        /// Available, but its session has not said so again for five minutes.
        Inactive,
        /// In a meeting.
        InAMeeting,
        /// Appears offline by own choice.
        OffWork,
        /// Out of office.
        OutOfOffice,
        /// Nobody knows.
        PresenceUnknown,
        /// Shows something to others, as its session says.
        Presenting,
        /// Only to be disturbed for what is urgent.
        UrgentInterruptionsOnly,
    }
}

words! {
    /// Where a conversation stands.
    ///
    /// ```text
    /// queued ⇄ offered → active ⇄ parked
    ///    │        │         ├───────┘
    ///    └────────┴─────────┴─→ wrapUp → ended
    /// ```
    ///
    /// Each viewer is told its own: an agent who went on to the work after its part (transferred, left a conference) sees `wrapUp` while the
    /// conversation is active with others.
    ConversationState {
        /// Waits for an agent. To the customer: "you are in line".
        Queued,
        /// Proposed to an agent. To the customer: "you are in line" still.
        Offered,
        /// Customer and agent are connected.
        Active,
        /// Set aside by its agent, who comes back to it. To the customer: "we will be with you again".
        Parked,
        /// To an agent: it does the work after its part. By itself: the customer is gone, and some agent still does that work.
        WrapUp,
        /// Over. It leaves the state and becomes a record.
        Ended,
    }
}

words! {
    /// What a participant is in a conversation, beside the role of its user.
    Part {
        /// The customer.
        Customer,
        /// Serves the customer: the owner, or another agent of a conference.
        Agent,
        /// Is asked for advice, and not (or not yet) an agent of the conversation.
        Consulted,
        /// Listens, whispers or barges in: a supervisor.
        Monitor,
        /// A telephone number that was dialled.
        External,
    }
}

words! {
    /// The two sides of a conversation while an agent consults. Who is on one side is not heard on the other.
    Side {
        /// Where the customer is.
        Main,
        /// Where the agent and the one it consults talk among themselves.
        Consult,
    }
}

words! {
    /// How a supervisor takes part without serving.
    MonitorMode {
        /// Hears all, is heard by nobody.
        Listen,
        /// Hears all, is heard by the agent alone.
        Whisper,
        /// Hears all, is heard by all.
        Barge,
    }
}

words! {
    /// Why an offer is made.
    OfferKind {
        /// A conversation from a queue.
        Conversation,
        /// A conversation that the agent has as a chat already: the customer asks to talk.
        Escalation,
        /// A conversation that a colleague hands over.
        Transfer,
        /// A colleague asks for advice, without the customer hearing it.
        Consult,
        /// A colleague asks into the conversation with its customer.
        Invite,
    }
}

words! {
    /// Who may read a message.
    Visibility {
        /// All participants.
        Everyone,
        /// Colleagues only, never the customer.
        Internal,
    }
}

shape! {
    /// A user, as colleagues and customers see it.
    #[derive(Eq)]
    UserView {
        /// Who.
        user_id: UserId,
        /// The name to show.
        name: String,
        /// The role of this session.
        role: Role,
    }
}

shape! {
    /// A user's presence.
    #[derive(Eq)]
    PresenceView {
        /// Whose.
        user_id: UserId,
        /// Whether the user can be reached.
        availability: Availability,
        /// What the user does.
        activity: Activity,
        /// Since when it has been so. What follows here may change without it.
        since: Millis,
        /// The tenant's reason for it, by its id; where one was given, and nothing lies above it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// What the user prefers to be, while it holds; work in hand lies above it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        preferred: Option<ChosenPresence>,
        /// What the user will be once it has no call, chat or wrap-up in hand.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next: Option<ChosenPresence>,
        /// What the user has to say about it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status_message: Option<StatusMessage>,
        /// How much of each channel the user has in hand.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        capacity: Option<CapacityView>,
        /// How many of its conversations are in wrap-up.
        #[serde(default, skip_serializing_if = "is_zero")]
        wrap_ups: u32 = 0,
        /// Until when the user is offered nothing, as it did not answer an offer. Whoever sets its presence is offered something again at once.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        offers_paused_until: Option<Millis>,
    }
}

impl PresenceView {
    /// A presence with nothing more said about it.
    pub fn new(user_id: UserId, availability: Availability, activity: Activity, since: Millis) -> Self {
        Self {
            user_id,
            availability,
            activity,
            since,
            reason: None,
            preferred: None,
            next: None,
            status_message: None,
            capacity: None,
            wrap_ups: 0,
            offers_paused_until: None,
        }
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

shape! {
    /// A presence that a user chose, or that a supervisor chose for it.
    #[derive(Eq)]
    ChosenPresence {
        /// Whether the user is to be reached.
        availability: Availability,
        /// What the user does.
        activity: Activity,
        /// Why, by the id of one of the tenant's reasons.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// When it ends by itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Millis>,
    }
}

shape! {
    /// What a user has to say about its presence: Microsoft Graph's `presence.statusMessage`.
    #[derive(Eq)]
    StatusMessage {
        /// The text: plain, never HTML.
        text: String,
        /// When it ends by itself; it stays until it is cleared where this is left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Millis>,
    }
}

shape! {
    /// How much of each channel an agent has in hand. Offers do not count.
    #[derive(Copy, Eq)]
    CapacityView {
        /// Calls.
        voice: ChannelLoad,
        /// Chats.
        chat: ChannelLoad,
    }
}

shape! {
    /// How much of one channel an agent has in hand.
    #[derive(Copy, Eq)]
    ChannelLoad {
        /// Conversations in hand, those in wrap-up among them.
        used: u32,
        /// How many it takes at once.
        of: u32,
    }
}

shape! {
    /// A reason of the tenant's for not being ready. Shown to agents and supervisors, never to customers.
    #[derive(Eq)]
    PresenceReason {
        /// What `setPresence` names.
        id: String,
        /// The name to show.
        name: String,
        /// The availability that goes with it.
        availability: Availability,
        /// The activity that goes with it.
        activity: Activity,
        /// How long it may last, in milliseconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max_ms: Option<u64>,
    }
}

shape! {
    /// A way for an agent to say how a conversation went.
    #[derive(Eq)]
    Disposition {
        /// The code kept in the record.
        id: String,
        /// The name to show.
        name: String,
    }
}

words! {
    /// The type of an attribute's value.
    AttributeKind {
        /// A text.
        Text,
        /// A number.
        Number,
        /// `true` or `false`.
        Boolean,
        /// A list of texts.
        List,
    }
}

shape! {
    /// What a tenant declares of an attribute. Shown to who works for it, never to customers.
    #[derive(Eq)]
    AttributeInfo {
        /// The attribute's name.
        name: String,
        /// What to call it on a screen.
        label: String,
        /// What its value is.
        kind: AttributeKind,
        /// The texts it may be, or a list may hold; empty: any.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        values: Vec<String> = Vec::new(),
        /// Whether agents can only read it: it is the word of the token or of the customer.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        read_only: bool = false,
    }
}

shape! {
    /// A tag that a tenant has a name for. Shown to who works for it, never to customers.
    #[derive(Eq)]
    TagInfo {
        /// The tag, as conversations carry it.
        id: String,
        /// The name to show.
        name: String,
    }
}

shape! {
    /// A queue, as those see it who may use it.
    #[derive(Eq)]
    QueueInfo {
        /// Which.
        queue_id: QueueId,
        /// The name to show.
        name: String,
        /// The channels it takes.
        channels: Vec<Channel>,
        /// The dispositions of its conversations; empty for customers.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        dispositions: Vec<Disposition> = Vec::new(),
    }
}

shape! {
    /// A participant's voice connection.
    #[derive(Eq)]
    Leg {
        /// The session whose audio it is.
        session_id: SessionId,
        /// Since when.
        since: Millis,
        /// Held by the other side: hears nobody and is heard by nobody.
        held: bool,
        /// Heard by nobody, but hears.
        muted: bool,
    }
}

shape! {
    /// A party in a conversation.
    #[derive(Eq)]
    ParticipantView {
        /// Which, within its conversation.
        participant_id: ParticipantId,
        /// The user behind it.
        user_id: UserId,
        /// The name to show. Of a telephone number, the number, in E.164; customers are told none of it.
        name: String,
        /// What it is in this conversation. A telephone number is a customer by its role; see `part`.
        role: Role,
        /// Since when.
        joined_at: Millis,
        /// Its voice connection, while it has one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        voice: Option<Leg>,
        /// No sign of life from its session: the network is gone, or the page is reloading.
        away: bool,
        /// The number of the last message that reached it.
        delivered: u64,
        /// The number of the last message it has read.
        read: u64,
        /// What it is in this conversation.
        #[serde(default = "agent")]
        part: Part = agent(),
        /// Which side it is on.
        #[serde(default = "main_side")]
        side: Side = main_side(),
        /// Whether it is the agent who serves the customer: there is one at most.
        #[serde(default)]
        owner: bool = false,
        /// How it takes part, where it monitors.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        monitor: Option<MonitorMode>,
        /// Its work after its part, while it does it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        wrap_up: Option<WrapUpView>,
        /// A telephone number that rings and has not answered yet.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        dialing: bool = false,
    }
}

fn agent() -> Part {
    Part::Agent
}

fn main_side() -> Side {
    Side::Main
}

tagged! {
    /// To whom a conversation is handed over, or who is asked into it.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum Target {
        /// A colleague.
        Agent = "agent" {
            /// Who.
            user_id: UserId,
        },
        /// A queue: the conversation waits there; asked for advice, the agent of it who has been idle longest.
        Queue = "queue" {
            /// Which.
            queue_id: QueueId,
        },
        /// A telephone number.
        Number = "number" {
            /// The number (E.164), as in `+4930123456`.
            number: String,
        },
        /// A customer: who is asked something, and whom an outbound conversation goes to. Nothing can be handed over to one.
        Customer = "customer" {
            /// Who.
            user_id: UserId,
        },
    }
}

words! {
    /// What was asked for and is not answered yet.
    PendingKind {
        /// The conversation is to be handed over.
        Transfer,
        /// A colleague is asked for advice.
        Consult,
        /// A colleague is asked into the conversation.
        Invite,
        /// The customer is asked to talk within a chat.
        Voice,
    }
}

impl PendingKind {
    /// Whether it is the customer who is asked, and who answers with `answerRequest`.
    pub fn asks_customer(self) -> bool {
        matches!(self, Self::Voice)
    }
}

shape! {
    /// Something that was asked for in a conversation and is not answered yet. There is one at a time.
    #[derive(Eq)]
    PendingView {
        /// What.
        kind: PendingKind,
        /// Who or what was asked. Customers are not told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        target: Option<Target>,
        /// Who asked. Customers are not told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<ParticipantId>,
        /// The supervisor who ordered it, where it did: then it can't be taken back by who has the conversation. Customers are not told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ordered_by: Option<UserId>,
        /// Since when.
        since: Millis,
        /// When it ends by itself, where the customer is asked or a telephone number rings. What a colleague is asked ends with its offer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expires_at: Option<Millis>,
    }
}

shape! {
    /// A chat message.
    #[derive(Eq)]
    MessageView {
        /// Its place in the conversation: 1, 2, 3 … A client that misses one asks for it.
        number: u64,
        /// The command that sent it, so that its sender recognises its own.
        command_id: crate::CommandId,
        /// Who wrote it.
        participant_id: ParticipantId,
        /// The writer's name at that time.
        name: String,
        /// The writer's role.
        role: Role,
        /// When the gateway took it.
        at: Millis,
        /// Who may read it.
        visibility: Visibility,
        /// Whether it is a note, to be kept in sight, and not a word between colleagues. Notes are internal.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        note: bool = false,
        /// What it says: plain text, never HTML.
        text: String,
    }
}

shape! {
    /// The work after a conversation.
    #[derive(Eq)]
    WrapUpView {
        /// Whose work it is.
        user_id: UserId,
        /// Since when.
        since: Millis,
        /// When it ends by itself.
        until: Millis,
    }
}

shape! {
    /// A conversation, as one of its viewers sees it.
    #[derive(Eq)]
    ConversationView {
        /// Which.
        conversation_id: ConversationId,
        /// The queue it came in by.
        queue_id: QueueId,
        /// The channel it began on.
        channel: Channel,
        /// Where it stands.
        state: ConversationState,
        /// Since when it has stood there.
        state_since: Millis,
        /// When it came in.
        created_at: Millis,
        /// What it is about, in the customer's words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        subject: Option<String>,
        /// Free facts about it.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        attributes: Attributes = BTreeMap::new(),
        /// Its tags, in order. Customers see none.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tags: Vec<String> = Vec::new(),
        /// Its links: those of the queue, then those that agents set. Customers see none.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        links: Vec<Link> = Vec::new(),
        /// The parties in it now.
        participants: Vec<ParticipantView>,
        /// The customer's wish to talk, while an agent is asked for it.
        voice_requested: bool,
        /// The place in line, 1 being next; only while it waits.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        position: Option<u32>,
        /// How long it may take from now on until an agent takes it, in milliseconds, by how its line was served of late; only while it waits, and is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        estimated_wait_ms: Option<u64>,
        /// The number of the newest message the viewer may see.
        last_message: u64,
        /// The newest messages, oldest first; older ones by `fetchHistory`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        messages: Vec<MessageView> = Vec::new(),
        /// The viewer's own work after its part, while it does it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        wrap_up: Option<WrapUpView>,
        /// What was asked for and is not answered yet. A customer is told of a transfer, and of what it is asked itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pending: Option<PendingView>,
    }
}

shape! {
    /// How many conversations an agent takes at once.
    #[derive(Copy, Eq)]
    AgentCapacity {
        /// Calls: 0 or 1.
        voice: u32,
        /// Chats: 0 to 100.
        chat: u32,
    }
}

shape! {
    /// Why this agent was chosen.
    #[derive(Eq, Default)]
    OfferReason {
        /// How the agent was picked among those who fit.
        order: String,
        /// The skills that were asked for, with the level.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        skills: BTreeMap<String, u8> = BTreeMap::new(),
        /// How many agents fitted.
        candidates: u32,
        /// How long the conversation had waited, in milliseconds.
        waited_ms: u64,
        /// The skills that were welcome, with the level.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        preferred: BTreeMap<String, u8> = BTreeMap::new(),
        /// How many of those this agent has.
        #[serde(default, skip_serializing_if = "is_zero")]
        preferred_met: u32 = 0,
        /// The ring of its demands that the conversation had come to; 0 is the first.
        #[serde(default, skip_serializing_if = "is_zero")]
        ring: u32 = 0,
        /// The rule that placed the conversation.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rule: Option<String>,
        /// Whether it is for this agent by name.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        direct: bool = false,
    }
}

shape! {
    /// A conversation proposed to one agent.
    #[derive(Eq)]
    OfferView {
        /// Which.
        offer_id: OfferId,
        /// The conversation it proposes.
        conversation_id: ConversationId,
        /// New, or a chat that becomes a call.
        kind: OfferKind,
        /// The channel that accepting it opens.
        channel: Channel,
        /// The queue.
        queue_id: QueueId,
        /// The customer's name.
        customer_name: String,
        /// What it is about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        subject: Option<String>,
        /// When it was made.
        offered_at: Millis,
        /// When it ends by itself.
        expires_at: Millis,
        /// Why it is made to this agent.
        reason: OfferReason,
    }
}

shape! {
    /// A colleague to whom a conversation can be given.
    #[derive(Eq)]
    AgentTarget {
        /// Who.
        user_id: UserId,
        /// The name to show.
        name: String,
        /// Whether the colleague can be reached, and what it does.
        presence: PresenceView,
    }
}

shape! {
    /// A queue to which a conversation can be given.
    #[derive(Eq)]
    QueueTarget {
        /// Which.
        queue_id: QueueId,
        /// The name to show.
        name: String,
        /// The channels it takes.
        channels: Vec<Channel>,
        /// Conversations in line.
        waiting: u32,
        /// Agents who can take one now.
        agents_ready: u32,
    }
}

shape! {
    /// A conversation that waits, as who supervises its queue sees it.
    #[derive(Eq)]
    WaitingView {
        /// Which.
        conversation_id: ConversationId,
        /// The channel that it waits on.
        channel: Channel,
        /// Since when its customer has waited.
        since: Millis,
        /// Its place in the line of its channel, 1 being next.
        position: u32,
        /// Its own priority, on top of the queue's.
        priority: u8,
        /// What its customer is called.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        customer_name: Option<String>,
        /// What it is about, in the customer's words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        subject: Option<String>,
        /// The agents to whom it is being offered.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        offered_to: Vec<UserId> = Vec::new(),
    }
}

shape! {
    /// All that a session sees, at one moment.
    #[derive(Eq)]
    SnapshotView {
        /// The session's own user.
        user: UserView,
        /// Its presence.
        presence: PresenceView,
        /// The queues it may use.
        queues: Vec<QueueInfo>,
        /// The offers open to it.
        offers: Vec<OfferView>,
        /// The conversations it takes part in.
        conversations: Vec<ConversationView>,
        /// The presence it watches.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        watched: Vec<PresenceView> = Vec::new(),
        /// The floor, where it watches that.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        floor: Option<FloorView>,
        /// The tenant's reasons for not being ready; empty for customers.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        reasons: Vec<PresenceReason> = Vec::new(),
        /// Whether one of them has to be given.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        reason_required: bool = false,
        /// What the tenant declares of attributes, in the order in which to show it; empty for customers.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attributes: Vec<AttributeInfo> = Vec::new(),
        /// The tags that the tenant has names for; empty for customers.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tags: Vec<TagInfo> = Vec::new(),
    }
}
