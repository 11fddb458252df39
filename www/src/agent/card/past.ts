/** An earlier conversation, opened: who, when, how it went, and what was written. */

import type { PastConversation, PastMessage } from 'jackfield';
import { moment, t } from '../../i18n/index.js';
import { queueName } from '../../session/people.js';
import { explain } from '../../session/errors.js';
import { button } from '../../ui/button.js';
import { openDialog } from '../../ui/dialog.js';
import { h, setShown, setText } from '../../ui/dom.js';
import { icon } from '../../ui/icons.js';
import { fact } from './attributes.js';
import { dispositionName, tagName } from './history.js';
import type { CardOptions } from './section.js';

const PAGE = 20;

/** Opens it. The newest page of messages comes first; older ones grow upwards. */
export function openPast(options: CardOptions, past: PastConversation): void {
  const { conversation, signal } = options;
  const ended = new AbortController();
  const list = h('ol', { testid: 'past-messages', class: 'past-messages' });
  const status = h('p', { class: 'card-none', attrs: { role: 'status' } }, t('card.historyLoading'));
  let oldest: number | undefined;
  const load = async () => {
    const fromEnd = body.scrollHeight - body.scrollTop;
    try {
      const { messages, more } = await conversation.pastMessages(past.conversationId, { limit: PAGE, ...(oldest !== undefined && { before: oldest }) }, { signal: ended.signal });
      oldest = messages[0]?.number ?? oldest;
      list.prepend(...messages.map(messageRow));
      setShown(older.element, more);
      setText(status, list.childElementCount === 0 ? t('chat.empty') : '');
    } catch (error) {
      const why = explain(error);
      if (!why) return;
      setText(status, why.text);
    }
    setShown(status, status.textContent !== '');
    body.scrollTop = body.scrollHeight - fromEnd;
  };
  const older = button({ testid: 'past-older', label: t('chat.older'), size: 'small', appearance: 'subtle', class: 'past-older', run: load });
  setShown(older.element, false);
  const body = h('div', { class: 'past-body', attrs: { tabindex: 0, role: 'group', 'aria-label': t('chat.region') } }, older.element, status, list);
  openDialog({ testid: 'past-dialog', title: moment(past.startedAt), signal, closed: () => ended.abort() }, facts(options, past), body);
  void load();
}

function facts({ session }: CardOptions, past: PastConversation): HTMLElement {
  const known: [string, string][] = [
    [t('card.subject'), past.subject ?? ''],
    [t('card.queue'), queueName(session, past.queueId)],
    [t('card.agents'), past.agents.map(({ name, userId }) => name || userId).join(', ')],
    [t('card.disposition'), dispositionName(session, past)],
    [t('card.tags'), past.tags.map((tag) => tagName(session, tag)).join(', ')],
  ];
  return h('dl', { class: 'past-facts' }, ...known.filter(([, value]) => value !== '').map(([term, value]) => h('div', {}, ...fact(term, value))));
}

function messageRow(message: PastMessage): HTMLElement {
  const internal = message.visibility === 'internal';
  return h('li', { testid: 'past-message', class: 'past-message', attrs: { 'data-visibility': message.visibility, 'data-role': message.role } },
    h('p', { class: 'note-about' }, internal && h('span', { class: 'message-note' }, icon('note'), t(message.note ? 'card.note' : 'chat.note')), ' ',
      h('span', { class: 'note-author', attrs: { dir: 'auto' } }, message.name), ' ', h('time', { attrs: { datetime: new Date(message.at).toISOString() } }, moment(message.at))),
    h('p', { class: 'note-text', attrs: { dir: 'auto' } }, message.text));
}
