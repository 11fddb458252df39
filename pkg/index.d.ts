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
  /** One's own presence, or one that is watched. */
  presenceChanged: { readonly presence: Presence };
  /** Accept or reject it before `offer.expiresAt`. */
  offerMade: { readonly offer: Offer };
  /** Once for every offer made, whoever ended it. */
  offerEnded: { readonly offerId: string; readonly conversationId: string; readonly outcome: OfferOutcome; readonly reason?: OfferEndReason };
  /** The user takes part in it from now on: it was begun, accepted, or shared. */
  conversationAdded: { readonly conversation: Conversation };
  /** It stands elsewhere; `reason` says why it is over. */
  conversationStateChanged: { readonly conversation: Conversation; readonly state: ConversationState; readonly reason?: EndReason };
  /** Gone for this user; also for what ended while the page was not connected. */
  conversationRemoved: { readonly conversationId: string };
  /** Something of it that has no event of its own is another: its attributes, tags, links, queue. */
  conversationChanged: { readonly conversation: Conversation };
  /** As the gateway said it: what is left out is as before. After a lost connection `conversationChanged` alone may tell of it. */
  contextChanged: { readonly conversation: Conversation; readonly attributes?: Attributes; readonly tags?: readonly string[]; readonly links?: readonly Link[] };
  /** It waits in another queue now. */
  queueChanged: { readonly conversation: Conversation; readonly queueId: string };
  /** The customer is to be called back, at another time than before, or no longer: then `callback` is null. */
  callbackChanged: { readonly conversation: Conversation; readonly callback: Callback | null };
  /** Something was asked for (a transfer, advice, a colleague, the customer to talk), or is answered: then `pending` is null and `outcome` says how. */
  pendingChanged: { readonly conversation: Conversation; readonly pending: Pending | null; readonly outcome: OfferOutcome | null };
  /** Agents: a conversation that the house began came further: it is called, or has answered. */
  outboundChanged: { readonly conversation: Conversation; readonly outbound: Outbound };
  /** Customers: the place in line is another, 1 being next; `state.estimatedWaitMs` beside it. */
  positionChanged: { readonly conversation: Conversation; readonly position: number };
  /** A customer of a chat would like to talk: an agent is asked (`requested`), or has answered (`outcome`). */
  voiceRequested: { readonly conversation: Conversation; readonly requested: boolean; readonly outcome?: OfferOutcome };
  /** Somebody came in. */
  participantJoined: { readonly conversation: Conversation; readonly participant: Participant };
  /** Part, side, voice, hold, mute, wrap-up or network of somebody is another. */
  participantChanged: { readonly conversation: Conversation; readonly participant: Participant };
  /** Somebody is gone; the participant as it was last. */
  participantLeft: { readonly conversation: Conversation; readonly participant: Participant; readonly reason: LeaveReason };
  /** Others' and one's own (also the local echo, while pending). */
  messageAdded: { readonly conversation: Conversation; readonly message: Message };
  /** A message's `state` is another. */
  messageChanged: { readonly conversation: Conversation; readonly message: Message };
  /** Who is typing now, oneself left out. */
  typingChanged: { readonly conversation: Conversation; readonly participantIds: readonly string[] };
  /** Supervisors who watch: queues or agents are other. */
  floorChanged: { readonly floor: Floor };
  /** A supervisor gave an order that concerns this agent: `name` is the supervisor's. */
  supervised: { readonly by: string; readonly name: string; readonly order: SupervisorOrder; readonly conversation?: Conversation; readonly conversationId?: string };
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
  readonly supervision: Supervision;
  /** @returns the conversation, while this user takes part in it. */
  conversation(conversationId: string): Conversation | undefined;
  /** Customers: ask for help on a queue. `channel: 'voice'` opens the microphone first. */
  start(request: { queueId?: string; channel: Channel; subject?: string; attributes?: Attributes }, options?: CallOptions): Promise<Conversation>;
  /**
   * Agents: begins a conversation with a customer, of a queue that one serves. With `preview` one sees first who it is (`state.outbound`, {@link Conversation.history},
   * attributes, links), and nobody is called before {@link Conversation.dial}; without it a voice conversation opens the microphone, and the customer is called at once: in
   * its page, or by its number. `noCapacity`, `customerUnreachable`, `noTrunk`, `numberNotAllowed`, `queueClosed`.
   * ```ts
   * const call = await session.startOutbound({ queueId: 'sales', target: { type: 'number', number: '+4930123456' }, name: 'Kim', preview: true });
   * const { entries } = await call.history();
   * await (entries.length > 0 ? call.dial() : call.skip('nothing to talk about'));
   * ```
   */
  startOutbound(request: {
    queueId: string;
    target: OutboundTarget;
    /** By voice if left out. A chat goes to a customer's page only. */
    channel?: Channel;
    preview?: boolean;
    /** What the customer is called, where its session does not say it. */
    name?: string;
    /** What it is about; the customer sees it. */
    subject?: string;
    attributes?: Attributes;
  }, options?: CallOptions): Promise<Conversation>;
  /** Agents: goes on with a parked conversation, one's own or one of a queue that one serves. */
  pickUp(conversationId: string, options?: CallOptions): Promise<Conversation>;
  /** Agents, supervisors: to whom a conversation can be given, by a part of the name. `limit`: how many of each, 20 if left out. */
  findTargets(search?: { text?: string; limit?: number }, options?: CallOptions): Promise<Targets>;
  /** Supervisors: all queues and agents, from now on in `state.floor` and `floorChanged`. The same as `supervision.watch()`. */
  watchFloor(on: boolean, options?: CallOptions): Promise<void>;
  /** @returns a function that takes the listener away; so does `signal`. */
  on<K extends keyof SessionEvents>(type: K, listener: (event: SessionEvents[K]) => void, options?: { signal?: AbortSignal; once?: boolean }): () => void;
  /** Signs out: offers are given back, conversations are left, the microphone is closed. Safe to call twice. To keep the session for a reload, just leave the page. */
  close(): Promise<void>;
  [Symbol.dispose](): void;
}

