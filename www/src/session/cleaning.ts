/** The agent's microphone without the noise of the room, where the agent wants it so. Loaded when it is wanted for the first time. */

import type { Session } from 'jackfield';
import type { Cleaner } from 'jackfield/audio';
import { keep, recall } from '../ui/store.js';
import { showError } from '../ui/troubles.js';

const KEPT = 'jackfield.clean';

let cleaner: Promise<Cleaner> | undefined;

/** Whether this browser's agent wants it. */
export function cleans(): boolean {
  return recall('browser', KEPT) === 'on';
}

/** Loads what cleans ahead of the first call, where it is wanted: the caller shall not wait for it. */
export function prepareCleaning(): void {
  if (cleans()) load().catch(showError);
}

/** For `connect({ voice: { process } })`. A call with noise is better than none: where cleaning fails, the microphone is sent as it is. */
export async function processMicrophone(stream: MediaStream): Promise<MediaStream> {
  if (!cleans()) return stream;
  try {
    return await (await load()).process(stream);
  } catch (error) {
    showError(error);
    return stream;
  }
}

/** Wants it, or not, from now on: in the middle of a call, too. */
export async function setCleaning(session: Session, on: boolean): Promise<void> {
  keep('browser', KEPT, on ? 'on' : undefined);
  const loaded = await cleaner;
  if (loaded) loaded.suppress = on;
  else if (on) await openAgain(session);
}

/** A microphone that is open already passes by; the same one opened again does not. */
async function openAgain(session: Session): Promise<void> {
  const device = session.voice.microphone?.getAudioTracks()[0]?.getSettings().deviceId;
  if (device !== undefined) await session.voice.useMicrophone(device);
  else prepareCleaning();
}

function load(): Promise<Cleaner> {
  cleaner ??= import('jackfield/audio').then(({ createCleaner }) => createCleaner());
  // A network that failed once may work the next time.
  cleaner.catch(() => (cleaner = undefined));
  return cleaner;
}
