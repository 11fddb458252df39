/** The frame of every page: what stands around its content, and building it anew in another language. */

import { onLanguage } from '../i18n/index.js';
import { liveRegions } from './announce.js';
import { runTimers } from './clock.js';
import { focusOn, setAttribute } from './dom.js';
import { followTheme } from './theme.js';
import { troubles } from './troubles.js';

export interface Content {
  readonly header: HTMLElement;
  readonly main: HTMLElement;
  /** Where focus goes when what had it is gone; `main` if left out. */
  readonly focus?: HTMLElement;
  /** What floats above the page. */
  readonly above?: readonly HTMLElement[];
}

/** A page. Its content is built again whenever {@link Page.rebuild} is called or the language changes; the session stays. */
export class Page {
  #abort = new AbortController();

  /** @param build Makes the content. Listeners it adds elsewhere end by the signal. */
  constructor(private readonly build: (signal: AbortSignal) => Content) {
    followTheme();
    runTimers();
    document.body.append(...liveRegions());
    onLanguage(() => this.rebuild());
    this.rebuild();
  }

  rebuild(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    const hadFocus = focusedName();
    const { header, main, above = [], focus = main } = this.build(this.#abort.signal);
    const [polite, assertive] = liveRegions();
    for (const child of [...document.body.children]) {
      if (child !== polite && child !== assertive) child.remove();
    }
    document.body.prepend(header, troubles, main, ...above);
    if (hadFocus !== undefined) restoreFocus(hadFocus, focus);
  }
}

/** The test id of what has focus; empty where it has none, nothing where nothing has focus. */
function focusedName(): string | undefined {
  const focused = document.activeElement;
  if (!focused || focused === document.body) return undefined;
  return focused.closest<HTMLElement>('[data-testid]')?.dataset['testid'] ?? '';
}

/** Gives focus to the same thing as before, or to what stands in its place: a keyboard's user is not sent back to the start. */
function restoreFocus(name: string, otherwise: HTMLElement): void {
  for (const candidate of [name, name.startsWith('language-') ? 'language-menu' : '']) {
    if (candidate !== '') document.querySelector<HTMLElement>(`[data-testid="${candidate}"]`)?.focus();
    if (document.activeElement !== document.body) return;
  }
  focusOn(otherwise);
}

/** Changes what a part of the page shows. Where the focus stood on what goes with that, it stays in the part, and does not fall back to the page's beginning. */
export function keepFocus(element: HTMLElement, change: () => void): void {
  setAttribute(element, 'data-keeps-focus', true);
  const had = element.contains(document.activeElement);
  change();
  const now = document.activeElement;
  if (had && !(now && element.contains(now) && now.checkVisibility())) focusOn(element);
}
