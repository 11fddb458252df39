// The objects that stand for a conversation: its chat and its call.

/** One interaction with a customer. */
export class Conversation {
  #core;

  constructor(core, id) {
    this.#core = core;
    this.id = id;
    this.chat = new Chat(core, this);
    this.voice = new Call(core, this);
  }

  get state() {
    return this.#core.snapshot(this);
  }

  async end(options) {
    await this.#core.command({ type: 'endConversation', conversationId: this.id }, options);
  }

  async finishWrapUp({ disposition, note } = {}, options) {
    await this.#core.command({ type: 'finishWrapUp', conversationId: this.id, disposition, note }, options);
  }

  async extendWrapUp(options) {
    await this.#core.command({ type: 'extendWrapUp', conversationId: this.id }, options);
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

  async markRead(upTo = this.#conversation.state.lastMessage) {
    const own = this.#own();
    // Said again it would change nothing, and cost the gateway an answer.
    if (upTo > (own?.read ?? 0)) {
      await this.#command({ type: 'markMessages', read: upTo });
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
