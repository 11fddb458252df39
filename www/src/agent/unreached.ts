/** A customer who was called and did not answer: said, as the conversation goes from this agent with that. */

import type { Pending, Session } from 'jackfield';
import { t } from '../i18n/index.js';
import { customerName } from '../session/people.js';
import { announce } from '../ui/announce.js';
import { showNotice } from '../ui/troubles.js';

/** Tells of it until the signal. */
export function followUnreached(session: Session, signal: AbortSignal): void {
  const kinds = new Map<string, Pending['kind'] | undefined>(session.conversations.map(({ id, state }) => [id, state.pending?.kind]));
  const clear = () => showNotice('unreached', undefined);
  signal.addEventListener('abort', clear);
  session.on('closed', clear, { signal });
  session.on('conversationAdded', ({ conversation }) => {
    kinds.set(conversation.id, conversation.state.pending?.kind);
    clear();
  }, { signal });
  session.on('pendingChanged', ({ conversation, pending, outcome }) => {
    const before = kinds.get(conversation.id);
    kinds.set(conversation.id, pending?.kind);
    if (pending || (before !== 'callback' && before !== 'outbound') || outcome === 'accepted') return;
    // Who does not want to be called back any more has said so: its conversation is over.
    if (before === 'callback' && outcome === 'rejected') return;
    const key = before === 'callback' ? 'unreachedAgain' : outcome === 'rejected' ? 'notReached' : 'unreached';
    const text = t(`asking.${key}`, { name: customerName(conversation.state) });
    showNotice('unreached', { text }, true);
    announce(text);
  }, { signal });
}
