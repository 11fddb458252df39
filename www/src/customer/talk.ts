/** The conversation as its customer sees it: waiting, chat, call. */

import type { Conversation, Participant, Session } from 'jackfield';
import { callBar } from '../call/call-bar.js';
import { composer } from '../chat/composer.js';
import { chatLog } from '../chat/log.js';
import { t } from '../i18n/index.js';
import { agentOf, isCall } from '../session/people.js';
import { avatar, setAvatar } from '../ui/avatar.js';
import { button } from '../ui/button.js';
import { setTimer, timer } from '../ui/clock.js';
import { h, setAttribute, setShown, setText, type View } from '../ui/dom.js';
import { keepFocus } from '../ui/page.js';
import { attempt } from '../ui/troubles.js';
import { asked } from './asked.js';
import { askForCallback, callbackNotice, mayBeCalledBack } from './callback.js';
import { escalation } from './escalation.js';

/** Makes the view of a conversation that waits or goes on. */
export function talk(session: Session, conversation: Conversation, signal: AbortSignal): View {
  const other = () => agentOf(conversation.state)?.name ?? '';
  const views = [
    agentHead(session, conversation, signal),
    callBar({ session, conversation, other, canHold: false, signal }),
    asked(session, conversation, signal),
    waitingNotice(session, conversation),
    callbackNotice(conversation, () => positionText(conversation.state)),
    chatLog(session, conversation, signal),
    composer(conversation, { notes: false }),
  ];
  const isChat = () => conversation.state.channel === 'chat';
  const element = h('div', { class: 'talk' }, ...views.map((view) => view.element));
  const show = () => {
    views.forEach((view) => view.update());
    const waits = isWaiting(conversation.state.state);
    // While a call waits there is nobody to write to on a channel that was not asked for.
    const nobody = isOutside(conversation.state) || isCall(conversation.state.pending);
    views.slice(5).forEach((view) => setShown(view.element, waits ? isChat() : !nobody));
  };
  return { element, update: () => keepFocus(element, show) };
}

/** Whether nobody serves the customer yet. */
export function isWaiting(state: Conversation['state']['state']): boolean {
  return state === 'queued' || state === 'offered';
}

/** Whether a telephone is all there is at the other end: nobody reads there. */
function isOutside(state: Conversation['state']): boolean {
  return agentOf(state) === undefined && state.participants.some(({ part }) => part === 'external');
}

/** How the conversation stands, to its customer. */
function standing(conversation: Conversation['state'], agent: Participant | undefined): string {
  const { state, pending } = conversation;
  if (state === 'parked') return t('customer.parked');
  if (pending?.kind === 'transfer') return t('customer.transferring');
  if (agent) return t(agent.away ? 'customer.agentAway' : 'customer.agent', { name: agent.name });
  return isOutside(conversation) ? t('customer.outside') : '';
}

function agentHead(session: Session, conversation: Conversation, signal: AbortSignal): View {
  const face = avatar('', 40);
  const name = h('span', { testid: 'agent-name', attrs: { dir: 'auto' } });
  const line = h('p', { class: 'talk-line', attrs: { role: 'status' } });
  const end = button({ testid: 'end-conversation', icon: 'close', label: t('customer.end'), run: () => attempt(() => conversation.end()) });
  const voice = escalation(session, conversation, signal);
  const element = h('div', { class: 'talk-head' },
    h('div', { class: 'talk-who' }, face, h('div', { class: 'talk-names' }, h('strong', {}, name), line)),
    h('div', { class: 'talk-actions' }, voice.button, end.element), voice.element);
  return {
    element,
    update() {
      const { state } = conversation;
      const agent = agentOf(state);
      setShown(element, !isWaiting(state.state) && !isCall(state.pending));
      setShown(face, agent !== undefined);
      setAvatar(face, agent?.name ?? '');
      setText(name, agent?.name ?? '');
      setText(line, standing(state, agent));
      voice.update();
    },
  };
}

function positionText({ position }: Conversation['state']): string {
  if (position === undefined) return '';
  return position === 1 ? t('customer.positionFirst') : t('customer.position', { position });
}

function waitingNotice(session: Session, conversation: Conversation): View {
  const position = h('strong', { testid: 'queue-position', class: 'position' });
  const waited = timer();
  const hint = h('p', { class: 'footnote' }, t('customer.waitingChat'));
  const callback = askForCallback(conversation);
  const leave = button({ testid: 'leave-queue', label: t('customer.leave'), run: () => attempt(() => conversation.end()) });
  const element = h('div', { testid: 'waiting', class: 'waiting' },
    h('span', { class: 'waiting-dots', attrs: { 'aria-hidden': 'true' } }, h('span'), h('span'), h('span')),
    h('p', { class: 'waiting-title' }, t('customer.waiting')),
    h('p', { attrs: { role: 'status' } }, position),
    h('p', { class: 'waiting-time' }, t('customer.waited'), ' ', waited),
    hint, h('div', { class: 'callback-ways' }, callback.element, leave.element));
  return {
    element,
    update() {
      const { state } = conversation;
      const waits = isWaiting(state.state);
      setShown(element, waits && state.callback === undefined);
      setShown(callback.element, mayBeCalledBack(session, conversation));
      setAttribute(position, 'data-position', state.position);
      if (state.position !== undefined) setText(position, positionText(state));
      setTimer(waited, 'since', waits ? state.createdAt : undefined);
      setShown(hint, state.channel === 'chat');
    },
  };
}
