/** The same customer's earlier conversations. */

import type { PastConversation, Session } from 'jackfield';
import { moment, t } from '../../i18n/index.js';
import { queueName } from '../../session/people.js';
import { button } from '../../ui/button.js';
import { h, setShown, setText, type View } from '../../ui/dom.js';
import { icon } from '../../ui/icons.js';
import { explain } from '../../session/errors.js';
import { openPast } from './past.js';
import { type CardOptions, cardSection } from './section.js';

const PAGE = 5;

/** Makes the part of the card. It asks once, when it is made; more comes when asked for. */
export function historyView(options: CardOptions): View {
  const { conversation, signal } = options;
  const list = h('ul', { testid: 'card-history', class: 'past-list' });
  const status = h('p', { testid: 'history-status', class: 'card-none', attrs: { role: 'status' } }, t('card.historyLoading'));
  let oldest: string | undefined;
  const load = async () => {
    try {
      const { entries, more: left } = await conversation.history({ limit: PAGE, ...(oldest !== undefined && { before: oldest }) }, { signal });
      oldest = entries.at(-1)?.conversationId ?? oldest;
      list.append(...entries.map((past) => pastRow(options, past)));
      setShown(more.element, left);
      setText(status, list.childElementCount === 0 ? t('card.noHistory') : '');
    } catch (error) {
      const why = explain(error);
      if (!why) return;
      setText(status, why.text);
      setShown(more.element, true);
    }
    setShown(status, status.textContent !== '');
  };
  const more = button({ testid: 'history-more', label: t('card.historyMore'), size: 'small', appearance: 'subtle', run: load });
  setShown(more.element, false);
  void load();
  return { element: cardSection('card-history-section', t('card.history'), undefined, status, list, more.element), update: () => undefined };
}

function pastRow(options: CardOptions, past: PastConversation): HTMLElement {
  const { session } = options;
  const outcome = [dispositionName(session, past), ...past.tags.map((tag) => tagName(session, tag))].filter(Boolean).join(' · ');
  const open = h('button', { testid: 'past', class: 'past', attrs: { type: 'button', 'data-conversation': past.conversationId }, on: { click: () => openPast(options, past) } },
    h('span', { class: 'past-when' }, icon(past.channel === 'voice' ? 'accept' : 'chat'), h('span', { class: 'visually-hidden' }, t(`channel.${past.channel}`)), moment(past.startedAt)),
    h('span', { class: 'past-who', attrs: { dir: 'auto' } }, [queueName(session, past.queueId), ...past.agents.map(({ name }) => name)].join(' · ')),
    outcome !== '' && h('span', { class: 'past-outcome', attrs: { dir: 'auto' } }, outcome),
    past.lastMessage && h('span', { class: 'past-last', attrs: { dir: 'auto' } }, past.lastMessage));
  return h('li', {}, open);
}

/** How a conversation went, in the queue's words, where it is one that this agent knows. */
export function dispositionName(session: Session, { queueId, disposition }: PastConversation): string {
  const known = session.state.queues.find((queue) => queue.queueId === queueId)?.dispositions;
  return known?.find(({ id }) => id === disposition)?.name ?? disposition ?? '';
}

/** A tag in the tenant's words. */
export function tagName(session: Session, tag: string): string {
  return session.state.tags.find(({ id }) => id === tag)?.name ?? tag;
}
