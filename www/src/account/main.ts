/** Stands for a provider's own customer system: the page that a link at a conversation opens, with what the link was filled in with. */

import '../styles/account.css';
import '../ui/fluent.js';
import { isKey, t } from '../i18n/index.js';
import { avatar } from '../ui/avatar.js';
import { h } from '../ui/dom.js';
import { header } from '../ui/header.js';
import { type Content, Page } from '../ui/page.js';

new Page(content);

function content(): Content {
  const asked = [...new URLSearchParams(location.search)].filter(([, value]) => value !== '');
  const name = asked.find(([key]) => key === 'name')?.[1] ?? asked[0]?.[1] ?? '';
  document.title = `${t('account.title')} · ${name}`;
  const facts = asked.flatMap(([key, value]) => [h('dt', { attrs: { dir: 'auto' } }, nameOf(key)), h('dd', { testid: `account-${key}`, attrs: { dir: 'auto' } }, value)]);
  const main = h('main', { class: 'center' }, h('section', { testid: 'account', class: 'sign-in account', attrs: { 'aria-label': t('account.title') } },
    avatar(name, 64), h('h2', { attrs: { dir: 'auto' } }, name), h('dl', { class: 'account-facts' }, ...facts), h('p', { class: 'footnote' }, t('account.lead'))));
  return { header: header(t('account.title')).element, main };
}

function nameOf(key: string): string {
  const known = `account.${key}`;
  return isKey(known) ? t(known as 'account.title') : key;
}
