/** The tone by which this user hears that the other end rings, while there is nobody to hear: the page makes it, and nobody else hears it. */

import type { Conversation, Participant, Session } from 'jackfield';
import { isCall, ownOf } from '../session/people.js';

/** As the network plays it in most of Europe and in ITU-T E.180: 425 Hz, one second of every five. */
const HERTZ = 425;
const ON_S = 1;
const PERIOD_S = 5;
/** Begins and ends without a click. */
const RAMP_S = 0.02;
const LOUDNESS = 0.1;

let context: AudioContext | undefined;
let playing: AudioBufferSourceNode | undefined;

/** Follows the session. @returns what plays or stops the tone, as things stand now. */
export function followRingback(session: Session, signal: AbortSignal): () => void {
  signal.addEventListener('abort', stop);
  return () => {
    const over = session.state.connection === 'closed';
    if (!over && session.conversations.some((one) => ringsUnheard(session, one))) play();
    else stop();
  };
}

/** Whether somebody rings for this page's call, and nobody else in it is to be heard: without the tone there would be silence. Whoever talks meanwhile is not disturbed. */
function ringsUnheard(session: Session, { state }: Conversation): boolean {
  const { pending, participants } = state;
  const own = ownOf(state, session);
  if (state.state !== 'active' || own?.voice?.sessionId !== session.id || own.voice.held) return false;
  const rings = isCall(pending) || pending?.kind === 'consult' || pending?.kind === 'transfer' || pending?.kind === 'invite';
  return rings && participants.every((one) => one === own || !isHeard(one, own));
}

function isHeard({ voice, dialing, part, side }: Participant, own: Participant): boolean {
  return voice !== undefined && !voice.held && dialing !== true && part !== 'monitor' && side === own.side;
}

function play(): void {
  if (playing) return;
  context ??= new AudioContext();
  // Refused until the first click in the page; whoever takes or makes a call has clicked.
  context.resume().catch(() => undefined);
  playing = new AudioBufferSourceNode(context, { buffer: tone(context.sampleRate), loop: true });
  playing.connect(context.destination);
  playing.start();
}

function stop(): void {
  if (!playing) return;
  playing.stop();
  playing.disconnect();
  playing = undefined;
  void context?.suspend().catch(() => undefined);
}

/** One period. A buffer that is played over and over keeps time where the page's timers are slowed down, as in a tab that lies behind others. */
function tone(sampleRate: number): AudioBuffer {
  const buffer = new AudioBuffer({ length: PERIOD_S * sampleRate, sampleRate });
  const samples = buffer.getChannelData(0);
  for (let at = 0; at < ON_S * sampleRate; at += 1) {
    const seconds = at / sampleRate;
    const edge = Math.min(1, seconds / RAMP_S, (ON_S - seconds) / RAMP_S);
    samples[at] = LOUDNESS * edge * Math.sin(2 * Math.PI * HERTZ * seconds);
  }
  return buffer;
}
