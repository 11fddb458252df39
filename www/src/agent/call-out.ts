/** The dialog in which an agent calls a customer: in the customer's page, or by a telephone number; at once, or after a look. */

import type { Conversation, OutboundTarget, Session } from 'jackfield';
import { t } from '../i18n/index.js';
import { knownCustomers } from '../session/known-customers.js';
import { h, setShown } from '../ui/dom.js';
import { checkField, choiceField, labelled, openForm, problem, textField } from '../ui/form.js';
import { dialable } from './hand-over-number.js';

/** The choice that is no customer's id. */
const NUMBER = 'number:';

/** Whether this agent has anybody to call, and a queue to call for. */
export function mayCallOut(session: Session): boolean {
  return session.state.queues.length > 0 && (session.state.trunk || knownCustomers().length > 0);
}

/** Opens the dialog. `opened` is given the conversation that it begins. */
export function openCallOut(session: Session, signal: AbortSignal, opened: (conversation: Conversation) => void): void {
  const { queues, trunk } = session.state;
  const customers = knownCustomers();
  const whom = choiceField('call-out-whom', [...customers.map(({ userId, name }) => [userId, name] as const), ...(trunk ? [[NUMBER, t('callOut.aNumber')] as const] : [])], customers[0]?.userId ?? NUMBER);
  const number = textField('call-out-number', { type: 'tel', maxlength: 40 });
  number.placeholder = t('handOver.numberExample');
  const name = textField('call-out-name', { maxlength: 100 });
  const outside = h('div', { class: 'form-body' }, labelled(t('handOver.number'), number), labelled(t('callOut.name'), name));
  const queue = choiceField('call-out-queue', queues.map(({ queueId, name: called }) => [queueId, called] as const), queues[0]?.queueId ?? '');
  const subject = textField('call-out-subject', { maxlength: 200 });
  const preview = checkField('call-out-preview', t('callOut.preview'), true);
  const show = () => setShown(outside, whom.value === NUMBER);
  whom.addEventListener('change', show);
  show();
  const run = async () => {
    const target = targetOf(whom.value, number.value);
    if (!target) {
      number.focus();
      throw problem(t('handOver.numberWrong'));
    }
    const called = target.type === 'number' ? name.value.trim() : '';
    opened(await session.startOutbound({
      queueId: queue.value, target, preview: preview.input.checked,
      ...(called !== '' && { name: called }), ...(subject.value.trim() !== '' && { subject: subject.value.trim() }),
    }));
  };
  openForm({ testid: 'call-out', title: t('callOut.title'), save: t('callOut.start'), signal, run },
    labelled(t('callOut.whom'), whom), outside, labelled(t('callOut.queue'), queue, t('callOut.queueHint')), labelled(t('callOut.subject'), subject), preview.element);
}

function targetOf(chosen: string, written: string): OutboundTarget | undefined {
  if (chosen !== NUMBER) return { type: 'customer', userId: chosen };
  const number = dialable(written);
  return number === undefined ? undefined : { type: 'number', number };
}
