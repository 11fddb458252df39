/**
 * Jackfield: voice, chat, presence and routing in one session.
 *
 * Nothing is loaded when this module is imported; the first {@link connect} (or {@link init}) fetches the WebAssembly.
 * Times are milliseconds since the Unix epoch. All state handed out is immutable: a changed thing is another object.
 *
 * ```ts
 * import { connect } from 'jackfield';
 * const session = await connect({ gateway: location.origin, token: () => fetch('/token').then(r => r.text()) });
 * session.on('offerMade', ({ offer }) => offer.accept());
 * session.on('messageAdded', ({ message }) => console.log(message.name, message.text));
 * ```
 */

/** The version of this package. */
export const version: string;

/**
 * Loads the WebAssembly, once for the page: calls share one promise. {@link connect} does it by itself; call it early to save its time,
 * or to say where the file lies.
 * @param source Where the WebAssembly is, or the module itself; beside this file if left out.
 * @throws {JackfieldError} `invalidOption` where another source was given before.
 */
export function init(source?: string | URL | WebAssembly.Module | BufferSource): Promise<void>;

/**
 * Opens a session: the socket, sign-in, the snapshot. Resolves when the session is ready; voice is negotiated beside it.
 * After a page reload it takes up the session of this tab (kept in session storage), with its conversations and calls.
 * @throws {JackfieldError} `gatewayUnreachable`, `aborted`, `tokenSourceFailed`, `invalidOption` or a code of sign-in (`token…`, `tenantUnknown`, …).
 */
export function connect(options: ConnectOptions): Promise<Session>;

export interface ConnectOptions {
  /** The gateway's address: `https://…` or `wss://…`; its path, if any, is the prefix before `/v1/socket`. */
  gateway: string | URL;
  /** A token, or a function that gives one; the function is called again before the token's time is over and at each reconnect. */
  token: string | (() => string | Promise<string>);
  /** Ends the wait for the session. A session that is open is ended by {@link Session.close}. */
  signal?: AbortSignal;
  /** `false`: no voice connection (chat, presence and routing only). Default: voice where the browser has WebRTC. */
  voice?: boolean | VoiceOptions;
  /** Where the session's resume key is kept: `tab` (default: session storage, survives a reload) or `none`. */
  resume?: 'tab' | 'none';
  /** How many milliseconds to try to reach the gateway before giving up; default 10,000. */
  timeoutMs?: number;
}

export interface VoiceOptions {
  /** The microphone; the browser's default if left out. */
  deviceId?: string;
  /** As in MediaTrackConstraints; all `true` by default. */
  echoCancellation?: boolean;
  noiseSuppression?: boolean;
  autoGainControl?: boolean;
  /** Play remote audio (default `true`). `false`: attach {@link Voice.streams} yourself. */
  play?: boolean;
  /**
   * Given the microphone's stream each time one is opened, returns the stream to send: `stream => cleaner.process(stream)` with
   * `jackfield/audio`, or anything of your own. The session stops the tracks of both. A muted call mutes what is sent; the stream given
   * goes on, so that you hear who speaks while muted. If it throws, the microphone is closed, and whoever asked for it gets the error
   * (`invalidOption` unless it is a {@link JackfieldError}).
   */
  process?: (stream: MediaStream) => MediaStream | Promise<MediaStream>;
}

/** Every waiting call takes this as its last argument. */
export interface CallOptions {
  /** Ends the wait with `aborted`. What the gateway did already stays done. */
  signal?: AbortSignal;
}

export type Role = 'agent' | 'supervisor' | 'admin' | 'customer' | 'bot';
export type Channel = 'voice' | 'chat';
/** As Microsoft Graph's presence. */
export type Availability = 'available' | 'busy' | 'away' | 'offline';
export type Activity = 'available' | 'busy' | 'away' | 'offline' | 'inACall' | 'inAConversation' | 'wrapUp';
/**
 * `connecting → ready ⇄ reconnecting → closed`
 * - `reconnecting`: the socket is lost; commands wait in the outbox, calls go on at the gateway.
 */
