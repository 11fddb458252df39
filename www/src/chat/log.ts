/** The messages of a conversation: in order, followed as they come, read as they are seen. */

import type { Conversation, Session } from 'jackfield';
import { day, t } from '../i18n/index.js';
import { button } from '../ui/button.js';
import { h, KeyedList, type Row, setShown, setText, type View } from '../ui/dom.js';
import { attempt } from '../ui/troubles.js';
import { messageRow, type Placed } from './message.js';

const PAGE = 50;
/** So close to the end, in CSS pixels, counts as being there. */
const NEAR = 48;

/** Makes the log. It says that messages were read while the page is looked at. */
export function chatLog(session: Session, conversation: Conversation, signal: AbortSignal): View {
  const parts = logParts(conversation);
  const list = new KeyedList<Placed>(parts.list, ({ message }) => message.commandId, (placed) => withDay(messageRow(conversation, placed)));
  const watcher = new IntersectionObserver(() => read(conversation, parts.scroller));
  watcher.observe(parts.scroller);
  signal.addEventListener('abort', () => watcher.disconnect());
  for (const [target, type] of [[document, 'visibilitychange'], [window, 'focus']] as const) {
    target.addEventListener(type, () => read(conversation, parts.scroller), { signal });
  }
  followEnd(parts, signal);
  let last: string | undefined;
  let shown: Conversation['chat']['messages'] | undefined;
  return {
    element: parts.element,
    update() {
      const { messages } = conversation.chat;
      const wasAtEnd = parts.isAtEnd();
      if (messages !== shown) list.update(messages.map((message, index) => ({ message, above: messages[index - 1] })));
      shown = messages;
      setShown(parts.empty, messages.length === 0);
      parts.showOlder();
      const newest = messages.at(-1);
      if (newest && newest.commandId !== last) {
        if (wasAtEnd || newest.own || last === undefined) parts.toEnd();
        else setShown(parts.newer, true);
        last = newest.commandId;
      }
      setText(parts.typing, typingText(session, conversation));
      read(conversation, parts.scroller);
    },
  };
}

function logParts(conversation: Conversation) {
  const list = h('div', { class: 'messages' });
  const empty = h('p', { class: 'chat-empty' }, t('chat.empty'));
  const typing = h('div', { testid: 'typing', class: 'typing', attrs: { 'aria-live': 'off' } });
  let more = true;
  const older = button({
    testid: 'chat-older', label: t('chat.older'), size: 'small', appearance: 'subtle', class: 'chat-older',
    run: () => loadOlder(),
  });
  const scroller = h('div', { testid: 'chat-log', class: 'chat-log', attrs: { role: 'log', 'aria-label': t('chat.region'), tabindex: 0 } }, older.element, empty, list);
  const newer = h('fluent-button', { class: 'chat-newer', hidden: true, attrs: { appearance: 'primary', size: 'small', shape: 'circular' }, on: { click: () => toEnd() } }, t('chat.newer'));
  const element = h('div', { class: 'chat-frame' }, scroller, newer, typing);
  const isAtEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR;
  const toEnd = () => {
    scroller.scrollTop = scroller.scrollHeight;
    newer.hidden = true;
  };
  const loadOlder = () => attempt(async () => {
    const fromEnd = scroller.scrollHeight - scroller.scrollTop;
    more = await conversation.chat.loadOlder(PAGE);
    // What was read stays where it was; the older messages grow upwards.
    scroller.scrollTop = scroller.scrollHeight - fromEnd;
    showOlder();
  });
  const showOlder = () => {
    const first = conversation.chat.messages.find((message) => message.number > 0);
    setShown(older.element, more && first !== undefined && first.number > 1);
  };
  return { element, scroller, list, empty, typing, newer, isAtEnd, toEnd, showOlder };
}

/** Keeps the end in sight while its size changes: a keyboard that opens, a composer that grows, a message that wraps. */
function followEnd({ scroller, list, isAtEnd, toEnd, newer }: ReturnType<typeof logParts>, signal: AbortSignal): void {
  let atEnd = true;
  scroller.addEventListener('scroll', () => {
    atEnd = isAtEnd();
    if (atEnd) newer.hidden = true;
  }, { signal, passive: true });
  const sizes = new ResizeObserver(() => {
    if (atEnd) toEnd();
  });
  sizes.observe(scroller);
  sizes.observe(list);
  signal.addEventListener('abort', () => sizes.disconnect());
}

/** Puts the day over the first message of each day. */
function withDay(row: Row<Placed>): Row<Placed> {
  const label = h('div', { class: 'chat-day', attrs: { role: 'presentation' } });
  const element = h('div', { class: 'message-place' }, label, row.element);
  return {
    element,
    update(placed) {
      const { message, above } = placed;
      const begins = above === undefined || new Date(above.at).toDateString() !== new Date(message.at).toDateString();
      setShown(label, begins);
      if (begins) setText(label, day(message.at));
      row.update(placed);
    },
  };
}

function read(conversation: Conversation, scroller: HTMLElement): void {
  const looked = document.visibilityState === 'visible' && document.hasFocus() && scroller.checkVisibility();
  if (!looked || conversation.state.unread === 0) return;
  // Nobody waits for this; where it fails, the next look says it again.
  conversation.chat.markRead().catch(() => undefined);
}

function typingText(session: Session, conversation: Conversation): string {
  const { typing, participants } = conversation.state;
  const names = participants.filter((one) => typing.includes(one.participantId) && one.userId !== session.state.user.userId).map((one) => one.name);
  return names.length > 0 ? t('chat.typing', { name: names.join(', ') }) : '';
}
