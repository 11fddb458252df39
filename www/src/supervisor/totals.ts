/** The floor in a few figures. */

import type { Floor } from 'jackfield';
import { t, type Key } from '../i18n/index.js';
import { setTimer, timer } from '../ui/clock.js';
import { h, setAttribute, setText } from '../ui/dom.js';
import { icon, type IconName } from '../ui/icons.js';
import { percent, serviceLevel } from './figures.js';

export interface FloorView {
  readonly element: HTMLElement;
  update(floor: Floor): void;
}

/** Makes the cards. */
export function totals(): FloorView {
  const waiting = h('span', { testid: 'total-waiting', class: 'total-figure' });
  const longest = timer('total-longest');
  longest.classList.add('total-figure');
  const level = h('span', { testid: 'total-service-level', class: 'total-figure' });
  const active = h('span', { testid: 'total-active', class: 'total-figure' });
  const ready = h('span', { testid: 'total-ready', class: 'total-figure' });
  const element = h('div', { class: 'totals' },
    total('queue', 'supervisor.waiting', waiting), total('clock', 'supervisor.longest', longest),
    total('check', 'supervisor.serviceLevelToday', level), total('chat', 'supervisor.active', active), total('headset', 'supervisor.ready', ready));
  return {
    element,
    update({ queues, agents }) {
      const sum = (pick: (queue: Floor['queues'][number]) => number) => queues.reduce((all, queue) => all + pick(queue), 0);
      const oldest = Math.min(...queues.map((queue) => queue.longestSince ?? Infinity));
      setText(waiting, String(sum((queue) => queue.waiting)));
      setAttribute(waiting, 'data-alert', sum((queue) => queue.waiting) > 0);
      setTimer(longest, 'since', Number.isFinite(oldest) ? oldest : undefined);
      if (!Number.isFinite(oldest)) setText(longest, '–');
      const today = (pick: 'answered' | 'answeredInTime' | 'abandoned') => sum((queue) => queue.today?.[pick] ?? 0);
      setText(level, percent(serviceLevel({ answered: today('answered'), answeredInTime: today('answeredInTime'), abandoned: today('abandoned') })));
      setText(active, String(sum((queue) => queue.active)));
      // An agent stands in several queues, so the queues' figures don't add up; the agents' own do.
      setText(ready, String(agents.filter((agent) => agent.availability === 'available' && agent.activity === 'available').length));
    },
  };
}

function total(name: IconName, label: Key, figure: HTMLElement): HTMLElement {
  return h('div', { class: 'total' }, h('span', { class: 'total-label' }, icon(name), (t as (key: Key) => string)(label)), figure);
}
