/** The parts that the customer card is made of. */

import type { AttributeInfo, Attributes, AttributeValue, Conversation, Session } from 'jackfield';
import { ownOf } from '../../session/people.js';
import { type Child, h, uniqueId } from '../../ui/dom.js';

export interface CardOptions {
  readonly session: Session;
  readonly conversation: Conversation;
  readonly signal: AbortSignal;
}

/** A part of the card, under its heading; `action` stands beside that. */
export function cardSection(testid: string, title: string, action: Child, ...content: Child[]): HTMLElement {
  const heading = h('h3', { id: uniqueId('card') }, title);
  return h('section', { testid, class: 'card-section', attrs: { 'aria-labelledby': heading.id } }, h('div', { class: 'card-head' }, heading, action), ...content);
}

/** Whether this user can still change what is known: not once the customer is with the next agent. */
export function mayChange({ session, conversation }: CardOptions): boolean {
  const { state } = conversation;
  const own = ownOf(state, session);
  // Without a reason for its end the conversation is not over: others go on with it.
  return own !== undefined && state.state !== 'ended' && !(own.wrapUp && state.reason === undefined);
}

/** The attributes that the tenant does not declare. */
export function freeOnes(declared: readonly AttributeInfo[], there: Attributes): [name: string, value: AttributeValue][] {
  return Object.entries(there).filter(([name]) => declared.every((one) => one.name !== name));
}
