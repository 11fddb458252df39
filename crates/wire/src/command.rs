//! What a session can ask for.

use crate::declare::{shape, tagged};
use crate::{
    Attributes, Availability, Channel, ConversationId, OfferId, ParticipantId, QueueId, UserId, Visibility,
};

tagged! {
    /// What a session can ask for. Each is answered once, by a `result` with the command's id.
    ///
    /// Answers: [`Outcome::Done`](crate::Outcome::Done) unless a variant says otherwise. Refusals name their code: those that can meet any command are `notFound`,
    /// `notAllowed`, `invalidField`, `rateLimited`, `storageUnavailable`; the others stand at the variant.
    #[derive(Debug, Clone, PartialEq)]
    pub enum Command {
        /// Agents and supervisors: be available, busy, away or offline. What happens by itself (in a call, wrap-up) lies above it.
        SetPresence = "setPresence" {
            /// The wish.
            availability: Availability,
        },
        /// Customers: ask for help. Answer: `conversationStarted`. Codes: `queueClosed`, `wrongState` where one is open already on that queue.
        StartConversation = "startConversation" {
            /// Where.
            queue_id: QueueId,
            /// By voice or by chat.
            channel: Channel,
            /// What it is about, in the customer's words.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            subject: Option<String>,
            /// Free facts.
            #[serde(default, skip_serializing_if = "Attributes::is_empty")]
            attributes: Attributes = Attributes::new(),
        },
        /// Agents: take the offered conversation; its voice, if any, is this session's. Answer: `offerAccepted`. Codes: `offerGone`, `noCapacity`.
        AcceptOffer = "acceptOffer" {
            /// Which.
            offer_id: OfferId,
        },
        /// Agents: turn the offer down; the conversation keeps its place. Codes: `offerGone`.
        RejectOffer = "rejectOffer" {
            /// Which.
            offer_id: OfferId,
            /// Why, for the record.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            reason: Option<String>,
        },
        /// Customers: add voice to a chat; the agent gets an offer. Participants with voice: move it to this session. Codes: `wrongState`, `noCapacity`.
        StartVoice = "startVoice" {
            /// Which conversation.
            conversation_id: ConversationId,
        },
        /// Participants: put the receiver down. Where the conversation began by voice and one party is left, it is over; a chat goes on. Codes: `wrongState`.
        HangUp = "hangUp" {
            /// Which conversation.
            conversation_id: ConversationId,
        },
        /// Participants: end the conversation on all its channels. Agents go to wrap-up. Codes: `wrongState`.
        EndConversation = "endConversation" {
            /// Which.
            conversation_id: ConversationId,
        },
        /// Agents: hold a participant, or all others: a held one hears nobody and is heard by nobody. Codes: `wrongState`.
        Hold = "hold" {
            /// Which conversation.
            conversation_id: ConversationId,
            /// Whom; all others if left out.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            participant_id: Option<ParticipantId>,
        },
        /// Agents: take a participant, or all others, back from hold. Codes: `wrongState`.
        Resume = "resume" {
            /// Which conversation.
            conversation_id: ConversationId,
            /// Whom; all others if left out.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            participant_id: Option<ParticipantId>,
        },
        /// Participants: mute or unmute oneself at the gateway; agents also others. Codes: `wrongState`.
        SetMuted = "setMuted" {
            /// Which conversation.
            conversation_id: ConversationId,
            /// Whom; oneself if left out.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            participant_id: Option<ParticipantId>,
            /// Whether.
            muted: bool,
        },
        /// Participants: write. Answer: `messageSent`. Codes: `wrongState`.
        SendMessage = "sendMessage" {
            /// Where.
            conversation_id: ConversationId,
            /// What: plain text, at most 16 KiB.
            text: String,
            /// Who may read it; everyone if left out. Customers can only write to everyone.
            #[serde(default = "everyone")]
            visibility: Visibility = everyone(),
        },
        /// Participants: say how far messages came. Numbers only grow. Codes: `outOfOrder` for a number never sent.
        MarkMessages = "markMessages" {
            /// Where.
            conversation_id: ConversationId,
            /// The last that arrived.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            delivered: Option<u64>,
            /// The last that was read.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            read: Option<u64>,
        },
        /// Participants: typing, or not any more. Kept nowhere; forgotten after 6 seconds.
        SetTyping = "setTyping" {
            /// Where.
            conversation_id: ConversationId,
            /// Whether.
            typing: bool,
        },
        /// Participants: older messages. Answer: `history`.
        FetchHistory = "fetchHistory" {
            /// Where.
            conversation_id: ConversationId,
            /// Only those with a smaller number; the newest if left out.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            before: Option<u64>,
            /// How many, 1 to 100; 50 if left out.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            limit: Option<u32>,
        },
        /// Agents: end one's wrap-up. Codes: `wrongState`; `invalidField` for a disposition the queue does not have.
        FinishWrapUp = "finishWrapUp" {
            /// Which conversation.
            conversation_id: ConversationId,
            /// How it went; required where the queue has dispositions.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            disposition: Option<String>,
            /// A note for the record.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            note: Option<String>,
        },
        /// Agents: more time for one's wrap-up, once more what the queue gives. Codes: `wrongState`.
        ExtendWrapUp = "extendWrapUp" {
            /// Which conversation.
            conversation_id: ConversationId,
        },
        /// Supervisors: watch all queues and agents, or stop. Answer: `floor` when on.
        WatchFloor = "watchFloor" {
            /// Whether.
            on: bool,
        },
        /// Agents, supervisors: whose presence to watch from now on, instead of those before. Answer: `presence`.
        WatchPresence = "watchPresence" {
            /// Whom, at most 500.
            user_ids: Vec<UserId>,
        },
        /// The session's WebRTC offer: one sendonly and four recvonly audio lines. Answer: `mediaAnswer`. Codes: `sdpRejected`, `mediaUnavailable`.
        NegotiateMedia = "negotiateMedia" {
            /// The offer (RFC 8866), with all its candidates.
            sdp: String,
        },
        /// How the session's voice was in the last seconds, for the record. Kept in the metrics; the last of a call stays in the record.
        ReportQuality = "reportQuality" {
            /// Which conversation.
            conversation_id: ConversationId,
            /// The figures.
            sample: QualitySample,
        },
        /// End the session for good: its offers are given back, its conversations are left.
        SignOut = "signOut",
    }
}

fn everyone() -> Visibility {
    Visibility::Everyone
}

shape! {
    /// One session's view of its voice quality over the last interval.
    QualitySample {
        /// Round trip, milliseconds.
        rtt_ms: f32,
        /// Jitter of the worst slot, milliseconds (RFC 3550).
        jitter_ms: f32,
        /// Share of packets lost, 0 to 1.
        loss: f32,
        /// Share of samples concealed, 0 to 1.
        concealed: f32,
        /// Mean opinion score by the E-model (ITU-T G.107), 1 to 4.5.
        mos: f32,
    }
}
