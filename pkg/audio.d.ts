/**
 * Noise suppression, levels and voice activity for a microphone. Loaded only by pages that import `jackfield/audio`:
 * some 200 kB compressed, fetched by {@link createCleaner} and not at import.
 *
 * ```ts
 * import { connect } from 'jackfield';
 * import { createCleaner } from 'jackfield/audio';
 *
 * const cleaner = await createCleaner();
 * cleaner.on('voice', ({ speaking }) => badge.classList.toggle('speaking', speaking));
 * const session = await connect({
 *   gateway, token,
 *   voice: { noiseSuppression: false, process: stream => cleaner.process(stream) },
 * });
 * // … and when the session is over:
 * cleaner.close();
 * ```
 */

import type { JackfieldError } from './index.js';
export { JackfieldError } from './index.js';

/**
 * Loads and starts what cleans. Needs an AudioWorklet, which browsers give to pages served by HTTPS or from localhost, and of a strict
 * Content-Security-Policy no more than `script-src 'self' 'wasm-unsafe-eval'`.
 * @throws {JackfieldError} `notSupported` where the browser has no AudioWorklet or a file could not be loaded; `invalidOption`; `aborted`.
 */
export function createCleaner(options?: CleanerOptions): Promise<Cleaner>;

export interface CleanerOptions {
  /** Ends the wait with `aborted`. A cleaner that is there is ended by {@link Cleaner.close}. */
  signal?: AbortSignal;
  /** Whether noise is suppressed at the beginning; default `true`. */
  suppress?: boolean;
  /** So long it has to sound like a voice before somebody speaks, in milliseconds, in steps of 10; default 40. */
  attackMs?: number;
  /** So long it has to sound like none before nobody does; default 300. */
  hangoverMs?: number;
  /** Where `audio_bg.wasm` is, or the module itself; beside this package if left out. */
  wasm?: string | URL | WebAssembly.Module;
  /** Where the worklet's file (`dist/audio.js`) is; beside this package if left out. It can't be a `blob:` under a strict policy. */
  worklet?: string | URL;
}

/** Once in about 100 ms for each stream, and at once when somebody begins or ceases to speak. Levels are of the time since the last event. */
export interface LevelEvent {
  /** The stream that was given to {@link Cleaner.process}. */
  readonly stream: MediaStream;
  /** The level of what came in, in -dBov as RFC 6464 has it: 0 is the loudest possible, 127 is silence. A quiet voice on a headset is about 45. */
  readonly input: number;
  /** The level of what went out. */
  readonly output: number;
  /** The highest probability of voice, 0 to 1. */
  readonly probability: number;
  readonly speaking: boolean;
}

/** A listener that throws harms nobody else. */
export interface CleanerEvents {
  level: LevelEvent;
  /** Somebody began or ceased to speak. Also while the call is muted: that is how to say "you are muted". */
  voice: { readonly stream: MediaStream; readonly speaking: boolean };
  /** The worklet broke down. The stream goes on, with its noise. */
  failed: { readonly stream: MediaStream; readonly error: JackfieldError };
}

/** Cleans microphones, as many as are given to it. Costs no time while there is none. */
export interface Cleaner extends Disposable {
  /** Whether noise is suppressed. May be set at any time, without a click; levels and voice activity go on. */
  suppress: boolean;
  /** Whether somebody speaks now. */
  readonly speaking: boolean;
  /**
   * Cleans a stream: mono at 48 kHz, 19.3 ms later (10 ms of the noise suppression, 9.3 ms of the worklet's short blocks).
   *
   * The result ends when the stream given ends, and when the cleaner is closed; a cleaner stops no microphone. The session stops
   * both by itself; otherwise stop the tracks of both.
   * @throws {JackfieldError} `invalidOption` without an audio track; `notSupported` where the browser can't bring the microphone to 48 kHz, or
   * holds audio back until the user touches the page; `closed`; `aborted`.
   */
  process(stream: MediaStream, options?: { signal?: AbortSignal }): Promise<MediaStream>;
  /** @returns a function that takes the listener away; so does `signal`. */
  on<K extends keyof CleanerEvents>(type: K, listener: (event: CleanerEvents[K]) => void, options?: { signal?: AbortSignal; once?: boolean }): () => void;
  /** Ends what comes out, takes all listeners away and frees the audio thread. Safe to call twice. */
  close(): void;
  [Symbol.dispose](): void;
}
