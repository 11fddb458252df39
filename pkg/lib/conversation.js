// The objects that stand for a conversation: its chat, its call, a consult.

import { explain } from './explain.js';

/** One interaction with a customer. */
export class Conversation {
  #core;
  #last;

  constructor(core, id) {
    this.#core = core;
    this.id = id;
    this.chat = new Chat(core, this);
    this.voice = new Call(core, this);
  }

  get state() {
    // While the events of a message are told that ends it, it has left the state already: then as it was seen last.
    return (this.#last = this.#core.snapshot(this) ?? this.#last);
  }

  async end(options) {
    await this.#command('endConversation', {}, options);
  }

  async finishWrapUp({ disposition, note } = {}, options) {
    await this.#command('finishWrapUp', { disposition, note }, options);
  }

  async extendWrapUp(options) {
    await this.#command('extendWrapUp', {}, options);
  }

  async transfer(target, options) {
    await this.#command('transfer', { target }, options);
  }

  async consult(target, options) {
    await this.#command('consult', { target }, options);
    return this.#consult();
  }

  get consultation() {
    const { pending, participants } = this.state;
    return pending?.kind === 'consult' || participants.some(isConsulted) ? this.#consult() : undefined;
  }

  async takeBack(options) {
    await this.#command('cancelConsult', {}, options);
  }

  async invite(target, options) {
    await this.#command('invite', { target }, options);
  }

  async remove(participantId, options) {
    await this.#command('removeParticipant', { participantId }, options);
  }

  async answer(accept, options) {
    const ask = () => this.#command('answerRequest', { accept }, options);
    const { pending, channel } = this.state;
    const talks = ['voice', 'callback'].includes(pending?.kind) || (pending?.kind === 'outbound' && channel === 'voice');
    await (accept && talks ? this.#core.withMicrophone(ask, options) : ask());
  }

  async requestCallback({ at } = {}, options) {
    await this.#command('requestCallback', { at: at instanceof Date ? at.getTime() : at }, options);
  }

  async dial(options) {
    const ask = () => this.#command('dial', {}, options);
    await (this.state.channel === 'voice' ? this.#core.withMicrophone(ask, options) : ask());
  }

  async skip(reason, options) {
    await this.#command('skip', { reason }, options);
  }

  async park(options) {
    await this.#command('park', {}, options);
  }

  async pickUp(options) {
    await this.#command('pickUp', {}, options);
  }

  async setAttributes(changes, options) {
    const entries = Object.entries(changes);
    const set = Object.fromEntries(entries.filter(([, value]) => value !== null));
    const remove = entries.filter(([, value]) => value === null).map(([name]) => name);
    await this.#command('setAttributes', { set, remove }, options);
  }

  async setTags({ add = [], remove = [] }, options) {
    await this.#command('setTags', { add, remove }, options);
  }

  async setLinks(links, options) {
    await this.#command('setLinks', { links }, options);
  }

  async addNote(text, options) {
    await this.#command('addNote', { text }, options);
  }

  async history({ before, limit } = {}, options) {
    const { entries, more } = await this.#command('fetchCustomerHistory', { before, limit }, options);
    return { entries: entries.map(entry => ({ agents: [], tags: [], ...entry })), more };
  }

  async pastMessages(past, { before, limit } = {}, options) {
    const { messages, more } = await this.#command('fetchPastMessages', { past, before, limit }, options);
    return { messages, more };
  }

  async explain(options) {
    return explain(this.#core, this.id, options);
  }

  #consult() {
    return new Consult(this.#core, this);
  }

  #command(type, fields, options) {
    return this.#core.command({ type, conversationId: this.id, ...fields }, options);
  }
}

/** A colleague, or a telephone number that has answered. */
const isConsulted = ({ part, side, dialing }) => part === 'consulted' || (part === 'external' && side === 'consult' && !dialing);

/** What the owner of a conversation can do with a consult. */
class Consult {
  #core;
  #conversation;

  constructor(core, conversation) {
    this.#core = core;
    this.#conversation = conversation;
  }

  get participant() {
    return this.#conversation.state.participants.find(isConsulted);
  }

  async complete(options) {
    await this.#command('completeConsult', options);
  }

  async cancel(options) {
    await this.#command('cancelConsult', options);
  }

  async swap(options) {
    await this.#command('swap', options);
  }

  async conference(options) {
    await this.#command('conference', options);
  }

  #command(type, options) {
    return this.#core.command({ type, conversationId: this.#conversation.id }, options);
  }
}

class Chat {
  #core;
  #conversation;

  constructor(core, conversation) {
    this.#core = core;
    this.#conversation = conversation;
  }

  get messages() {
    return this.#conversation.state.messages;
  }

  send(text, { visibility = 'everyone', signal } = {}) {
    return this.#command({ type: 'sendMessage', text, visibility }, { signal });
  }

  async markRead(upTo = this.#conversation.state.lastMessage, options = undefined) {
    const own = this.#own();
    // Said again it would change nothing, and cost the gateway an answer.
    if (upTo > (own?.read ?? 0)) {
      await this.#command({ type: 'markMessages', read: upTo }, options);
    }
  }

  typing(on) {
    this.#core.client.typing(this.#conversation.id, on);
  }

  async loadOlder(limit = 50, options) {
    const before = this.messages.find(({ number }) => number > 0)?.number;
    const { more } = await this.#command({ type: 'fetchHistory', limit, before }, options);
    return more;
  }

  #own() {
    const { userId } = this.#core.state.user;
    return this.#conversation.state.participants.find(participant => participant.userId === userId);
  }

  #command(fields, options) {
    return this.#core.command({ ...fields, conversationId: this.#conversation.id }, options);
  }
}

class Call {
  #core;
  #conversation;

  constructor(core, conversation) {
    this.#core = core;
    this.#conversation = conversation;
  }

  get leg() {
    const sessionId = this.#core.id;
    return this.#conversation.state.participants.find(({ voice }) => voice?.sessionId === sessionId)?.voice;
  }

  async start(options) {
    await this.#core.withMicrophone(() => this.#command('startVoice', {}, options), options);
  }

  async hangUp(options) {
    await this.#command('hangUp', {}, options);
  }

  async mute({ participantId, signal } = {}) {
    await this.#command('setMuted', { muted: true, participantId }, { signal });
  }

  async unmute({ participantId, signal } = {}) {
    await this.#command('setMuted', { muted: false, participantId }, { signal });
  }

  async hold({ participantId, signal } = {}) {
    await this.#command('hold', { participantId }, { signal });
  }

  async resume({ participantId, signal } = {}) {
    await this.#command('resume', { participantId }, { signal });
  }

  #command(type, fields, options) {
    return this.#core.command({ type, conversationId: this.#conversation.id, ...fields }, options);
  }
}
