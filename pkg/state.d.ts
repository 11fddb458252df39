// What a session sees: plain, immutable data. Part of index.d.ts. Times are milliseconds since the Unix epoch.

export type Role = 'agent' | 'supervisor' | 'admin' | 'customer' | 'bot';
export type Channel = 'voice' | 'chat';
/** As Microsoft Graph's presence. Offers come to who is `available`, and to nobody else. */
export type Availability = 'available' | 'availableIdle' | 'busy' | 'busyIdle' | 'doNotDisturb' | 'beRightBack' | 'away' | 'offline' | 'presenceUnknown';
/** What a user can choose to be. */
export type PreferredAvailability = 'available' | 'busy' | 'doNotDisturb' | 'beRightBack' | 'away' | 'offline';
/** Microsoft Graph's words, and two of a contact centre: `inAConversation`, `wrapUp`. */
export type Activity =
  | 'available' | 'busy' | 'doNotDisturb' | 'beRightBack' | 'away' | 'offline' | 'offWork' | 'outOfOffice' | 'inactive' | 'presenceUnknown'
  | 'inACall' | 'inAConferenceCall' | 'inAMeeting' | 'presenting' | 'urgentInterruptionsOnly' | 'inAConversation' | 'wrapUp';
/**
 * `connecting → ready ⇄ reconnecting → closed`
 * - `reconnecting`: the socket is lost; commands wait in the outbox, calls go on at the gateway.
 */
export type ConnectionState = 'connecting' | 'ready' | 'reconnecting' | 'closed';
/** `queued ⇄ offered → active → wrapUp → ended`, and `active ⇄ parked`. An agent who went on to the work after its part sees `wrapUp` while others go on. */
export type ConversationState = 'queued' | 'offered' | 'active' | 'parked' | 'wrapUp' | 'ended';
/** What a participant is in a conversation, beside the role of its user. */
export type Part = 'customer' | 'agent' | 'consulted' | 'monitor' | 'external';
/** While an agent consults: where the customer is, or where the agent talks with the one it consults. */
export type Side = 'main' | 'consult';
/** `listen`: hears all, is heard by nobody. `whisper`: is heard by the agent alone. `barge`: is heard by all. */
export type MonitorMode = 'listen' | 'whisper' | 'barge';
/** What a supervisor did. `reassign`: it gave a conversation of this agent to another, or one to this agent. */
export type SupervisorOrder = MonitorMode | 'stopMonitoring' | 'takeOver' | 'setPresence' | 'setSkills' | 'reassign' | 'signOut' | 'remove' | 'prioritize';
/** Where a conversation can go: a colleague, a queue, a telephone number. */
export type Target =
  | { readonly type: 'agent'; readonly userId: string }
  | { readonly type: 'queue'; readonly queueId: string }
  | { readonly type: 'number'; readonly number: string };
/** Whom agents call: a customer, in its page, or a telephone number. */
export type OutboundTarget = { readonly type: 'customer'; readonly userId: string } | { readonly type: 'number'; readonly number: string };
export type OfferOutcome = 'accepted' | 'rejected' | 'timedOut' | 'rescinded' | 'canceled';
/** Why an open offer was taken back, where nobody answered it. `takenByColleague`: it went to several agents at once, and another took it. */
export type OfferEndReason =
  | 'takenByColleague' | 'agentNotReady' | 'agentAway' | 'takenBack' | 'askerGone' | 'takenOver' | 'reassigned' | 'routedElsewhere' | 'noLongerFits' | 'conversationOver';
export type EndReason = 'customerLeft' | 'agentLeft' | 'customerLost' | 'abandoned' | 'agentLost' | 'externalLeft' | 'unreached' | 'skipped';
/** The last four: how a telephone number that was dialled did not answer. */
export type LeaveReason = 'left' | 'lost' | 'ended' | 'removed' | 'busy' | 'noAnswer' | 'rejected' | 'unreachable';
export type Visibility = 'everyone' | 'internal';
/** `pending → sent → delivered → read`, or `pending → failed`. For others' messages: `received`. */
export type MessageState = 'pending' | 'sent' | 'delivered' | 'read' | 'failed' | 'received';
/**
 * `off → connecting → connected ⇄ reconnecting`, `failed` where the browser or network does not allow voice.
 */