export type ConnectionState = 'connecting' | 'ready' | 'reconnecting' | 'closed';
/** `queued ⇄ offered → active → wrapUp → ended` */
export type ConversationState = 'queued' | 'offered' | 'active' | 'wrapUp' | 'ended';
export type OfferOutcome = 'accepted' | 'rejected' | 'timedOut' | 'rescinded' | 'canceled';
export type EndReason = 'customerLeft' | 'agentLeft' | 'customerLost' | 'abandoned' | 'agentLost';
export type LeaveReason = 'left' | 'lost' | 'ended';
export type Visibility = 'everyone' | 'internal';
/** `pending → sent → delivered → read`, or `pending → failed`. For others' messages: `received`. */
export type MessageState = 'pending' | 'sent' | 'delivered' | 'read' | 'failed' | 'received';
/**
 * `off → connecting → connected ⇄ reconnecting`, `failed` where the browser or network does not allow voice.
 */
export type VoiceState = 'off' | 'connecting' | 'connected' | 'reconnecting' | 'failed';

export interface User { readonly userId: string; readonly name: string; readonly role: Role }
export interface Presence { readonly userId: string; readonly availability: Availability; readonly activity: Activity; readonly since: number }
export interface Disposition { readonly id: string; readonly name: string }
export interface Queue { readonly queueId: string; readonly name: string; readonly channels: readonly Channel[]; readonly dispositions: readonly Disposition[] }
export interface Leg { readonly sessionId: string; readonly since: number; readonly held: boolean; readonly muted: boolean }
export interface Participant {
  readonly participantId: string; readonly userId: string; readonly name: string; readonly role: Role; readonly joinedAt: number;
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
  readonly own: boolean; readonly state: MessageState;
}
export interface WrapUp { readonly userId: string; readonly since: number; readonly until: number }
export interface OfferReason { readonly order: string; readonly skills: Readonly<Record<string, number>>; readonly candidates: number; readonly waitedMs: number }
export interface QueueStats { readonly queueId: string; readonly name: string; readonly waiting: number; readonly longestSince?: number; readonly active: number; readonly agentsReady: number }
export interface AgentStats { readonly userId: string; readonly name: string; readonly availability: Availability; readonly activity: Activity; readonly since: number; readonly voice: number; readonly chats: number }
export interface Floor { readonly queues: readonly QueueStats[]; readonly agents: readonly AgentStats[] }

export interface OfferSnapshot {
  readonly offerId: string; readonly conversationId: string; readonly kind: 'conversation' | 'escalation'; readonly channel: Channel;
  readonly queueId: string; readonly customerName: string; readonly subject?: string; readonly offeredAt: number; readonly expiresAt: number; readonly reason: OfferReason;
}
/** A fact about a conversation. Numbers lie between ±`Number.MAX_SAFE_INTEGER`. */
export type AttributeValue = string | number | boolean | readonly string[];
/** Facts by name: at most 32, 2 KiB each, 4 KiB together; a list has at most 32 texts. */
export type Attributes = Readonly<Record<string, AttributeValue>>;
export interface ConversationSnapshot {
  readonly conversationId: string; readonly queueId: string; readonly channel: Channel; readonly state: ConversationState; readonly stateSince: number; readonly createdAt: number;
  readonly subject?: string; readonly attributes: Attributes;
  readonly participants: readonly Participant[]; readonly voiceRequested: boolean; readonly position?: number;
  readonly lastMessage: number; readonly unread: number; readonly messages: readonly Message[]; readonly typing: readonly string[];
  readonly wrapUp?: WrapUp; readonly reason?: EndReason;
}
export interface SessionState {
  readonly connection: ConnectionState;
  readonly voice: VoiceState;
  readonly user: User; readonly presence: Presence;
  readonly queues: readonly Queue[]; readonly offers: readonly OfferSnapshot[]; readonly conversations: readonly ConversationSnapshot[];
  readonly watched: readonly Presence[]; readonly floor?: Floor;
  /** The gateway's clock minus this machine's, in milliseconds: add it to `Date.now()` before comparing with any time here. */
  readonly clockOffset: number;
}

