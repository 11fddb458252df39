/** The tags of a conversation: codes that agents put on it, to find it by and to count it. */

import { t } from '../../i18n/index.js';
import { announce } from '../../ui/announce.js';
import { button } from '../../ui/button.js';
import { h, KeyedList, type Row, setShown, uniqueId, type View } from '../../ui/dom.js';
import { textField } from '../../ui/form.js';
import { attempt } from '../../ui/troubles.js';
import { type CardOptions, cardSection, mayChange } from './section.js';

/** Makes the part of the card. Enter adds what was typed; the tenant's own tags are proposed by their names. */
export function tagsView(options: CardOptions): View {
  const { session, conversation } = options;
  const named = session.state.tags;
  const nameOf = (tag: string) => named.find(({ id }) => id === tag)?.name ?? tag;
  const list = h('ul', { testid: 'card-tags', class: 'tags' });
  const proposals = h('datalist', { id: uniqueId('tags') }, ...named.map(({ name }) => h('option', { attrs: { value: name } })));
  const input = textField('tag-input', { maxlength: 64, list: proposals.id });
  input.setAttribute('placeholder', t('card.tagPlaceholder'));
  input.setAttribute('aria-label', t('card.tagAdd'));
  const add = async () => {
    const text = input.value.trim();
    if (text === '') return;
    const tag = named.find(({ name, id }) => name === text || id === text)?.id ?? text;
    if (!(await attempt(() => conversation.setTags({ add: [tag] })))) return;
    input.value = '';
    announce(t('card.tagAdded', { tag: nameOf(tag) }));
  };
  const remove = async (tag: string, from: HTMLElement) => {
    const next = from.closest('li')?.nextElementSibling?.querySelector<HTMLElement>('fluent-button') ?? input;
    if (!(await attempt(() => conversation.setTags({ remove: [tag] })))) return;
    announce(t('card.tagRemoved', { tag: nameOf(tag) }));
    next.focus();
  };
  const rows = new KeyedList<string>(list, (tag) => tag, (tag) => tagRow(tag, nameOf(tag), () => mayChange(options), remove));
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.isComposing) return;
    event.preventDefault();
    void add();
  });
  const more = button({ testid: 'tag-add', icon: 'add', label: t('card.tagAdd'), iconOnly: true, appearance: 'subtle', run: add });
  const write = h('div', { class: 'card-write' }, input, proposals, more.element);
  const none = h('p', { class: 'card-none' }, t('card.noTags'));
  const element = cardSection('card-tags-section', t('card.tags'), undefined, list, none, write);
  return {
    element,
    update() {
      const { tags } = conversation.state;
      rows.update(tags);
      setShown(list, tags.length > 0);
      setShown(write, mayChange(options));
      setShown(none, tags.length === 0 && !mayChange(options));
    },
  };
}

function tagRow(tag: string, name: string, may: () => boolean, run: (tag: string, from: HTMLElement) => Promise<void>): Row<string> {
  const remove = button({
    testid: 'tag-remove', icon: 'close', label: t('card.tagRemove', { tag: name }), iconOnly: true, appearance: 'transparent', size: 'small',
    run: () => run(tag, remove.element),
  });
  const element = h('li', { testid: 'tag', class: 'tag', attrs: { 'data-tag': tag } }, h('span', { attrs: { dir: 'auto' } }, name), remove.element);
  return { element, update: () => setShown(remove.element, may()) };
}
