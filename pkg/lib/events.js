// From what the WebAssembly tells to the objects that listeners get, and the listeners themselves.

import { invalid, report } from './error.js';

// What is told as one thing alone. Any other event: its fields, and its conversation if it has one.
const shapes = {
  messageAdded: (conversation, message) => ({ conversation, message }),
  messageChanged: (conversation, message) => ({ conversation, message }),
  participantJoined: (conversation, participant) => ({ conversation, participant }),
  participantChanged: (conversation, participant) => ({ conversation, participant }),
  presenceChanged: (_, presence) => ({ presence }),
  offerMade: (_, snapshot, core) => ({ offer: core.offer(snapshot) }),
  floorChanged: (_, __, core) => ({ floor: core.state.floor }),
};
const plain = (conversation, content) => (conversation ? { conversation, ...content } : content);

/** The listeners of one session. */
export class Listeners {
  #core;
  #names;
  /** By the number of the event. */
  #byNumber = [];
  #ofState = new Set();
  #statePlanned = false;
  #own;
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
    this.#tellWanted();
  }

  add(type, listener, { signal, once = false } = {}) {
    const listeners = this.#of(type);
    if (typeof listener !== 'function') {
      throw invalid(`on: give a function to call at ${type}`);
    }
    const off = () => {
      signal?.removeEventListener('abort', off);
      if (listeners.delete(entry)) {
        this.#tellWanted();
      }
    };
    const entry = { listener, once, off };
    if (!signal?.aborted) {
      listeners.add(entry);
      signal?.addEventListener('abort', off, { once: true });
      this.#tellWanted();
    }
    return off;
  }

  deliver(number, conversation, content) {
    const name = this.#names[number];
    if (content?.error) {
      content.error = this.#core.known(content.error);
    }
    this.#own[name]?.(content);
    const listeners = this.#byNumber[number];
    if (listeners?.size) {
      call(listeners, (shapes[name] ?? plain)(conversation, content, this.#core));
    }
  }

  /** Anything in the state is another: said once, when the task's other events are out. */
  stateChanged() {
    if (!this.#statePlanned && this.#ofState.size) {
      this.#statePlanned = true;
      queueMicrotask(() => {
        this.#statePlanned = false;
        call(this.#ofState, { state: this.#core.state });
      });
    }
  }

  #of(type) {
    if (type === 'stateChanged') {
      return this.#ofState;
    }
    const number = this.#names.indexOf(type);
    if (number < 0) {
      throw invalid(`on: there is no event ${type}; see SessionEvents`);
    }
    return (this.#byNumber[number] ??= new Set());
  }

  #tellWanted() {
    const wanted = Object.keys(this.#own).map(name => this.#names.indexOf(name));
    this.#byNumber.forEach((listeners, number) => listeners.size && wanted.push(number));
    this.#onWanted(wanted.reduce((bits, number) => bits | (1 << number), 0));
  }
}

function call(listeners, event) {
  // No copy: a set that changes while it is walked gives what was added, which is wanted by then, and not what was removed.
  for (const entry of listeners) {
    if (entry.once) {
      entry.off();
    }
    try {
      entry.listener(event);
    } catch (error) {
      report(error);
    }
  }
}