/** One object per event. Each fires after {@link Session.state} shows the change. A listener that throws harms nobody else. */
export interface SessionEvents {
  /** Anything in `state` is another; at most once per task, after the others. */
  stateChanged: { readonly state: SessionState };
  /** The socket came or went. Not fired for a new token. */
  connectionChanged: { readonly connection: ConnectionState; readonly error?: JackfieldError; readonly retryInMs?: number };
  /** The voice connection came or went. */
  voiceChanged: { readonly voice: VoiceState; readonly error?: JackfieldError };
  /** The session is over; nothing comes after it. */
  closed: { readonly error?: JackfieldError };
  presenceChanged: { readonly presence: Presence };
  offerMade: { readonly offer: Offer };
  /** Once for every offer made, whoever ended it. */
  offerEnded: { readonly offerId: string; readonly conversationId: string; readonly outcome: OfferOutcome };
  conversationAdded: { readonly conversation: Conversation };
  conversationStateChanged: { readonly conversation: Conversation; readonly state: ConversationState; readonly reason?: EndReason };
  /** Gone for this user; also for what ended while the page was not connected. */
  conversationRemoved: { readonly conversationId: string };
  /** Something of it that has no event of its own is another: its attributes, its subject … */
  conversationChanged: { readonly conversation: Conversation };
  positionChanged: { readonly conversation: Conversation; readonly position: number };
  voiceRequested: { readonly conversation: Conversation; readonly requested: boolean; readonly outcome?: OfferOutcome };
  participantJoined: { readonly conversation: Conversation; readonly participant: Participant };
  participantChanged: { readonly conversation: Conversation; readonly participant: Participant };
  participantLeft: { readonly conversation: Conversation; readonly participant: Participant; readonly reason: LeaveReason };
  /** Others' and one's own (also the local echo, while pending). */
  messageAdded: { readonly conversation: Conversation; readonly message: Message };
  /** A message's `state` is another. */
  messageChanged: { readonly conversation: Conversation; readonly message: Message };
  typingChanged: { readonly conversation: Conversation; readonly participantIds: readonly string[] };
  floorChanged: { readonly floor: Floor };
  /** Once a second while a call is up. */
  quality: { readonly conversation: Conversation; readonly quality: Quality };
}

export interface Quality { readonly rttMs: number; readonly jitterMs: number; readonly loss: number; readonly concealed: number; /** E-model, ITU-T G.107: 1 to 4.5. */ readonly mos: number }

/** One connected client of one user. Survives the loss of its socket and a page reload. */
export interface Session extends Disposable {
  readonly id: string;
  /** How things stand. The same object as long as nothing changes. */
  readonly state: SessionState;
  readonly offers: readonly Offer[];
  readonly conversations: readonly Conversation[];
  readonly presence: PresenceControl;
  readonly voice: Voice;
  /** @returns the conversation, while this user takes part in it. */
  conversation(conversationId: string): Conversation | undefined;
  /** Customers: ask for help on a queue. `channel: 'voice'` opens the microphone first. */
  start(request: { queueId: string; channel: Channel; subject?: string; attributes?: Attributes }, options?: CallOptions): Promise<Conversation>;
  /** Supervisors: all queues and agents, from now on in `state.floor` and `floorChanged`. */
  watchFloor(on: boolean, options?: CallOptions): Promise<void>;
  /** @returns a function that takes the listener away; so does `signal`. */
  on<K extends keyof SessionEvents>(type: K, listener: (event: SessionEvents[K]) => void, options?: { signal?: AbortSignal; once?: boolean }): () => void;
  /** Signs out: offers are given back, conversations are left, the microphone is closed. Safe to call twice. To keep the session for a reload, just leave the page. */
  close(): Promise<void>;
  [Symbol.dispose](): void;
}