export interface PresenceControl {
  readonly value: Presence;
  /**
   * What the user prefers to be. What happens by itself (in a call, wrap-up) lies above it.
   * ```ts
   * await session.presence.set('beRightBack', { reason: 'lunch', afterWork: true }); // once the work in hand is done
   * ```
   */
  set(availability: PreferredAvailability, options?: CallOptions & {
    activity?: Activity;
    /** One of {@link SessionState.reasons}, by its id. */
    reason?: string | undefined;
    /** How long it holds, in milliseconds: 5 minutes to 7 days. */
    expiresInMs?: number;
    /** Not before the calls, chats and wrap-ups in hand are done; until then no new offers come. */
    afterWork?: boolean;
  }): Promise<void>;
  /** Prefers nothing any more; a presence that waits for the end of the work is dropped, too. */
  clear(options?: CallOptions): Promise<void>;
  /** What this session says of its user, 5 minutes to 4 hours long. Of several sessions the strongest holds. Available fades unless it is said again. */
  setSession(presence: { availability: 'available' | 'busy' | 'away' | 'doNotDisturb'; activity: Activity; expiresInMs?: number }, options?: CallOptions): Promise<void>;
  /** Says something about one's presence to colleagues: plain text of at most 280 characters; `undefined` takes it back. */
  setStatus(text: string | undefined, options?: CallOptions & { expiresInMs?: number }): Promise<void>;
  /** Whose presence `state.watched` shows, instead of those before; at most 500. */
  watch(userIds: readonly string[], options?: CallOptions): Promise<readonly Presence[]>;
}

