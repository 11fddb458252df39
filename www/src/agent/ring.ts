/** The ringing of an offer: two soft tones made on the spot, so that no file is loaded. */

import { keep, recall } from '../ui/store.js';

const KEPT = 'jackfield.ring';
const PERIOD_S = 2.4;
/** Hertz, start and length in seconds, within a period. */
const notes = {
  voice: [[659, 0, 0.35], [523, 0.38, 0.35], [659, 0.8, 0.35], [523, 1.18, 0.35]],
  chat: [[784, 0, 0.18], [988, 0.2, 0.3]],
} as const;

let context: AudioContext | undefined;
let timeout: ReturnType<typeof setTimeout> | undefined;
let master: GainNode | undefined;

/** Whether ringing is allowed. */
export function rings(): boolean {
  return recall('browser', KEPT) !== 'off';
}

/** Allows ringing or silences it, from now on. */
export function setRings(on: boolean): void {
  keep('browser', KEPT, on ? undefined : 'off');
  if (!on) stopRinging();
}

/** Rings until {@link stopRinging}. A page that nobody has clicked in may not make a sound; then the offer is only seen. */
export function startRinging(kind: keyof typeof notes): void {
  if (timeout !== undefined || !rings()) return;
  context ??= new AudioContext();
  // Refused until the first click in the page: the tones are then scheduled for a clock that stands still.
  context.resume().catch(() => undefined);
  master = new GainNode(context, { gain: 0.12 });
  master.connect(context.destination);
  period(kind);
}

/** Ends the ringing at once. */
export function stopRinging(): void {
  clearTimeout(timeout);
  timeout = undefined;
  master?.disconnect();
  master = undefined;
  void context?.suspend().catch(() => undefined);
}

function period(kind: keyof typeof notes): void {
  for (const [hertz, start, length] of notes[kind]) tone(hertz, start, length);
  timeout = setTimeout(() => period(kind), PERIOD_S * 1000);
}

function tone(hertz: number, start: number, length: number): void {
  if (!context || !master) return;
  const at = context.currentTime + start;
  const envelope = new GainNode(context, { gain: 0 });
  envelope.gain.setValueAtTime(0, at);
  envelope.gain.linearRampToValueAtTime(1, at + 0.02);
  envelope.gain.exponentialRampToValueAtTime(0.001, at + length);
  const oscillator = new OscillatorNode(context, { type: 'triangle', frequency: hertz });
  oscillator.connect(envelope).connect(master);
  oscillator.start(at);
  oscillator.stop(at + length);
}
