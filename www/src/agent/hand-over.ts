/** The dialog in which an agent hands a conversation on, asks a colleague first, or brings one in. */

import type { Conversation, Session, Target, Targets } from 'jackfield';
import { t } from '../i18n/index.js';
import { avatar } from '../ui/avatar.js';
import { button } from '../ui/button.js';
import { openDialog } from '../ui/dialog.js';
import { h, setShown, setText } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { explain } from '../session/errors.js';
import { numberPart, numberWays } from './hand-over-number.js';
import { presenceDot, presenceText } from './presence.js';
import { keepNames } from './target-names.js';

/** What is done with whoever is chosen. */
type Way = 'transfer' | 'consult' | 'invite';

/** How long a pause in typing starts the search. */
const PAUSE_MS = 150;

/** Opens the dialog. It closes when the gateway has taken the wish, and stays open with the reason where it has not. */
export function openHandOver(session: Session, conversation: Conversation, signal: AbortSignal): void {
  const { channel } = conversation.state;
  openTargets<Way>(session, {
    testid: 'hand-over', title: t('handOver.title'), signal,
    words: (way, name) => ({ label: t(`handOver.${way}`), title: t(`handOver.${way}To`, { name }) }),
    act: (way, target) => conversation[way](target),
    agent(agent) {
      const inIt = conversation.state.participants.some(({ userId }) => userId === agent.userId);
      const ways = inIt || agent.presence.availability === 'offline' ? [] : (['transfer', 'consult', 'invite'] as const);
      return { about: inIt ? t('handOver.inIt') : presenceText(agent.presence), ways };
    },
    ...(session.state.trunk && {
      more: (act) => numberPart<Way>({
        testid: 'hand-over-number', ways: numberWays(session, conversation), act,
        words: (way) => ({ label: t(`handOver.${way}`), title: t(`handOver.number.${way}`) }),
      }),
    }),
    queue: (queue) => (queue.channels.includes(channel) ? { about: queueText(queue), ways: ['transfer', 'consult'] } : { about: t('handOver.otherChannel'), ways: [] }),
  });
}

type Agent = Targets['agents'][number];
type Queue = Targets['queues'][number];
interface Choice<W> { readonly about: string; readonly ways: readonly W[] }

export interface TargetsOptions<W extends string> {
  readonly testid: string;
  readonly title: string;
  readonly signal: AbortSignal;
  /** What can be done with a colleague or a queue, and what is said of it. */
  readonly agent: (agent: Agent) => Choice<W>;
  readonly queue: (queue: Queue) => Choice<W>;
  readonly words: (way: W, name: string) => { readonly label: string; readonly title: string };
  readonly act: (way: W, target: Target) => Promise<unknown>;
  /** What else there is to choose, below the list. It is given what does it, and closes the dialog; where that fails, it is told why. */
  readonly more?: (act: (way: W, target: Target) => Promise<string | undefined>) => HTMLElement;
}

/** Opens a dialog to choose among colleagues and queues, found by a part of their names. */
export function openTargets<W extends string>(session: Session, options: TargetsOptions<W>): void {
  const { testid, title, signal } = options;
  const search = h('fluent-text-input', { testid: `${testid}-search`, class: 'hand-over-search', attrs: { placeholder: t('handOver.search'), 'aria-label': t('handOver.search'), type: 'search' } });
  const list = h('ul', { testid: `${testid}-list`, class: 'hand-over-list' });
  const status = h('p', { class: 'hand-over-status', attrs: { role: 'status' } }, t('handOver.searching'));
  const ended = new AbortController();
  let wanted = '';
  const attempted = async (way: W, target: Target): Promise<string | undefined> => {
    try {
      await options.act(way, target);
      dialog.close();
      return undefined;
    } catch (error) {
      return explain(error)?.text;
    }
  };
  const dialog = openDialog({ testid, title, signal, closed: () => ended.abort() }, search, status, list, options.more?.(attempted));
  const act: Act<W> = async (way, target) => {
    // Said here: the page behind the dialog can't be read.
    const why = await attempted(way, target);
    setText(status, why ?? '');
    setShown(status, why !== undefined);
  };
  const show = async () => {
    try {
      const text = wanted;
      const found = await session.findTargets({ text }, { signal: ended.signal });
      const { agents, queues } = found;
      keepNames(found);
      // Another text was typed meanwhile: its answer is on its way.
      if (text !== wanted) return;
      list.replaceChildren(...agents.map((agent) => agentRow(options, agent, act)), ...queues.map((queue) => queueRow(options, queue, act)));
      setShown(status, agents.length + queues.length === 0);
      setText(status, t('handOver.nobody'));
    } catch (error) {
      const why = explain(error);
      if (!why) return;
      setText(status, why.text);
      setShown(status, true);
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

type Act<W> = (way: W, target: Target) => Promise<void>;

/** How a queue stands, in words. */
export function queueText(queue: Queue): string {
  return t('handOver.queue', { waiting: queue.waiting, ready: queue.agentsReady });
}

function agentRow<W extends string>(options: TargetsOptions<W>, agent: Agent, act: Act<W>): HTMLElement {
  const dot = presenceDot();
  dot.show(agent.presence);
  const face = h('span', { class: 'hand-over-face' }, avatar(agent.name, 32), dot.element);
  return row(options, `${options.testid}-agent`, agent.userId, face, agent.name, options.agent(agent), (way) => act(way, { type: 'agent', userId: agent.userId }));
}

function queueRow<W extends string>(options: TargetsOptions<W>, queue: Queue, act: Act<W>): HTMLElement {
  const face = h('span', { class: 'hand-over-face' }, icon('queue'));
  return row(options, `${options.testid}-queue`, queue.queueId, face, queue.name, options.queue(queue), (way) => act(way, { type: 'queue', queueId: queue.queueId }));
}

function row<W extends string>(options: TargetsOptions<W>, testid: string, id: string, face: HTMLElement, name: string, { about, ways }: Choice<W>, run: (way: W) => Promise<void>): HTMLElement {
  const buttons = ways.map((way, index) => button({
    testid: `${testid}-${way}`, ...options.words(way, name), size: 'small', ...(index === 0 ? { appearance: 'primary' as const } : {}), run: () => run(way),
  }).element);
  return h('li', { testid, class: 'hand-over-row', attrs: { 'data-target': id } }, face,
    h('span', { class: 'hand-over-who' }, h('span', { class: 'hand-over-name', attrs: { dir: 'auto' } }, name), h('span', { class: 'hand-over-about' }, about)),
    h('span', { class: 'hand-over-ways' }, ...buttons));
}
