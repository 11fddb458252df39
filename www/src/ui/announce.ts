/** What screen readers are told without being asked. */

import { h, setText } from './dom.js';

const polite = h('div', { class: 'visually-hidden', attrs: { role: 'status', 'aria-live': 'polite' } });
const assertive = h('div', { class: 'visually-hidden', attrs: { role: 'alert', 'aria-live': 'assertive' } });

/** The two live regions; part of every page from the start, since a region that appears with its text is not read. */
export function liveRegions(): HTMLElement[] {
  return [polite, assertive];
}

/** Says something when there is a pause, or at once. */
export function announce(text: string, urgency: 'polite' | 'assertive' = 'polite'): void {
  const region = urgency === 'polite' ? polite : assertive;
  // The same text twice is no change, and would not be read.
  setText(region, region.textContent === text ? `${text}\u00A0` : text);
}
