/** The dialog in which who supervises has a customer called by the agents of a queue. */

import type { Session } from 'jackfield';
import { whomFields } from '../agent/whom.js';
import { t } from '../i18n/index.js';
import { h } from '../ui/dom.js';
import { openForm } from '../ui/form.js';

/** Opens the dialog. `listed` is called when the customer is on the queue's list. */
export function openToCall(session: Session, { queueId, queue }: { readonly queueId: string; readonly queue: string }, signal: AbortSignal, listed: () => void): void {
  const fields = whomFields(session);
  const run = async () => {
    await session.supervision.addToList({ queueId, ...fields.read() }, { signal });
    listed();
  };
  openForm({ testid: 'to-call', title: t('toCall.title', { queue }), save: t('toCall.save'), signal, run },
    fields.whom, fields.about, h('p', { class: 'footnote' }, t('toCall.lead')));
}
