/** The dialog in which an agent hands a conversation on, asks a colleague first, or brings one in. */

import type { Conversation, Session, Target, Targets } from 'jackfield';
import { t } from '../i18n/index.js';
import { avatar } from '../ui/avatar.js';
import { button } from '../ui/button.js';
import { openDialog } from '../ui/dialog.js';
import { h, setShown, setText } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { attempt, showError } from '../ui/troubles.js';
import { presenceDot, presenceText } from './presence.js';

/** What is done with whoever is chosen. */
type Way = 'transfer' | 'consult' | 'invite';

/** How long a pause in typing starts the search. */
const PAUSE_MS = 150;

/** Opens the dialog. It closes when the gateway has taken the wish, and stays open with the reason where it has not. */
export function openHandOver(session: Session, conversation: Conversation, signal: AbortSignal): void {
  const search = h('fluent-text-input', { testid: 'hand-over-search', class: 'hand-over-search', attrs: { placeholder: t('handOver.search'), 'aria-label': t('handOver.search'), type: 'search' } });
  const list = h('ul', { testid: 'hand-over-list', class: 'hand-over-list' });
  const status = h('p', { class: 'hand-over-status', attrs: { role: 'status' } }, t('handOver.searching'));
  const ended = new AbortController();
  let wanted = '';
  const dialog = openDialog({ testid: 'hand-over', title: t('handOver.title'), signal, closed: () => ended.abort() }, search, status, list);
  const act = async (way: Way, target: Target) => {
    if (await attempt(() => conversation[way](target))) dialog.close();
  };
  const show = async () => {
    try {
      const text = wanted;
      const { agents, queues } = await session.findTargets({ text }, { signal: ended.signal });
      // Another text was typed meanwhile: its answer is on its way.
      if (text !== wanted) return;
      list.replaceChildren(...agents.map((agent) => agentRow(conversation, agent, act)), ...queues.map((queue) => queueRow(conversation, queue, act)));
      setShown(status, agents.length + queues.length === 0);
      setText(status, t('handOver.nobody'));
    } catch (error) {
      if (!ended.signal.aborted) showError(error);
    }
  };
  let pause: ReturnType<typeof setTimeout> | undefined;
  search.addEventListener('input', () => {
    wanted = search.value.trim();
    clearTimeout(pause);
    pause = setTimeout(() => void show(), PAUSE_MS);
  });
  search.focus();
  void show();
}

type Act = (way: Way, target: Target) => Promise<void>;

function agentRow(conversation: Conversation, agent: Targets['agents'][number], act: Act): HTMLElement {
  const dot = presenceDot();
  dot.show(agent.presence);
  const inIt = conversation.state.participants.some(({ userId }) => userId === agent.userId);
  const target: Target = { type: 'agent', userId: agent.userId };
  const ways = inIt || agent.presence.availability === 'offline' ? [] : (['transfer', 'consult', 'invite'] as const);
  return row('hand-over-agent', agent.userId, h('span', { class: 'hand-over-face' }, avatar(agent.name, 32), dot.element), agent.name,
    inIt ? t('handOver.inIt') : presenceText(agent.presence), ways, (way) => act(way, target));
}

function queueRow(conversation: Conversation, queue: Targets['queues'][number], act: Act): HTMLElement {
  const takes = queue.channels.includes(conversation.state.channel);
  const about = takes ? t('handOver.queue', { waiting: queue.waiting, ready: queue.agentsReady }) : t('handOver.otherChannel');
  const target: Target = { type: 'queue', queueId: queue.queueId };
  return row('hand-over-queue', queue.queueId, h('span', { class: 'hand-over-face' }, icon('queue')), queue.name, about,
    takes ? ['transfer', 'consult'] : [], (way) => act(way, target));
}

function row(testid: string, id: string, face: HTMLElement, name: string, about: string, ways: readonly Way[], run: (way: Way) => Promise<void>): HTMLElement {
  const buttons = ways.map((way) => button({
    testid: `${testid}-${way}`, label: t(`handOver.${way}`), title: t(`handOver.${way}To`, { name }), size: 'small',
    ...(way === 'transfer' ? { appearance: 'primary' as const } : {}), run: () => run(way),
  }).element);
  return h('li', { testid, class: 'hand-over-row', attrs: { 'data-target': id } }, face,
    h('span', { class: 'hand-over-who' }, h('span', { class: 'hand-over-name', attrs: { dir: 'auto' } }, name), h('span', { class: 'hand-over-about' }, about)),
    h('span', { class: 'hand-over-ways' }, ...buttons));
}
