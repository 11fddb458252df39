/** A call that the agent looks at before it is made: to whom, for how long, and whether it is made at all. */

import type { Conversation, Session } from 'jackfield';
import { t } from '../i18n/index.js';
import { customerName, ownOf, queueName } from '../session/people.js';
import { button } from '../ui/button.js';
import { setTimer, timer } from '../ui/clock.js';
import { h, setShown, setText, uniqueId, type View } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { attempt } from '../ui/troubles.js';

/** Makes the card. */
export function previewCard(session: Session, conversation: Conversation): View {
  const title = h('h3', { id: uniqueId('preview') }, t('preview.title'));
  const whom = h('span', { testid: 'preview-whom', class: 'preview-whom', attrs: { dir: 'auto' } });
  const about = h('span', { class: 'preview-about', attrs: { dir: 'auto' } });
  const left = timer('preview-left');
  left.setAttribute('aria-label', t('preview.left'));
  const dial = button({ testid: 'preview-dial', icon: 'accept', label: t('preview.dial'), class: 'offer-accept', run: () => attempt(() => conversation.dial()) });
  const skip = button({ testid: 'preview-skip', icon: 'close', label: t('preview.skip'), title: t('preview.skipTitle'), run: () => attempt(() => conversation.skip()) });
  const element = h('section', { testid: 'preview', class: 'preview', hidden: true, attrs: { 'aria-labelledby': title.id } },
    h('div', { class: 'preview-head' }, icon('callOut'), h('div', { class: 'preview-who' }, title, whom, about), left),
    h('p', { class: 'footnote' }, t('preview.lead')), h('div', { class: 'offer-answers' }, skip.element, dial.element));
  return {
    element,
    update() {
      const { state } = conversation;
      const { outbound } = state;
      const looks = outbound?.stage === 'preview' && state.state === 'active' && ownOf(state, session)?.owner === true;
      setShown(element, looks);
      if (!looks) return;
      const name = customerName(state);
      const number = outbound.target.type === 'number' && outbound.target.number !== name ? outbound.target.number : undefined;
      setText(whom, name);
      setText(about, [number, queueName(session, state.queueId), state.subject].filter(Boolean).join(' · '));
      setTimer(left, 'until', outbound.expiresAt);
    },
  };
}
