/** Incoming offers: they ring, count down, and are accepted or declined by mouse or keyboard. */

import type { Conversation, Offer, Session } from 'jackfield';
import { isKey, t } from '../i18n/index.js';
import { queueName } from '../session/people.js';
import { announce } from '../ui/announce.js';
import { avatar } from '../ui/avatar.js';
import { button } from '../ui/button.js';
import { setCountdown, setTimer, timer } from '../ui/clock.js';
import { h, KeyedList, type Row, setShown, uniqueId, type View } from '../ui/dom.js';
import { icon, svgElement } from '../ui/icons.js';
import { attempt } from '../ui/troubles.js';
import { offerReason } from './offer-reason.js';
import { startRinging, stopRinging } from './ring.js';

export interface OffersOptions {
  readonly session: Session;
  readonly signal: AbortSignal;
  readonly onAccepted: (conversation: Conversation) => void;
}

/** Makes the place of offers. Alt+A and Alt+D answer the one that came first. */
export function offers(options: OffersOptions): View {
  const { session, signal } = options;
  const cards = new Map<string, OfferCard>();
  const element = h('section', { class: 'offers', attrs: { 'aria-label': t('offer.region') } });
  const open = h('div', { class: 'offers-open' });
  const gone = goneNotice();
  element.append(gone.element, open);
  const list = new KeyedList<Offer>(open, (offer) => offer.offerId, (offer) => {
    const card = offerCard(options, offer);
    cards.set(offer.offerId, card);
    return card;
  });
  announceOffers(session, gone, signal);
  answerByKeys(session, cards, signal);
  signal.addEventListener('abort', stopRinging);
  return {
    element,
    update() {
      const open = session.state.connection === 'closed' ? [] : session.offers;
      list.update(open);
      for (const id of cards.keys()) {
        if (!open.some((offer) => offer.offerId === id)) cards.delete(id);
      }
      open.forEach((offer, index) => cards.get(offer.offerId)?.showKeys(index === 0));
      setShown(element, open.length > 0 || !gone.element.hidden);
      follow(open);
    },
  };
}

/** How long the word on an offer that went by itself stays. */
const GONE_MS = 10_000;

interface Gone {
  readonly element: HTMLElement;
  show(text: string): void;
  hide(): void;
}

/** Where an offer was and is not any more, it says why: what vanishes under one's hand looks like a fault. */
function goneNotice(): Gone {
  const words = h('span', {});
  let timeout: ReturnType<typeof setTimeout> | undefined;
  const hide = () => {
    clearTimeout(timeout);
    setShown(element, false);
  };
  const dismiss = button({ testid: 'offer-gone-dismiss', icon: 'close', label: t('offer.dismiss'), iconOnly: true, appearance: 'transparent', size: 'small', run: hide });
  const element = h('div', { testid: 'offer-gone', class: 'offer-gone', hidden: true }, words, dismiss.element);
  return {
    element,
    hide,
    show(text) {
      words.textContent = text;
      setShown(element, true);
      clearTimeout(timeout);
      timeout = setTimeout(hide, GONE_MS);
    },
  };
}

function announceOffers(session: Session, gone: Gone, signal: AbortSignal): void {
  const names = new Map<string, string>();
  const tell = (offer: Offer) => {
    names.set(offer.offerId, offer.customerName);
    announce(t('offer.announce', { kind: kindText(offer), name: offer.customerName, queue: queueName(session, offer.queueId) }), 'assertive');
  };
  session.offers.forEach(tell);
  session.on('offerMade', ({ offer }) => {
    gone.hide();
    tell(offer);
  }, { signal });
  session.on('offerEnded', ({ offerId, outcome, reason }) => {
    const name = names.get(offerId);
    names.delete(offerId);
    if (name === undefined || outcome === 'accepted' || outcome === 'rejected') return;
    const text = t('offer.gone', { name, outcome: t(reason === 'takenByColleague' ? 'outcome.takenByColleague' : `outcome.${outcome}`) });
    announce(text);
    gone.show(text);
  }, { signal });
}

