/** How it went where somebody was asked to come and did not, or a number has hung up: said for a while where the others stand. */

import type { Conversation, LeaveReason, OfferOutcome, Participant, Pending, Session } from 'jackfield';
import { t } from '../i18n/index.js';
import { announce } from '../ui/announce.js';
import { button } from '../ui/button.js';
import { h, setShown, setText } from '../ui/dom.js';
import { nameOfTarget } from './target-names.js';

/** How long it stays, unless somebody else is asked before. */
const STAYS_MS = 12_000;

export interface CameNot {
  readonly element: HTMLElement;
}

/** Makes the line. `changed` is called whenever it comes or goes. */
export function cameNot(session: Session, conversation: Conversation, signal: AbortSignal, changed: () => void): CameNot {
  const words = h('span', {});
  let timeout: ReturnType<typeof setTimeout> | undefined;
  const show = (text: string | undefined) => {
    clearTimeout(timeout);
    if (text !== undefined) {
      timeout = setTimeout(() => show(undefined), STAYS_MS);
      announce(text);
    }
    setText(words, text ?? '');
    setShown(element, text !== undefined);
    changed();
  };
  const dismiss = button({ testid: 'came-not-dismiss', icon: 'close', label: t('offer.dismiss'), iconOnly: true, appearance: 'transparent', size: 'small', run: () => show(undefined) });
  const element = h('div', { testid: 'came-not', class: 'came-not', hidden: true }, words, dismiss.element);
  let pending: Pending | undefined = conversation.state.pending;
  session.on('pendingChanged', (event) => {
    if (event.conversation.id !== conversation.id) return;
    const before = pending;
    pending = event.pending ?? undefined;
    if (event.pending) return show(undefined);
    const text = before && colleagueText(before, event.outcome);
    if (text !== undefined) show(text);
  }, { signal });
  session.on('participantLeft', (event) => {
    const text = event.conversation.id === conversation.id ? numberText(event.participant, event.reason) : undefined;
    if (text !== undefined) show(text);
  }, { signal });
  signal.addEventListener('abort', () => clearTimeout(timeout));
  return { element };
}

/** The customer's answer stands elsewhere, and of a number more is known than that it did not come. */
function colleagueText({ kind, target }: Pending, outcome: OfferOutcome | null): string | undefined {
  if (kind === 'voice' || target?.type === 'number' || (outcome !== 'rejected' && outcome !== 'timedOut')) return undefined;
  return t(`cameNot.${outcome}`, { name: nameOfTarget(target) });
}

function numberText({ part, name, dialing }: Participant, reason: LeaveReason): string | undefined {
  if (part !== 'external') return undefined;
  switch (reason) {
    case 'busy': case 'noAnswer': case 'unreachable': return t(`cameNot.${reason}`, { name });
    case 'rejected': return t('cameNot.turnedDown', { name });
    case 'left': return dialing ? undefined : t('cameNot.left', { name });
    case 'lost': return t('cameNot.lost', { name });
    default: return undefined;
  }
}