/** A conversation proposed to this agent. */
export interface Offer extends Readonly<OfferSnapshot> {
  /** Takes it. A voice offer opens the microphone first; where that is refused the offer stays open. */
  accept(options?: CallOptions): Promise<Conversation>;
  /** Turns it down, `reason` saying why; the conversation keeps its place. */
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
  /** Agents: more time for one's wrap-up, once more what the queue gives. */
  extendWrapUp(options?: CallOptions): Promise<void>;
  /**
   * The owner: hands the conversation over. A colleague gets an offer; if nobody takes it all is as before. A queue gets it at once, with the time
   * that the customer has waited already. A telephone number rings while the customer is held; when it answers, customer and number are alone, and the agent
   * is in wrap-up. `noTrunk`, `numberNotAllowed` where a number can't be reached.
   * ```ts
   * const { agents } = await session.findTargets({ text: 'mina' });
   * await conversation.transfer({ type: 'agent', userId: agents[0].userId });
   * ```
   */
  transfer(target: Target, options?: CallOptions): Promise<void>;
  /**
   * The owner: asks a colleague for advice. When the colleague takes the offer, the customer is held and both talk on the consult side.
   * ```ts
   * const consult = await conversation.consult({ type: 'agent', userId: 'joon' });
   * await consult.swap();       // to the customer, and again back
   * await consult.conference(); // or: complete(), cancel()
   * ```
   */
  consult(target: Target, options?: CallOptions): Promise<Consult>;
  /** The consult that goes on or waits for an answer, also one that was asked for before a reload. */
  readonly consultation: Consult | undefined;
  /** The owner: takes back what it asked for and nobody has answered: a transfer, a consult, an invitation, the customer to talk. */
  takeBack(options?: CallOptions): Promise<void>;
  /** Agents: asks a colleague straight into the conversation with its customer. */
  invite(target: Target, options?: CallOptions): Promise<void>;
  /** The owner: takes somebody out. With the customer the conversation is over. */
  remove(participantId: string, options?: CallOptions): Promise<void>;
  /**
   * Customers: says yes or no to what `state.pending` asks of one: an agent would like to talk (`voice`), calls back (`callback`), or calls (`outbound`). A yes to a call opens
   * the microphone first.
   * ```ts
   * if (conversation.state.pending?.kind === 'voice') await conversation.answer(confirm('The agent would like to talk. Now?'));
   * ```
   */
  answer(accept: boolean, options?: CallOptions): Promise<void>;
  /**
   * Customers who wait by voice: to be called back instead of waiting on the line. The place is kept, also while the page is closed: who connects again as the same
   * user finds the conversation. When an agent is there, `state.pending` of kind `callback` asks ({@link Conversation.answer}). Who does not answer is called again
   * later. `voice.start()` waits on the line again, `end()` gives up. Where `state.queues` says `callbacks` of the queue; else `notAllowed`.
   * @param when.at not before this time, at most 7 days ahead; else as soon as it is one's turn
   * ```ts
   * await conversation.requestCallback();
   * session.on('pendingChanged', ({ conversation, pending }) => pending?.kind === 'callback' && conversation.answer(confirm('We call you back. Now?')));
   * ```
   */
  requestCallback(when?: { at?: number | Date }, options?: CallOptions): Promise<void>;
  /** The owner of a conversation in preview (`state.outbound.stage`): calls the customer. By voice it opens the microphone first. */
  dial(options?: CallOptions): Promise<void>;
  /** The owner of a conversation in preview: does not call, `reason` saying why. */
  skip(reason?: string, options?: CallOptions): Promise<void>;
  /** The owner: sets it aside and is free for others. It comes back when the queue's time for it is over, or when the customer of a chat writes. */
  park(options?: CallOptions): Promise<void>;
  /** Goes on with it after {@link Conversation.park}. */
  pickUp(options?: CallOptions): Promise<void>;
  /**
   * Sets attributes; `null` takes one away. `attributesTooLarge`, `invalidField` for what the tenant's declaration does not take.
   * ```ts
   * await conversation.setAttributes({ order: 'A-17', vip: true, coupon: null });
   * ```
   */
  setAttributes(changes: Readonly<Record<string, AttributeValue | null>>, options?: CallOptions): Promise<void>;
  /** Agents: puts tags on, takes tags away. A tag is a code, not a text about a person. */
  /** Why it waits, or to whom it went, in data and in a sentence; for agents. */
  explain(options?: CallOptions): Promise<Explanation>;
  setTags(changes: { add?: readonly string[]; remove?: readonly string[] }, options?: CallOptions): Promise<void>;
  /** Agents: its links from now on, beside the fixed ones of its queue. */
  setLinks(links: readonly Link[], options?: CallOptions): Promise<void>;
  /** Agents: a note for colleagues, also in wrap-up. It comes as a message with `note`, and stays with the record. */
  addNote(text: string, options?: CallOptions): Promise<void>;
  /** The same customer's conversations that are over, newest first, a page of 20: `before` the oldest that is known. */
  history(page?: { before?: string; limit?: number }, options?: CallOptions): Promise<{ readonly entries: readonly PastConversation[]; readonly more: boolean }>;
  /** Messages and notes of one of these, a page of 50: `before` the number of the oldest that is known. */
  pastMessages(conversationId: string, page?: { before?: number; limit?: number }, options?: CallOptions): Promise<{ readonly messages: readonly PastMessage[]; readonly more: boolean }>;
}

