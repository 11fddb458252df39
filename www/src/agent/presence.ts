/** The agent's presence: what it is, since when, and a menu to change it. */

import type { Activity, Availability, PreferredAvailability, Presence, PresenceReason, Session } from 'jackfield';
import { clockTime, t } from '../i18n/index.js';
import { avatar, setAvatar } from '../ui/avatar.js';
import { now, setTimer, timer } from '../ui/clock.js';
import { h, setAttribute, setText, type View } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { menu, type MenuItem } from '../ui/menu.js';
import { attempt } from '../ui/troubles.js';
import { openPresence } from './presence-dialog.js';

const NOT_READY: readonly PreferredAvailability[] = ['busy', 'doNotDisturb', 'beRightBack', 'away', 'offline'];
const DAY_MS = 86_400_000;

/** What can be chosen: a presence, or one of the tenant's reasons for it. */
export interface Choice {
  readonly id: string;
  readonly name: string;
  readonly availability: PreferredAvailability;
  readonly reason?: string;
}

/** What a presence is called: what happens by itself (a call, wrap-up) says more than what was chosen. */
export function presenceText({ availability, activity }: { availability: Availability; activity: Activity }): string {
  return t(`presence.${availability === 'offline' ? 'offline' : activity}`);
}

/** A dot in the colour, and the shape, of a presence. */
export function presenceDot(): { element: HTMLElement; show(presence: Pick<Presence, 'availability' | 'activity'>): void } {
  const element = h('span', { class: 'presence-dot', attrs: { 'aria-hidden': 'true' } });
  return {
    element,
    show({ availability, activity }) {
      setAttribute(element, 'data-look', activity === 'inACall' || activity === 'inAConversation' || activity === 'wrapUp' ? 'busy' : looks[availability]);
    },
  };
}

const looks: Readonly<Record<Availability, string>> = {
  available: 'available', availableIdle: 'away', busy: 'busy', busyIdle: 'busy', doNotDisturb: 'doNotDisturb',
  beRightBack: 'away', away: 'away', offline: 'offline', presenceUnknown: 'offline',
};

/** All that this user can choose. Where the tenant demands a reason, only its reasons stand beside "available". */
export function presenceChoices({ state }: Session): Choice[] {
  const plain = (availability: PreferredAvailability) => ({ id: availability, name: t(`presence.${availability}`), availability });
  const reasons = state.reasons.map(({ id, name, availability }) => ({ id: `reason-${id}`, name, availability: availability as PreferredAvailability, reason: id }));
  return [plain('available'), ...(state.reasonRequired ? [] : NOT_READY.map(plain)), ...reasons];
}

/** Makes the presence menu of the header. */
export function presenceMenu(session: Session): View {
  const dot = presenceDot();
  const text = h('span', { class: 'presence-text', attrs: { dir: 'auto' } });
  const also = h('span', { testid: 'presence-also', class: 'presence-also' });
  const since = timer('presence-since');
  const face = avatar(session.state.user.name, 24);
  const trigger = h('fluent-button', { testid: 'presence-menu', class: 'presence-menu', attrs: { appearance: 'transparent' } },
    h('span', { class: 'button-row' }, h('span', { class: 'presence-face' }, face, dot.element), text, also, since, icon('chevronDown')));
  const element = menu(trigger, items(session));
  return {
    element,
    update() {
      const { presence, user, reasons } = session.state;
      const name = nameOf(presence, reasons);
      const more = alsoSaid(presence, reasons);
      dot.show(presence);
      setText(text, name);
      setText(also, more);
      setAvatar(face, user.name);
      setTimer(since, 'since', presence.since);
      setAttribute(trigger, 'data-availability', presence.availability);
      setAttribute(trigger, 'data-activity', presence.activity);
      setAttribute(trigger, 'data-reason', presence.reason);
      setAttribute(trigger, 'title', presence.statusMessage?.text);
      setAttribute(trigger, 'aria-label', t('presence.menu', { state: [name, more].filter(Boolean).join(', ') }));
    },
  };
}

function items(session: Session): MenuItem[] {
  let afterWork = false;
  const choose = ({ availability, reason }: Choice) =>
    session.presence.set(availability, { ...(reason !== undefined && { reason }), ...(afterWork && availability !== 'available' && { afterWork }) });
  const choices = presenceChoices(session).map((choice): MenuItem => {
    const mark = presenceDot();
    mark.show({ availability: choice.availability, activity: 'available' });
    return {
      testid: `presence-${choice.id}`,
      content: [h('span', { class: 'menu-mark', attrs: { slot: 'start' } }, mark.element), choice.name],
      run: () => void attempt(() => choose(choice)),
    };
  });
  return [
    ...choices,
    { testid: 'presence-after-work', content: [t('presence.afterWork')], checked: false, run: (on) => (afterWork = on) },
    { testid: 'presence-more', content: [t('presence.more')], run: () => openPresence(session) },
  ];
}

function nameOf(shown: { availability: Availability; activity: Activity; reason?: string }, reasons: readonly PresenceReason[]): string {
  return reasons.find(({ id }) => id === shown.reason)?.name ?? presenceText(shown);
}

/** What follows the work in hand, or else when a break is over by itself. */
function alsoSaid({ availability, next, preferred }: Presence, reasons: readonly PresenceReason[]): string {
  if (next) return t('presence.next', { state: nameOf(next, reasons) });
  const until = preferred?.availability === availability && availability !== 'available' ? preferred.until : undefined;
  return until !== undefined && until - now() < DAY_MS ? t('presence.until', { time: clockTime(until) }) : '';
}
