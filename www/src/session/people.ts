/** Who is who in a conversation. */

import type { ConversationSnapshot, Participant, Session } from 'jackfield';
import { t } from '../i18n/index.js';

/** The customer, while there. */
export function customerOf(conversation: ConversationSnapshot): Participant | undefined {
  return conversation.participants.find((participant) => participant.role === 'customer');
}

/** The first agent, once there is one. */
export function agentOf(conversation: ConversationSnapshot): Participant | undefined {
  return conversation.participants.find((participant) => participant.role !== 'customer' && participant.role !== 'bot');
}

/** This user. */
export function ownOf(conversation: ConversationSnapshot, session: Session): Participant | undefined {
  return conversation.participants.find((participant) => participant.userId === session.state.user.userId);
}

/** Names of customers who have left by now, so that wrap-up still knows whom it is about. */
const remembered = new Map<string, string>();

/** The customer's name, also after the customer left: from the participants, else from what was seen or written before. */
export function customerName(conversation: ConversationSnapshot): string {
  const present = customerOf(conversation)?.name;
  if (present !== undefined) {
    remembered.set(conversation.conversationId, present);
    return present;
  }
  const wrote = conversation.messages.find((message) => message.role === 'customer')?.name;
  return remembered.get(conversation.conversationId) ?? wrote ?? t('conversation.unknownCustomer');
}

/** A queue's name. */
export function queueName(session: Session, queueId: string): string {
  return session.state.queues.find((queue) => queue.queueId === queueId)?.name ?? queueId;
}
