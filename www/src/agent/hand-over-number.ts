/** The part of the hand-over dialog for telephone numbers. */

import type { Conversation, Session, Target } from 'jackfield';
import { t } from '../i18n/index.js';
import { ownOf } from '../session/people.js';
import { button } from '../ui/button.js';
import { h, setAttribute, setShown, setText, uniqueId } from '../ui/dom.js';
import { textField } from '../ui/form.js';

type Way = 'transfer' | 'consult' | 'invite';

/**
 * Makes the field and its buttons; nothing where the tenant has no trunk.
 * @param act Does it. @returns why it could not be done, as a sentence.
 */
export function numberPart(session: Session, conversation: Conversation, act: (way: Way, target: Target) => Promise<string | undefined>): HTMLElement | undefined {
  if (!session.state.trunk) return undefined;
  const { state } = conversation;
  const field = textField('hand-over-number', { type: 'tel', maxlength: 40 });
  const label = h('label', { class: 'field-label', attrs: { for: field.id } }, t('handOver.number'));
  if (ownOf(state, session)?.voice === undefined) return h('div', { testid: 'hand-over-number-part', class: 'hand-over-number' }, h('p', { class: 'form-hint' }, t('handOver.numberNeedsCall')));
  const wrong = h('p', { id: uniqueId('number'), testid: 'hand-over-number-wrong', class: 'form-error', hidden: true, attrs: { role: 'alert' } });
  field.placeholder = t('handOver.numberExample');
  const say = (text: string | undefined) => {
    setText(wrong, text ?? '');
    setShown(wrong, text !== undefined);
    setAttribute(field, 'aria-invalid', text !== undefined ? 'true' : undefined);
    setAttribute(field, 'aria-describedby', text !== undefined ? wrong.id : undefined);
  };
  const run = async (way: Way) => {
    const number = dialable(field.value);
    say(number === undefined ? t('handOver.numberWrong') : undefined);
    if (number === undefined) return field.focus();
    const why = await act(way, { type: 'number', number });
    if (why === undefined) return;
    say(why);
    field.focus();
  };
  // A chat goes on in writing, which a telephone can't.
  const ways: readonly Way[] = state.channel === 'voice' ? ['transfer', 'consult', 'invite'] : ['consult', 'invite'];
  const buttons = ways.map((way, index) => button({
    testid: `hand-over-number-${way}`, label: t(`handOver.${way}`), title: t(`handOver.number.${way}`), size: 'small', ...(index === 0 ? { appearance: 'primary' as const } : {}), run: () => run(way),
  }).element);
  field.addEventListener('input', () => say(undefined));
  // Enter gives nobody away: it goes to the buttons that say what is done.
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.isComposing) return;
    event.preventDefault();
    if (dialable(field.value) === undefined) say(t('handOver.numberWrong'));
    else buttons[0]?.focus();
  });
  return h('div', { testid: 'hand-over-number-part', class: 'hand-over-number' }, label, h('div', { class: 'hand-over-dial' }, field, h('span', { class: 'hand-over-ways' }, ...buttons)), wrong);
}

/** A number as it is dialled (E.164): without the spaces and signs with which people write it. Nothing where it is no number in full. */
export function dialable(written: string): string | undefined {
  const number = written.replace(/[\s\-./()]/g, '');
  return /^\+[1-9][0-9]{6,14}$/.test(number) ? number : undefined;
}
