/** The gateway's time, and the timers on the page that run by it. */

import { h, setText } from './dom.js';

let offset = 0;

/** Takes over the difference between the gateway's clock and this machine's, in milliseconds. */
export function setClockOffset(milliseconds: number): void {
  offset = milliseconds;
}

/** The gateway's time now, in milliseconds since the Unix epoch. */
export function now(): number {
  return Date.now() + offset;
}

/** Milliseconds as `m:ss`, or `h:mm:ss` from one hour on. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** A timer that counts up, or down; see {@link setTimer}. Its role keeps screen readers silent while it runs. */
export function timer(testid?: string): HTMLElement {
  return h('span', { class: 'timer', attrs: { role: 'timer' }, ...(testid ? { testid } : {}) });
}

/** Lets a timer count up from a time, down to a time, or show nothing. */
export function setTimer(element: HTMLElement, mode: 'since' | 'until', at: number | undefined): void {
  const other = mode === 'since' ? 'until' : 'since';
  delete element.dataset[other];
  if (at === undefined) {
    delete element.dataset[mode];
    setText(element, '');
    return;
  }
  if (element.dataset[mode] !== String(at)) element.dataset[mode] = String(at);
  tick(element, now());
}

/** Lets an element's `--left` (1 to 0) follow the time between two times; for countdown rings. */
export function setCountdown(element: HTMLElement | SVGElement, from: number, until: number): void {
  element.dataset['from'] = String(from);
  element.dataset['left'] = String(until);
  tickRing(element, now());
}

function tick(element: HTMLElement, at: number): void {
  const { since, until } = element.dataset;
  if (since !== undefined) setText(element, duration(at - Number(since)));
  if (until !== undefined) setText(element, duration(Number(until) - at + 500));
}

function tickRing(element: HTMLElement | SVGElement, at: number): void {
  const from = Number(element.dataset['from']);
  const until = Number(element.dataset['left']);
  const share = Math.min(1, Math.max(0, (until - at) / Math.max(1, until - from)));
  element.style.setProperty('--left', share.toFixed(3));
}

/** Moves every timer of the page on, once a second, until the signal. One interval for all: hundreds would drift apart. */
export function runTimers(signal?: AbortSignal): void {
  const interval = setInterval(() => {
    const at = now();
    document.querySelectorAll<HTMLElement>('[data-since],[data-until]').forEach((element) => tick(element, at));
    document.querySelectorAll<HTMLElement>('[data-left]').forEach((element) => tickRing(element, at));
  }, 1000);
  signal?.addEventListener('abort', () => clearInterval(interval));
}
