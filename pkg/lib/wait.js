// Waiting, with an end.

import { problem } from './error.js';

const aborted = signal => problem('aborted', "The caller's AbortSignal ended the wait.", signal.reason);

/** @param {AbortSignal} [signal] */
export function throwIfAborted(signal) {
  if (signal?.aborted) {
    throw aborted(signal);
  }
}

/**
 * Waits for a promise, or for the signal. The listener goes with the wait.
 * @template T @param {AbortSignal | undefined} signal @param {Promise<T>} promise @param {() => void} [onAbort] @returns {Promise<T>}
 */
export function abortable(signal, promise, onAbort) {
  if (!signal) {
    return promise;
  }
  return new Promise((resolve, reject) => {
    const abort = () => {
      onAbort?.();
      reject(aborted(signal));
    };
    const done = settle => value => {
      signal.removeEventListener('abort', abort);
      settle(value);
    };
    signal.addEventListener('abort', abort, { once: true });
    promise.then(done(resolve), done(reject));
  });
}

/** Promise.withResolvers, which Node 20 does not have. */
export function resolvers() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}

/** Without the fields that are there but undefined: they mean the same as fields that are left out. */
export const defined = fields => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