/** A message of a conversation that is over. */
export type PastMessage = Omit<Message, 'own' | 'state'>;

/** A consult that the owner of a conversation has asked for. Each refused with `wrongState` where it is over. */
export interface Consult {
  /** Who is consulted, once the offer is taken. */
  readonly participant: Participant | undefined;
  /** The consulted one takes over; one's own part is over. */
  complete(options?: CallOptions): Promise<void>;
  /** Back to the customer, without the consulted one; or takes the offer back while nobody has answered it. */
  cancel(options?: CallOptions): Promise<void>;
  /** Changes between the customer and the consulted one; the other is held. */
  swap(options?: CallOptions): Promise<void>;
  /** All come together. */
  conference(options?: CallOptions): Promise<void>;
}

/** What is changed about an agent. */
export interface AgentChange extends CallOptions {
  /** All its skills, each with a level from 1 to 10; `skillUnknown` for a name that the tenant's configuration does not know. */
  readonly skills?: Readonly<Record<string, number>>;
  /** The queues that it serves as far as its skills reach; `[]` for all. */
  readonly queues?: readonly string[];
  /** How many conversations it takes at once. */
  readonly capacity?: { readonly voice: 0 | 1; readonly chat: number };
  readonly reset?: boolean;
}

/** What supervisors do. Others are refused with `notAllowed`. */
export interface Supervision {
  /** The floor, while it is watched. */
  readonly floor: Floor | undefined;
  /** Live figures of queues and agents, all of them or those named, from now on in `state.floor` and `floorChanged`. */
  watch(what?: { queueIds?: readonly string[]; agentIds?: readonly string[] }, options?: CallOptions): Promise<Floor | undefined>;
  /** No longer: `state.floor` goes. */
  unwatch(options?: CallOptions): Promise<void>;
  /** Listens to a conversation, whispers to its agent or barges in; another `mode` at any time. `userId`: the agent to whisper to, where there are several. */
  monitor(conversationId: string, mode: MonitorMode, options?: CallOptions & { userId?: string }): Promise<void>;
  /** Leaves a conversation that one monitors or barged into. */
  stopMonitoring(conversationId: string, options?: CallOptions): Promise<void>;
  /** Serves the customer oneself from now on. */
  takeOver(conversationId: string, options?: CallOptions): Promise<void>;
  /**
   * Gives a conversation to an agent or a queue, wherever it stands. One that waits keeps its waiting time; an agent who is named is asked first, and after a while
   * anybody who fits. One that an agent has is transferred, and the agent can't take that back.
   */
  reassign(conversationId: string, target: Target, options?: CallOptions): Promise<void>;
  /**
   * Gives a conversation that waits another place in its line: its own `priority` (0 to 255), how much longer it is held to have waited than it has
   * (`headStartMs`, up to a day), or both. What is left out stays.
   */
  prioritize(conversationId: string, place: { priority?: number; headStartMs?: number }, options?: CallOptions): Promise<void>;
  /** Why a conversation waits, or to whom it went; agents ask for those whose queue they serve. */
  explain(conversationId: string, options?: CallOptions): Promise<Explanation>;
  /**
   * Changes what an agent can do and which queues it serves, from now on; what is left out stays, `reset` first goes back to what the tenant's configuration says.
   * What waits is matched anew at once; an open offer that the agent no longer fits is taken back, conversations that it has go on. `floor.agents` shows what holds.
   */
  setAgentSkills(userId: string, change: AgentChange): Promise<void>;
  /** Ends all sessions of an agent: its offers are taken back, its conversations go on without it. Its pages are told by `supervised`, then by `closed` with `signedOut`. */
  signOut(userId: string, options?: CallOptions): Promise<void>;
  /** Takes an agent or a consulted colleague out of a conversation that others go on with; not the customer, and not its only agent. */
  remove(conversationId: string, participantId: string, options?: CallOptions): Promise<void>;
  /** Who waits in a queue, whoever is next first, those who are being offered among them. `limit`: 1 to 100, 20 if left out. */
  waiting(queueId: string, page?: { limit?: number }, options?: CallOptions): Promise<{ readonly conversations: readonly WaitingConversation[]; readonly more: boolean }>;
  /**
   * Puts a customer on a queue's list of those who are to be called: its page, or its number. It waits there for an agent of the queue, by the rules
   * (`conversation.outbound` in a condition); the agent gets an offer of the kind `preview`, looks, and dials or skips. Who is skipped or does not answer is called again
   * after the queue's `outbound.retry_ms`, up to `outbound.attempts` times. {@link Supervision.waiting} shows it. `noTrunk`, `numberNotAllowed`, `queueClosed`, `queueFull`.
   * ```ts
   * const conversationId = await session.supervision.addToList({ queueId: 'sales', target: { type: 'number', number: '+4930123456' }, name: 'Kim' });
   * ```
   * @returns the conversation's id.
   */
  addToList(request: {
    queueId: string;
    target: OutboundTarget;
    /** By voice if left out. A chat goes to a customer's page only. */
    channel?: Channel;
    name?: string;
    subject?: string;
    attributes?: Attributes;
  }, options?: CallOptions): Promise<string>;
  /** Takes a customer off the list whom no agent has. `wrongState` for one whom an agent has. */
  takeOffList(conversationId: string, options?: CallOptions & { reason?: string }): Promise<void>;
  /** Sets what an agent prefers to be; its page is told by `supervised`. */
  setAgentPresence(userId: string, availability: PreferredAvailability, options?: CallOptions & { reason?: string }): Promise<void>;
}

