/** Why an offer comes to this agent: how long the customer waited and where, how the agent was picked among how many, and what was asked for. */

import type { Offer, Session } from 'jackfield';
import { isKey, span, t } from '../i18n/index.js';
import { queueName } from '../session/people.js';
import { h } from '../ui/dom.js';

/** Makes the part of the offer. */
export function offerReason(session: Session, offer: Offer): HTMLElement {
  const facts = factsOf(session, offer).map((text) => h('li', { attrs: { dir: 'auto' } }, text));
  return h('ul', { testid: 'offer-reason', class: 'offer-reason', attrs: { 'aria-label': t('offer.why') } }, ...facts);
}

function factsOf(session: Session, { kind, queueId, reason }: Offer): string[] {
  if (kind === 'escalation') return [t('offer.reason.escalation')];
  // Who asks says so in the order: there is no choice of agents.
  if (kind === 'transfer' || kind === 'consult' || kind === 'invite') return [t('offer.reason.colleague', { name: reason.order.replace(/^asked for by /, '') })];
  const skills = Object.entries(reason.skills).map(([skill, level]) => t('offer.skill', { skill, level }));
  const welcome = Object.entries(reason.preferred ?? {}).map(([skill, level]) => t('offer.skill', { skill, level }));
  return [
    kind === 'callback' && t('offer.reason.callback'),
    kind === 'preview' && t('offer.reason.preview'),
    t(kind === 'preview' ? 'offer.reason.listed' : 'offer.reason.waited', { queue: queueName(session, queueId), waited: span(reason.waitedMs) }),
    reason.candidates > 1 ? t('offer.reason.order', { order: orderName(reason.order), candidates: reason.candidates }) : t('offer.reason.only'),
    reason.direct && t('offer.reason.direct'),
    ...(skills.length > 0 ? [t('offer.reason.skills', { skills: skills.join(', ') })] : []),
    welcome.length > 0 && t('offer.reason.welcome', { skills: welcome.join(', '), met: reason.preferredMet ?? 0, count: welcome.length }),
    reason.rule !== undefined && t('why.rule', { rule: reason.rule }),
    (reason.ring ?? 0) > 0 && t('why.ring', { ring: reason.ring ?? 0 }),
  ].filter((text) => text !== false && text !== undefined);
}

/** "longest idle" is `longestIdle`. An order that this page has no words for is shown as the gateway calls it. */
export function orderName(order: string): string {
  const key = `order.${order.replace(/ (\w)/g, (_, letter: string) => letter.toUpperCase())}`;
  return isKey(key) ? t(key as 'order.longestIdle') : order;
}
