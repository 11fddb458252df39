//! The floor: the figures of queues and agents, for those who watch over them.
//!
//! All figures are counts and sums of milliseconds, whole numbers that add up; averages and shares are made where they are read. What grows by itself as time
//! passes (the longest wait, the time in a state) comes as the time since when, so that nothing has to be sent only because time passes.

use crate::declare::{shape, words};
use crate::{
    Activity, Availability, Channel, ConversationId, ConversationState, Millis, OutboundStage, QueueId,
    UserId,
};
use std::collections::BTreeMap;

fn is_zero<N: Default + PartialEq>(number: &N) -> bool {
    *number == N::default()
}

shape! {
    /// What happened in a queue in a span of time.
    ///
    /// Every conversation that entered the line has left it or waits still; so does one whose customer is being called back and has not answered:
    /// `entered = answered + abandoned + shortAbandoned + overflowed + dropped + waiting`, counted from when the line was empty.
    ///
    /// - service level = `answeredInTime / (answered + abandoned)`. Who gave up after the short time counts against it, who gave up before does not count;
    ///   who went on to another queue counts there.
    /// - average speed of answer = `waitMs / answered`
    /// - abandon rate = `abandoned / (answered + abandoned)`
    /// - average handle time = `(talkMs + holdMs + wrapUpMs) / handled`; average talk, hold and wrap-up likewise
    #[derive(Eq, Default)]
    QueueFigures {
        /// Since when it is counted.
        since: Millis,
        /// Conversations that came into the line: new ones, and those from other queues or given back by an agent.
        #[serde(default, skip_serializing_if = "is_zero")]
        entered: u32 = 0,
        /// Of those that waited, the ones an agent took; who is called back, when it answers.
        #[serde(default, skip_serializing_if = "is_zero")]
        answered: u32 = 0,
        /// Of the answered ones, those that had waited no longer than the queue's `service_level_ms`.
        #[serde(default, skip_serializing_if = "is_zero")]
        answered_in_time: u32 = 0,
        /// Customers who gave up or were lost after waiting `short_abandon_ms` or longer.
        #[serde(default, skip_serializing_if = "is_zero")]
        abandoned: u32 = 0,
        /// Customers who gave up or were lost before that: a wrong number, a page closed at once.
        #[serde(default, skip_serializing_if = "is_zero")]
        short_abandoned: u32 = 0,
        /// Those that went on to another queue out of the line.
        #[serde(default, skip_serializing_if = "is_zero")]
        overflowed: u32 = 0,
        /// Those that went on to another queue after an agent had them.
        #[serde(default, skip_serializing_if = "is_zero")]
        transferred: u32 = 0,
        /// Those that left the line in no other way: their queue was removed, a rule ended them, or they were called back and did not answer, or said no.
        #[serde(default, skip_serializing_if = "is_zero")]
        dropped: u32 = 0,
        /// Outbound conversations: customers whom agents were about to call. They are in none of the figures of the line; the time that they took is counted with the others.
        #[serde(default, skip_serializing_if = "is_zero")]
        outbound: u32 = 0,
        /// Of those, the ones whose customer answered.
        #[serde(default, skip_serializing_if = "is_zero")]
        reached: u32 = 0,
        /// Agents' parts in conversations that came to their end, wrap-up included.
        #[serde(default, skip_serializing_if = "is_zero")]
        handled: u32 = 0,
        /// How long the answered ones had waited, together.
        #[serde(default, skip_serializing_if = "is_zero")]
        wait_ms: u64 = 0,
        /// The longest wait that came to its end, answered or abandoned.
        #[serde(default, skip_serializing_if = "is_zero")]
        longest_wait_ms: u64 = 0,
        /// How long agents talked or wrote in what they handled, without hold.
        #[serde(default, skip_serializing_if = "is_zero")]
        talk_ms: u64 = 0,
        /// How long their customers were held.
        #[serde(default, skip_serializing_if = "is_zero")]
        hold_ms: u64 = 0,
        /// How long the work after it took.
        #[serde(default, skip_serializing_if = "is_zero")]
        wrap_up_ms: u64 = 0,
    }
}

