/** The table of queues. */

import type { QueueStats, Session } from 'jackfield';
import { t } from '../i18n/index.js';
import { setTimer, timer } from '../ui/clock.js';
import { h, KeyedList, type Row, setAttribute, setText } from '../ui/dom.js';
import { openWaiting } from './waiting.js';
import { answerTime, handleTime, NONE, percent, serviceLevel, time } from './figures.js';
import type { FloorView } from './totals.js';

/** Service levels under this are marked: four of five within the queue's time is what contact centres commonly promise. */
const PROMISED = 0.8;

/** Makes the table. What happened is counted over the last 30 minutes, abandoned ones since the day began. */
export function queueTable(session: Session, signal: AbortSignal): FloorView {
  const body = h('tbody');
  const rows = new KeyedList<QueueStats>(body, ({ queueId }) => queueId, () => queueRow(session, signal));
  const head: Head[] = [
    [t('supervisor.queue')], [t('supervisor.waiting')], [t('supervisor.longest')], [t('supervisor.serviceLevel'), t('supervisor.serviceLevelTitle')],
    [t('supervisor.answerTime'), t('supervisor.answerTimeTitle'), 'wide'], [t('supervisor.handleTime'), t('supervisor.handleTimeTitle'), 'wide'],
    [t('supervisor.abandoned'), t('supervisor.abandonedTitle'), 'wide'], [t('supervisor.active')], [t('supervisor.ready')],
  ];
  return { element: table('queues', t('supervisor.queues'), head, body), update: ({ queues }) => rows.update(queues) };
}

/** A column's head: its word, what it means, and whether it is only shown where there is room. */
export type Head = readonly [text: string, title?: string | undefined, only?: 'wide' | 'roomy'];

/** A table with its caption and head. */
export function table(name: string, caption: string, head: readonly Head[], body: HTMLElement): HTMLElement {
  const heads = head.map(([text, title, only], index) => h('th', { class: `${index > 0 ? 'number' : ''} ${only ?? ''}`.trim(), attrs: { scope: 'col', title } }, text));
  return h('section', { testid: `table-${name}`, class: 'table-card', attrs: { 'aria-label': caption } },
    h('h3', {}, caption), h('table', {}, h('thead', {}, h('tr', {}, ...heads)), body));
}

function queueRow(session: Session, signal: AbortSignal): Row<QueueStats> {
  const name = h('th', { attrs: { scope: 'row', dir: 'auto' } });
  const cell = (testid: string, only = '') => h('td', { testid, class: `number ${only}`.trim() });
  const longest = timer('queue-longest');
  let shown: QueueStats | undefined;
  const open = h('button', { testid: 'queue-waiting', class: 'queue-waiting', attrs: { type: 'button' }, on: { click: () => shown && openWaiting(session, shown.queueId, shown.name, signal) } });
  const cells = {
    waiting: open, level: cell('queue-service-level'), answer: cell('queue-answer-time', 'wide'), handle: cell('queue-handle-time', 'wide'),
    abandoned: cell('queue-abandoned', 'wide'), active: cell('queue-active'), ready: cell('queue-ready'),
  };
  const element = h('tr', { testid: 'queue-row' }, name, h('td', { class: 'number' }, open), h('td', { class: 'number' }, longest),
    cells.level, cells.answer, cells.handle, cells.abandoned, cells.active, cells.ready);
  return {
    element,
    update(queue) {
      shown = queue;
      setAttribute(element, 'data-queue', queue.queueId);
      setAttribute(open, 'aria-label', t('waiting.open', { queue: queue.name, waiting: queue.waiting }));
      setText(name, queue.name);
      setTimer(longest, 'since', queue.longestSince);
      if (queue.longestSince === undefined) setText(longest, NONE);
      show(cells, queue);
    },
  };
}

function show(cells: Readonly<Record<'waiting' | 'level' | 'answer' | 'handle' | 'abandoned' | 'active' | 'ready', HTMLElement>>, queue: QueueStats): void {
  const level = serviceLevel(queue.window);
  setText(cells.waiting, String(queue.waiting));
  setAttribute(cells.waiting, 'data-alert', queue.waiting > 0);
  setText(cells.level, percent(level));
  setAttribute(cells.level, 'data-alert', level !== undefined && level < PROMISED);
  setText(cells.answer, time(answerTime(queue.window)));
  setText(cells.handle, time(handleTime(queue.window)));
  setText(cells.abandoned, String(queue.today?.abandoned ?? 0));
  setText(cells.active, String(queue.active));
  setText(cells.ready, String(queue.agentsReady));
  setAttribute(cells.ready, 'data-alert', queue.agentsReady === 0 && queue.waiting > 0);
}
