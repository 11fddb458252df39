/** The supervisor's page: queues and agents, live, and the conversation that is listened to. */

import '../styles/agent.css';
import '../styles/supervisor.css';
import '../ui/fluent.js';
import type { Session } from 'jackfield';
import { t } from '../i18n/index.js';
import { runStaffPage, type Work } from '../session/staff-page.js';
import { h, setShown } from '../ui/dom.js';
import { attempt } from '../ui/troubles.js';
import { agentTable } from './agents.js';
import { monitored } from './monitor.js';
import { queueTable } from './queues.js';
import { totals } from './totals.js';

runStaffPage({
  role: 'supervisor',
  title: () => t('signIn.titleSupervisor'),
  opened: (session) => void attempt(() => session.watchFloor(true)),
  work,
});

function work(session: Session, signal: AbortSignal): Work {
  const views = [totals(), queueTable(session, signal), agentTable(session, signal)];
  const monitor = monitored(session, signal);
  const loading = h('p', { class: 'floor-loading', attrs: { role: 'status' } }, t('supervisor.loading'));
  const parts = h('div', { class: 'floor-parts' }, ...views.map((view) => view.element));
  return {
    controls: [],
    main: h('main', { class: 'floor' }, h('h2', { class: 'floor-title' }, t('supervisor.title')), monitor.element, loading, parts),
    update() {
      const { floor } = session.state;
      setShown(loading, floor === undefined);
      setShown(parts, floor !== undefined);
      if (floor) views.forEach((view) => view.update(floor));
      monitor.update();
    },
  };
}