export interface PresenceControl {
  readonly value: Presence;
  set(availability: Availability, options?: CallOptions): Promise<void>;
  /** Whose presence `state.watched` shows, instead of those before; at most 500. */
  watch(userIds: readonly string[], options?: CallOptions): Promise<readonly Presence[]>;
}

/** A conversation proposed to this agent. */
export interface Offer extends Readonly<OfferSnapshot> {
  /** Takes it. A voice offer opens the microphone first; where that is refused the offer stays open. */
  accept(options?: CallOptions): Promise<Conversation>;
  reject(reason?: string, options?: CallOptions): Promise<void>;
}

/** One interaction with a customer. The object stays the same; `state` is its newest snapshot. */
export interface Conversation {
  readonly id: string;
  readonly state: ConversationSnapshot;
  readonly chat: Chat;
  readonly voice: Call;
  /** Ends it on all channels. */
  end(options?: CallOptions): Promise<void>;
  /** Agents: ends one's wrap-up. */
  finishWrapUp(result?: { disposition?: string; note?: string }, options?: CallOptions): Promise<void>;
  extendWrapUp(options?: CallOptions): Promise<void>;
}

export interface Chat {
  readonly messages: readonly Message[];
  /** Local echo at once, sent once, also across reconnects. Resolves when the gateway has it on disk. */
  send(text: string, options?: CallOptions & { visibility?: Visibility }): Promise<Message>;
  /** Says that all messages up to this number (default: all) were read. */
  markRead(upTo?: number): Promise<void>;
  /** Says that the user types; forgotten by itself. Call it on each key, it is sent sparingly. */
  typing(on: boolean): void;
  /** Loads older messages into `messages`. @returns whether there are more. */
  loadOlder(limit?: number, options?: CallOptions): Promise<boolean>;
}

export interface Call {
  /** This user's own leg, while it has one. */
  readonly leg: Leg | undefined;
  /** Customers: adds voice to a chat. Others with a call in another tab: brings it here. Opens the microphone first. */
  start(options?: CallOptions): Promise<void>;
  hangUp(options?: CallOptions): Promise<void>;
  mute(options?: CallOptions & { participantId?: string }): Promise<void>;
  unmute(options?: CallOptions & { participantId?: string }): Promise<void>;
  hold(options?: CallOptions & { participantId?: string }): Promise<void>;
  resume(options?: CallOptions & { participantId?: string }): Promise<void>;
}

/** The session's one voice connection. */
export interface Voice {
  readonly state: VoiceState;
  /** The four streams that remote audio comes in by. */
  readonly streams: readonly MediaStream[];
  /** The microphone's stream while it is open, as it is sent: after {@link VoiceOptions.process}. */
  readonly microphone: MediaStream | undefined;
  /** Loudness now, 0 to 1: the microphone's and the remote side's. */
  levels(): { readonly microphone: number; readonly remote: number };
  /** Opens the microphone ahead of a call, so that the browser's question comes early. It is closed when no call needs it. */
  prepare(options?: CallOptions): Promise<void>;
  /** Uses another microphone, at once. */
  useMicrophone(deviceId: string, options?: CallOptions): Promise<void>;
  /** Plays remote audio on another device, where the browser can. */
  useSpeaker(deviceId: string, options?: CallOptions): Promise<void>;
}

/** Every error this package throws or reports. */
export class JackfieldError extends Error {
  readonly name: 'JackfieldError';
  /** Which error: see the table in docs/errors.md. */
  readonly code: ErrorCode;
  /** Whether the same may work later. */
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

import type { ErrorCode } from './errors.js';
export type { ErrorCode };
