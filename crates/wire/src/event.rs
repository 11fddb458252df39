//! What a session is told, in order, without a gap.

use crate::declare::{tagged, words};
use crate::{
    AgentStats, Attributes, CallbackView, ConversationId, ConversationState, ConversationView, Link,
    MessageView, Millis, OfferId, OfferView, OutboundView, ParticipantId, ParticipantView, PendingView,
    PresenceView, QueueId, QueueStats, UserId, WrapUpView,
};

words! {
    /// How an offer ended.
    ///
    /// ```text
    /// pending → accepted | rejected | timedOut | rescinded | canceled
    /// ```
    OfferOutcome {
        /// The agent took it.
        Accepted,
        /// The agent turned it down.
        Rejected,
        /// Nobody answered in time.
        TimedOut,
        /// The gateway took it back: the agent is gone or no longer fits, or a colleague took it.
        Rescinded,
        /// The customer is gone.
        Canceled,
    }
}

words! {
    /// Why an open offer was taken back, where nobody answered it.
    OfferEndReason {
        /// It went to several agents at once, and another took it.
        TakenByColleague,
        /// The agent is not available any more.
        AgentNotReady,
        /// No sign of life comes from the agent, or it signed out.
        AgentAway,
        /// Who asked for it took it back.
        TakenBack,
        /// Who asked for it is gone.
        AskerGone,
        /// A supervisor took the conversation over.
        TakenOver,
        /// A supervisor gave the conversation to somebody else.
        Reassigned,
        /// A routing rule placed the conversation anew.
        RoutedElsewhere,
        /// The agent's skills, queues or capacity, or what the queue demands, were changed, and it does not fit any more.
        NoLongerFits,
        /// The conversation is over: its customer is gone, or its agent ended it.
        ConversationOver,
    }
}

words! {
    /// Why a conversation is over.
    EndReason {
        /// The customer ended it.
        CustomerLeft,
        /// The agent ended it.
        AgentLeft,
        /// The customer was away longer than the tenant's grace time.
        CustomerLost,
        /// The customer gave up waiting.
        Abandoned,
        /// The agent was away longer than the tenant's grace time; the conversation could not be given to another.
        AgentLost,
        /// The telephone number to which the conversation was given hung up.
        ExternalLeft,
        /// The customer was called, or called back as often as the queue says, and did not answer.
        Unreached,
        /// The customer was not called: its agent skipped it, or did not dial in the queue's time for that.
        Skipped,
    }
}

words! {
    /// Why a participant is gone.
    LeaveReason {
        /// By its own choice.
        Left,
        /// Its session was away longer than the tenant's grace time.
        Lost,
        /// The conversation is over.
        Ended,
        /// Somebody of the house took it out.
        Removed,
        /// A telephone number that was dialled: it is in another call.
        Busy,
        /// A telephone number that was dialled: nobody answered in time.
        NoAnswer,
        /// A telephone number that was dialled: it turned the call down.
        Rejected,
        /// A telephone number that was dialled: there is no such number, or no way to it.
        Unreachable,
    }
}

words! {
    /// What a supervisor did.
    SupervisorOrder {
        /// It listens.
        Listen,
        /// It whispers to the agent.
        Whisper,
        /// It barged in.
        Barge,
        /// It monitors no longer.
        StopMonitoring,
        /// It serves the conversation in the agent's place.
        TakeOver,
        /// It set the agent's presence.
        SetPresence,
        /// It changed what the agent can do, or which queues it serves.
        SetSkills,
        /// It gave the conversation to another agent or queue; or it gives it to this agent.
        Reassign,
        /// It signed the agent out.
        SignOut,
        /// It took the agent out of a conversation.
        Remove,
        /// It gave a conversation that waits another place in line.
        Prioritize,
    }
}

words! {
    /// Why the gateway signed a session out.
    SignOutReason {
        /// Its user asked for it.
        Asked,
        /// It was away too long.
        Lost,
        /// The user was removed or disabled.
        Removed,
        /// A supervisor signed its user out: the event `supervised` before it says who.
        Supervisor,
    }
}