export interface Chat {
  /** The messages at hand, oldest first, then those that are pending. Also `conversation.state.messages`. */
  readonly messages: readonly Message[];
  /** Local echo at once, sent once, also across reconnects. Resolves when the gateway has it on disk. */
  send(text: string, options?: CallOptions & { visibility?: Visibility }): Promise<Message>;
  /** Says that all messages up to this number (default: all) were read. */
  markRead(upTo?: number, options?: CallOptions): Promise<void>;
  /** Says that the user types; forgotten by itself. Call it on each key, it is sent sparingly. */
  typing(on: boolean): void;
  /** Loads older messages into `messages`. @returns whether there are more. */
  loadOlder(limit?: number, options?: CallOptions): Promise<boolean>;
}

export interface Call {
  /** This user's own leg, while it has one. */
  readonly leg: Leg | undefined;
  /**
   * Adds voice to a chat. Customers: the agent gets an offer. The owner: the customer is asked (`state.pending`), and {@link Conversation.answer}s; `hangUp` takes it
   * back. Who has the call in another tab: brings it here. Opens the microphone first.
   */
  start(options?: CallOptions): Promise<void>;
  /** Puts the receiver down. A chat goes on; a conversation that began by voice is over with its customer's call, or its last agent's. */
  hangUp(options?: CallOptions): Promise<void>;
  /** Oneself, or for agents who is named by `participantId`: is heard by nobody, and hears. */
  mute(options?: CallOptions & { participantId?: string }): Promise<void>;
  /** Is heard again. */
  unmute(options?: CallOptions & { participantId?: string }): Promise<void>;
  /** Agents: holds who is named by `participantId`, or all others: they hear nobody and are heard by nobody. */
  hold(options?: CallOptions & { participantId?: string }): Promise<void>;
  /** Takes the hold back. */
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
import type {
  Channel, PreferredAvailability, Activity, ConnectionState, ConversationState, MonitorMode, SupervisorOrder, Target, OutboundTarget, Pending, Callback, Outbound, OfferOutcome, OfferEndReason, EndReason, LeaveReason,
  Visibility, VoiceState, Presence, Leg, Participant, Message, Floor, OfferSnapshot, AttributeValue, Attributes, Link, PastConversation, WaitingConversation, Targets, Explanation,
  ConversationSnapshot, SessionState,
} from './state.js';
export type * from './state.js';