export type VoiceState = 'off' | 'connecting' | 'connected' | 'reconnecting' | 'failed';

export interface User { readonly userId: string; readonly name: string; readonly role: Role }
export interface Presence {
  readonly userId: string; readonly availability: Availability; readonly activity: Activity;
  /** Since when availability and activity have been so. */
  readonly since: number;
  /** The tenant's reason for it, by its id (see {@link SessionState.reasons}). */
  readonly reason?: string;
  /** What the user prefers to be; work in hand lies above it. */
  readonly preferred?: ChosenPresence;
  /** What the user will be once it has no call, chat or wrap-up in hand. */
  readonly next?: ChosenPresence;
  readonly statusMessage?: { readonly text: string; readonly until?: number };
  /** How much of each channel the user has in hand, and how much it takes. */
  readonly capacity?: { readonly voice: ChannelLoad; readonly chat: ChannelLoad };
  /** How many of its conversations are in wrap-up; none if left out. */
  readonly wrapUps?: number;
  /** Until when the user is offered nothing, as it did not answer an offer. Setting the presence ends it. */
  readonly offersPausedUntil?: number;
  /** The offer that it left unanswered, while it is set aside for that: away, or offered nothing until `offersPausedUntil`. Setting the presence ends it. */
  readonly unanswered?: Unanswered;
}
/** An offer that was not answered; `queueId` is the queue by whose rule its agent was set aside. */
export interface Unanswered { readonly offerId: string; readonly conversationId: string; readonly queueId: string; readonly at: number }
export interface ChosenPresence { readonly availability: Availability; readonly activity: Activity; readonly reason?: string; readonly until?: number }
export interface ChannelLoad { readonly used: number; readonly of: number }
/** A reason of the tenant's for not being ready. */
export interface PresenceReason { readonly id: string; readonly name: string; readonly availability: Availability; readonly activity: Activity; readonly maxMs?: number }
export interface Disposition { readonly id: string; readonly name: string }
export interface Queue { readonly queueId: string; readonly name: string; readonly channels: readonly Channel[]; readonly dispositions: readonly Disposition[];
  /** For customers: whether who waits by voice may ask to be called back. */
  readonly callbacks?: boolean;
}
export interface Leg { readonly sessionId: string; readonly since: number; readonly held: boolean; readonly muted: boolean }
export interface Participant {
  readonly participantId: string; readonly userId: string; readonly name: string; readonly role: Role; readonly joinedAt: number;
  /** A telephone number is `external`, with the number as its `name`; customers do not see the number. */
  readonly part: Part;
  /** A telephone number that rings and has not answered yet. */
  readonly dialing?: boolean;
  readonly side: Side;
  /** The agent who serves the customer: one at most. */
  readonly owner: boolean;
  /** How it takes part, where it monitors. Customers never see who does. */
  readonly monitor?: MonitorMode;
  /** Its work after its part, while it does it. */
  readonly wrapUp?: WrapUp;
  /** Its voice connection, while it has one. */
  readonly voice?: Leg;
  /** Its network is gone, or its page is reloading. */
  readonly away: boolean;
  readonly delivered: number; readonly read: number;
}
export interface Message {
  /** Its place in the conversation; 0 while pending. */
  readonly number: number;
  /** The same from local echo to read. */
  readonly commandId: string;
  readonly participantId: string; readonly name: string; readonly role: Role;
  readonly at: number; readonly visibility: Visibility;
  /** Plain text. Set it as `textContent`, never as HTML. */
  readonly text: string;
  /** A note, to be kept in sight, not a word between colleagues. */
  readonly note?: boolean;
  readonly own: boolean; readonly state: MessageState;
}
export interface WrapUp { readonly userId: string; readonly since: number; readonly until: number }
/** Why an offer is made to this agent. */
export interface OfferReason {
  /** How the agent was picked among the `candidates` who were ready and fitted. */
  readonly order: string; readonly skills: Readonly<Record<string, number>>; readonly candidates: number; readonly waitedMs: number;
  /** Skills that were welcome, and how many of them this agent has. */
  readonly preferred?: Readonly<Record<string, number>>; readonly preferredMet?: number;
  /** The ring of its demands that the conversation had come to; the rule that placed it; whether it is for this agent by name. */
  readonly ring?: number; readonly rule?: string; readonly direct?: boolean;
}
/** How many agents could serve a conversation: each number counts those of the one before who also meet this. `ready`: to these it can be offered. */
export interface AgentFunnel {
  readonly serving: number; readonly fitting: number; readonly signedIn: number; readonly available: number; readonly withRoom: number; readonly ready: number;
}
/** An offer, open or over. */
export interface OfferTold {
  readonly offerId: string; readonly userId: string; readonly kind: OfferKind; readonly offeredAt: number; readonly endedAt?: number; readonly outcome?: OfferOutcome; readonly reason: OfferReason;
}
/** Why a conversation waits, or to whom it went. */
export interface Explanation {
  readonly conversationId: string; readonly state: ConversationState; readonly queueId: string; readonly channel: Channel;
  /** All of it in a sentence, in English. */
  readonly sentence: string;
  /** `headStartMs`: how much longer it is held to have waited than it has. */
  readonly ageMs: number; readonly priority: number; readonly headStartMs?: number;
  /** Its place among the `waiting` of its line, 1 being next. */
  readonly place?: number; readonly waiting: number;
  /** The rule that placed it, and how often conditions of that rule could not be evaluated. */
  readonly rule?: string; readonly ruleFailures?: number;
  /** The queues that are left to it, and when it goes on to the next. */
  readonly nextQueues: readonly string[]; readonly nextAt?: number;
  /** What it asks for now, by the ring it has come to, and when that relaxes. `only`: for these agents. */
  readonly ring: number; readonly relaxesAt?: number;
  readonly skills: Readonly<Record<string, number>>; readonly preferred: Readonly<Record<string, number>>; readonly only: readonly string[];
  /** That its customer is to be called back: not before `at`, not while it has no page open. */
  readonly callback?: Callback;
  /** While it waits. */
  readonly agents?: AgentFunnel;
  /** Its open offers, and those that are over, oldest first. */
  readonly offered: readonly OfferTold[]; readonly before: readonly OfferTold[];
  readonly owner?: string;
}
/**
 * What happened in a queue in a span of time. Sums are whole milliseconds; averages and shares are yours to make:
 * - service level = `answeredInTime / (answered + abandoned)`
 * - average speed of answer = `waitMs / answered`, abandon rate = `abandoned / (answered + abandoned)`
 * - average handle time = `(talkMs + holdMs + wrapUpMs) / handled`
 */
