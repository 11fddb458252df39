/** The bar at the top of every page. */

import type { ConnectionState } from 'jackfield';
import { chooseLanguage, language, languages, nameOf, t } from '../i18n/index.js';
import { button } from './button.js';
import { type Child, h, setAttribute, setText } from './dom.js';
import { icon } from './icons.js';
import mark from './mark.svg';
import { menu } from './menu.js';
import { chooseTheme, chosenTheme, themes } from './theme.js';

export type Connection = ConnectionState | 'signedOut';

export interface Header {
  readonly element: HTMLElement;
  setConnection(state: Connection): void;
}

/** Makes the header: brand, how the session stands, the page's own controls, language and theme. */
export function header(title: string, ...controls: Child[]): Header {
  const state = connectionState();
  const element = h('header', { class: 'header' },
    h('img', { class: 'mark', attrs: { src: mark, alt: '', width: 24, height: 24 } }),
    h('h1', { class: 'title' }, title),
    state.element,
    h('div', { class: 'header-space' }),
    ...controls, languageMenu(), themeMenu());
  return { element, setConnection: state.set };
}

function connectionState() {
  const text = h('span', { class: 'connection-text' });
  const element = h('div', { testid: 'connection-state', class: 'connection', attrs: { role: 'status' } }, h('span', { class: 'connection-dot' }), text);
  return {
    element,
    set(state: Connection) {
      setAttribute(element, 'data-state', state);
      setText(text, t(`connection.${state}`));
    },
  };
}

function languageMenu(): HTMLElement {
  const trigger = button({ testid: 'language-menu', icon: 'globe', label: t('header.language'), iconOnly: true, appearance: 'transparent', run: () => undefined });
  return menu(trigger.element, languages.map((which) => ({
    testid: `language-${which}`,
    content: [h('span', { attrs: { lang: which } }, nameOf(which)), tickMark(which === language())],
    chosen: which === language(),
    run: () => chooseLanguage(which),
  })));
}

function themeMenu(): HTMLElement {
  const trigger = button({ testid: 'theme-menu', icon: 'theme', label: t('header.theme'), iconOnly: true, appearance: 'transparent', run: () => undefined });
  const checks = new Map([undefined, ...themes].map((name) => [name, tickMark(false)]));
  const show = () => checks.forEach((check, name) => check.toggleAttribute('hidden', name !== chosenTheme()));
  show();
  return menu(trigger.element, [undefined, ...themes].map((name) => ({
    testid: `theme-${name ?? 'system'}`,
    content: [t(`theme.${name ?? 'system'}`), checks.get(name)],
    run: () => {
      chooseTheme(name);
      show();
    },
  })));
}

function tickMark(shown: boolean): SVGSVGElement {
  const check = icon('check', 'end');
  check.toggleAttribute('hidden', !shown);
  return check;
}
