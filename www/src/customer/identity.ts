/** Who the customer of this tab is: a name, and an id that the page made up, so that a reload carries on. */

import type { Identity } from '../session/token.js';
import { keep, recallObject } from '../ui/store.js';

export type Customer = Extract<Identity, { role: 'customer' }>;

const KEPT = 'jackfield.demo.customer';

/** The customer who was here before in this tab, if any. */
export function rememberedCustomer(): Customer | undefined {
  const kept = recallObject('tab', KEPT);
  return typeof kept?.['id'] === 'string' && typeof kept['name'] === 'string' ? { role: 'customer', user: kept['id'], name: kept['name'] } : undefined;
}

/** Keeps who the customer is. The same name is the same customer. */
export function customerNamed(name: string): Customer {
  const before = rememberedCustomer();
  if (before?.name === name) return before;
  const id = `c-${randomId()}`;
  keep('tab', KEPT, JSON.stringify({ id, name }));
  return { role: 'customer', user: id, name };
}

/** The name that the address gives, if any. */
export function nameFromAddress(): string | undefined {
  return new URLSearchParams(location.search).get('name')?.trim() || undefined;
}

/** Not `randomUUID`: that is missing where the page comes by plain HTTP from another machine. */
function randomId(): string {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
