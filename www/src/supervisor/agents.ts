/** The table of agents: what they do, and what a supervisor can do about it. */

import type { AgentConversation, AgentStats, MonitorMode, PreferredAvailability, Session } from 'jackfield';
import { presenceDot, presenceText } from '../agent/presence.js';
import { t } from '../i18n/index.js';
import { avatar, setAvatar } from '../ui/avatar.js';
import { setTimer, timer } from '../ui/clock.js';
import { h, KeyedList, type Row, setAttribute, setText } from '../ui/dom.js';
import { icon, setIcon } from '../ui/icons.js';
import { menu } from '../ui/menu.js';
import { attempt } from '../ui/troubles.js';
import { NONE, occupancy, percent } from './figures.js';
import { openReassign, openSignOut } from './reassign.js';
import { type Head, table } from './queues.js';
import type { FloorView } from './totals.js';

const MODES: readonly MonitorMode[] = ['listen', 'whisper', 'barge'];
const STATES: readonly PreferredAvailability[] = ['available', 'busy', 'away'];

/** Makes the table: those at work first, then by name. */
export function agentTable(session: Session, signal: AbortSignal): FloorView {
  const body = h('tbody');
  const rows = new KeyedList<AgentStats>(body, ({ userId }) => userId, () => agentRow(session, signal));
  const head: Head[] = [
    [t('supervisor.agent')], [t('supervisor.state')], [t('supervisor.since'), undefined, 'roomy'], [t('supervisor.conversations')],
    [t('supervisor.handled'), t('supervisor.handledTitle'), 'wide'], [t('supervisor.occupancy'), t('supervisor.occupancyTitle'), 'wide'],
  ];
  return { element: table('agents', t('supervisor.agents'), head, body), update: ({ agents }) => rows.update([...agents].sort(byWork)) };
}

function byWork(one: AgentStats, other: AgentStats): number {
  const offline = (agent: AgentStats) => Number(agent.availability === 'offline');
  return offline(one) - offline(other) || one.name.localeCompare(other.name);
}

function agentRow(session: Session, signal: AbortSignal): Row<AgentStats> {
  const face = avatar('', 32);
  const name = h('span', { attrs: { dir: 'auto' } });
  const dot = presenceDot();
  const state = h('span', {});
  const since = timer('agent-since');
  const handled = h('td', { testid: 'agent-handled', class: 'number wide' });
  const busy = h('td', { testid: 'agent-occupancy', class: 'number wide' });
  const open = h('ul', { class: 'agent-conversations' });
  const conversations = new KeyedList<AgentConversation>(open, ({ conversationId }) => conversationId, (one) => conversationChip(session, one, () => shown?.userId, signal));
  let shown: AgentStats | undefined;
  const states = stateMenu(session, () => shown, signal, h('span', { class: 'agent-state' }, dot.element, state));
  const element = h('tr', { testid: 'agent-row' },
    h('th', { attrs: { scope: 'row' } }, h('span', { class: 'agent-who' }, face, name)),
    h('td', { testid: 'agent-state', class: 'number' }, states.element),
    h('td', { class: 'number roomy' }, since), h('td', { class: 'number' }, open), handled, busy);
  return {
    element,
    update(agent) {
      shown = agent;
      setAttribute(element, 'data-user', agent.userId);
      setAttribute(element, 'data-availability', agent.availability);
      setAttribute(element, 'data-activity', agent.activity);
      setAttribute(element, 'data-stage', stageOf(agent));
      setAvatar(face, agent.name);
      setText(name, agent.name);
      dot.show(isPaused(agent) ? { availability: 'away', activity: 'away' } : agent);
      const stands = stateText(agent);
      setText(state, stands);
      states.name(t('supervisor.setState', { name: agent.name, state: stands }), agent.availability === 'offline');
      // Who was never here has no time since when.
      setTimer(since, 'since', agent.since > 0 ? agent.since : undefined);
      if (agent.since <= 0) setText(since, NONE);
      conversations.update(agent.conversations);
      setText(handled, String((agent.today?.calls ?? 0) + (agent.today?.chats ?? 0)));
      setText(busy, percent(occupancy(agent)));
    },
  };
}

