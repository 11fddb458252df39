/** The work after a conversation: how it went, a note, and a clock. */

import type { Conversation, Disposition, Session } from 'jackfield';
import { t } from '../i18n/index.js';
import { draftOf, keepDraft } from '../chat/drafts.js';
import { button } from '../ui/button.js';
import { setTimer, timer } from '../ui/clock.js';
import { h, setShown, setText, uniqueId, type View } from '../ui/dom.js';
import { attempt, showExplanation } from '../ui/troubles.js';

/** Makes the wrap-up panel of a conversation. */
export function wrapUp(session: Session, conversation: Conversation): View {
  const dispositions = session.state.queues.find((queue) => queue.queueId === conversation.state.queueId)?.dispositions ?? [];
  const choice = dispositionChoice(dispositions);
  const note = noteField(conversation);
  const left = timer('wrapup-timer');
  left.setAttribute('aria-label', t('wrapUp.left'));
  const reason = h('p', { class: 'wrapup-reason' });
  const finish = button({
    testid: 'wrapup-finish', icon: 'check', label: t('wrapUp.finish'), appearance: 'primary',
    run: () => (dispositions.length > 0 && choice.value() === undefined ? askForChoice(choice.element) : attempt(() => done(conversation, choice.value(), note.value()))),
  });
  const more = button({ testid: 'wrapup-more-time', icon: 'clock', label: t('wrapUp.moreTime'), run: () => attempt(() => conversation.extendWrapUp()) });
  const element = h('section', { testid: 'wrapup', class: 'wrapup', hidden: true, attrs: { 'aria-label': t('wrapUp.title') } },
    h('div', { class: 'wrapup-head' }, h('h3', {}, t('wrapUp.title')), reason, h('span', { class: 'wrapup-left' }, left)),
    dispositions.length > 0 && choice.element, note.element,
    h('div', { class: 'wrapup-foot' }, more.element, finish.element));
  return {
    element,
    update() {
      const { state } = conversation;
      setShown(element, state.state === 'wrapUp');
      setTimer(left, 'until', state.wrapUp?.until);
      setText(reason, state.reason ? t(`wrapUp.reason.${state.reason}`) : '');
    },
  };
}

async function done(conversation: Conversation, disposition: string | undefined, note: string): Promise<void> {
  await conversation.finishWrapUp({ ...(disposition !== undefined && { disposition }), ...(note !== '' && { note }) });
  keepDraft(noteDraft(conversation), '');
  keepDraft(conversation.id, '');
}

function askForChoice(choice: HTMLElement): void {
  showExplanation({ code: 'invalidField', text: t('wrapUp.choose'), retryable: false });
  choice.querySelector<HTMLElement>('fluent-radio')?.focus();
}

function dispositionChoice(dispositions: readonly Disposition[]) {
  const label = h('span', { id: uniqueId('wrapup'), class: 'field-label' }, t('wrapUp.lead'));
  const group = h('fluent-radio-group', { class: 'choices', attrs: { 'aria-labelledby': label.id, orientation: 'horizontal', name: 'disposition' } },
    ...dispositions.map(({ id, name }) => radioField(id, name, 'wrapup-disposition', { 'data-disposition': id })));
  return { element: h('div', { class: 'field' }, label, group), value: () => group.value ?? undefined };
}

/** A radio button with its label. */
export function radioField(value: string, name: string, testid: string, attrs: Record<string, string> = {}, checked = false): HTMLElement {
  const id = uniqueId('radio');
  return h('fluent-field', { class: 'choice', attrs: { 'label-position': 'after' } },
    h('label', { attrs: { slot: 'label', for: id } }, name),
    h('fluent-radio', { id, testid, attrs: { slot: 'input', value, 'aria-label': name, ...(checked && { checked: true }), ...attrs } }));
}

const noteDraft = (conversation: Conversation) => `${conversation.id}.wrapup`;

function noteField(conversation: Conversation) {
  const label = h('label', { attrs: { slot: 'label' } }, t('wrapUp.note'));
  const area = h('fluent-textarea', { testid: 'wrapup-note', class: 'wrapup-note', attrs: { resize: 'vertical', block: true, maxlength: 1000, 'aria-label': t('wrapUp.note') } }, label);
  // The element's own value is there only once it is part of the page.
  queueMicrotask(() => {
    area.value = draftOf(noteDraft(conversation));
  });
  area.addEventListener('input', () => keepDraft(noteDraft(conversation), area.value));
  return { element: area, value: () => area.value.trim() };
}
