/** The agent desktop. */

import '../styles/agent.css';
import '../ui/fluent.js';
import type { Session } from 'jackfield';
import { t } from '../i18n/index.js';
import { cleans, setCleaning } from '../session/cleaning.js';
import { runStaffPage, type Work } from '../session/staff-page.js';
import { button } from '../ui/button.js';
import type { MenuItem } from '../ui/menu.js';
import { attempt } from '../ui/troubles.js';
import { followAside } from './aside.js';
import { desk } from './desk.js';
import { followOrders } from './ordered.js';
import { presenceMenu } from './presence.js';
import { rings, setRings, startRinging } from './ring.js';
import { followUnreached } from './unreached.js';

runStaffPage({ role: 'agent', title: () => t('signIn.title'), work });

function work(session: Session, signal: AbortSignal): Work {
  const presence = presenceMenu(session);
  const floor = desk(session, signal);
  const showAside = followAside(session, signal);
  followOrders(session, signal);
  followUnreached(session, signal);
  return {
    controls: [ringToggle(session), presence.element],
    choices: [cleaningItem(session)],
    main: floor.element,
    above: [floor.above],
    update() {
      presence.update();
      floor.update();
      showAside();
    },
  };
}

function cleaningItem(session: Session): MenuItem {
  return {
    testid: 'clean-microphone', content: [t('header.clean')], checked: cleans(),
    run: (on) => void attempt(() => setCleaning(session, on)),
  };
}

function ringToggle(session: Session): HTMLElement {
  const toggle = button({
    testid: 'ring-toggle', icon: 'bell', label: t('header.ring.silence'), iconOnly: true, appearance: 'transparent',
    run: () => {
      setRings(!rings());
      const first = session.offers[0];
      if (first) startRinging(first.channel);
      show();
    },
  });
  const show = () => {
    toggle.setPressed(!rings());
    toggle.setLabel(t('header.ring.silence'), rings() ? 'bell' : 'bellOff');
  };
  show();
  return toggle.element;
}