/** Whoever is on the way to a customer is neither idle nor in a call yet. */
function stageOf({ conversations }: AgentStats): AgentConversation['stage'] {
  const stages = conversations.map(({ stage }) => stage);
  return stages.find((stage) => stage === 'calling') ?? stages.find((stage) => stage === 'preview');
}

/** Available, and yet its time counts as away: it left an offer unanswered, and is offered nothing for a while. */
function isPaused({ availability, state }: AgentStats): boolean {
  return availability === 'available' && state === 'away';
}

function stateText(agent: AgentStats): string {
  const stage = stageOf(agent);
  if (isPaused(agent)) return t('stage.paused');
  return stage ? t(`stage.${stage}`) : presenceText(agent);
}

/** An agent's state, which opens into a menu to change it. */
function stateMenu(session: Session, agent: () => AgentStats | undefined, signal: AbortSignal, content: HTMLElement) {
  const trigger = h('fluent-button', { testid: 'agent-menu', class: 'agent-menu', attrs: { appearance: 'transparent', size: 'small' } }, content, icon('chevronDown'));
  const items = STATES.map((availability) => ({
    testid: `agent-set-${availability}`, content: [t(`presence.${availability}`)],
    run: () => void attempt(async () => session.supervision.setAgentPresence(agent()?.userId ?? '', availability)),
  }));
  const signOut = {
    testid: 'agent-sign-out', content: [t('header.signOut')],
    run: () => {
      const one = agent();
      if (one) openSignOut(session, one.userId, one.name, signal);
    },
  };
  const element = menu(trigger, [...items, signOut]);
  return {
    element,
    name(label: string, disabled: boolean) {
      setAttribute(trigger, 'aria-label', label);
      setAttribute(trigger, 'disabled', disabled);
    },
  };
}

/** One of an agent's conversations, which opens into a menu: listen, whisper, barge in, take over. */
function conversationChip(session: Session, first: AgentConversation, agent: () => string | undefined, signal: AbortSignal): Row<AgentConversation> {
  const name = h('span', { attrs: { dir: 'auto' } });
  const since = timer();
  const kind = icon('chat');
  const trigger = h('fluent-button', { testid: 'agent-conversation', class: 'agent-conversation', attrs: { appearance: 'outline', size: 'small' } },
    kind, name, since);
  const { conversationId } = first;
  const modes = MODES.map((mode) => ({
    testid: `monitor-${mode}`, content: [t(`monitor.${mode}`)], run: () => void attempt(() => session.supervision.monitor(conversationId, mode)),
  }));
  const element = h('li', {}, menu(trigger, [...modes, {
    testid: 'monitor-take-over', content: [t('monitor.takeOver')], run: () => void attempt(() => session.supervision.takeOver(conversationId)),
  }, {
    testid: 'monitor-reassign', content: [t('reassign.open')],
    run() {
      const owner = agent();
      openReassign(session, { conversationId, channel: first.channel, name: first.customerName ?? t('conversation.unknownCustomer'), ...(owner !== undefined && { owner }) }, signal);
    },
  }]));
  return {
    element,
    update(one) {
      const who = one.customerName ?? t('conversation.unknownCustomer');
      setText(name, one.state === 'wrapUp' ? t('list.wrapUp') : who);
      setIcon(kind, one.stage ? 'callOut' : one.channel === 'voice' ? 'accept' : 'chat');
      setAttribute(trigger, 'data-conversation', one.conversationId);
      setAttribute(trigger, 'data-state', one.state);
      setAttribute(trigger, 'data-stage', one.stage);
      // There is nothing to listen to or to give away before the customer is there, nor after.
      setAttribute(trigger, 'disabled', one.state === 'wrapUp' || one.stage !== undefined);
      setAttribute(trigger, 'aria-label', one.stage ? t(`stage.${one.stage}Of`, { name: who }) : t('monitor.menu', { name: who }));
      setTimer(since, 'since', one.since);
    },
  };
}
