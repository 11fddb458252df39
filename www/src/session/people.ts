/** Who is who in a conversation. */

import type { ConversationSnapshot, Participant, Pending, Session } from 'jackfield';
import { t } from '../i18n/index.js';
import { keep, recall } from '../ui/store.js';
import { rememberCustomer } from './known-customers.js';

/** The customer, while there. */
export function customerOf(conversation: ConversationSnapshot): Participant | undefined {
  return conversation.participants.find((participant) => participant.part === 'customer');
}

/** The agent who serves the customer, or else the first agent there is. */
export function agentOf(conversation: ConversationSnapshot): Participant | undefined {
  return ownerOf(conversation) ?? conversation.participants.find((participant) => participant.part === 'agent');
}

/** The agent who serves the customer. */
export function ownerOf(conversation: ConversationSnapshot): Participant | undefined {
  return conversation.participants.find((participant) => participant.owner);
}

/** This user. */
export function ownOf(conversation: ConversationSnapshot, session: Session): Participant | undefined {
  return conversation.participants.find((participant) => participant.userId === session.state.user.userId);
}

/** Customers' names, kept for the tab: in wrap-up the customer has left, and a reload should not forget whom it is about. */
const nameKept = (conversationId: string) => `jackfield.demo.name.${conversationId}`;

/** The customer's name, also after the customer left: from the participants, else from what was seen or written before. */
export function customerName(conversation: ConversationSnapshot): string {
  const customer = customerOf(conversation);
  const { outbound } = conversation;
  const present = outbound?.name ?? customer?.name ?? (outbound?.target.type === 'number' ? outbound.target.number : undefined);
  if (present !== undefined) {
    if (recall('tab', nameKept(conversation.conversationId)) !== present) {
      keep('tab', nameKept(conversation.conversationId), present);
      if (customer && customer.role === 'customer' && customer.dialing !== true && !customer.userId.startsWith('external:')) rememberCustomer({ userId: customer.userId, name: present });
    }
    return present;
  }
  const wrote = conversation.messages.find((message) => message.role === 'customer')?.name;
  return recall('tab', nameKept(conversation.conversationId)) ?? wrote ?? t('conversation.unknownCustomer');
}

/** A queue's name. */
export function queueName(session: Session, queueId: string): string {
  return session.state.queues.find((queue) => queue.queueId === queueId)?.name ?? queueId;
}

/** Whether the customer is being called, and has not answered yet. */
export function isCall(pending: Pending | undefined): boolean {
  return pending?.kind === 'callback' || pending?.kind === 'outbound';
}

/** Whether the house began it and its customer has not answered yet. */
export function isUnreached({ outbound }: ConversationSnapshot): boolean {
  return outbound !== undefined && outbound.stage !== 'reached';
}