impl QueueFigures {
    /// Adds what happened in another span, of which this one keeps nothing but the figures.
    ///
    /// ```
    /// # use jackfield_wire::QueueFigures;
    /// let mut day = QueueFigures { answered: 1, longest_wait_ms: 900, ..QueueFigures::default() };
    /// day.add(&QueueFigures { answered: 2, longest_wait_ms: 300, ..QueueFigures::default() });
    /// assert_eq!((day.answered, day.longest_wait_ms), (3, 900));
    /// ```
    pub fn add(&mut self, other: &Self) {
        self.entered += other.entered;
        self.answered += other.answered;
        self.answered_in_time += other.answered_in_time;
        self.abandoned += other.abandoned;
        self.short_abandoned += other.short_abandoned;
        self.overflowed += other.overflowed;
        self.transferred += other.transferred;
        self.dropped += other.dropped;
        self.outbound += other.outbound;
        self.reached += other.reached;
        self.handled += other.handled;
        self.wait_ms += other.wait_ms;
        self.longest_wait_ms = self.longest_wait_ms.max(other.longest_wait_ms);
        self.talk_ms += other.talk_ms;
        self.hold_ms += other.hold_ms;
        self.wrap_up_ms += other.wrap_up_ms;
    }
}

shape! {
    /// A queue's figures now.
    #[derive(Eq)]
    QueueStats {
        /// Which.
        queue_id: QueueId,
        /// Its name.
        name: String,
        /// Conversations in line, offered ones among them.
        waiting: u32,
        /// Since when the one that has waited longest waits.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        longest_since: Option<Millis>,
        /// Conversations with an agent.
        active: u32,
        /// Agents of the queue that can take one now.
        agents_ready: u32,
        /// Of those in line, the ones that came by voice.
        #[serde(default, skip_serializing_if = "is_zero")]
        waiting_voice: u32 = 0,
        /// Of those in line, the ones that came by chat.
        #[serde(default, skip_serializing_if = "is_zero")]
        waiting_chat: u32 = 0,
        /// Of those in line, the ones being offered to an agent.
        #[serde(default, skip_serializing_if = "is_zero")]
        offered: u32 = 0,
        /// Of those in line, the ones whose customers are to be called back.
        #[serde(default, skip_serializing_if = "is_zero")]
        callbacks: u32 = 0,
        /// Agents of the queue who are signed in.
        #[serde(default, skip_serializing_if = "is_zero")]
        agents_online: u32 = 0,
        /// Agents of the queue who have a conversation or the work after one, in whatever queue.
        #[serde(default, skip_serializing_if = "is_zero")]
        agents_busy: u32 = 0,
        /// How long a conversation may wait to be answered in time.
        #[serde(default, skip_serializing_if = "is_zero")]
        service_level_ms: u32 = 0,
        /// What happened since the tenant's day began.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        today: Option<QueueFigures>,
        /// What happened in the last 30 minutes: this one as far as it is over, and the 29 before it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        window: Option<QueueFigures>,
    }
}

words! {
    /// What an agent's time goes into.
    AgentState {
        /// Not signed in. This time is not counted.
        Offline,
        /// Signed in and not there for anybody.
        Away,
        /// Busy by own choice.
        Busy,
        /// Available, with nothing to do.
        Ready,
        /// Has a conversation, or several.
        Handling,
        /// Has nothing but work after conversations.
        WrapUp,
    }
}

