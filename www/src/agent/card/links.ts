/** The links of a conversation: pages about its customer, from the queue's configuration and from agents. */

import type { Link } from 'jackfield';
import { t } from '../../i18n/index.js';
import { announce } from '../../ui/announce.js';
import { button } from '../../ui/button.js';
import { h, KeyedList, type Row, setAttribute, setShown, setText, type View } from '../../ui/dom.js';
import { labelled, openForm, textField } from '../../ui/form.js';
import { icon } from '../../ui/icons.js';
import { attempt } from '../../ui/troubles.js';
import { type CardOptions, cardSection, mayChange } from './section.js';

/** Makes the part of the card. Links open in a tab of their own, which learns nothing of this one. */
export function linksView(options: CardOptions): View {
  const { conversation, signal } = options;
  const list = h('ul', { testid: 'card-links', class: 'links' });
  const own = () => conversation.state.links.filter(({ fixed }) => !fixed);
  const rows = new KeyedList<Link>(list, ({ name, url, fixed }) => `${fixed === true} ${name} ${url}`, (link) => linkRow(link, () => mayChange(options), async () => {
    const left = own().filter(({ name, url }) => name !== link.name || url !== link.url);
    if (!(await attempt(() => conversation.setLinks(left)))) return;
    announce(t('card.linkRemoved', { name: link.name }));
    add.element.focus();
  }));
  const add = button({
    testid: 'link-add', icon: 'add', label: t('card.linkAdd'), iconOnly: true, appearance: 'subtle', size: 'small',
    run: () => void openLink(signal, (link) => conversation.setLinks([...own(), link])),
  });
  const none = h('p', { class: 'card-none' }, t('card.noLinks'));
  const element = cardSection('card-links-section', t('card.links'), add.element, list, none);
  return {
    element,
    update() {
      const { links } = conversation.state;
      rows.update(links);
      setShown(list, links.length > 0);
      setShown(none, links.length === 0);
      setShown(add.element, mayChange(options));
    },
  };
}

function linkRow(link: Link, may: () => boolean, run: () => Promise<void>): Row<Link> {
  const name = h('span', { class: 'link-name', attrs: { dir: 'auto' } });
  // The gateway takes nothing but http: and https:, and no host from what customers wrote.
  const anchor = h('a', { testid: 'link', class: 'link', attrs: { target: '_blank', rel: 'noopener noreferrer' } },
    name, icon('open'), h('span', { class: 'visually-hidden' }, t('card.newTab')));
  const remove = button({ testid: 'link-remove', icon: 'close', label: t('card.linkRemove', { name: link.name }), iconOnly: true, appearance: 'transparent', size: 'small', run });
  return {
    element: h('li', { class: 'link-row' }, anchor, remove.element),
    update(now) {
      setText(name, now.name);
      setAttribute(anchor, 'href', now.url);
      setAttribute(anchor, 'title', now.url);
      setShown(remove.element, now.fixed !== true && may());
    },
  };
}

function openLink(signal: AbortSignal, save: (link: Link) => Promise<void>): void {
  const name = textField('link-name', { maxlength: 100 });
  const url = textField('link-url', { type: 'url', value: 'https://', maxlength: 2048 });
  openForm({ testid: 'link-dialog', title: t('card.linkAdd'), save: t('form.add'), signal, run: () => save({ name: name.value.trim(), url: url.value.trim() }) },
    labelled(t('card.linkName'), name), labelled(t('card.linkUrl'), url));
}
