/** The form with which a customer asks for help. */

import type { Channel } from 'jackfield';
import { radioField } from '../agent/wrap-up.js';
import { t } from '../i18n/index.js';
import { button } from '../ui/button.js';
import { h, uniqueId } from '../ui/dom.js';
import { keep, recallObject } from '../ui/store.js';
import { clearError, showExplanation } from '../ui/troubles.js';

/** The queues that this page offers as topics. */
const topics = ['support', 'sales', 'repairs'] as const;
const KEPT = 'jackfield.demo.form';

export interface Request {
  readonly name: string;
  readonly subject: string;
  readonly queueId: string;
  readonly channel: Channel;
}

/** Makes the form. What is filled in survives a reload and another language. */
export function contactForm(name: string, ask: (request: Request) => void): HTMLElement {
  const kept = recallObject('tab', KEPT) ?? {};
  const text = (key: string) => (typeof kept[key] === 'string' ? kept[key] : '');
  const nameInput = textInput('customer-name', t('customer.name'), t('customer.namePlaceholder'), name || text('name'), 100);
  const subject = textInput('customer-subject', t('customer.subject'), t('customer.subjectPlaceholder'), text('subject'), 200);
  const topic = topicChoice(text('topic'));
  nameInput.setAttribute('autocomplete', 'name');
  const request = (channel: Channel): Request => ({ name: nameInput.value.trim(), subject: subject.value.trim(), queueId: topic.value(), channel });
  const start = (channel: Channel) => {
    clearError();
    const wish = request(channel);
    if (wish.name !== '') return ask(wish);
    showExplanation({ code: 'invalidField', text: t('customer.nameMissing'), retryable: false });
    nameInput.focus();
  };
  const element = h('div', { class: 'contact-form' },
    topic.element, nameInput, subject,
    h('div', { class: 'contact-start' },
      button({ testid: 'start-chat', icon: 'chat', label: t('customer.chat'), appearance: 'primary', size: 'large', run: () => start('chat') }).element,
      button({ testid: 'start-call', icon: 'accept', label: t('customer.call'), size: 'large', run: () => start('voice') }).element),
    h('p', { class: 'footnote' }, t('customer.callNote')));
  const remember = () => keep('tab', KEPT, JSON.stringify({ name: nameInput.value, subject: subject.value, topic: topic.value() }));
  element.addEventListener('input', remember);
  element.addEventListener('change', remember);
  return element;
}

/** What was asked is answered: the next question starts without a subject. */
export function forgetSubject(): void {
  const kept = recallObject('tab', KEPT);
  if (kept) keep('tab', KEPT, JSON.stringify({ ...kept, subject: '' }));
}

function textInput(testid: string, label: string, placeholder: string, value: string, maxlength: number) {
  return h('fluent-text-input', { testid, attrs: { placeholder, value, maxlength, 'control-size': 'large', 'aria-label': label } }, label);
}

function topicChoice(kept: string) {
  const chosen = topics.find((topic) => topic === kept) ?? topics[0];
  const label = h('span', { id: uniqueId('topic'), class: 'field-label' }, t('customer.topic'));
  const group = h('fluent-radio-group', { class: 'choices', attrs: { 'aria-labelledby': label.id, name: 'topic', value: chosen } },
    ...topics.map((topic) => radioField(topic, t(`customer.topic.${topic}`), `topic-${topic}`)));
  return { element: h('div', { class: 'field' }, label, group), value: () => group.value ?? chosen };
}