shape! {
    /// What an agent did in a span of time.
    ///
    /// - occupancy = `(handlingMs + wrappingUpMs) / (handlingMs + wrappingUpMs + readyMs)`
    /// - average handle time = `(talkMs + holdMs + wrapUpMs) / (calls + chats)`
    ///
    /// The time in the present state is added when the state ends: until then add `now - max(stateSince, since)` to its sum.
    #[derive(Eq, Default)]
    AgentFigures {
        /// Since when it is counted.
        since: Millis,
        /// Voice conversations handled, wrap-up included.
        #[serde(default, skip_serializing_if = "is_zero")]
        calls: u32 = 0,
        /// Chats handled, wrap-up included.
        #[serde(default, skip_serializing_if = "is_zero")]
        chats: u32 = 0,
        /// Conversations of colleagues in which the agent was asked for advice.
        #[serde(default, skip_serializing_if = "is_zero")]
        consults: u32 = 0,
        /// How long the agent talked or wrote in what it handled, without hold.
        #[serde(default, skip_serializing_if = "is_zero")]
        talk_ms: u64 = 0,
        /// How long its customers were held.
        #[serde(default, skip_serializing_if = "is_zero")]
        hold_ms: u64 = 0,
        /// How long the work after its conversations took, each counted by itself.
        #[serde(default, skip_serializing_if = "is_zero")]
        wrap_up_ms: u64 = 0,
        /// How long it was asked for advice.
        #[serde(default, skip_serializing_if = "is_zero")]
        consult_ms: u64 = 0,
        /// The time in the state away.
        #[serde(default, skip_serializing_if = "is_zero")]
        away_ms: u64 = 0,
        /// The time in the state busy.
        #[serde(default, skip_serializing_if = "is_zero")]
        busy_ms: u64 = 0,
        /// The time in the state ready.
        #[serde(default, skip_serializing_if = "is_zero")]
        ready_ms: u64 = 0,
        /// The time in the state handling, however many conversations there were at once.
        #[serde(default, skip_serializing_if = "is_zero")]
        handling_ms: u64 = 0,
        /// The time in the state wrapUp.
        #[serde(default, skip_serializing_if = "is_zero")]
        wrapping_up_ms: u64 = 0,
        /// Of the time in the states away and busy, what went by for each of the tenant's reasons that was given.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        reasons: BTreeMap<String, u64> = BTreeMap::new(),
    }
}

impl AgentFigures {
    /// Adds what was done in another span, of which this one keeps nothing but the figures.
    pub fn add(&mut self, other: &Self) {
        self.calls += other.calls;
        self.chats += other.chats;
        self.consults += other.consults;
        self.talk_ms += other.talk_ms;
        self.hold_ms += other.hold_ms;
        self.wrap_up_ms += other.wrap_up_ms;
        self.consult_ms += other.consult_ms;
        self.away_ms += other.away_ms;
        self.busy_ms += other.busy_ms;
        self.ready_ms += other.ready_ms;
        self.handling_ms += other.handling_ms;
        self.wrapping_up_ms += other.wrapping_up_ms;
        for (reason, ms) in &other.reasons {
            *self.reasons.entry(reason.clone()).or_default() += ms;
        }
    }
}

shape! {
    /// A conversation that an agent has.
    #[derive(Eq)]
    AgentConversation {
        /// Which.
        conversation_id: ConversationId,
        /// The queue it came in by.
        queue_id: QueueId,
        /// The channel it began on.
        channel: Channel,
        /// Where it stands.
        state: ConversationState,
        /// Since when the agent has had it.
        since: Millis,
        /// The customer's name; left out once the customer is gone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        customer_name: Option<String>,
        /// Where the house calls the customer: how far that came, until the customer has answered. Whoever is called back is `calling`, too.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stage: Option<OutboundStage>,
    }
}

shape! {
    /// An agent's state now.
    #[derive(Eq)]
    AgentStats {
        /// Who.
        user_id: UserId,
        /// The name.
        name: String,
        /// Whether the agent can be reached.
        availability: Availability,
        /// What the agent does.
        activity: Activity,
        /// Since when.
        since: Millis,
        /// Voice conversations of the agent, offers among them.
        voice: u32,
        /// Chats of the agent, offers among them.
        chats: u32,
        /// What its time goes into.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        state: Option<AgentState>,
        /// Since when, for the same reason.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        state_since: Option<Millis>,
        /// Why it is away or busy, by the id of the tenant's reason, where one was given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// Its conversations, those in wrap-up among them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        conversations: Vec<AgentConversation> = Vec::new(),
        /// What it did since the tenant's day began.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        today: Option<AgentFigures>,
        /// What it can do, each skill with its level.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        skills: BTreeMap<String, u8> = BTreeMap::new(),
        /// The queues on its list; none for all.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        queues: Vec<QueueId> = Vec::new(),
    }
}

shape! {
    /// Queues and agents, for those who watch over them.
    #[derive(Eq)]
    FloorView {
        /// The queues, each that the viewer watches.
        queues: Vec<QueueStats>,
        /// The agents, each that the viewer watches.
        agents: Vec<AgentStats>,
    }
}
