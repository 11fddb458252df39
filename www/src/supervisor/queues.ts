/** The table of queues. */

import type { QueueStats } from 'jackfield';
import { t } from '../i18n/index.js';
import { setTimer, timer } from '../ui/clock.js';
import { h, KeyedList, type Row, setAttribute, setText } from '../ui/dom.js';
import type { FloorView } from './totals.js';

/** Makes the table. */
export function queueTable(): FloorView {
  const body = h('tbody');
  const rows = new KeyedList<QueueStats>(body, ({ queueId }) => queueId, queueRow);
  const head = [t('supervisor.queue'), t('supervisor.waiting'), t('supervisor.longest'), t('supervisor.active'), t('supervisor.ready')];
  return { element: table(t('supervisor.queues'), head, body), update: ({ queues }) => rows.update(queues) };
}

/** A table with its caption and head. */
export function table(caption: string, head: readonly string[], body: HTMLElement): HTMLElement {
  const heads = head.map((text, index) => h('th', { class: index > 0 ? 'number' : '', attrs: { scope: 'col' } }, text));
  return h('section', { class: 'table-card', attrs: { 'aria-label': caption } },
    h('h3', {}, caption), h('table', {}, h('thead', {}, h('tr', {}, ...heads)), body));
}

function queueRow(): Row<QueueStats> {
  const name = h('th', { attrs: { scope: 'row', dir: 'auto' } });
  const waiting = h('td', { testid: 'queue-waiting', class: 'number' });
  const longest = timer('queue-longest');
  const active = h('td', { testid: 'queue-active', class: 'number' });
  const ready = h('td', { testid: 'queue-ready', class: 'number' });
  const element = h('tr', { testid: 'queue-row' }, name, waiting, h('td', { class: 'number' }, longest), active, ready);
  return {
    element,
    update(queue) {
      setAttribute(element, 'data-queue', queue.queueId);
      setText(name, queue.name);
      setText(waiting, String(queue.waiting));
      setAttribute(waiting, 'data-alert', queue.waiting > 0);
      setTimer(longest, 'since', queue.longestSince);
      if (queue.longestSince === undefined) setText(longest, '–');
      setText(active, String(queue.active));
      setText(ready, String(queue.agentsReady));
      setAttribute(ready, 'data-alert', queue.agentsReady === 0 && queue.waiting > 0);
    },
  };
}