function answerByKeys(session: Session, cards: ReadonlyMap<string, OfferCard>, signal: AbortSignal): void {
  document.addEventListener('keydown', (event) => {
    const first = session.offers[0];
    const card = first && cards.get(first.offerId);
    // By the key's place, not its letter: on a Mac, and on a Korean keyboard, Alt+A types something else.
    if (!card || !event.altKey || event.ctrlKey || event.metaKey || event.repeat) return;
    if (event.code === 'KeyA') card.accept();
    else if (event.code === 'KeyD') card.decline();
    else return;
    event.preventDefault();
  }, { signal });
}

let title: string | undefined;

/** Rings while there are offers, and says so in the tab's title, for those who look elsewhere. */
function follow(open: readonly Offer[]): void {
  const first = open[0];
  if (!first) {
    stopRinging();
    if (title !== undefined) document.title = title;
    title = undefined;
    return;
  }
  title ??= document.title;
  document.title = `● ${kindText(first)}: ${first.customerName}`;
  startRinging(first.channel);
}

function kindText(offer: Offer): string {
  const key = `offer.${offer.kind}`;
  return isKey(key) ? t(key as 'offer.escalation') : t(`offer.${offer.channel}`);
}


interface OfferCard extends Row<Offer> {
  accept(): void;
  decline(): void;
  showKeys(shown: boolean): void;
}

function offerCard({ session, onAccepted }: OffersOptions, offer: Offer): OfferCard {
  const isCall = offer.channel === 'voice';
  const keys = (text: string) => h('kbd', { hidden: true }, text);
  const [acceptKeys, declineKeys] = [keys('Alt A'), keys('Alt D')];
  const accept = button({
    testid: 'offer-accept', icon: isCall ? 'accept' : 'chat', label: t('offer.accept'), class: 'offer-accept', shortcut: 'Alt+A', more: [acceptKeys],
    run: () => attempt(async () => onAccepted(await offer.accept())),
  });
  const decline = button({
    testid: 'offer-decline', icon: isCall ? 'hangUp' : 'close', label: t('offer.decline'), class: 'offer-decline', shortcut: 'Alt+D', more: [declineKeys],
    run: () => attempt(() => offer.reject()),
  });
  const element = offerElement(session, offer, [decline.element, accept.element]);
  return {
    element,
    update: () => undefined,
    accept: () => accept.element.click(),
    decline: () => decline.element.click(),
    showKeys(shown) {
      setShown(acceptKeys, shown);
      setShown(declineKeys, shown);
    },
  };
}

function offerElement(session: Session, offer: Offer, answers: readonly HTMLElement[]): HTMLElement {
  const name = h('div', { id: uniqueId('offer'), testid: 'offer-customer', class: 'offer-name', attrs: { dir: 'auto' } }, offer.customerName);
  const kind = h('div', { id: uniqueId('offer'), class: 'offer-kind' }, icon(offer.channel === 'voice' ? 'accept' : 'chat'), kindText(offer));
  return h('article', {
    testid: 'offer', class: 'offer',
    attrs: {
      role: 'dialog', 'aria-labelledby': `${kind.id} ${name.id}`, 'data-offer': offer.offerId, 'data-conversation': offer.conversationId,
      'data-channel': offer.channel, 'data-kind': offer.kind,
    },
  },
  h('div', { class: 'offer-top' }, countdown(offer),
    h('div', { class: 'offer-who' }, kind, name, h('div', { testid: 'offer-queue', class: 'offer-queue' }, icon('queue'), queueName(session, offer.queueId)))),
  offer.subject && h('p', { testid: 'offer-subject', class: 'offer-subject', attrs: { dir: 'auto' } }, offer.subject),
  offerReason(session, offer),
  h('div', { class: 'offer-answers' }, ...answers));
}

/** The avatar, in a ring that shrinks with the time left. */
function countdown(offer: Offer): HTMLElement {
  const ring = svgElement('svg', { viewBox: '0 0 64 64', class: 'offer-ring', 'aria-hidden': 'true' });
  const arc = svgElement('circle', { cx: 32, cy: 32, r: 29, class: 'offer-ring-left', pathLength: 1 });
  ring.append(svgElement('circle', { cx: 32, cy: 32, r: 29, class: 'offer-ring-track' }), arc);
  setCountdown(arc, offer.offeredAt, offer.expiresAt);
  const left = timer('offer-countdown');
  left.setAttribute('aria-label', t('offer.seconds'));
  setTimer(left, 'until', offer.expiresAt);
  return h('div', { class: 'offer-face' }, ring, avatar(offer.customerName, 48), left);
}
