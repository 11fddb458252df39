/** Being called back instead of waiting on the line: how that stands, when it is to be, and the ways out of it. */

import type { Conversation, Session } from 'jackfield';
import { clockTime, lengthOfTime, t } from '../i18n/index.js';
import { button, type ButtonView } from '../ui/button.js';
import { now } from '../ui/clock.js';
import { h, setShown, setText, type View } from '../ui/dom.js';
import { choiceField, labelled } from '../ui/form.js';
import { icon } from '../ui/icons.js';
import { attempt } from '../ui/troubles.js';

const MINUTE_MS = 60_000;
const TIMES: readonly number[] = [15, 30, 60, 120, 240].map((minutes) => minutes * MINUTE_MS);

/** The button that asks for it. */
export function askForCallback(conversation: Conversation): ButtonView {
  return button({
    testid: 'callback-ask', icon: 'callback', label: t('callback.ask'), title: t('callback.askTitle'), appearance: 'primary',
    run: () => attempt(() => conversation.requestCallback()),
  });
}

/** Whether who waits in a conversation may ask for it. */
export function mayBeCalledBack(session: Session, { state }: Conversation): boolean {
  const queue = session.state.queues.find(({ queueId }) => queueId === state.queueId);
  return state.channel === 'voice' && state.callback === undefined && queue?.callbacks === true;
}

/** Makes what stands in the place of the wait. `position` is the place in line, in words. */
export function callbackNotice(conversation: Conversation, position: () => string): View {
  const line = h('strong', { testid: 'callback-line', class: 'position' });
  const when = choiceField('callback-when', [['', t('callback.soon')], ...TIMES.map((ms) => [String(ms), t('callback.in', { time: lengthOfTime(ms) })] as const)], '');
  when.addEventListener('change', () => {
    const ms = Number(when.value);
    void attempt(() => conversation.requestCallback(ms > 0 ? { at: Math.round(now()) + ms } : {}));
  });
  const stay = button({ testid: 'callback-stay', label: t('callback.stay'), run: () => attempt(() => conversation.voice.start()) });
  const cancel = button({ testid: 'callback-cancel', label: t('callback.cancel'), run: () => attempt(() => conversation.end()) });
  const element = h('div', { testid: 'callback', class: 'waiting callback', hidden: true },
    h('span', { class: 'callback-mark' }, icon('callback')),
    h('p', { class: 'waiting-title' }, t('callback.title')),
    h('p', { attrs: { role: 'status' } }, line),
    h('p', { class: 'footnote' }, t('callback.lead')),
    labelled(t('callback.when'), when), h('div', { class: 'callback-ways' }, stay.element, cancel.element));
  return {
    element,
    update() {
      const { callback, state } = conversation.state;
      const waits = callback !== undefined && (state === 'queued' || state === 'offered');
      setShown(element, waits);
      if (!waits) return;
      const { at, attempts } = callback;
      const later = at !== undefined && at > now();
      setText(line, later ? t(attempts > 0 ? 'callback.again' : 'callback.at', { time: clockTime(at) }) : position());
    },
  };
}
