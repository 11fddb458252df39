/** One message of a chat. */

import type { Conversation, Message, MessageState } from 'jackfield';
import { clockTime, t } from '../i18n/index.js';
import { avatar } from '../ui/avatar.js';
import { button } from '../ui/button.js';
import { h, type Row, setAttribute, setShown, setText } from '../ui/dom.js';
import { icon, type IconName, setIcon } from '../ui/icons.js';
import { attempt } from '../ui/troubles.js';

/** Messages of one writer within this time stand together under one name. */
const TOGETHER_MS = 5 * 60_000;

/** A message, and the one above it, which says whether name and time stand over it again. */
export interface Placed {
  readonly message: Message;
  readonly above: Message | undefined;
}

const states: Readonly<Record<MessageState, IconName>> = {
  pending: 'clock', sent: 'check', delivered: 'doubleCheck', read: 'doubleCheck', failed: 'failed', received: 'check',
};

/** Whether a message begins a group of its own. */
export function beginsGroup({ message, above }: Placed): boolean {
  return above === undefined
    || above.participantId !== message.participantId
    || above.visibility !== message.visibility
    || message.at - above.at > TOGETHER_MS;
}

/** Makes a message's row. The text is set as text, never as markup. */
export function messageRow(conversation: Conversation, { message }: Placed): Row<Placed> {
  const text = h('div', { testid: 'message-text', class: 'message-text', attrs: { dir: 'auto' } }, message.text);
  const time = h('span', { class: 'message-time' });
  const head = h('div', { class: 'message-head' },
    message.visibility === 'internal' && h('span', { class: 'message-note' }, icon('note'), t('chat.note')),
    h('span', { class: 'message-name', attrs: { dir: 'auto' } }, message.name), time);
  const drawing = icon('clock');
  const word = h('span', { class: 'visually-hidden' });
  const state = h('span', { testid: 'message-state', class: 'message-state' }, drawing, word);
  const again = button({ testid: 'message-again', label: t('chat.again'), size: 'small', appearance: 'subtle', run: () => attempt(() => conversation.chat.send(message.text, { visibility: message.visibility })) });
  const face = message.own ? undefined : avatar(message.name, 32);
  const element = h('div', { testid: 'message', class: 'message', attrs: { 'data-own': String(message.own), 'data-visibility': message.visibility, 'data-role': message.role } },
    face, h('div', { class: 'message-body' }, head, h('div', { class: 'bubble' }, text)), message.own && state, message.own && again.element);
  return {
    element,
    update(placed) {
      const { state: standing, number, at } = placed.message;
      setAttribute(element, 'data-state', standing);
      setAttribute(element, 'data-number', number);
      setAttribute(element, 'data-begins', beginsGroup(placed));
      setText(time, clockTime(at));
      setIcon(drawing, states[standing]);
      setText(word, t(`chat.state.${standing}`));
      setAttribute(state, 'title', t(`chat.state.${standing}`));
      setShown(again.element, standing === 'failed');
    },
  };
}
