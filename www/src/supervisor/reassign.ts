/** The dialog in which a supervisor gives a conversation to somebody else, and the one that asks before an agent is signed out. */

import type { Channel, Session } from 'jackfield';
import { openTargets, queueText } from '../agent/hand-over.js';
import { numberPart } from '../agent/hand-over-number.js';
import { presenceText } from '../agent/presence.js';
import { t } from '../i18n/index.js';
import { announce } from '../ui/announce.js';
import { h } from '../ui/dom.js';
import { openForm } from '../ui/form.js';

/** Opens the choice of agents and queues. One that waits is offered there at once; one that an agent has is transferred. */
export function openReassign(session: Session, conversation: { readonly conversationId: string; readonly channel: Channel; readonly name: string; readonly owner?: string }, signal: AbortSignal): void {
  // A number can take over a call; nobody talks yet with who waits, and a chat has no voice.
  const byPhone = session.state.trunk && conversation.owner !== undefined && conversation.channel === 'voice';
  openTargets<'reassign'>(session, {
    testid: 'reassign', title: t('reassign.title', { name: conversation.name }), signal,
    words: (_, name) => ({ label: t('reassign.give'), title: t('reassign.giveTo', { name }) }),
    act: async (_, target) => {
      await session.supervision.reassign(conversation.conversationId, target);
      announce(t('reassign.done', { name: conversation.name }));
    },
    agent({ userId, presence }) {
      const has = userId === conversation.owner;
      return { about: has ? t('reassign.hasIt') : presenceText(presence), ways: has || presence.availability === 'offline' ? [] : ['reassign'] };
    },
    queue: (queue) => (queue.channels.includes(conversation.channel) ? { about: queueText(queue), ways: ['reassign'] } : { about: t('handOver.otherChannel'), ways: [] }),
    ...(byPhone && {
      more: (act) => numberPart<'reassign'>({ testid: 'reassign-number', ways: ['reassign'], act, words: () => ({ label: t('reassign.give'), title: t('reassign.giveNumber') }) }),
    }),
  });
}

/** Asks first: an agent's calls and chats go on without it. */
export function openSignOut(session: Session, userId: string, name: string, signal: AbortSignal): void {
  const run = async () => {
    await session.supervision.signOut(userId);
    announce(t('reassign.signedOut', { name }));
  };
  openForm({ testid: 'sign-out-agent', title: t('reassign.signOutTitle', { name }), save: t('header.signOut'), signal, run }, h('p', {}, t('reassign.signOutLead')));
}
