/** What a supervisor orders that changes what this agent has before it: said, so that nothing goes or comes as if by itself. */

import type { Session, SessionEvents } from 'jackfield';
import { t } from '../i18n/index.js';
import { customerName, ownOf } from '../session/people.js';
import { announce } from '../ui/announce.js';
import { showNotice } from '../ui/troubles.js';
import { presenceText } from './presence.js';

/** Tells of orders until the signal. Who listens, whispers or has joined in stands with the others in the conversation; a sign-out is told when the session ends. */
export function followOrders(session: Session, signal: AbortSignal): void {
  const clear = () => showNotice('ordered', undefined);
  signal.addEventListener('abort', clear);
  session.on('closed', clear, { signal });
  session.on('supervised', (event) => {
    const text = wordsFor(session, event);
    if (text === undefined) return;
    showNotice('ordered', { code: event.order, text }, true);
    announce(text);
  }, { signal });
}

function wordsFor(session: Session, { order, name, conversation }: SessionEvents['supervised']): string | undefined {
  const customer = conversation ? customerName(conversation.state) : t('conversation.unknownCustomer');
  switch (order) {
    case 'setPresence': return t('ordered.setPresence', { name, state: presenceText(session.state.presence) });
    case 'setSkills': return t('ordered.setSkills', { name });
    case 'takeOver': return t('ordered.takeOver', { name, customer });
    case 'remove': return t('ordered.remove', { name, customer });
    // To whom it is given it is offered: that is told by the offer.
    case 'reassign': return conversation && ownOf(conversation.state, session) ? t('ordered.reassign', { name, customer }) : undefined;
    default: return undefined;
  }
}