export interface QueueFigures {
  readonly since: number;
  readonly entered: number; readonly answered: number; readonly answeredInTime: number;
  /** Gave up after the short time that the queue allows, and before it. */
  readonly abandoned: number; readonly shortAbandoned: number;
  /** Went on to another queue out of the line; after an agent had them; left in no other way. */
  readonly overflowed: number; readonly transferred: number; readonly dropped: number;
  /** Customers whom agents were about to call, and of those the ones who answered. They are in none of the figures of the line. */
  readonly outbound: number; readonly reached: number;
  readonly handled: number; readonly waitMs: number; readonly longestWaitMs: number; readonly talkMs: number; readonly holdMs: number; readonly wrapUpMs: number;
}
export interface QueueStats {
  readonly queueId: string; readonly name: string; readonly waiting: number; readonly longestSince?: number; readonly active: number; readonly agentsReady: number;
  readonly waitingVoice: number; readonly waitingChat: number; readonly offered: number; readonly callbacks: number; readonly agentsOnline: number; readonly agentsBusy: number; readonly serviceLevelMs: number;
  /** Since the tenant's day began, and in the last 30 minutes. */
  readonly today?: QueueFigures; readonly window?: QueueFigures;
}
/** What an agent's time goes into. */
export type AgentState = 'offline' | 'away' | 'busy' | 'ready' | 'handling' | 'wrapUp';
/**
 * What an agent did in a span of time. Occupancy = `(handlingMs + wrappingUpMs) / (handlingMs + wrappingUpMs + readyMs)`. The time in the present state is
 * added when it ends: until then add the time since `stateSince`.
 */
