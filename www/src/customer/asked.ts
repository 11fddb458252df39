/** What the agent asks the customer of a chat: to talk. */

import type { Conversation } from 'jackfield';
import { t } from '../i18n/index.js';
import { agentOf } from '../session/people.js';
import { announce } from '../ui/announce.js';
import { button } from '../ui/button.js';
import { setTimer, timer } from '../ui/clock.js';
import { h, setShown, setText, uniqueId, type View } from '../ui/dom.js';
import { attempt } from '../ui/troubles.js';

/** Makes the question. It leaves the focus where it is, so that a sentence can be finished; it is said to who can't see it. */
export function asked(conversation: Conversation): View {
  const title = h('strong', { id: uniqueId('asked'), attrs: { dir: 'auto' } });
  const left = timer();
  const yes = button({ testid: 'asked-yes', icon: 'accept', label: t('customer.askedYes'), appearance: 'primary', run: () => attempt(() => conversation.answer(true)) });
  const no = button({ testid: 'asked-no', label: t('customer.askedNo'), run: () => attempt(() => conversation.answer(false)) });
  const element = h('div', { testid: 'asked', class: 'asked', hidden: true, attrs: { role: 'group', 'aria-labelledby': title.id } },
    h('p', { class: 'asked-title' }, title, ' ', left), h('p', { class: 'footnote' }, t('customer.askedLead')), h('div', { class: 'asked-answers' }, no.element, yes.element));
  return {
    element,
    update() {
      const { state } = conversation;
      const asks = state.pending?.kind === 'voice';
      const text = t('customer.asked', { name: agentOf(state)?.name ?? '' });
      if (asks && element.hidden) announce(text, 'assertive');
      setShown(element, asks);
      setText(title, asks ? text : '');
      setTimer(left, 'until', asks ? state.pending?.expiresAt : undefined);
    },
  };
}
