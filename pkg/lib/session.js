// The objects that stand for a session.

import { explain } from './explain.js';
import { abortable } from './wait.js';
import { problem } from './error.js';

/** One connected client of one user. */
export class Session {
  #core;

  constructor(core) {
    this.#core = core;
    this.presence = new PresenceControl(core);
    this.voice = new Voice(core);
    this.supervision = new Supervision(core);
  }

  get id() {
    return this.#core.id;
  }

  get state() {
    return this.#core.state;
  }

  get offers() {
    return this.state.offers.map(snapshot => this.#core.offer(snapshot));
  }

  get conversations() {
    return this.state.conversations.map(({ conversationId }) => this.#core.conversation(conversationId));
  }

  conversation(conversationId) {
    return this.#core.client.conversation(conversationId) && this.#core.conversation(conversationId);
  }

  async start({ queueId, channel, subject, attributes }, options) {
    const command = { type: 'startConversation', queueId, channel, subject, attributes };
    const ask = () => this.#core.command(command, options, true);
    const { conversationId } = await (channel === 'voice' ? this.#core.withMicrophone(ask, options) : ask());
    return this.#core.present(conversationId);
  }

  async startOutbound({ queueId, target, channel = 'voice', preview = false, name, subject, attributes }, options) {
    const command = { type: 'startOutbound', queueId, target, channel, preview, name, subject, attributes };
    const ask = () => this.#core.command(command, options, true);
    const { conversationId } = await (channel === 'voice' && !preview ? this.#core.withMicrophone(ask, options) : ask());
    return this.#core.present(conversationId);
  }

  async pickUp(conversationId, options) {
    await this.#core.command({ type: 'pickUp', conversationId }, options, true);
    return this.#core.present(conversationId);
  }

  async findTargets({ text, limit } = {}, options) {
    const { agents, queues } = await this.#core.command({ type: 'findTargets', text, limit }, options);
    return { agents, queues };
  }

  async watchFloor(on, options) {
    await this.#core.command({ type: 'watchFloor', on }, options);
  }

  on(type, listener, options) {
    return this.#core.listeners.add(type, listener, options);
  }

  close() {
    return this.#core.close();
  }

  // Where the runtime has no Symbol.dispose yet, the name that polyfills and compilers use for it.
  [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() {
    this.#core.close();
  }
}

class PresenceControl {
  #core;

  constructor(core) {
    this.#core = core;
  }

  get value() {
    return this.#core.state.presence;
  }

  async set(availability, { activity, reason, expiresInMs, afterWork, signal } = {}) {
    await this.#core.command({ type: 'setPresence', availability, activity, reason, expiresInMs, afterWork }, { signal });
  }

  async clear(options) {
    await this.#core.command({ type: 'clearPresence' }, options);
  }

  async setSession({ availability, activity, expiresInMs }, options) {
    await this.#core.command({ type: 'setSessionPresence', availability, activity, expiresInMs }, options);
  }

  async setStatus(text, { expiresInMs, signal } = {}) {
    await this.#core.command({ type: 'setStatusMessage', text, expiresInMs }, { signal });
  }

  async watch(userIds, options) {
    const { presence } = await this.#core.command({ type: 'watchPresence', userIds: [...userIds] }, options);
    return presence;
  }
}

/** What supervisors do. */
class Supervision {
  #core;

  constructor(core) {
    this.#core = core;
  }

  get floor() {
    return this.#core.state.floor;
  }

  async watch({ queueIds, agentIds } = {}, options) {
    await this.#core.command({ type: 'watchFloor', on: true, queueIds, agentIds }, options);
    return this.floor;
  }

  async unwatch(options) {
    await this.#core.command({ type: 'watchFloor', on: false }, options);
  }

  async monitor(conversationId, mode, { userId, signal } = {}) {
    await this.#core.command({ type: 'monitor', conversationId, mode, userId }, { signal });
  }

  async stopMonitoring(conversationId, options) {
    await this.#core.command({ type: 'stopMonitoring', conversationId }, options);
  }

  async takeOver(conversationId, options) {
    await this.#core.command({ type: 'takeOver', conversationId }, options);
  }

  async reassign(conversationId, target, options) {
    await this.#core.command({ type: 'reassign', conversationId, target }, options);
  }

  async prioritize(conversationId, { priority, headStartMs } = {}, options) {
    await this.#core.command({ type: 'prioritize', conversationId, priority, headStartMs }, options);
  }

  async explain(conversationId, options) {
    return explain(this.#core, conversationId, options);
  }

  async setAgentSkills(userId, { signal, ...change } = {}) {
    await this.#core.command({ type: 'setAgentSkills', userId, ...change }, { signal });
  }

  async signOut(userId, options) {
    await this.#core.command({ type: 'signOutAgent', userId }, options);
  }

  async remove(conversationId, participantId, options) {
    await this.#core.command({ type: 'removeParticipant', conversationId, participantId }, options);
  }

  async waiting(queueId, { limit } = {}, options) {
    const { conversations, more = false } = await this.#core.command({ type: 'fetchWaiting', queueId, limit }, options);
    return { conversations: conversations.map(row => ({ outbound: false, offeredTo: [], ...row })), more };
  }

  async addToList({ queueId, target, channel = 'voice', name, subject, attributes }, options) {
    const { conversationId } = await this.#core.command({ type: 'startOutbound', queueId, target, channel, name, subject, attributes }, options);
    return conversationId;
  }

  async takeOffList(conversationId, { reason, signal } = {}) {
    await this.#core.command({ type: 'skip', conversationId, reason }, { signal });
  }

  async setAgentPresence(userId, availability, { reason, signal } = {}) {
    await this.#core.command({ type: 'setAgentPresence', userId, availability, reason }, { signal });
  }
}

class Voice {
  #core;

  constructor(core) {
    this.#core = core;
  }

  get state() {
    return this.#core.state.voice;
  }

  get streams() {
    return this.#core.client.streams();
  }

  get microphone() {
    return this.#core.client.microphone();
  }

  levels() {
    const [microphone, remote] = this.#core.client.levels();
    return { microphone, remote };
  }

  async prepare(options) {
    await this.#core.microphone(client => client.openMicrophone(true), options);
  }

  async useMicrophone(deviceId, options) {
    await this.#core.microphone(client => client.useMicrophone(deviceId), options);
  }

  async useSpeaker(deviceId, options) {
    const set = this.#core.client.useSpeaker(deviceId).catch(cause => {
      throw problem('notSupported', `The speaker ${deviceId} can't be used: no such device, or the browser has no choice of them.`, cause);
    });
    await abortable(options?.signal, set);
  }
}
