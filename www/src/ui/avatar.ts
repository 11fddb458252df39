/** A person's avatar: initials on a colour of the name's own. */

import { h, setAttribute } from './dom.js';

/** Makes an avatar. It is decoration: the name stands beside it. */
export function avatar(name: string, size: 24 | 32 | 40 | 48 | 64 = 32): HTMLElement {
  const element = h('fluent-avatar', { attrs: { size, 'aria-hidden': 'true' } });
  setAvatar(element, name);
  return element;
}

/** Gives an avatar to another person. */
export function setAvatar(element: HTMLElement, name: string): void {
  setAttribute(element, 'name', name);
  setAttribute(element, 'color', colourOf(name));
  setAttribute(element, 'initials', initials(name));
}

// Fluent's own choice, `colorful`, is made once and does not follow a name that changes.
const colours = ['cranberry', 'pumpkin', 'gold', 'forest', 'teal', 'royal-blue', 'cornflower', 'lavender', 'purple', 'grape', 'magenta', 'plum'] as const;

function colourOf(name: string): string {
  // FNV-1a: names that end alike still differ.
  const hash = [...name].reduce((sum, character) => Math.imul(sum ^ (character.codePointAt(0) ?? 0), 16_777_619), 2_166_136_261);
  return name === '' ? 'neutral' : colours[((hash ^ (hash >>> 15)) >>> 0) % colours.length] ?? 'neutral';
}

/** Up to two letters. Fluent's own initials know Latin letters only; Korean given names are the last two syllables. */
export function initials(name: string): string {
  const letters = (text: string) => [...text].filter((character) => /\p{Letter}|\p{Number}/u.test(character));
  const words = name.trim().split(/\s+/).map(letters).filter((word) => word.length > 0);
  const first = words[0] ?? [];
  if (first.some((character) => /\p{Script=Hangul}|\p{Script=Han}/u.test(character))) return first.slice(-2).join('');
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  return `${first[0] ?? ''}${last?.[0] ?? ''}`.toUpperCase() || '?';
}
