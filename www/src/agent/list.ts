/** The list of the agent's conversations. */

import type { Conversation, ConversationSnapshot, Session } from 'jackfield';
import { t } from '../i18n/index.js';
import { customerName, customerOf, isCall, ownOf, queueName } from '../session/people.js';
import { avatar, setAvatar } from '../ui/avatar.js';
import { button } from '../ui/button.js';
import { setTimer, timer } from '../ui/clock.js';
import { h, KeyedList, type Row, setAttribute, setShown, setText, type View } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { mayCallOut, openCallOut } from './call-out.js';

export interface ListOptions {
  readonly session: Session;
  readonly selected: () => string | undefined;
  readonly select: (conversationId: string) => void;
  readonly signal: AbortSignal;
}

/** Makes the list. */
export function conversationList(options: ListOptions): View {
  const items = h('ul', { class: 'list-items' });
  const rows = new KeyedList<Conversation>(items, ({ id }) => id, () => listRow(options));
  const empty = h('div', { class: 'list-empty' }, h('strong', {}, t('list.empty')), h('span', {}, t('list.emptyLead')));
  const count = h('span', { class: 'list-count' });
  const callOut = button({
    testid: 'call-out-open', icon: 'callOut', label: t('callOut.open'), iconOnly: true, appearance: 'subtle', class: 'list-call',
    run: () => openCallOut(options.session, options.signal, ({ id }) => options.select(id)),
  });
  const element = h('nav', { testid: 'conversation-list', class: 'list', attrs: { 'aria-label': t('list.title') } },
    h('div', { class: 'list-head' }, h('h2', {}, t('list.title')), count, callOut.element), items, empty);
  return {
    element,
    update() {
      const open = options.session.conversations.filter(({ state }) => isOpen(state));
      rows.update(open);
      setShown(empty, open.length === 0);
      setShown(callOut.element, mayCallOut(options.session));
      setText(count, open.length > 0 ? String(open.length) : '');
    },
  };
}

/** Whether a conversation is one that this agent has something to do with. */
export function isOpen({ state }: ConversationSnapshot): boolean {
  return state === 'active' || state === 'wrapUp' || state === 'parked';
}

function listRow({ session, selected, select }: ListOptions): Row<Conversation> {
  const parts = rowParts();
  let id = '';
  parts.button.addEventListener('click', () => select(id));
  return {
    element: h('li', {}, parts.button),
    update(conversation) {
      const { state } = conversation;
      id = conversation.id;
      const name = customerName(state);
      setAttribute(parts.button, 'data-conversation', id);
      setAttribute(parts.button, 'data-state', state.state);
      setAttribute(parts.button, 'aria-current', selected() === id ? 'true' : undefined);
      setAvatar(parts.face, name);
      setText(parts.name, name);
      setText(parts.line, lastLine(session, state));
      showStanding(parts, session, state);
      setShown(parts.unread, state.unread > 0);
      setAttribute(parts.unread, 'count', state.unread);
      setText(parts.unreadWords, state.unread > 0 ? t('list.unread', { count: state.unread }) : '');
    },
  };
}

function rowParts() {
  const face = avatar('', 40);
  const name = h('span', { class: 'list-name', attrs: { dir: 'auto' } });
  const time = timer();
  const line = h('span', { class: 'list-line', attrs: { dir: 'auto' } });
  const standing = h('span', { class: 'list-standing' });
  const voice = icon('accept');
  const chat = icon('chat');
  const unread = h('fluent-counter-badge', { testid: 'unread-badge', attrs: { size: 'small', color: 'danger', 'aria-hidden': 'true' } });
  const unreadWords = h('span', { class: 'visually-hidden' });
  const button = h('button', { testid: 'conversation-item', class: 'list-item', attrs: { type: 'button' } },
    face,
    h('span', { class: 'list-middle' },
      h('span', { class: 'list-top' }, name, time),
      h('span', { class: 'list-bottom' }, h('span', { class: 'list-channel' }, voice, chat), standing, line, unread, unreadWords)));
  return { button, face, name, time, line, standing, voice, chat, unread, unreadWords };
}

function showStanding(parts: ReturnType<typeof rowParts>, session: Session, state: ConversationSnapshot): void {
  const leg = ownOf(state, session)?.voice;
  const held = customerOf(state)?.voice?.held === true && leg !== undefined;
  const inWrapUp = state.state === 'wrapUp';
  parts.voice.toggleAttribute('hidden', !(leg || state.channel === 'voice'));
  parts.chat.toggleAttribute('hidden', leg !== undefined || state.channel === 'voice');
  setText(parts.standing, inWrapUp ? t('list.wrapUp') : state.state === 'parked' ? t('list.parked') : held ? t('list.onHold') : state.outbound?.stage === 'preview' ? t('list.preview') : isCall(state.pending) ? t('list.calling') : leg ? t('list.inCall') : '');
  setAttribute(parts.standing, 'data-look', inWrapUp ? 'wrapUp' : held ? 'held' : leg ? 'call' : undefined);
  if (inWrapUp && state.wrapUp) setTimer(parts.time, 'until', state.wrapUp.until);
  else setTimer(parts.time, 'since', leg?.since ?? state.stateSince);
}

function lastLine(session: Session, state: ConversationSnapshot): string {
  const message = state.messages.at(-1);
  if (!message) return state.subject ?? queueName(session, state.queueId);
  if (message.visibility === 'internal') return t('list.note', { text: message.text });
  return message.own ? t('list.you', { text: message.text }) : message.text;
}
