/** While no offers come to this agent because it left one unanswered: why, for how long, and the way back. */

import type { Presence, Session } from 'jackfield';
import { t } from '../i18n/index.js';
import { announce } from '../ui/announce.js';
import { now } from '../ui/clock.js';
import { keep, recall } from '../ui/store.js';
import { attempt, showNotice, type Trouble } from '../ui/troubles.js';

const KEPT = 'jackfield.demo.missed';
/** A presence that changes so soon after an offer ran out changed because of it: nobody chooses one so fast. */
const AT_ONCE_MS = 1_000;

/** How an agent is set aside. */
type Aside = 'paused' | 'away';

/** Follows the session. @returns what shows how it stands now. */
export function followAside(session: Session, signal: AbortSignal): () => void {
  rememberMissed(session, signal);
  let shown: string | undefined;
  signal.addEventListener('abort', () => showNotice('aside', undefined));
  return () => {
    const { presence, connection } = session.state;
    const how = connection === 'closed' ? undefined : asideNow(presence);
    const name = recall('tab', KEPT);
    if (how === undefined && name !== undefined && !mayBeAside(presence)) keep('tab', KEPT, undefined);
    const notice = how && noticeOf(session, how, name, presence);
    const key = notice && `${notice.text} ${notice.until}`;
    if (key === shown) return;
    shown = key;
    showNotice('aside', notice);
    if (notice) announce(notice.text);
  };
}

function mayBeAside({ preferred, offersPausedUntil }: Presence): boolean {
  return offersPausedUntil !== undefined || preferred?.availability === 'away';
}

/** Who chose to be away was not set aside: that is told apart by what was missed. */
function asideNow(presence: Presence): Aside | undefined {
  if (presence.offersPausedUntil !== undefined) return 'paused';
  return presence.preferred?.availability === 'away' && recall('tab', KEPT) !== undefined ? 'away' : undefined;
}

function noticeOf(session: Session, how: Aside, name: string | undefined, { offersPausedUntil }: Presence): Trouble {
  const action = { testid: 'aside-back', label: t('aside.back'), run: () => void attempt(() => session.presence.set('available')) };
  const text = name === undefined ? t('aside.pausedUnknown') : t(`aside.${how}`, { name });
  return { code: how, text, action, ...(how === 'paused' && { until: offersPausedUntil, left: t('aside.left') }) };
}

/** Keeps, for a reload too, whose offer it was that ran out and set this agent aside. */
function rememberMissed(session: Session, signal: AbortSignal): void {
  const names = new Map(session.offers.map((offer) => [offer.offerId, offer.customerName]));
  let missed: { readonly name: string; readonly at: number } | undefined;
  session.on('offerMade', ({ offer }) => void names.set(offer.offerId, offer.customerName), { signal });
  session.on('offerEnded', ({ offerId, outcome }) => {
    const name = names.get(offerId);
    names.delete(offerId);
    if (outcome === 'timedOut' && name !== undefined) missed = { name, at: now() };
  }, { signal });
  session.on('presenceChanged', ({ presence }) => {
    if (presence.userId !== session.state.user.userId || !mayBeAside(presence)) return;
    if (missed && now() - missed.at < AT_ONCE_MS) keep('tab', KEPT, missed.name);
    missed = undefined;
  }, { signal });
}