export interface AgentFigures {
  readonly since: number; readonly calls: number; readonly chats: number; readonly consults: number;
  readonly talkMs: number; readonly holdMs: number; readonly wrapUpMs: number; readonly consultMs: number;
  readonly awayMs: number; readonly busyMs: number; readonly readyMs: number; readonly handlingMs: number; readonly wrappingUpMs: number;
  /** Of the time away and busy, what went by for each reason. */
  readonly reasons: Readonly<Record<string, number>>;
}
export interface AgentConversation {
  readonly conversationId: string; readonly queueId: string; readonly channel: Channel; readonly state: ConversationState; readonly since: number; readonly customerName?: string;
  /** Where the house calls the customer: how far that came, until the customer has answered. Whoever is called back is `calling`, too. */
  readonly stage?: 'preview' | 'calling';
}
export interface AgentStats {
  readonly userId: string; readonly name: string; readonly availability: Availability; readonly activity: Activity; readonly since: number; readonly voice: number; readonly chats: number;
  readonly state?: AgentState; readonly stateSince?: number; readonly reason?: string; readonly conversations: readonly AgentConversation[];
  /** Since the tenant's day began. */
  readonly today?: AgentFigures;
  /** What it can do, each skill with its level, and the queues on its list; without a list it serves all. */
  readonly skills?: Readonly<Record<string, number>>; readonly queues?: readonly string[];
}
export interface Floor { readonly queues: readonly QueueStats[]; readonly agents: readonly AgentStats[] }

/** A conversation that waits, as who supervises its queue sees it. `position`: its place in the line of its channel, 1 being next. */
export interface WaitingConversation {
  readonly conversationId: string; readonly channel: Channel; readonly since: number; readonly position: number; readonly priority: number;
  readonly customerName?: string; readonly subject?: string; readonly callback?: Callback; readonly offeredTo: readonly string[];
  /** Its customer is to be called, and does not wait: such conversations have places of their own. */
  readonly outbound: boolean;
}

/** Why an offer is made: from a queue; to call a customer back; a chat that becomes a call; from a colleague; to call a customer of a queue's list (one looks first). */
export type OfferKind = 'conversation' | 'callback' | 'escalation' | 'transfer' | 'consult' | 'invite' | 'preview';
export interface OfferSnapshot {
  readonly offerId: string; readonly conversationId: string; readonly kind: OfferKind; readonly channel: Channel;
  readonly queueId: string; readonly customerName: string; readonly subject?: string; readonly offeredAt: number; readonly expiresAt: number; readonly reason: OfferReason;
}
/** A fact about a conversation. Numbers lie between ±`Number.MAX_SAFE_INTEGER`. */
export type AttributeValue = string | number | boolean | readonly string[];
/** Facts by name: at most 32, 2 KiB each, 4 KiB together; a list has at most 32 texts. */
export type Attributes = Readonly<Record<string, AttributeValue>>;
/** What the tenant declares of an attribute. `values`: the texts that it may be, or that a list may hold; empty: any. `readOnly`: agents can't change it. */
export interface AttributeInfo {
  readonly name: string; readonly label: string; readonly kind: 'text' | 'number' | 'boolean' | 'list'; readonly values: readonly string[]; readonly readOnly: boolean;
}
/** A tag that the tenant has a name for; others are free. */
export interface TagInfo { readonly id: string; readonly name: string }
/** A page that belongs to a conversation, for a screen-pop. `fixed`: it comes from the queue's configuration. */
export interface Link { readonly name: string; readonly url: string; readonly fixed?: boolean }
/** A conversation of the same customer that is over. */
export interface PastConversation {
  readonly conversationId: string; readonly queueId: string; readonly channel: Channel; readonly startedAt: number; readonly endedAt: number;
  readonly endReason?: EndReason; readonly agents: readonly { readonly userId: string; readonly name: string }[]; readonly disposition?: string;
  readonly tags: readonly string[]; readonly subject?: string;
  /** How many notes agents wrote. */
  readonly notes: number;
  /** The beginning of the last message that everybody could read. */
  readonly lastMessage?: string;
}
/** Where a conversation can be given to. */
export interface Targets {
  /** Colleagues, those who are available first. */
  readonly agents: readonly { readonly userId: string; readonly name: string; readonly presence: Presence }[];
  readonly queues: readonly { readonly queueId: string; readonly name: string; readonly channels: readonly Channel[]; readonly waiting: number; readonly agentsReady: number }[];
}

