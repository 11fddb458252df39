/** The open conversation: its head, the call, the chat, and the work after it. */

import type { Conversation, Session } from 'jackfield';
import { callBar } from '../call/call-bar.js';
import { composer } from '../chat/composer.js';
import { chatLog } from '../chat/log.js';
import { t } from '../i18n/index.js';
import { customerName, customerOf, isCall, isUnreached, ownOf, queueName } from '../session/people.js';
import { avatar, setAvatar } from '../ui/avatar.js';
import { button } from '../ui/button.js';
import { focusOn, h, setAttribute, setShown, setText, type View } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { keepFocus } from '../ui/page.js';
import { attempt } from '../ui/troubles.js';
import { type Asking, asking } from './asking.js';
import { customerCard } from './customer-card.js';
import { openHandOver } from './hand-over.js';
import { parties } from './parties.js';
import { previewCard } from './preview.js';
import { wrapUp } from './wrap-up.js';

export interface PaneOptions {
  readonly session: Session;
  readonly conversation: Conversation;
  /** Phone widths: leave the conversation for the list. */
  readonly back: () => void;
  readonly signal: AbortSignal;
}

/** Makes the pane of one conversation. */
export function conversationPane(options: PaneOptions): View {
  const { session, conversation, signal } = options;
  const name = () => customerName(conversation.state);
  const talk = asking(session, conversation, signal);
  const head = paneHead(options, talk, () => showDetails(!element.classList.contains('with-details')));
  const away = h('div', { testid: 'customer-away', class: 'customer-away', hidden: true, attrs: { role: 'status' } });
  const views = [
    head,
    callBar({ session, conversation, other: name, canHold: true, signal }),
    parties(session, conversation, signal),
    talk,
    previewCard(session, conversation),
    chatLog(session, conversation, signal),
    wrapUp(session, conversation),
    composer(conversation, { notes: true }),
  ];
  const card = customerCard({ session, conversation, signal });
  const [top, call, others, ask, look, log, work, write] = views.map((view) => view.element);
  const element = h('section', { testid: 'conversation', class: 'pane', attrs: { 'data-conversation': conversation.id } },
    h('div', { class: 'pane-main' }, top, call, others, ask, look, away, log, work, write), card.element);
  let was = conversation.state.state;
  // Narrow widths: the card lies over the conversation. Escape takes it away.
  const showDetails = (shown: boolean) => {
    element.classList.toggle('with-details', shown);
    setAttribute(head.details, 'aria-expanded', String(shown));
    (shown ? card.element : head.details).focus();
  };
  card.element.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && element.classList.contains('with-details')) showDetails(false);
  });
  return {
    element,
    update() {
      const { state } = conversation;
      const hadFocus = element.contains(document.activeElement);
      setAttribute(element, 'data-state', state.state);
      setAttribute(element, 'aria-label', name());
      const customer = customerOf(state);
      setShown(away, state.state === 'active' && customer?.away === true);
      setText(away, away.hidden ? '' : t('conversation.customerAway', { name: name() }));
      keepFocus(element, () => views.forEach((view) => view.update()));
      card.update();
      // There is nobody yet to write to.
      if (write && (isCall(state.pending) || isUnreached(state))) setShown(write, false);
      // What was typed in, or pressed, is gone: the wrap-up is next.
      if (hadFocus && was !== 'wrapUp' && state.state === 'wrapUp' && work) focusOn(work);
      was = state.state;
    },
  };
}

function paneHead({ session, conversation, back, signal }: PaneOptions, talk: Asking, toggleDetails: () => void): View & { readonly details: HTMLElement } {
  const face = avatar('', 32);
  const name = h('h2', { class: 'pane-name', attrs: { dir: 'auto' } });
  const about = h('span', { class: 'pane-about', attrs: { dir: 'auto' } });
  const end = button({ testid: 'conversation-end', icon: 'close', label: t('conversation.end'), title: t('conversation.endTitle'), class: 'pane-end', run: () => attempt(() => conversation.end()) });
  const handOver = button({ testid: 'hand-over-open', icon: 'people', label: t('handOver.open'), class: 'pane-end', run: () => openHandOver(session, conversation, signal) });
  const park = button({ testid: 'conversation-park', icon: 'hold', label: t('conversation.park'), title: t('conversation.parkTitle'), class: 'pane-end', run: () => attempt(() => conversation.park()) });
  const pickUp = button({ testid: 'conversation-pick-up', icon: 'resume', label: t('conversation.pickUp'), appearance: 'primary', class: 'pane-end', run: () => attempt(() => session.pickUp(conversation.id)) });
  const details = button({ testid: 'details-toggle', icon: 'details', label: t('conversation.details'), iconOnly: true, appearance: 'subtle', class: 'details-toggle', run: toggleDetails });
  setAttribute(details.element, 'aria-expanded', 'false');
  const list = button({ testid: 'back-to-list', icon: 'back', label: t('list.back'), iconOnly: true, appearance: 'subtle', class: 'back-to-list', run: back });
  const element = h('div', { class: 'pane-head' }, list.element, face,
    h('div', { class: 'pane-who' }, name, about),
    h('span', { class: 'queue-tag' }, icon('queue'), queueName(session, conversation.state.queueId)),
    details.element, talk.button, pickUp.element, park.element, handOver.element, end.element);
  return {
    element,
    details: details.element,
    update() {
      const { state } = conversation;
      setAvatar(face, customerName(state));
      setText(name, customerName(state));
      setText(about, state.subject ?? '');
      const owner = state.state === 'active' && ownOf(state, session)?.owner === true && !isUnreached(state);
      setShown(end.element, state.state === 'active' && !isCall(state.pending) && !isUnreached(state));
      setShown(handOver.element, owner && state.pending === undefined);
      setShown(park.element, owner && state.pending === undefined);
      setShown(pickUp.element, state.state === 'parked');
    },
  };
}
