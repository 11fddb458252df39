//! What a session can ask for.

use crate::declare::{shape, tagged};
use crate::{
    Activity, AgentCapacity, Attributes, Availability, Channel, ConversationId, Link, Millis, MonitorMode,
    OfferId, ParticipantId, QueueId, Target, UserId, Visibility,
};
use std::collections::BTreeMap;

tagged! {
    /// What a session can ask for. Each is answered once, by a `result` with the command's id.
    ///
    /// Answers: [`Outcome::Done`](crate::Outcome::Done) unless a variant says otherwise. Refusals name their code: those that can meet any command are `notFound`,
    /// `notAllowed`, `invalidField`, `rateLimited`, `storageUnavailable`; the others stand at the variant.
    #[derive(Debug, Clone, PartialEq)]
    pub enum Command {
        /// Agents and supervisors: prefer a presence (Microsoft Graph's `setUserPreferredPresence`). It lies above what the sessions say; work (a call, wrap-up,
        /// chats up to the capacity) lies above it. It holds while the user has a session; being available ends with the last one, as nobody is rung before
        /// it says so.
        SetPresence = "setPresence" {
            /// available, busy, doNotDisturb, beRightBack, away or offline.
            availability: Availability,
            /// What goes with it, or with the reason: available, busy, doNotDisturb, beRightBack, away, offWork. Left out, it is just that.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            activity: Option<Activity>,
            /// One of the tenant's reasons, by its id. Needed for anything but available, where the tenant demands one.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            reason: Option<String>,
            /// How long it holds, in milliseconds: 5 minutes to 7 days, no longer than the reason may last. Left out: as long as the reason may last, else 1 day
            /// for busy and doNotDisturb, 7 days for the others.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            expires_in_ms: Option<u64>,
            /// Not before the calls, chats and wrap-ups in hand are done; until then no new offers come. At once, where there are none.
            #[serde(default, skip_serializing_if = "std::ops::Not::not")]
            after_work: bool = false,
        },
        /// Agents and supervisors: prefer nothing any more (`clearUserPreferredPresence`): what the sessions say holds. A queued next presence is dropped, too.
        ClearPresence = "clearPresence",
        /// Agents and supervisors: what this session says of its user (`presence/setPresence`). Of several sessions the strongest holds: doNotDisturb, busy,
        /// available, away. Available fades: after 5 minutes to availableIdle, after 10 to away, unless it is said again.
        SetSessionPresence = "setSessionPresence" {
            /// With its activity one of: available/available, busy/inACall, busy/inAConferenceCall, away/away, doNotDisturb/presenting.
            availability: Availability,
            /// What goes with it.
            activity: Activity,
            /// How long it holds, in milliseconds: 5 minutes to 4 hours; 5 minutes if left out. Then it is as if never said.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            expires_in_ms: Option<u64>,
        },
        /// Agents and supervisors: say something about one's presence to colleagues (`presence/setStatusMessage`), or nothing any more.
        SetStatusMessage = "setStatusMessage" {
            /// Plain text, at most 280 characters. Left out or blank: nothing any more.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            text: Option<String>,
            /// How long it stays, in milliseconds: 1 minute to 90 days. Until it is cleared, if left out.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            expires_in_ms: Option<u64>,
        },
        /// Customers: ask for help. Answer: `conversationStarted`. Codes: `queueClosed`, `queueFull`, `noQueue` where neither the command nor a routing rule names a
        /// queue, `wrongState` where one is open already on that queue.
        StartConversation = "startConversation" {
            /// Where; the tenant's routing rules may choose another queue, or one where this is left out.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            queue_id: Option<QueueId>,
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
        /// Add voice to a chat. Customers: the agent gets an offer. The owner: the customer is asked (`pending` of kind `voice`), and answers with `answerRequest`, or
        /// with this command. Participants with voice: move it to this session. Codes: `wrongState`, `noCapacity`.
        StartVoice = "startVoice" {
            /// Which conversation.
            conversation_id: ConversationId,
        },
        /// Customers: say yes or no to what one is asked in a conversation (its `pending` of a kind that asks the customer). With a yes, the voice that it is about is
        /// this session's. Codes: `wrongState` where nothing is asked, or not any more.
        AnswerRequest = "answerRequest" {
            /// Which conversation.
            conversation_id: ConversationId,
            /// Yes, or no.
            accept: bool,
        },
        /// Customers who wait by voice: be called back instead of waiting on the line. The place in line is kept, also where the session ends; the customer is asked in its
        /// page (`pending` of kind `callback`) when an agent is there. Said again, it changes the time. `startVoice` waits on the line again, `endConversation` gives up.
        /// Codes: `noTrunk` for a number, `notAllowed` where the queue calls nobody back, `wrongState`, `invalidField`.
        RequestCallback = "requestCallback" {
            /// Which conversation.
            conversation_id: ConversationId,
            /// A telephone number (E.164) to call instead of the customer's page. Not taken yet.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            number: Option<String>,
            /// Not before this time, at most 7 days from now; as soon as it is the customer's turn, if left out.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            at: Option<Millis>,
        },
        /// Participants: put the receiver down. Where the conversation began by voice, an agent's part is over with it, and the conversation
        /// where the customer or the last agent hangs up; a chat goes on. Who has asked to talk takes that back with it. Codes: `wrongState`.
        HangUp = "hangUp" {
            /// Which conversation.
            conversation_id: ConversationId,
        },
        /// Participants: end the conversation on all its channels: the customer and the owner for all, the others their own part. Agents go to
        /// wrap-up. Codes: `wrongState`.
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
        /// The owner: hand the conversation over. To an agent: it gets an offer; meanwhile the customer is held and told that it is transferred;
        /// an offer that nobody takes leaves all as it was. To a queue: at once, with the time that the customer has waited already.
        /// Codes: `noCapacity`, `queueClosed`, `queueFull`, `noTrunk`, `wrongState`.
        Transfer = "transfer" {
            /// Which conversation.
            conversation_id: ConversationId,
            /// To whom.
            target: Target,
        },
        /// The owner: ask a colleague for advice. When it takes the offer, the customer is held and both talk on the consult side.
        /// Codes: `noCapacity`, `noTrunk`, `wrongState`.
        Consult = "consult" {
            /// Which conversation.
            conversation_id: ConversationId,
            /// Whom.
            target: Target,
        },
        /// The owner: the consulted one takes over; one's own part is over. Codes: `wrongState`.
        CompleteConsult = "completeConsult" {
            /// Which conversation.
            conversation_id: ConversationId,
        },
        /// The owner: back to the customer without the consulted one; or take back a transfer, a consult, an invitation or a request to talk that nobody has
        /// answered yet. Codes: `wrongState`.
        CancelConsult = "cancelConsult" {
            /// Which conversation.
            conversation_id: ConversationId,
        },
        /// The owner: change between the customer and the consulted one; the other is held. Codes: `wrongState`.
        Swap = "swap" {
            /// Which conversation.
            conversation_id: ConversationId,
        },
        /// The owner: all come together, the consulted one as an agent. Codes: `wrongState`.
        Conference = "conference" {
            /// Which conversation.
            conversation_id: ConversationId,
        },
        /// Agents: ask a colleague straight into the conversation with its customer. Codes: `noCapacity`, `noTrunk`, `wrongState`.
        Invite = "invite" {
            /// Which conversation.
            conversation_id: ConversationId,
            /// Whom.
            target: Target,
        },
        /// The owner: take somebody out. With the customer the conversation is over. Supervisors: take an agent or a consulted colleague out, whom the others of the
        /// conference go on without; neither the customer (take the conversation over first) nor its only agent (`reassign`, `takeOver`). Codes: `wrongState`.
        RemoveParticipant = "removeParticipant" {
            /// Which conversation.
            conversation_id: ConversationId,
            /// Whom.
            participant_id: ParticipantId,
        },
        /// The owner: set the conversation aside and be free for others. The customer waits, held. It comes back to its agent, as an offer, when
        /// the queue's time for it is over, or when the customer of a chat writes. Codes: `wrongState`.
        Park = "park" {
            /// Which conversation.
            conversation_id: ConversationId,
        },
        /// Go on with a parked conversation: who parked it, or a colleague who serves its queue. Codes: `noCapacity`, `wrongState`.
        PickUp = "pickUp" {
            /// Which conversation.
            conversation_id: ConversationId,
        },
        /// Agents: begin a conversation with a customer, of a queue that they serve, as its owner. Without `preview` the customer is called at once. With it the agent
        /// sees what there is to see (who it is, its history, attributes, links), and nobody is called before `dial`; `skip` ends it, and so does the end of the
        /// queue's time for it. It takes the agent's room for the channel, whatever presence it prefers. The customer is asked in its page (`pending` of kind
        /// `outbound`, with the queue's name) and answers with `answerRequest`, or its number is dialled. Answer: `conversationStarted`.
        ///
        /// Supervisors and admins: put a customer on the list of a queue that they look after. It waits there, placed by the rules as one who comes in is, is
        /// offered to an agent (kind `preview`), who looks at it, and dials or skips; who is skipped or does not answer is called again by the queue's
        /// `outbound.retry_ms`, up to `outbound.attempts` times. A customer need have no page open before the agent dials. `skip` takes it off the list.
        ///
        /// Codes: `noCapacity`, `queueClosed` for a channel that the queue does not have (for the list also outside its hours), `queueFull`, `customerUnreachable` where the customer has no session, or is in another
        /// call, `noTrunk`, `numberNotAllowed`, `attributesTooLarge`, `wrongState` where the customer has a conversation open on the queue.
        StartOutbound = "startOutbound" {
            /// For which queue: its name is what the customer sees, its codes and times hold.
            queue_id: QueueId,
            /// A customer, or a telephone number.
            target: Target,
            /// By voice, or by chat to a customer's page. Voice if left out.
            #[serde(default = "voice")]
            channel: Channel = voice(),
            /// Whether the agent looks first. No if left out. From a queue's list it always does.
            #[serde(default, skip_serializing_if = "std::ops::Not::not")]
            preview: bool = false,
            /// What the customer is called, where its session or number does not say it.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            name: Option<String>,
            /// What it is about, as the customer will see it.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            subject: Option<String>,
            /// Free facts.
            #[serde(default, skip_serializing_if = "Attributes::is_empty")]
            attributes: Attributes = Attributes::new(),
        },
        /// The owner of a conversation in preview: call the customer; the voice, if any, is this session's. Codes: `customerUnreachable`, `noTrunk`,
        /// `numberNotAllowed`, `wrongState`.
        Dial = "dial" {
            /// Which conversation.
            conversation_id: ConversationId,
        },
        /// The owner of a conversation in preview: do not call. Supervisors and admins: take a customer off a queue's list, whom no agent has. Codes: `wrongState`.
        Skip = "skip" {
            /// Which conversation.
            conversation_id: ConversationId,
            /// Why, for the record.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            reason: Option<String>,
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
        /// Supervisors: watch queues and agents, or stop. Agents: watch themselves, and the queues they serve where the tenant lets them. Answer: `floor` when on.
        WatchFloor = "watchFloor" {
            /// Whether.
            on: bool,
            /// Only these queues; all if left out.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            queue_ids: Option<Vec<QueueId>>,
            /// Only these agents; all if left out.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            agent_ids: Option<Vec<UserId>>,
        },
        /// Supervisors: take part in a conversation without serving: listen, whisper to its agent, or barge in; again, to do it another way. By voice where it
        /// has voice. It ends with the conversation, and follows its owner where the agent leaves. Codes: `wrongState`.
        Monitor = "monitor" {
            /// Which conversation.
            conversation_id: ConversationId,
            /// How.
            mode: MonitorMode,
            /// Which of its agents; the owner if left out.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            user_id: Option<UserId>,
        },
        /// Supervisors: monitor a conversation no longer. Codes: `wrongState`.
        StopMonitoring = "stopMonitoring" {
            /// Which conversation.
            conversation_id: ConversationId,
        },
        /// Supervisors: serve the conversation in its owner's place, who goes to wrap-up; or a call that was given to a telephone number, and that nobody of the
        /// house is in any more. Codes: `wrongState`.
        TakeOver = "takeOver" {
            /// Which conversation.
            conversation_id: ConversationId,
        },
        /// Supervisors: give a conversation to an agent or a queue, wherever it stands. One that waits goes to the queue at its own waiting time, or is offered
        /// to the agent first, and after `offer_timeout_ms`, or once it was turned down, to whom it may concern; the open offers are taken back. One that is active goes as in a transfer by
        /// its owner, who can't take that back. One that is parked goes as one that waits. Codes: `noCapacity`, `queueClosed`, `queueFull`, `noTrunk`, `wrongState`.
        Reassign = "reassign" {
            /// Which conversation.
            conversation_id: ConversationId,
            /// To whom.
            target: Target,
        },
        /// Supervisors: give a conversation that waits another place in its line; what is left out stays. Codes: `wrongState` where it does not wait.
        Prioritize = "prioritize" {
            /// Which conversation.
            conversation_id: ConversationId,
            /// Its own priority, on top of the queue's: each level is worth the tenant's `ageing_ms` of waiting.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            priority: Option<u8>,
            /// How much longer it is held to have waited than it has, in milliseconds: up to a day, 0 for not at all.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            head_start_ms: Option<u32>,
        },
        /// Supervisors: set an agent's preferred presence; the agent is told who did it. Codes: `wrongState` where it is not signed in.
        SetAgentPresence = "setAgentPresence" {
            /// Whose.
            user_id: UserId,
            /// What.
            availability: Availability,
            /// Why, by the id of one of the tenant's reasons.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            reason: Option<String>,
        },
        /// Supervisors: end all sessions of an agent. Its offers are taken back, and its conversations go on without it as they do when it is lost: to the others
        /// of a conference, or back to their place in line. Each session is told `signedOut` with the reason `supervisor`, and its connection ends with the code
        /// `signedOut`, with which no client comes back by itself. Whoever may sign in may do so again. Codes: `wrongState` where it is not signed in.
        SignOutAgent = "signOutAgent" {
            /// Whom.
            user_id: UserId,
        },
        /// Supervisors: change what an agent can do and which queues it serves, from now on and over what the configuration says; what is left out stays. What
        /// waits is matched anew at once, and an open offer that the agent no longer fits is taken back. Codes: `skillUnknown` for a skill that the tenant's
        /// configuration does not know; `invalidField` for a level or a queue that there is not.
        SetAgentSkills = "setAgentSkills" {
            /// Whose.
            user_id: UserId,
            /// All its skills, each with a level from 1 to 10.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            skills: Option<BTreeMap<String, u8>>,
            /// The queues that it serves as far as its skills reach; none for all.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            queues: Option<Vec<QueueId>>,
            /// How many conversations it takes at once.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            capacity: Option<AgentCapacity>,
            /// Before that, all is as the configuration says.
            #[serde(default, skip_serializing_if = "std::ops::Not::not")]
            reset: bool = false,
        },
        /// Supervisors, and agents who take part in a conversation or serve its queue: why it waits, or to whom it went. Answer: `explanation`.
        Explain = "explain" {
            /// Which conversation.
            conversation_id: ConversationId,
        },
        /// Agents, supervisors: whose presence to watch from now on, instead of those before. Answer: `presence`.
        WatchPresence = "watchPresence" {
            /// Whom, at most 500.
            user_ids: Vec<UserId>,
        },
        /// Agents, supervisors: to whom a conversation can be given: colleagues, those who are available first, and queues. Answer: `targets`.
        FindTargets = "findTargets" {
            /// Part of a name, in any case; everything if left out.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            text: Option<String>,
            /// How many of each, 1 to 100; 20 if left out.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            limit: Option<u32>,
        },
        /// Supervisors: who waits in a queue, whoever is next first, those who are being offered among them. Answer: `waiting`.
        FetchWaiting = "fetchWaiting" {
            /// Which queue.
            queue_id: QueueId,
            /// How many, 1 to 100; 20 if left out.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            limit: Option<u32>,
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
        /// Agents: set attributes of a conversation, or take some away. Customers may set those that the tenant declares as theirs to write.
        /// Codes: `attributesTooLarge`; `invalidField` for a value that the tenant's declaration does not take.
        SetAttributes = "setAttributes" {
            /// Which conversation.
            conversation_id: ConversationId,
            /// By name; those that are there already are replaced.
            #[serde(default, skip_serializing_if = "Attributes::is_empty")]
            set: Attributes = Attributes::new(),
            /// The names of those to take away; one that is not there is no mistake.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            remove: Vec<String> = Vec::new(),
        },
        /// Agents: put tags on a conversation, or take some away. A tag is a code, not a text about a person: it stands in the journal and in the record.
        /// Codes: `invalidField` for what is no tag, or for more than 16.
        SetTags = "setTags" {
            /// Which conversation.
            conversation_id: ConversationId,
            /// Tags to put on; one that is there already is no mistake.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            add: Vec<String> = Vec::new(),
            /// Tags to take away; one that is not there is no mistake.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            remove: Vec<String> = Vec::new(),
        },
        /// Agents: the conversation's links from now on, instead of those set before. Codes: `invalidField` for an address that is not `http:` or `https:`.
        SetLinks = "setLinks" {
            /// Which conversation.
            conversation_id: ConversationId,
            /// The links; `fixed` ones among them are passed over, they come from the configuration.
            links: Vec<Link>,
        },
        /// Agents: write a note for colleagues, also in wrap-up. It goes with the conversation and stays with its record. Answer: `messageSent`.
        AddNote = "addNote" {
            /// Which conversation.
            conversation_id: ConversationId,
            /// What: plain text, at most 16 KiB.
            text: String,
        },
        /// Agents in a conversation, and supervisors: the same customer's conversations that are over, newest first. Answer: `customerHistory`.
        FetchCustomerHistory = "fetchCustomerHistory" {
            /// A conversation of the customer that is going on.
            conversation_id: ConversationId,
            /// Only those before this one; the newest if left out.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            before: Option<ConversationId>,
            /// How many, 1 to 50; 20 if left out.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            limit: Option<u32>,
        },
        /// Agents in a conversation, and supervisors: messages and notes of an earlier conversation of the same customer. Answer: `history`; empty for one that is not this
        /// customer's.
        FetchPastMessages = "fetchPastMessages" {
            /// A conversation of the customer that is going on.
            conversation_id: ConversationId,
            /// The one that is over.
            past: ConversationId,
            /// Only messages with a smaller number; the newest if left out.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            before: Option<u64>,
            /// How many, 1 to 100; 50 if left out.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            limit: Option<u32>,
        },
        /// End the session for good: its offers are given back, its conversations are left.
        SignOut = "signOut",
    }
}

impl Command {
    /// `setPresence` with nothing but the availability.
    pub fn presence(availability: Availability) -> Self {
        Self::SetPresence {
            availability,
            activity: None,
            reason: None,
            expires_in_ms: None,
            after_work: false,
        }
    }
}

fn voice() -> Channel {
    Channel::Voice
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
