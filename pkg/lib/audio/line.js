// One stream on its way through the worklet.

import { problem } from '../error.js';
import { resolvers } from '../wait.js';

/** Voices are mono, and so is what is learnt about noise: a microphone with two channels is mixed. */
const MONO = { channelCount: 1, channelCountMode: 'explicit' };

export class Line {
  speaking = false;
  #source;
  #target;
  #node;
  #input;
  #owner;
  #ready = resolvers();

  /**
   * @param {AudioContext} context @param {MediaStream} stream @param {object} options the processor's
   * @param {{ news: (line: Line, news: object) => void, failed: (line: Line, error: Error) => void, ended: (line: Line) => void }} owner
   */
  constructor(context, stream, options, owner) {
    this.stream = stream;
    this.#owner = owner;
    [this.#input] = stream.getAudioTracks();
    this.#source = source(context, stream);
    this.#target = context.createMediaStreamDestination();
    Object.assign(this.#target, { channelCount: 1 });
    this.#node = new AudioWorkletNode(context, 'jackfield-cleaner', { ...MONO, outputChannelCount: [1], processorOptions: options });
    this.#node.port.onmessage = ({ data }) => this.#told(data);
    this.#node.onprocessorerror = event => this.#failed(event);
    this.#input.addEventListener('ended', this.end);
    this.#source.connect(this.#node).connect(this.#target);
    // Whoever waits for it sees the failure; nobody has to.
    this.#ready.promise.catch(() => {});
  }

  /** Settled when sound comes out, or never will. */
  get ready() {
    return this.#ready.promise;
  }

  /** The stream that comes out. */
  get cleaned() {
    return this.#target.stream;
  }

  suppress(on) {
    this.#node.port.postMessage({ suppress: on });
  }

  /** Ends what comes out. What comes in belongs to whoever opened it. */
  end = () => {
    if (this.#owner) {
      const owner = this.#owner;
      this.#owner = undefined;
      this.#input.removeEventListener('ended', this.end);
      this.#node.port.postMessage('close');
      this.#source.disconnect();
      this.#node.disconnect();
      this.#output.stop();
      this.#ready.reject(problem('closed', 'The microphone was closed before its sound came out.'));
      owner.ended(this);
    }
  };

  get #output() {
    return this.#target.stream.getAudioTracks()[0];
  }

  #told(message) {
    if (message === 'ready') {
      this.#ready.resolve();
    } else if (this.#input.readyState === 'ended' || this.#output.readyState === 'ended') {
      // A track that is stopped by the page itself tells nobody (W3C Media Capture and Streams, 4.3.1): it has to be looked at.
      this.end();
    } else {
      this.#owner?.news(this, message);
    }
  }

  /** What the processor throws ends it for good, in silence. A call with noise is better than that. */
  #failed(event) {
    const error = problem('internal', `The audio worklet failed: ${event.message || 'see the console'}. The sound goes on as it comes.`);
    this.#ready.reject(error);
    if (this.#owner) {
      this.#source.disconnect();
      this.#source.connect(this.#target);
      this.#owner.failed(this, error);
    }
  }
}

function source(context, stream) {
  try {
    return context.createMediaStreamSource(stream);
  } catch (cause) {
    throw problem('notSupported', `This browser can't bring the microphone to ${context.sampleRate} Hz: use the stream as it is.`, cause);
  }
}
