/** The way from a chat to a call in the same conversation. */

import type { Conversation, OfferOutcome, Session } from 'jackfield';
import { t } from '../i18n/index.js';
import { ownOf } from '../session/people.js';
import { button } from '../ui/button.js';
import { h, setAttribute, setShown, setText } from '../ui/dom.js';
import { attempt } from '../ui/troubles.js';
import { asksCustomer } from './asked.js';

export interface Escalation {
  readonly button: HTMLElement;
  readonly element: HTMLElement;
  update(): void;
}

/** Makes the button that asks the agent to talk, and the line that says how that stands. */
export function escalation(session: Session, conversation: Conversation, signal: AbortSignal): Escalation {
  let outcome: OfferOutcome | undefined;
  const call = button({ testid: 'escalate', icon: 'accept', label: t('customer.callAgent'), appearance: 'primary', run: () => ask() });
  const element = h('p', { testid: 'escalation-state', class: 'escalation', hidden: true, attrs: { role: 'status' } });
  const ask = () => {
    outcome = undefined;
    return attempt(() => conversation.voice.start());
  };
  const update = () => {
    const { state } = conversation;
    const leg = ownOf(state, session)?.voice;
    const asking = state.voiceRequested && leg === undefined;
    const standing = asking ? 'asking' : leg === undefined ? outcome : undefined;
    setShown(call.element, leg === undefined && state.state === 'active' && !asksCustomer(state.pending));
    call.setDisabled(asking);
    setShown(element, standing !== undefined && standing !== 'accepted');
    setAttribute(element, 'data-outcome', standing);
    setText(element, standing === undefined ? '' : standing === 'asking' ? t('customer.asking') : outcomeText(standing));
  };
  session.on('voiceRequested', (event) => {
    if (event.conversation.id !== conversation.id) return;
    outcome = event.requested ? undefined : event.outcome;
    update();
  }, { signal });
  return { button: call.element, element, update };
}

function outcomeText(outcome: OfferOutcome): string {
  return t(outcome === 'rejected' || outcome === 'timedOut' ? `customer.callOutcome.${outcome}` : 'customer.callOutcome.other');
}
