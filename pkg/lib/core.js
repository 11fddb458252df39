// What the objects of one session share: the WebAssembly's client and the objects made so far. Applications never hold it.

import { Conversation } from './conversation.js';
import { closed, JackfieldError, known, problem } from './error.js';
import { Listeners } from './events.js';
import { conversation, made } from './made.js';
import { Offer } from './offer.js';
import { abortable, resolvers, throwIfAborted } from './wait.js';

// An open session lives, whether or not the application holds it. What the WebAssembly holds of a session it holds weakly: its table of JavaScript objects is a
// root for the collector, and with a strong reference there no closed session would ever go, nor its memory in the WebAssembly.
const open = new Set();

/** A command as JSON; fields that are undefined are left out. */
function written(command) {
  try {
    return JSON.stringify(command);
  } catch (cause) {
    throw problem('invalidField', `${command.type}: its fields must be plain JSON: ${cause.message}`, cause);
  }
}

export class Core {
  /** The WebAssembly's client. */
  client;
  listeners;
  #token;
  #tokenCause;
  #conversations = new Map();
  #offers = new Map();
  /** The last snapshots of conversations that are gone. */
  #gone = new WeakMap();
  #requests = 0;
  #open = resolvers();
  #end = resolvers();
  #over = false;
  #id;

  constructor(Client, options, token) {
    this.#token = token;
    // Whoever waits for the session sees the failure; nobody has to.
    this.#open.promise.catch(() => {});
    try {
      this.client = new Client(options, this.#host());
    } catch (error) {
      throw known(error);
    }
    open.add(this);
    this.listeners = new Listeners(this, Client.eventNames(), this.#own(), bits => this.client.listen(bits));
    this.client.connect();
  }

  /** Settled when the session is ready, or will never be. */
  get opened() {
    return this.#open.promise;
  }

  get id() {
    return (this.#id ??= this.client.id());
  }

  get state() {
    return this.client.state();
  }

  close() {
    if (!this.#over) {
      this.client.close();
    }
    return this.#end.promise;
  }

  known(error) {
    return error.code === 'tokenSourceFailed' ? new JackfieldError(error, this.#tokenCause) : known(error);
  }

  /**
   * Asks the gateway for something, as `Command` of the wire has it; the gateway checks its fields.
   * @param {boolean} [shows] the answer names a conversation: it is given when the state has it
   */
  async command(command, options, shows = false) {
    const signal = options?.signal;
    throwIfAborted(signal);
    if (this.#over) {
      throw closed();
    }
    const text = written(command);
    const number = (this.#requests += 1);
    const answer = this.client.request(number, text, shows);
    try {
      return await abortable(signal, answer, () => this.client.cancel(number));
    } catch (error) {
      throw known(error);
    }
  }

  /** Opens the microphone, then asks for what needs it; closes it again where that is refused. */
  async withMicrophone(ask, options) {
    await this.microphone(client => client.openMicrophone(false), options);
    try {
      return await ask();
    } catch (error) {
      this.client.closeMicrophone();
      throw error;
    }
  }

  /** Asks something of the microphone, and waits for it. */
  async microphone(ask, options) {
    throwIfAborted(options?.signal);
    if (this.#over) {
      throw closed();
    }
    const asked = ask(this.client);
    const closeLater = () => asked.then(() => this.client.closeMicrophone(), () => {});
    try {
      await abortable(options?.signal, asked, closeLater);
    } catch (error) {
      throw known(error);
    }
  }

  /** The conversation that an answer named. */
  present(conversationId) {
    if (!this.client.conversation(conversationId) && !this.#conversations.has(conversationId)) {
      throw problem('notFound', `Conversation ${conversationId} was over before it could be shown.`);
    }
    return this.conversation(conversationId);
  }

  conversation(id) {
    let conversation = this.#conversations.get(id);
    if (!conversation) {
      conversation = new Conversation(this, id);
      this.#conversations.set(id, conversation);
    }
    return conversation;
  }

  /** The conversation's object, if there is one. */
  held(id) {
    return this.#conversations.get(id);
  }

  snapshot(conversation) {
    return this.#gone.get(conversation) ?? this.client.conversation(conversation.id);
  }

  offer(snapshot) {
    let offer = this.#offers.get(snapshot.offerId);
    if (!offer) {
      offer = new Offer(this, snapshot);
      this.#offers.set(snapshot.offerId, offer);
    }
    return offer;
  }

  /** What the WebAssembly calls. */
  #host() {
    const weak = new WeakRef(this);
    return {
      token: () => weak.deref().#getToken(),
      removed: (id, last) => weak.deref().#removed(id, last),
      deliver: events => weak.deref().listeners.deliver(events),
      warn: message => console.warn(`jackfield: ${message}`),
      changed: () => weak.deref()?.listeners.stateChanged(),
      made: (kind, json) => made[kind](JSON.parse(json)),
      snapshot: (json, messages) => conversation(JSON.parse(json), messages),
    };
  }

  #removed(id, last) {
    this.#gone.set(this.conversation(id), last);
    this.#conversations.delete(id);
  }

  /** What events mean for the session itself. */
  #own() {
    return {
      connectionChanged: ({ connection }) => connection === 'ready' && this.#open.resolve(),
      offerEnded: ({ offerId }) => this.#offers.delete(offerId),
      closed: ({ error }) => {
        this.#over = true;
        open.delete(this);
        this.#open.reject(error ?? closed());
        this.#end.resolve();
      },
    };
  }

  async #getToken() {
    this.#tokenCause = undefined;
    let token;
    try {
      token = typeof this.#token === 'function' ? await this.#token() : this.#token;
    } catch (cause) {
      this.#tokenCause = cause;
      throw problem('tokenSourceFailed', `The token function threw: ${cause?.message ?? cause}`, cause, true);
    }
    if (typeof token !== 'string' || token === '') {
      throw problem('tokenSourceFailed', 'The token function gave no text.', undefined, true);
    }
    return token;
  }
}
