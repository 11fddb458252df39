/** A provider's help page, with a contact card on it. */

import '../styles/customer.css';
import '../ui/fluent.js';
import { t } from '../i18n/index.js';
import { h, type View } from '../ui/dom.js';
import { header, type Header } from '../ui/header.js';
import { icon } from '../ui/icons.js';
import { type Content, Page } from '../ui/page.js';
import { Contact } from './contact.js';

let shown: { readonly top: Header; readonly card: View } | undefined;
const contact = new Contact(() => page.rebuild());
const page = new Page(content);
contact.onState = follow;
void contact.takeUp();

function content(signal: AbortSignal): Content {
  document.title = `${t('customer.section')} · ${t('customer.brand')}`;
  const top = header(t('customer.brand'));
  const card = contact.card(signal);
  shown = { top, card };
  follow();
  return { header: top.element, focus: card.element, main: h('main', { class: 'help' }, story(), h('div', { class: 'help-contact' }, card.element)) };
}

function follow(): void {
  shown?.top.setConnection(contact.connection);
  shown?.card.update();
}

/** What a help page says besides: the card stands next to it, or above it on a phone. */
function story(): HTMLElement {
  const questions = (['delivery', 'return', 'repair'] as const).map((topic) => h('details', { class: 'question' },
    h('summary', {}, t(`customer.faq.${topic}`), icon('chevronDown')), h('p', {}, t(`customer.faq.${topic}Answer`))));
  return h('div', { class: 'story' },
    h('div', { class: 'hero' },
      h('p', { class: 'hero-section' }, t('customer.section')),
      h('h2', {}, t('customer.headline')), h('p', { class: 'hero-lead' }, t('customer.lead')),
      h('p', { class: 'hero-hours' }, icon('clock'), t('customer.hours'))),
    h('section', { class: 'questions', attrs: { 'aria-label': t('customer.faq') } }, h('h2', {}, t('customer.faq')), ...questions));
}
