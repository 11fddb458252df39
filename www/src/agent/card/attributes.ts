/** The attributes of a conversation: what the customer's page, its token and agents say. */

import type { AttributeInfo, Attributes, AttributeValue } from 'jackfield';
import { t } from '../../i18n/index.js';
import { button } from '../../ui/button.js';
import { h, setShown, type View } from '../../ui/dom.js';
import { openAttributes } from './attribute-dialog.js';
import { type CardOptions, cardSection, freeOnes, mayChange } from './section.js';

/** Makes the part of the card: what the tenant declares first, in its order and words, then whatever else is there. */
export function attributesView(options: CardOptions): View {
  const { session, conversation } = options;
  const facts = h('dl', { testid: 'card-attributes', class: 'facts' });
  const none = h('p', { class: 'card-none' }, t('card.noAttributes'));
  const edit = button({ testid: 'attributes-edit', icon: 'edit', label: t('card.attributesEdit'), iconOnly: true, appearance: 'subtle', size: 'small', run: () => openAttributes(options) });
  let last: unknown;
  return {
    element: cardSection('card-attributes-section', t('card.attributes'), edit.element, facts, none),
    update() {
      const { attributes } = conversation.state;
      setShown(edit.element, mayChange(options));
      if (attributes === last) return;
      last = attributes;
      const shown = inOrder(session.state.attributes, attributes);
      facts.replaceChildren(...shown.flatMap(([name, label, value]) => fact(label, plain(value), name)));
      setShown(facts, shown.length > 0);
      setShown(none, shown.length === 0);
    },
  };
}

/** Attributes that are there, declared ones first. */
function inOrder(declared: readonly AttributeInfo[], there: Attributes): [name: string, label: string, value: AttributeValue][] {
  const found = declared.flatMap(({ name, label }) => (there[name] === undefined ? [] : [[name, label, there[name]] as [string, string, AttributeValue]]));
  return [...found, ...freeOnes(declared, there).map(([name, value]): [string, string, AttributeValue] => [name, name, value])];
}

/** Numbers stay as they are: an account's number has no thousands. */
function plain(value: AttributeValue): string {
  if (typeof value === 'boolean') return t(value ? 'card.yes' : 'card.no');
  return typeof value === 'object' ? value.join(', ') : String(value);
}

/** A fact: what it is, and what it says. */
export function fact(term: string, value: string, name?: string): HTMLElement[] {
  return [
    h('dt', { attrs: { dir: 'auto' } }, term),
    h('dd', { ...(name !== undefined && { testid: 'attribute' }), attrs: { dir: 'auto', 'data-name': name } }, value),
  ];
}
