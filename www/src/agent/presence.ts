/** The agent's presence: what it is, since when, and a menu to change it. */

import type { Activity, Availability, PreferredAvailability, Presence, Session } from 'jackfield';
import { t } from '../i18n/index.js';
import { avatar, setAvatar } from '../ui/avatar.js';
import { setTimer, timer } from '../ui/clock.js';
import { h, setAttribute, setText, type View } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { menu } from '../ui/menu.js';
import { attempt } from '../ui/troubles.js';

const choices: readonly PreferredAvailability[] = ['available', 'busy', 'doNotDisturb', 'beRightBack', 'away', 'offline'];

/** The dots that there are: others look like the nearest of them. */
const looks: Partial<Record<Availability, Availability>> = {
  availableIdle: 'available', busyIdle: 'busy', doNotDisturb: 'busy', beRightBack: 'away', presenceUnknown: 'offline',
};

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
      setAttribute(element, 'data-look', activity === 'inACall' || activity === 'inAConversation' || activity === 'wrapUp' ? 'busy' : looks[availability] ?? availability);
    },
  };
}

/** Makes the presence menu of the header. */
export function presenceMenu(session: Session): View {
  const dot = presenceDot();
  const text = h('span', { class: 'presence-text' });
  const since = timer('presence-since');
  const face = avatar(session.state.user.name, 24);
  const trigger = h('fluent-button', { testid: 'presence-menu', class: 'presence-menu', attrs: { appearance: 'transparent' } },
    h('span', { class: 'button-row' }, h('span', { class: 'presence-face' }, face, dot.element), text, since, icon('chevronDown')));
  const element = menu(trigger, choices.map((availability) => {
    const mark = presenceDot();
    mark.show({ availability, activity: availability });
    return {
      testid: `presence-${availability}`,
      content: [h('span', { class: 'menu-mark', attrs: { slot: 'start' } }, mark.element), t(`presence.${availability}`)],
      run: () => void attempt(() => session.presence.set(availability)),
    };
  }));
  return {
    element,
    update() {
      const { presence, user } = session.state;
      dot.show(presence);
      setText(text, presenceText(presence));
      setAvatar(face, user.name);
      setTimer(since, 'since', presence.since);
      setAttribute(trigger, 'data-availability', presence.availability);
      setAttribute(trigger, 'data-activity', presence.activity);
      setAttribute(trigger, 'aria-label', t('presence.menu', { state: presenceText(presence) }));
    },
  };
}
