/** Who is signed in to this tab, and the page on which one chooses. */

import type { Session } from 'jackfield';
import { t } from '../i18n/index.js';
import { avatar } from '../ui/avatar.js';
import { button } from '../ui/button.js';
import { h } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import mark from '../ui/mark.svg';
import { menu, type MenuItem } from '../ui/menu.js';
import { keep, recall } from '../ui/store.js';

/** The demo's users, as their ids; the gateway knows their full names. */
export const demoUsers = { agent: ['mina', 'joon', 'alex'], supervisor: ['sam'] } as const;

const KEPT = 'jackfield.demo.user';

/** Who was signed in to this tab, or whom the address names. A token never stands in an address; a name may. */
export function rememberedUser(): string | undefined {
  return new URLSearchParams(location.search).get('user') ?? recall('tab', KEPT);
}

/** Keeps who is signed in, or forgets it, in the address too. */
export function rememberUser(user: string | undefined): void {
  keep('tab', KEPT, user);
  if (user === undefined && location.search !== '') history.replaceState(null, '', location.pathname);
}

/** A user's id as a name, until the gateway has said the full one. */
export function nameOfUser(user: string): string {
  return user.slice(0, 1).toUpperCase() + user.slice(1);
}

export interface SignInOptions {
  readonly title: string;
  readonly role: 'agent' | 'supervisor';
  readonly choose: (user: string) => void;
}

/** The picker of demo users. */
export function signInPage({ title, role, choose }: SignInOptions): HTMLElement {
  const users = demoUsers[role].map((user) => {
    const name = nameOfUser(user);
    return h('button', { testid: `sign-in-${user}`, class: 'sign-in-user', attrs: { type: 'button', 'aria-label': t('signIn.as', { name }) }, on: { click: () => choose(user) } },
      avatar(name, 48), h('span', { class: 'sign-in-name' }, h('strong', {}, name), h('span', {}, t(`signIn.${role}`))), icon('resume'));
  });
  return h('main', { class: 'center' }, h('section', { testid: 'sign-in', class: 'sign-in', attrs: { 'aria-label': title } },
    h('img', { attrs: { src: mark, alt: '', width: 48, height: 48 } }),
    h('h2', {}, title), h('p', {}, t('signIn.lead')),
    h('div', { class: 'sign-in-users' }, ...users),
    h('p', { class: 'footnote' }, t('signIn.footnote'))));
}

/** What is shown while signing in. */
export function signingInPage(user: string, giveUp: () => void): HTMLElement {
  const other = button({ testid: 'sign-in-other', label: t('signIn.other'), appearance: 'subtle', run: giveUp });
  return h('main', { class: 'center' }, h('section', { class: 'sign-in', attrs: { 'aria-label': t('connection.connecting') } },
    h('fluent-spinner', { attrs: { size: 'large', role: 'img', 'aria-label': t('connection.connecting') } }),
    h('p', { attrs: { role: 'status' } }, t('signIn.connecting', { name: nameOfUser(user) })), other.element));
}

/** The menu of the signed-in user, with the page's own items first. */
export function userMenu(session: Session, items: readonly MenuItem[], signOut: () => void): HTMLElement {
  const { name } = session.state.user;
  const trigger = h('fluent-button', { testid: 'user-menu', class: 'user-menu', attrs: { appearance: 'transparent', 'aria-label': t('header.user', { name }) } },
    h('span', { class: 'button-row' }, icon('person'), h('span', { testid: 'user-name', class: 'user-name', attrs: { dir: 'auto' } }, name), icon('chevronDown')));
  return menu(trigger, [...items, { testid: 'sign-out', content: [icon('signOut', 'start'), t('header.signOut')], run: signOut }]);
}
