/** Customers whom this tab has had to do with, newest first: whom an agent can call in their page. */

import { keep, recallObject } from '../ui/store.js';

export interface KnownCustomer {
  readonly userId: string;
  readonly name: string;
}

const KEPT = 'jackfield.demo.customers';
const MOST = 12;

/** All of them. */
export function knownCustomers(): KnownCustomer[] {
  const list: unknown = recallObject('tab', KEPT)?.['list'];
  return Array.isArray(list) ? list.filter(isOne) : [];
}

/** Keeps one, before the others. */
export function rememberCustomer(customer: KnownCustomer): void {
  const others = knownCustomers().filter(({ userId }) => userId !== customer.userId);
  keep('tab', KEPT, JSON.stringify({ list: [customer, ...others].slice(0, MOST) }));
}

function isOne(value: unknown): value is KnownCustomer {
  return typeof value === 'object' && value !== null && 'userId' in value && 'name' in value && typeof value.userId === 'string' && typeof value.name === 'string';
}
