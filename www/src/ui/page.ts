/** The frame of every page: what stands around its content, and building it anew in another language. */

import { onLanguage } from '../i18n/index.js';
import { liveRegions } from './announce.js';
import { runTimers } from './clock.js';
import { followTheme } from './theme.js';
import { troubles } from './troubles.js';

export interface Content {
  readonly header: HTMLElement;
  readonly main: HTMLElement;
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
    const { header, main, above = [] } = this.build(this.#abort.signal);
    const [polite, assertive] = liveRegions();
    for (const child of [...document.body.children]) {
      if (child !== polite && child !== assertive) child.remove();
    }
    document.body.prepend(header, troubles, main, ...above);
  }
}
