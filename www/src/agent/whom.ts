/** The fields that say who is to be called: a customer whom this browser knows, or a telephone number and whose it is. */

import type { OutboundTarget, Session } from 'jackfield';
import { t } from '../i18n/index.js';
import { knownCustomers } from '../session/known-customers.js';
import { h, setShown } from '../ui/dom.js';
import { choiceField, labelled, problem, textField } from '../ui/form.js';
import { dialable } from './hand-over-number.js';

/** The choice that is no customer's id. */
const NUMBER = 'number:';

/** Whether there is anybody to call. */
export function hasAnybodyToCall(session: Session): boolean {
  return session.state.trunk || knownCustomers().length > 0;
}

/** Who is to be called, and what about. */
export interface Called {
  readonly target: OutboundTarget;
  readonly name?: string;
  readonly subject?: string;
}

/** Makes the fields. `read` throws a problem of the form where the number is none. */
export function whomFields(session: Session): { readonly whom: HTMLElement; readonly about: HTMLElement; read(): Called } {
  const customers = knownCustomers();
  const { trunk } = session.state;
  const whom = choiceField('call-out-whom', [...customers.map(({ userId, name }) => [userId, name] as const), ...(trunk ? [[NUMBER, t('callOut.aNumber')] as const] : [])], customers[0]?.userId ?? NUMBER);
  const number = textField('call-out-number', { type: 'tel', maxlength: 40 });
  number.placeholder = t('handOver.numberExample');
  const name = textField('call-out-name', { maxlength: 100 });
  const outside = h('div', { class: 'form-body' }, labelled(t('handOver.number'), number), labelled(t('callOut.name'), name));
  const subject = textField('call-out-subject', { maxlength: 200 });
  const show = () => setShown(outside, whom.value === NUMBER);
  whom.addEventListener('change', show);
  show();
  return {
    whom: h('div', { class: 'form-body' }, labelled(t('callOut.whom'), whom), outside),
    about: labelled(t('callOut.subject'), subject),
    read() {
      const about = subject.value.trim();
      const said = about === '' ? {} : { subject: about };
      if (whom.value !== NUMBER) return { target: { type: 'customer', userId: whom.value }, ...said };
      const dialled = dialable(number.value);
      if (dialled === undefined) {
        number.focus();
        throw problem(t('handOver.numberWrong'));
      }
      const called = name.value.trim();
      return { target: { type: 'number', number: dialled }, ...(called !== '' && { name: called }), ...said };
    },
  };
}
