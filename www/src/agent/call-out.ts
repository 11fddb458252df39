/** The dialog in which an agent calls a customer: in the customer's page, or by a telephone number; at once, or after a look. */

import type { Conversation, Session } from 'jackfield';
import { t } from '../i18n/index.js';
import { checkField, choiceField, labelled, openForm } from '../ui/form.js';
import { hasAnybodyToCall, whomFields } from './whom.js';

/** Whether this agent has anybody to call, and a queue to call for. */
export function mayCallOut(session: Session): boolean {
  return session.state.queues.length > 0 && hasAnybodyToCall(session);
}

/** Opens the dialog. `opened` is given the conversation that it begins. */
export function openCallOut(session: Session, signal: AbortSignal, opened: (conversation: Conversation) => void): void {
  const { queues } = session.state;
  const fields = whomFields(session);
  const queue = choiceField('call-out-queue', queues.map(({ queueId, name: called }) => [queueId, called] as const), queues[0]?.queueId ?? '');
  const preview = checkField('call-out-preview', t('callOut.preview'), true);
  const run = async () => {
    opened(await session.startOutbound({ queueId: queue.value, preview: preview.input.checked, ...fields.read() }));
  };
  openForm({ testid: 'call-out', title: t('callOut.title'), save: t('callOut.start'), signal, run },
    fields.whom, labelled(t('callOut.queue'), queue, t('callOut.queueHint')), fields.about, preview.element);
}
