/** What is known of the customer and of the conversation: facts, links, attributes, tags, notes, and what was before. */

import type { Conversation, Session } from 'jackfield';
import { clockTime, span, t } from '../i18n/index.js';
import { customerName, customerOf, isUnreached, ownOf, queueName } from '../session/people.js';
import { avatar, setAvatar } from '../ui/avatar.js';
import { h, setAttribute, setText, type View } from '../ui/dom.js';
import { attributesView, fact } from './card/attributes.js';
import { historyView } from './card/history.js';
import { linksView } from './card/links.js';
import { notesView } from './card/notes.js';
import type { CardOptions } from './card/section.js';
import { tagsView } from './card/tags.js';

/** Makes the customer card. */
export function customerCard(options: CardOptions): View {
  const { session, conversation } = options;
  const face = avatar('', 64);
  const name = h('div', { testid: 'customer-card-name', class: 'card-name', attrs: { dir: 'auto' } });
  const online = h('div', { class: 'card-online' });
  const facts = h('dl', { class: 'facts' });
  const parts = [linksView(options), attributesView(options), tagsView(options), notesView(options), historyView(options)];
  const element = h('aside', { testid: 'customer-card', class: 'card', attrs: { 'aria-label': t('card.title'), tabindex: -1 } },
    h('div', { class: 'card-who' }, face, name, online), facts, ...parts.map((part) => part.element));
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
      setAttribute(online, 'data-online', customer !== undefined && !customer.away && !isUnreached(state));
      setText(online, customer && !customer.away && !isUnreached(state) ? t('card.online') : t(isUnreached(state) ? 'card.notCalled' : customer ? 'card.away' : 'card.left'));
      facts.replaceChildren(...factsOf(session, conversation).flatMap(([term, value]) => fact(term, value)));
      parts.forEach((part) => part.update());
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
  if (served !== undefined && !state.outbound) facts.push([t('card.waited'), span(served - state.createdAt)]);
  return facts;
}
