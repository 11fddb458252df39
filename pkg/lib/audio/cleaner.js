// The cleaner: what an application holds.

/** @import { CleanerOptions } from '../../audio.js' */

import { Emitter } from '../emitter.js';
import { invalid, problem } from '../error.js';
import { abortable, throwIfAborted } from '../wait.js';
import { Line } from './line.js';
import { loadModule, loadWorklet } from './load.js';

/** The only rate that the noise suppression knows; the browser brings any microphone to it. */
const SAMPLE_RATE = 48_000;
const FRAME_MS = 10;
/** How long a browser may take to let sound through. */
const START_MS = 3_000;

/** @param {CleanerOptions} [options] */
export async function createCleaner(options = {}) {
  const { signal, wasm, worklet } = options;
  const processorOptions = check(options);
  throwIfAborted(signal);
  if (typeof globalThis.AudioWorkletNode !== 'function') {
    throw problem('notSupported', 'This runtime has no AudioWorklet: use a current browser, and a page served by HTTPS or from localhost.');
  }
  const context = new AudioContext({ sampleRate: SAMPLE_RATE, latencyHint: 'interactive' });
  try {
    const [module] = await abortable(signal, Promise.all([loadModule(wasm), loadWorklet(context, worklet)]));
    return new Cleaner(context, { ...processorOptions, module });
  } catch (error) {
    context.close();
    throw error;
  }
}

/** @returns what the worklet's processor is made with, but for the module. */
function check({ suppress = true, attackMs = 40, hangoverMs = 300 }) {
  if (typeof suppress !== 'boolean') {
    throw invalid('suppress: give true or false');
  }
  return { suppress, attackFrames: frames('attackMs', attackMs), hangoverFrames: frames('hangoverMs', hangoverMs) };
}

function frames(name, milliseconds) {
  if (!(milliseconds >= 0 && milliseconds <= 10_000)) {
    throw invalid(`${name}: give a number of milliseconds, 0 to 10,000`);
  }
  return Math.ceil(milliseconds / FRAME_MS);
}

class Cleaner {
  #context;
  #options;
  #lines = new Set();
  #listeners = new Emitter(['level', 'voice', 'failed'], 'CleanerEvents');
  #over = false;

  constructor(context, options) {
    this.#context = context;
    this.#options = options;
    // A telephone call, or a headset that is plugged in, may halt it.
    context.onstatechange = () => this.#lines.size > 0 && context.state !== 'running' && this.#resume();
    this.#rest();
  }

  get suppress() {
    return this.#options.suppress;
  }

  set suppress(on) {
    check({ suppress: on });
    this.#options.suppress = on;
    this.#lines.forEach(line => line.suppress(on));
  }

  get speaking() {
    return [...this.#lines].some(line => line.speaking);
  }

  async process(stream, { signal } = {}) {
    throwIfAborted(signal);
    if (this.#over) {
      throw problem('closed', 'The cleaner is closed. Make another.');
    }
    if (!(stream instanceof MediaStream) || stream.getAudioTracks().length === 0) {
      throw invalid('process: give a MediaStream with an audio track');
    }
    const line = new Line(this.#context, stream, this.#options, {
      news: (of, news) => this.#news(of, news),
      failed: (_, error) => this.#listeners.tell('failed', { stream, error }),
      ended: of => this.#ended(of),
    });
    this.#lines.add(line);
    try {
      await abortable(signal, Promise.all([this.#started(), line.ready]));
    } catch (error) {
      line.end();
      throw error;
    }
    return line.cleaned;
  }

  on(type, listener, options) {
    return this.#listeners.add(type, listener, options);
  }

  close() {
    if (!this.#over) {
      this.#over = true;
      this.#lines.forEach(line => line.end());
      this.#listeners.clear();
      this.#context.close();
    }
  }

  // Where the runtime has no Symbol.dispose yet, the name that polyfills and compilers use for it.
  [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() {
    this.close();
  }

  #news(line, { input, output, probability, speaking }) {
    const { stream } = line;
    const changed = line.speaking !== speaking;
    line.speaking = speaking;
    this.#listeners.tell('level', { stream, input, output, probability, speaking });
    if (changed) {
      this.#listeners.tell('voice', { stream, speaking });
    }
  }

  #ended(line) {
    this.#lines.delete(line);
    if (line.speaking) {
      line.speaking = false;
      this.#listeners.tell('voice', { stream: line.stream, speaking: false });
    }
    if (this.#lines.size === 0 && !this.#over) {
      this.#rest();
    }
  }

  /** Sound flows. Browsers hold it back in a page that nobody has touched, but hardly ever in one with an open microphone. */
  #started() {
    const late = new Promise((_, reject) => {
      setTimeout(reject, START_MS, problem('notSupported', 'The browser holds audio back until the user has touched the page: process the microphone after a click.', undefined, true));
    });
    return Promise.race([this.#resume(), late]);
  }

  async #resume() {
    // Refused where the context was closed meanwhile: then every line has ended, and says so.
    await this.#context.resume().catch(() => {});
  }

  /** Without a stream it costs nothing. */
  #rest() {
    this.#context.suspend().catch(() => {});
  }
}
