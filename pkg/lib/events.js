// From what the WebAssembly tells to the objects that listeners get, and the listeners themselves.

import { Emitter } from './emitter.js';
import { offer as offerOf } from './made.js';

// What is told as one thing alone. Any other event: its fields, and its conversation if it has one.
const shapes = {
  messageAdded: (conversation, message) => ({ conversation, message }),
  messageChanged: (conversation, message) => ({ conversation, message }),
  participantJoined: (conversation, participant) => ({ conversation, participant }),
  participantChanged: (conversation, participant) => ({ conversation, participant }),
  presenceChanged: (_, presence) => ({ presence }),
  offerMade: (_, snapshot, core) => ({ offer: core.offer(offerOf(snapshot)) }),
  floorChanged: (_, __, core) => ({ floor: core.state.floor }),
};
const plain = (conversation, content) => (conversation ? { conversation, ...content } : content);

// Events that the WebAssembly hands on without knowing them: a new one is a line here, and one in index.d.ts.
const handedOn = ['contextChanged', 'queueChanged', 'pendingChanged', 'callbackChanged', 'outboundChanged', 'supervised'];

/** The listeners of one session. */
export class Listeners {
  #core;
  /** The names of the events that the WebAssembly knows, by their numbers; all others have the number after the last. */
  #names;
  #emitter;
  #statePlanned = false;
  #own;
  /** Which events are listened to, as bits by their numbers. */
  #wanted = 0;
  #onWanted;

  /**
   * @param {object} core @param {string[]} names
   * @param {Record<string, (content: object) => void>} own what the session itself follows
   * @param {(bits: number) => void} onWanted told which events are listened to: others are never made
   */
  constructor(core, names, own, onWanted) {
    this.#core = core;
    this.#names = names;
    this.#own = own;
    this.#onWanted = onWanted;
    this.#emitter = new Emitter([...names, ...handedOn, 'stateChanged'], 'SessionEvents', () => this.#tellWanted());
    this.#tellWanted();
  }

  add(type, listener, options) {
    return this.#emitter.add(type, listener, options);
  }

  /**
   * Tells of events, as the WebAssembly writes them, up to where somebody begins to listen to others: what comes then was written without those.
   * @param {string} text JSON: each event's number, conversation and content @returns how many it told of
   */
  deliver(text) {
    const told = JSON.parse(text);
    const wanted = this.#wanted;
    let at = 0;
    while (at < told.length && (this.#wanted & ~wanted) === 0) {
      const [number, id, content] = [told[at], told[at + 1], told[at + 2]];
      // Of what is handed on: a conversation that is over by the end of the same message is gone from the state, and not yet from here.
      const held = number in this.#names ? undefined : this.#core.held(content.conversationId);
      this.#deliver(number, id === null ? held : this.#core.conversation(id), content);
      at += 3;
    }
    return at / 3;
  }

  #deliver(number, conversation, content) {
    const name = this.#names[number] ?? content.type;
    if (content.error) {
      content.error = this.#core.known(content.error);
    }
    this.#own[name]?.(content);
    if (this.#emitter.has(name)) {
      this.#emitter.tell(name, (shapes[name] ?? plain)(conversation, content, this.#core));
    }
  }

  /** Anything in the state is another: said once, when the task's other events are out. */
  stateChanged() {
    if (!this.#statePlanned && this.#emitter.has('stateChanged')) {
      this.#statePlanned = true;
      queueMicrotask(() => {
        this.#statePlanned = false;
        this.#emitter.tell('stateChanged', { state: this.#core.state });
      });
    }
  }

  #tellWanted() {
    const wanted = [...Object.keys(this.#own), ...this.#emitter.wanted()].filter(name => name !== 'stateChanged');
    const numbers = wanted.map(name => this.#names.indexOf(name)).map(number => (number < 0 ? this.#names.length : number));
    this.#wanted = numbers.reduce((bits, number) => bits | (1 << number), 0);
    this.#onWanted(this.#wanted);
  }
}
