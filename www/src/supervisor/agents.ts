/** The table of agents. */

import type { AgentStats } from 'jackfield';
import { presenceDot, presenceText } from '../agent/presence.js';
import { t } from '../i18n/index.js';
import { avatar, setAvatar } from '../ui/avatar.js';
import { setTimer, timer } from '../ui/clock.js';
import { h, KeyedList, type Row, setAttribute, setText } from '../ui/dom.js';
import { table } from './queues.js';
import type { FloorView } from './totals.js';

/** Makes the table: those at work first, then by name. */
export function agentTable(): FloorView {
  const body = h('tbody');
  const rows = new KeyedList<AgentStats>(body, ({ userId }) => userId, agentRow);
  const head = [t('supervisor.agent'), t('supervisor.state'), t('supervisor.since'), t('supervisor.calls'), t('supervisor.chats')];
  return { element: table(t('supervisor.agents'), head, body), update: ({ agents }) => rows.update([...agents].sort(byWork)) };
}

function byWork(one: AgentStats, other: AgentStats): number {
  const offline = (agent: AgentStats) => Number(agent.availability === 'offline');
  return offline(one) - offline(other) || one.name.localeCompare(other.name);
}

function agentRow(): Row<AgentStats> {
  const face = avatar('', 32);
  const name = h('span', { attrs: { dir: 'auto' } });
  const dot = presenceDot();
  const state = h('span', {});
  const since = timer('agent-since');
  const calls = h('td', { testid: 'agent-calls', class: 'number' });
  const chats = h('td', { testid: 'agent-chats', class: 'number' });
  const element = h('tr', { testid: 'agent-row' },
    h('th', { attrs: { scope: 'row' } }, h('span', { class: 'agent-who' }, face, name)),
    h('td', { testid: 'agent-state', class: 'number' }, h('span', { class: 'agent-state' }, dot.element, state)),
    h('td', { class: 'number' }, since), calls, chats);
  return {
    element,
    update(agent) {
      setAttribute(element, 'data-user', agent.userId);
      setAttribute(element, 'data-availability', agent.availability);
      setAttribute(element, 'data-activity', agent.activity);
      setAvatar(face, agent.name);
      setText(name, agent.name);
      dot.show(agent);
      setText(state, presenceText(agent));
      // Who was never here has no time since when.
      setTimer(since, 'since', agent.since > 0 ? agent.since : undefined);
      if (agent.since <= 0) setText(since, '–');
      setText(calls, String(agent.voice));
      setText(chats, String(agent.chats));
    },
  };
}
