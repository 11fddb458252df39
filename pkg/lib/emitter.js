// Who listens to what.

import { invalid, report } from './error.js';

/** Listeners, by the names of the events. */
export class Emitter {
  #sets;
  #types;
  #changed;

  /**
   * @param {Iterable<string>} names the events that there are @param {string} types where they are described
   * @param {() => void} [changed] told when somebody begins or ceases to listen
   */
  constructor(names, types, changed = () => {}) {
    this.#sets = new Map([...names].map(name => [name, new Set()]));
    this.#types = types;
    this.#changed = changed;
  }

  /** @returns a function that takes the listener away. */
  add(type, listener, { signal, once = false } = {}) {
    const listeners = this.#sets.get(type);
    if (!listeners) {
      throw invalid(`on: there is no event ${type}; see ${this.#types}`);
    }
    if (typeof listener !== 'function') {
      throw invalid(`on: give a function to call at ${type}`);
    }
    const off = () => {
      signal?.removeEventListener('abort', off);
      if (listeners.delete(entry)) {
        this.#changed();
      }
    };
    const entry = { listener, once, off };
    if (!signal?.aborted) {
      listeners.add(entry);
      signal?.addEventListener('abort', off, { once: true });
      this.#changed();
    }
    return off;
  }

  has(type) {
    return this.#sets.get(type)?.size > 0;
  }

  /** The events that somebody listens to. */
  wanted() {
    return [...this.#sets.keys()].filter(type => this.has(type));
  }

  tell(type, event) {
    // No copy: a set that changes while it is walked gives what was added, which is wanted by then, and not what was removed.
    for (const entry of this.#sets.get(type)) {
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

  /** Takes all listeners away. */
  clear() {
    this.#sets.forEach(listeners => [...listeners].forEach(({ off }) => off()));
  }
}
