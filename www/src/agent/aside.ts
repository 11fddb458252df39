/** While no offers come to this agent because it left one unanswered: whose, for how long, and the way back. The gateway says which. */

import type { Presence, Session } from 'jackfield';
import { t } from '../i18n/index.js';
import { queueName } from '../session/people.js';
import { announce } from '../ui/announce.js';
import { keep, recallObject } from '../ui/store.js';
import { attempt, showNotice, type Trouble } from '../ui/troubles.js';

const KEPT = 'jackfield.demo.missed';

/** Follows the session. @returns what shows how it stands now. */
export function followAside(session: Session, signal: AbortSignal): () => void {
  // The gateway names the offer; whose it was, the offer itself said.
  const names = new Map(session.offers.map((offer) => [offer.offerId, offer.customerName]));
  session.on('offerMade', ({ offer }) => void names.set(offer.offerId, offer.customerName), { signal });
  session.on('offerEnded', ({ offerId, outcome }) => {
    const name = names.get(offerId);
    names.delete(offerId);
    // For a reload, too.
    if (outcome === 'timedOut' && name !== undefined) keep('tab', KEPT, JSON.stringify({ offerId, name }));
  }, { signal });
  let shown: string | undefined;
  signal.addEventListener('abort', () => showNotice('aside', undefined));
  return () => {
    const { presence, connection } = session.state;
    const notice = connection === 'closed' ? undefined : noticeOf(session, presence);
    const key = notice && `${notice.text} ${notice.until}`;
    if (key === shown) return;
    shown = key;
    showNotice('aside', notice);
    if (notice) announce(notice.text);
  };
}

function noticeOf(session: Session, { unanswered, offersPausedUntil: until }: Presence): Trouble | undefined {
  if (!unanswered) return undefined;
  const how = until === undefined ? 'away' : 'paused';
  const kept = recallObject('tab', KEPT);
  const name = kept?.['offerId'] === unanswered.offerId && typeof kept['name'] === 'string' ? kept['name'] : undefined;
  // In another browser than the one that rang, nobody knows whose it was.
  const text = name === undefined ? t(`aside.${how}Unknown`, { queue: queueName(session, unanswered.queueId) }) : t(`aside.${how}`, { name });
  const action = { testid: 'aside-back', label: t('aside.back'), run: () => void attempt(() => session.presence.set('available')) };
  return { code: how, text, action, ...(until !== undefined && { until, left: t('aside.left') }) };
}
