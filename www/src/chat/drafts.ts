/** What is written and not yet sent: kept for the tab, so that a reload or another language loses nothing. */

import { keep, recall } from '../ui/store.js';

const nameOf = (conversationId: string) => `jackfield.demo.draft.${conversationId}`;

/** @returns the draft of a conversation, empty if there is none. */
export function draftOf(conversationId: string): string {
  return recall('tab', nameOf(conversationId)) ?? '';
}

/** Keeps a draft; an empty one is forgotten. */
export function keepDraft(conversationId: string, text: string): void {
  keep('tab', nameOf(conversationId), text === '' ? undefined : text);
}