/**
 * Something that was asked for in a conversation and is not answered yet. A customer is told of transfers, and not to whom nor by whom; and of what it is asked
 * itself (`voice`: to talk; `callback`: it is called back; `outbound`: it is called).
 */
export interface Pending {
  readonly kind: 'transfer' | 'consult' | 'invite' | 'voice' | 'callback' | 'outbound';
  readonly target?: Target;
  /** The participant who asked. */
  readonly by?: string;
  /** The supervisor who ordered it: then it can't be taken back. */
  readonly orderedBy?: string;
  readonly since: number;
  /** When it ends by itself, where the customer is asked or a telephone number rings. */
  readonly expiresAt?: number;
}

/** That a customer is to be called back, and does not wait on the line. Its place is kept. */
export interface Callback {
  /** Not before this time: the customer's wish, or when it is tried again. */
  readonly at?: number;
  /** Since when the customer can't be reached, as it has no page open: nobody is offered it meanwhile. */
  readonly awaySince?: number;
  /** How often the customer did not answer. */
  readonly attempts: number;
}
/** A conversation that the house began, as its agents see it. */
export interface Outbound {
  /** The customer, or the telephone number, that it goes to. */
  readonly target: OutboundTarget;
  /** What the customer is called, if that is known. */
  readonly name?: string;
  /** Who began it. */
  readonly by: string;
  /** `waiting`: on its queue's list, for an agent; `preview`: nobody is called yet; `calling`; `reached`: the customer has answered, and it is a conversation as any other. */
  readonly stage: 'waiting' | 'preview' | 'calling' | 'reached';
  /** In preview: when that ends by itself. */
  readonly expiresAt?: number;
  /** How often a customer of a queue's list was skipped, or did not answer; absent for none. */
  readonly attempts?: number;
  /** Where it waits: not before this time. */
  readonly at?: number;
}

export interface ConversationSnapshot {
  readonly conversationId: string; readonly queueId: string; readonly channel: Channel; readonly state: ConversationState; readonly stateSince: number; readonly createdAt: number;
  readonly subject?: string; readonly attributes: Attributes;
  /** Codes that agents put on it, and pages for a screen-pop. Customers see none. */
  readonly tags: readonly string[]; readonly links: readonly Link[];
  readonly participants: readonly Participant[]; readonly voiceRequested: boolean; readonly position?: number; readonly estimatedWaitMs?: number;
  readonly lastMessage: number; readonly unread: number; readonly messages: readonly Message[]; readonly typing: readonly string[];
  readonly wrapUp?: WrapUp; readonly reason?: EndReason;
  readonly pending?: Pending; readonly callback?: Callback;
  /** Where the house began it. Customers see none. */
  readonly outbound?: Outbound;
}
export interface SessionState {
  readonly connection: ConnectionState;
  readonly voice: VoiceState;
  readonly user: User; readonly presence: Presence;
  readonly queues: readonly Queue[]; readonly offers: readonly OfferSnapshot[]; readonly conversations: readonly ConversationSnapshot[];
  readonly watched: readonly Presence[]; readonly floor?: Floor;
  /** The tenant's reasons for not being ready, and whether one of them has to be given. */
  readonly reasons: readonly PresenceReason[]; readonly reasonRequired: boolean;
  /** Whether telephone numbers can be reached, as targets of a transfer, a consult or an invitation. Never for customers. */
  readonly trunk: boolean;
  /** What the tenant declares of attributes, in the order in which to show it, and the tags that it has names for. Customers see none. */
  readonly attributes: readonly AttributeInfo[]; readonly tags: readonly TagInfo[];
  /** The gateway's clock minus this machine's, in milliseconds: add it to `Date.now()` before comparing with any time here. */
  readonly clockOffset: number;
}
