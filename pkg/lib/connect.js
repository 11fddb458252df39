// Opening a session.

/** @import { ConnectOptions } from '../index.js' */

import { Core } from './core.js';
import { invalid, JackfieldError, problem } from './error.js';
import { load } from './load.js';
import { Session } from './session.js';
import { abortable, defined, throwIfAborted } from './wait.js';

/** @param {ConnectOptions} options */
export async function connect(options) {
  const checked = check(options);
  const { signal, token } = options;
  throwIfAborted(signal);
  if (typeof globalThis.WebSocket !== 'function') {
    throw problem('notSupported', 'This runtime has no WebSocket: use a current browser, or Node 22 or newer.');
  }
  const { Client } = await abortable(signal, load());
  const core = new Core(Client, checked, token);
  try {
    await abortable(signal, core.opened);
  } catch (error) {
    core.close();
    throw error;
  }
  return new Session(core);
}

/** @returns what the WebAssembly's client is made with. */
function check(options) {
  if (options === null || typeof options !== 'object') {
    throw invalid('connect: give an object with gateway and token');
  }
  const { token, voice = true, resume = 'tab', timeoutMs = 10_000 } = options;
  if (typeof token !== 'function' && (typeof token !== 'string' || token === '')) {
    throw invalid('token: give a token as text, or a function that gives one');
  }
  if (resume !== 'tab' && resume !== 'none') {
    throw invalid("resume: give 'tab' or 'none'");
  }
  if (!(Number.isFinite(timeoutMs) && timeoutMs > 0)) {
    throw invalid('timeoutMs: give a number of milliseconds above 0');
  }
  if (typeof voice !== 'boolean' && (voice === null || typeof voice !== 'object')) {
    throw invalid('voice: give true, false, or an object of voice options');
  }
  const { process } = voice;
  if (process !== undefined && typeof process !== 'function') {
    throw invalid('voice.process: give a function that is given a MediaStream and returns one');
  }
  const url = socketUrl(options.gateway);
  return {
    url,
    voice: voice === false ? undefined : voice === true ? {} : defined({ ...voice, process: process && guarded(process) }),
    storageKey: resume === 'tab' ? `jackfield:${url}` : undefined,
    timeoutMs,
    seed: seed(),
  };
}

/** What the application makes of the microphone. If it can't, the microphone is not opened: it may be there to keep something from being heard. */
function guarded(process) {
  return async stream => {
    let made;
    try {
      made = await process(stream);
    } catch (cause) {
      throw cause instanceof JackfieldError ? cause : problem('invalidOption', `voice.process threw: ${cause?.message ?? cause}`, cause);
    }
    if (!(made instanceof MediaStream && made.getAudioTracks().length)) {
      throw invalid('voice.process: return a MediaStream with an audio track');
    }
    return made;
  };
}

function socketUrl(gateway) {
  let url;
  try {
    url = new URL(gateway);
  } catch (cause) {
    throw problem('invalidOption', 'gateway: give an address like https://voice.example.com', cause);
  }
  const scheme = { 'https:': 'wss:', 'http:': 'ws:', 'wss:': 'wss:', 'ws:': 'ws:' }[url.protocol];
  if (!scheme) {
    throw invalid(`gateway: ${url.protocol} is no scheme for it; give https: or wss:`);
  }
  return `${scheme}//${url.host}${url.pathname.replace(/\/+$/, '')}/v1/socket`;
}

/** 52 bits of the platform's best randomness: the engine draws all others from it. */
function seed() {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2));
  return (high & 0xfffff) * 2 ** 32 + low;
}
