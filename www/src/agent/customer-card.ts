/** What is known of the customer and of the conversation. */

import type { AttributeValue, Conversation, Session } from 'jackfield';
import { clockTime, span, t } from '../i18n/index.js';
import { customerName, customerOf, ownOf, queueName } from '../session/people.js';
import { avatar, setAvatar } from '../ui/avatar.js';
import { h, setAttribute, setShown, setText, type View } from '../ui/dom.js';

/** Makes the customer card. */
export function customerCard(session: Session, conversation: Conversation): View {
  const face = avatar('', 64);
  const name = h('div', { testid: 'customer-card-name', class: 'card-name', attrs: { dir: 'auto' } });
  const online = h('div', { class: 'card-online' });
  const facts = h('dl', { class: 'facts' });
  const attributes = h('dl', { class: 'facts' });
  const none = h('p', { class: 'card-none' }, t('card.noAttributes'));
  const element = h('aside', { testid: 'customer-card', class: 'card', attrs: { 'aria-label': t('card.title') } },
    h('div', { class: 'card-who' }, face, name, online),
    facts, h('h3', {}, t('card.attributes')), attributes, none);
  let last: Conversation['state'] | undefined;
  return {
    element,
    update() {
      const { state } = conversation;
      if (state === last) return;
      last = state;
      const customer = customerOf(state);
      setAvatar(face, customerName(state));
      setText(name, customerName(state));
      setAttribute(online, 'data-online', customer !== undefined && !customer.away);
      setText(online, customer && !customer.away ? t('card.online') : t(customer ? 'card.away' : 'card.left'));
      facts.replaceChildren(...factsOf(session, conversation).flatMap(([term, value]) => fact(term, value)));
      attributes.replaceChildren(...Object.entries(state.attributes).flatMap(([term, value]) => fact(term, plain(value))));
      setShown(none, Object.keys(state.attributes).length === 0);
    },
  };
}

function factsOf(session: Session, { state }: Conversation): [string, string][] {
  const served = ownOf(state, session)?.joinedAt;
  const facts: [string, string][] = [
    [t('card.queue'), queueName(session, state.queueId)],
    [t('card.channel'), t(`channel.${state.channel}`)],
    [t('card.since'), clockTime(state.createdAt)],
  ];
  if (state.subject) facts.unshift([t('card.subject'), state.subject]);
  if (served !== undefined) facts.push([t('card.waited'), span(served - state.createdAt)]);
  return facts;
}

/** Numbers stay as they are: an account's number has no thousands. */
function plain(value: AttributeValue): string {
  if (typeof value === 'boolean') return t(value ? 'card.yes' : 'card.no');
  return typeof value === 'object' ? value.join(', ') : String(value);
}

function fact(term: string, value: string): HTMLElement[] {
  return [h('dt', { attrs: { dir: 'auto' } }, term), h('dd', { attrs: { dir: 'auto' } }, value)];
}
