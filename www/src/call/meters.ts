/** Level meters: how loud the microphone and the other side are. */

import type { Session } from 'jackfield';
import { h, setAttribute } from '../ui/dom.js';

const BARS = 5;
const INTERVAL_MS = 66;
/** Below this loudness (0 to 1) nothing is lit; speech lies at 0.02 to 0.3. */
const FLOOR = 0.004;

export interface Meter {
  readonly element: HTMLElement;
  show(level: number): void;
}

/** Makes a meter. It is a picture of something that is heard: it has a name, and its value is not read out. */
export function meter(testid: string): Meter {
  const bars = Array.from({ length: BARS }, () => h('span', { class: 'meter-bar' }));
  const element = h('span', { testid, class: 'meter', attrs: { 'aria-hidden': 'true' } }, ...bars);
  return {
    element,
    show(level) {
      const lit = litBars(level);
      bars.forEach((bar, index) => bar.classList.toggle('lit', index < lit));
      setAttribute(element, 'data-lit', lit);
    },
  };
}

/** Loudness is heard by ratios, so each bar is a step of about 8 dB. */
export function litBars(level: number): number {
  if (!(level > FLOOR)) return 0;
  return Math.min(BARS, 1 + Math.floor(Math.log(level / FLOOR) / Math.log(2.6)));
}

/** Lets meters follow a session's levels while they are on the page. @returns what stops it. */
export function followLevels(session: Session, microphone: Meter, remote: Meter): () => void {
  let frame = 0;
  let last = 0;
  const draw = (at: number) => {
    frame = requestAnimationFrame(draw);
    if (at - last < INTERVAL_MS || !microphone.element.isConnected) return;
    last = at;
    const levels = session.voice.levels();
    microphone.show(levels.microphone);
    remote.show(levels.remote);
  };
  frame = requestAnimationFrame(draw);
  return () => cancelAnimationFrame(frame);
}
