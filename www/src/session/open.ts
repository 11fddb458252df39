/** Opens the page's session, and keeps trying while the gateway is away. */

import { connect, type Session, type VoiceOptions } from 'jackfield';
import { setClockOffset } from '../ui/clock.js';
import { recallObject } from '../ui/store.js';
import { cleans, prepareCleaning, processMicrophone } from './cleaning.js';
import { type Explanation, explain } from './errors.js';
import { demoToken, type Identity } from './token.js';

declare global {
  /** The open session, to play with in the console. */
  var jackfield: { readonly session: Session } | undefined;
}

const TRY_AGAIN_MS = 3_000;

export interface Opening {
  readonly signal: AbortSignal;
  /** Told of each try that failed; `until` says when the next one comes, if one comes. */
  readonly onFailure: (why: Explanation, until: number | undefined) => void;
}

/**
 * Opens a session. Where trying again may help it does, every few seconds and whenever the browser is online again.
 * @returns nothing where it was given up or can't work; `onFailure` has said why.
 */
export async function openSession(identity: Identity, { signal, onFailure }: Opening): Promise<Session | undefined> {
  while (!signal.aborted) {
    try {
      return expose(await connect({ gateway: location.origin, token: demoToken(identity), signal, voice: voiceOptions(identity) }));
    } catch (error) {
      const why = explain(error);
      if (!why) return undefined;
      onFailure(why, why.retryable ? Date.now() + TRY_AGAIN_MS : undefined);
      if (!why.retryable) return undefined;
      await pause(TRY_AGAIN_MS, signal);
    }
  }
  return undefined;
}

function expose(session: Session): Session {
  globalThis.jackfield = { session };
  setClockOffset(session.state.clockOffset);
  session.on('stateChanged', ({ state }) => setClockOffset(state.clockOffset));
  session.on('closed', () => {
    if (globalThis.jackfield?.session === session) globalThis.jackfield = undefined;
  });
  return session;
}

/** Resolves after a time, when the browser comes online, or when the signal says so, whichever is first. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timeout);
      removeEventListener('online', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timeout = setTimeout(done, milliseconds);
    addEventListener('online', done);
    signal.addEventListener('abort', done);
  });
}

/** How voice is opened: the SDK's defaults, but for what this browser keeps under `jackfield.voice`. */
function voiceOptions({ role }: Identity): VoiceOptions {
  const kept = recallObject('browser', 'jackfield.voice') ?? {};
  const options: { -readonly [K in keyof VoiceOptions]: VoiceOptions[K] } = {};
  for (const name of ['echoCancellation', 'noiseSuppression', 'autoGainControl', 'play'] as const) {
    if (typeof kept[name] === 'boolean') options[name] = kept[name];
  }
  if (typeof kept['deviceId'] === 'string') options.deviceId = kept['deviceId'];
  if (role === 'agent') {
    // Twice suppressed sounds worse than once.
    if (cleans()) options.noiseSuppression ??= false;
    prepareCleaning();
    options.process = processMicrophone;
  }
  return options;
}
