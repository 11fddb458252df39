// The objects that stand for a session.

import { abortable } from './wait.js';
import { problem } from './error.js';

/** One connected client of one user. */
export class Session {
  #core;

  constructor(core) {
    this.#core = core;
    this.presence = new PresenceControl(core);
    this.voice = new Voice(core);
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

  async set(availability, options) {
    await this.#core.command({ type: 'setPresence', availability }, options);
  }

  async watch(userIds, options) {
    const { presence } = await this.#core.command({ type: 'watchPresence', userIds: [...userIds] }, options);
    return presence;
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
