/** What the house asks the customer: to talk, in a chat; or to answer, where it calls. */

import type { Conversation, Pending, Session } from 'jackfield';
import { startRinging, stopRinging } from '../agent/ring.js';
import { t } from '../i18n/index.js';
import { agentOf, isCall, queueName } from '../session/people.js';
import { announce } from '../ui/announce.js';
import { button } from '../ui/button.js';
import { setTimer, timer } from '../ui/clock.js';
import { h, setAttribute, setShown, setText, uniqueId, type View } from '../ui/dom.js';
import { attempt } from '../ui/troubles.js';

/** Makes the question. It leaves the focus where it is, so that a sentence can be finished; it is said to who can't see it, and a call rings. */
export function asked(session: Session, conversation: Conversation, signal: AbortSignal): View {
  const title = h('strong', { id: uniqueId('asked'), attrs: { dir: 'auto' } });
  const lead = h('p', { class: 'footnote' });
  const left = timer();
  const yes = button({ testid: 'asked-yes', icon: 'accept', label: t('customer.askedYes'), appearance: 'primary', run: () => attempt(() => conversation.answer(true)) });
  const no = button({ testid: 'asked-no', label: t('customer.askedNo'), run: () => attempt(() => conversation.answer(false)) });
  const element = h('div', { testid: 'asked', class: 'asked', hidden: true, attrs: { role: 'group', 'aria-labelledby': title.id } },
    h('p', { class: 'asked-title' }, title, ' ', left), lead, h('div', { class: 'asked-answers' }, no.element, yes.element));
  signal.addEventListener('abort', stopRinging);
  return {
    element,
    update() {
      const { pending } = conversation.state;
      const asks = asksCustomer(pending);
      const text = asks && pending ? question(session, conversation, pending) : '';
      if (asks && element.hidden) announce(text, 'assertive');
      if (asks && pending?.kind !== 'voice') startRinging('voice');
      else stopRinging();
      setShown(element, asks);
      setAttribute(element, 'data-kind', asks ? pending?.kind : undefined);
      setText(title, text);
      setText(lead, t(pending?.kind === 'voice' ? 'customer.askedLead' : 'customer.calledLead'));
      yes.setLabel(t(pending?.kind === 'voice' ? 'customer.askedYes' : 'customer.answer'));
      no.setLabel(t(pending?.kind === 'callback' ? 'callback.cancel' : 'customer.askedNo'));
      setTimer(left, 'until', asks ? pending?.expiresAt : undefined);
    },
  };
}

/** Whether it is the customer who is asked. */
export function asksCustomer(pending: Pending | undefined): boolean {
  return pending?.kind === 'voice' || isCall(pending);
}

function question(session: Session, conversation: Conversation, { kind }: Pending): string {
  const name = agentOf(conversation.state)?.name ?? queueName(session, conversation.state.queueId);
  if (kind === 'outbound') return t('customer.callsYou', { queue: queueName(session, conversation.state.queueId) });
  return t(kind === 'callback' ? 'customer.callsBack' : 'customer.asked', { name });
}
