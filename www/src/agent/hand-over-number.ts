/** The part of a dialog of targets for telephone numbers. */

import type { Conversation, Session, Target } from 'jackfield';
import { t } from '../i18n/index.js';
import { ownOf } from '../session/people.js';
import { button } from '../ui/button.js';
import { h, setAttribute, setShown, setText, uniqueId } from '../ui/dom.js';
import { textField } from '../ui/form.js';

export interface NumberOptions<W extends string> {
  readonly testid: string;
  /** What can be done with the number; the first is the usual one. Nothing where it can only be done in a call. */
  readonly ways: readonly W[];
  readonly words: (way: W) => { readonly label: string; readonly title: string };
  /** Does it. @returns why it could not be done, as a sentence. */
  readonly act: (way: W, target: Target) => Promise<string | undefined>;
}

type Way = 'transfer' | 'consult' | 'invite';

/** What an agent can do with a number in a conversation: nothing without a call, and a chat goes on in writing, which a telephone can't. */
export function numberWays(session: Session, { state }: Conversation): readonly Way[] {
  if (ownOf(state, session)?.voice === undefined) return [];
  return state.channel === 'voice' ? ['transfer', 'consult', 'invite'] : ['consult', 'invite'];
}

/** Makes the field and its buttons. */
export function numberPart<W extends string>({ testid, ways, words, act }: NumberOptions<W>): HTMLElement {
  const field = textField(testid, { type: 'tel', maxlength: 40 });
  const label = h('label', { class: 'field-label', attrs: { for: field.id } }, t('handOver.number'));
  if (ways.length === 0) return h('div', { testid: `${testid}-part`, class: 'hand-over-number' }, h('p', { class: 'form-hint' }, t('handOver.numberNeedsCall')));
  const wrong = h('p', { id: uniqueId('number'), testid: `${testid}-wrong`, class: 'form-error', hidden: true, attrs: { role: 'alert' } });
  field.placeholder = t('handOver.numberExample');
  const say = (text: string | undefined) => {
    setText(wrong, text ?? '');
    setShown(wrong, text !== undefined);
    setAttribute(field, 'aria-invalid', text !== undefined ? 'true' : undefined);
    setAttribute(field, 'aria-describedby', text !== undefined ? wrong.id : undefined);
  };
  const run = async (way: W) => {
    const number = dialable(field.value);
    say(number === undefined ? t('handOver.numberWrong') : undefined);
    if (number === undefined) return field.focus();
    const why = await act(way, { type: 'number', number });
    if (why === undefined) return;
    say(why);
    field.focus();
  };
  const buttons = ways.map((way, index) => button({
    testid: `${testid}-${way}`, ...words(way), size: 'small', ...(index === 0 ? { appearance: 'primary' as const } : {}), run: () => run(way),
  }).element);
  field.addEventListener('input', () => say(undefined));
  // Enter gives nobody away: it goes to the buttons that say what is done.
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.isComposing) return;
    event.preventDefault();
    if (dialable(field.value) === undefined) say(t('handOver.numberWrong'));
    else buttons[0]?.focus();
  });
  return h('div', { testid: `${testid}-part`, class: 'hand-over-number' }, label, h('div', { class: 'hand-over-dial' }, field, h('span', { class: 'hand-over-ways' }, ...buttons)), wrong);
}

/** A number as it is dialled (E.164): without the spaces and signs with which people write it. Nothing where it is no number in full. */
export function dialable(written: string): string | undefined {
  const number = written.replace(/[\s\-./()]/g, '');
  return /^\+[1-9][0-9]{6,14}$/.test(number) ? number : undefined;
}