tagged! {
    /// What a session is told. Events of one session come in order, each once, also across a reconnect.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum ServerEvent {
        /// One's own presence, or that of somebody watched, is another now.
        PresenceChanged = "presenceChanged" {
            /// The presence.
            presence: PresenceView,
        },
        /// A conversation is proposed to this agent.
        OfferMade = "offerMade" {
            /// The offer.
            offer: OfferView,
        },
        /// An offer is no longer open. Comes for every offer made, once.
        OfferEnded = "offerEnded" {
            /// Which.
            offer_id: OfferId,
            /// Its conversation.
            conversation_id: ConversationId,
            /// How.
            outcome: OfferOutcome,
            /// Why, where it was taken back.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            reason: Option<OfferEndReason>,
        },
        /// The viewer takes part in this conversation from now on.
        ConversationAdded = "conversationAdded" {
            /// The conversation.
            conversation: ConversationView,
        },
        /// The conversation stands elsewhere.
        ConversationStateChanged = "conversationStateChanged" {
            /// Which.
            conversation_id: ConversationId,
            /// Where.
            state: ConversationState,
            /// Since when.
            since: Millis,
            /// The viewer's own work after its part, while it does it.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            wrap_up: Option<WrapUpView>,
            /// Why, where it is over (wrapUp, ended).
            #[serde(default, skip_serializing_if = "Option::is_none")]
            reason: Option<EndReason>,
        },
        /// The viewer no longer takes part in this conversation: it is over for it. Nothing more comes of it.
        ConversationRemoved = "conversationRemoved" {
            /// Which.
            conversation_id: ConversationId,
        },
        /// The conversation waits in another queue now.
        QueueChanged = "queueChanged" {
            /// Which conversation.
            conversation_id: ConversationId,
            /// The queue.
            queue_id: QueueId,
        },
        /// The place in line is another.
        PositionChanged = "positionChanged" {
            /// Which conversation.
            conversation_id: ConversationId,
            /// 1 being next.
            position: u32,
            /// How long it may take from now on until an agent takes it, in milliseconds, by how its line was served of late; unknown where it is left out.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            estimated_wait_ms: Option<u64>,
        },
        /// The customer asked to talk, or no longer.
        VoiceRequested = "voiceRequested" {
            /// Which conversation.
            conversation_id: ConversationId,
            /// Whether an agent is being asked now.
            requested: bool,
            /// How the asking ended, where it did.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            outcome: Option<OfferOutcome>,
        },
        /// Something was asked for in the conversation (a transfer, advice, a colleague, the customer itself), or is answered. A customer is told of transfers, and of
        /// what it is asked itself.
        PendingChanged = "pendingChanged" {
            /// Which.
            conversation_id: ConversationId,
            /// What is asked for now; nothing where it is answered or taken back.
            #[serde(default)]
            pending: Option<PendingView>,
            /// How the asking ended, where it did.
            #[serde(default)]
            outcome: Option<OfferOutcome>,
        },
        /// The customer is to be called back, at another time than before, or no longer.
        CallbackChanged = "callbackChanged" {
            /// Which conversation.
            conversation_id: ConversationId,
            /// How it stands; nothing where the customer is on the line, or waits there again.
            #[serde(default)]
            callback: Option<CallbackView>,
        },
        /// An outbound conversation came further: to its call, or to its customer. Customers are not told.
        OutboundChanged = "outboundChanged" {
            /// Which conversation.
            conversation_id: ConversationId,
            /// How it stands.
            outbound: OutboundView,
        },
        /// Somebody came in.
        ParticipantJoined = "participantJoined" {
            /// Which conversation.
            conversation_id: ConversationId,
            /// Who.
            participant: ParticipantView,
        },
        /// Something about a participant is another: voice, hold, mute, away.
        ParticipantChanged = "participantChanged" {
            /// Which conversation.
            conversation_id: ConversationId,
            /// The participant, whole.
            participant: ParticipantView,
        },
        /// Somebody is gone.
        ParticipantLeft = "participantLeft" {
            /// Which conversation.
            conversation_id: ConversationId,
            /// Who.
            participant_id: ParticipantId,
            /// Why.
            reason: LeaveReason,
        },
        /// Somebody wrote; one's own messages come too.
        MessageAdded = "messageAdded" {
            /// Which conversation.
            conversation_id: ConversationId,
            /// The message.
            message: MessageView,
        },
        /// Messages came further with a participant.
        MessagesMarked = "messagesMarked" {
            /// Which conversation.
            conversation_id: ConversationId,
            /// With whom.
            participant_id: ParticipantId,
            /// The last that arrived.
            delivered: u64,
            /// The last that was read.
            read: u64,
        },
        /// Queues or agents that are other now; those not named are as before. Only for who watches the floor.
        FloorChanged = "floorChanged" {
            /// The queues.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            queues: Vec<QueueStats> = Vec::new(),
            /// The agents.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            agents: Vec<AgentStats> = Vec::new(),
        },
        /// A supervisor gave an order that concerns this agent: it listens to it, whispers, barged in, took over, or set its presence.
        Supervised = "supervised" {
            /// The supervisor.
            by: UserId,
            /// Its name.
            name: String,
            /// What it did.
            order: SupervisorOrder,
            /// In which conversation, if in one.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            conversation_id: Option<ConversationId>,
        },
        /// What is known around a conversation is another. What is left out is as before; the others come whole.
        ContextChanged = "contextChanged" {
            /// Which conversation.
            conversation_id: ConversationId,
            /// The attributes the viewer sees.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            attributes: Option<Attributes>,
            /// The tags.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            tags: Option<Vec<String>>,
            /// The links.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            links: Option<Vec<Link>>,
        },
        /// The session was ended by the gateway; the connection is closed after it.
        SignedOut = "signedOut" {
            /// Why.
            reason: SignOutReason,
        },
    }
    else
    /// An event of a newer gateway. Its number counts, its content is passed over.
    Unknown
}
