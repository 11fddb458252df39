// The AudioWorklet's side of `jackfield/audio`: one processor for each stream that is cleaned.
//
// Built into `pkg/dist/audio.js` together with the glue of this crate's WebAssembly, because bundlers copy a worklet's file as
// it is: it can import nothing. The module comes compiled with the options: a worklet can fetch nothing either.

import { close, initSync, input, open, output, probability, process, samples, speaking, suppress } from 'jackfield-audio-glue';

/** Samples of a block where the browser doesn't say: so many they were before it became a choice (Web Audio API 1.1). */
const USUAL_BLOCK = 128;

class CleanerProcessor extends AudioWorkletProcessor {
  #memory;
  #options;
  #line = 0;
  /** The line's samples in the memory of the WebAssembly. */
  #samples = new Float32Array(0);
  #block = 0;
  #suppress;
  #closed = false;

  constructor({ processorOptions: { module, ...options } }) {
    super();
    // All processors of a page's context share one instance: the glue makes it once.
    this.#memory = initSync({ module }).memory;
    this.#options = options;
    this.#suppress = options.suppress;
    this.#open(globalThis.renderQuantumSize ?? USUAL_BLOCK);
    this.port.onmessage = ({ data }) => this.#told(data);
    this.port.postMessage('ready');
  }

  process([[heard]], [[sent]]) {
    if (this.#closed) {
      return false;
    }
    if (sent.length !== this.#block) {
      this.#open(sent.length);
    }
    const block = this.#view();
    // Nothing is connected, or what was has ended.
    heard ? block.set(heard) : block.fill(0);
    const news = process(this.#line);
    sent.set(this.#view());
    if (news) {
      this.#tell();
    }
    return true;
  }

  #open(block) {
    const { attackFrames, hangoverFrames } = this.#options;
    close(this.#line);
    this.#line = open(sampleRate, block, attackFrames, hangoverFrames);
    if (this.#line === 0) {
      throw new RangeError(`no line for blocks of ${block} samples at ${sampleRate} Hz`);
    }
    this.#block = block;
    this.#samples = new Float32Array(0);
    suppress(this.#line, this.#suppress);
  }

  /** The samples as they lie now: a view of the memory is empty from when the memory grew, and that may be in any call. */
  #view() {
    if (this.#samples.length === 0) {
      this.#samples = new Float32Array(this.#memory.buffer, samples(this.#line), this.#block);
    }
    return this.#samples;
  }

  #tell() {
    const line = this.#line;
    this.port.postMessage({ input: input(line), output: output(line), probability: probability(line), speaking: speaking(line) });
  }

  #told(message) {
    if (message === 'close') {
      this.#closed = true;
      close(this.#line);
    } else {
      this.#suppress = message.suppress;
      suppress(this.#line, this.#suppress);
    }
  }
}

registerProcessor('jackfield-cleaner', CleanerProcessor);
