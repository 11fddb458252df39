/** The bar of a call: how it stands, how it sounds, and what can be done. */

import type { Conversation, Session } from 'jackfield';
import { t } from '../i18n/index.js';
import { customerOf, isCall, ownOf } from '../session/people.js';
import { announce } from '../ui/announce.js';
import { button, type ButtonView } from '../ui/button.js';
import { setTimer, timer } from '../ui/clock.js';
import { h, setAttribute, setShown, setText, type View } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { attempt } from '../ui/troubles.js';
import { followLevels, meter } from './meters.js';
import { qualityView } from './quality.js';

export interface CallBarOptions {
  readonly session: Session;
  readonly conversation: Conversation;
  /** Who is at the other end, to name its meter. */
  readonly other: () => string;
  /** Agents hold; customers are held. */
  readonly canHold: boolean;
  readonly signal: AbortSignal;
}

/** Makes the call bar of a conversation. It is shown while this user has a voice leg in it. */
export function callBar(options: CallBarOptions): View {
  const parts = callParts(options);
  const { session, conversation, signal } = options;
  session.on('quality', (event) => {
    if (event.conversation.id === conversation.id) parts.quality.show(event.quality);
  }, { signal });
  let stopLevels: (() => void) | undefined;
  signal.addEventListener('abort', () => stopLevels?.());
  let wasHeld = false;
  return {
    element: parts.element,
    update() {
      const standing = callStanding(options);
      parts.show(standing);
      if (standing.up && !stopLevels) stopLevels = followLevels(session, parts.microphone, parts.remote);
      if (!standing.up) {
        stopLevels?.();
        stopLevels = undefined;
        parts.quality.show(undefined);
      }
      if (standing.held !== wasHeld) announce(standing.held ? heldText(options) : t('call.active'));
      wasHeld = standing.held;
    },
  };
}

/** How a call stands for this user. */
interface Standing {
  readonly up: boolean;
  readonly elsewhere: boolean;
  readonly since: number | undefined;
  readonly muted: boolean;
  readonly held: boolean;
  /** The other end rings. */
  readonly calling: boolean;
}

function callStanding({ session, conversation, canHold }: CallBarOptions): Standing {
  const { state } = conversation;
  const leg = ownOf(state, session)?.voice;
  const held = canHold ? customerOf(state)?.voice?.held : leg?.held;
  return {
    up: leg !== undefined && state.state === 'active',
    elsewhere: leg !== undefined && leg.sessionId !== session.id,
    since: leg?.since,
    muted: leg?.muted ?? false,
    held: leg !== undefined && held === true,
    calling: isCall(state.pending),
  };
}

function heldText({ canHold, other }: CallBarOptions): string {
  return canHold ? t('call.heldAgent', { name: other() }) : t('call.heldCustomer');
}

function callParts(options: CallBarOptions) {
  const { conversation } = options;
  const time = timer('call-timer');
  const status = h('span', { class: 'call-status' });
  const quality = qualityView();
  const microphone = meter('level-microphone');
  const remote = meter('level-remote');
  const remoteName = h('span', { class: 'meter-name' });
  const held = h('div', { testid: 'call-held', class: 'call-held', hidden: true }, icon('hold'), h('span', {}));
  const controls = callControls(options);
  const bring = button({ testid: 'call-bring-here', label: t('call.bringHere'), appearance: 'primary', run: () => attempt(() => conversation.voice.start()) });
  const elsewhere = h('div', { class: 'call-held', hidden: true }, h('span', {}, t('call.elsewhere')), bring.element);
  const info = h('div', { class: 'call-info' },
    h('span', { class: 'call-now' }, h('span', { class: 'call-pulse' }), status, time), quality.element);
  const meters = h('div', { class: 'call-meters' },
    h('span', { class: 'meter-line' }, icon('microphone'), h('span', { class: 'meter-name' }, t('call.microphone')), microphone.element),
    h('span', { class: 'meter-line' }, icon('headset'), remoteName, remote.element));
  const element = h('section', { testid: 'call-bar', class: 'call-bar', hidden: true, attrs: { 'aria-label': t('call.region') } },
    h('div', { class: 'call-row' }, info, meters, controls.element), held, elsewhere);
  const show = (standing: Standing) => {
    setShown(element, standing.up);
    setAttribute(element, 'data-held', String(standing.held));
    setAttribute(element, 'data-muted', String(standing.muted));
    setTimer(time, 'since', standing.since);
    setText(status, t(standing.calling ? 'call.calling' : standing.held ? 'call.held' : standing.muted ? 'call.muted' : 'call.active'));
    setText(remoteName, options.other());
    setShown(held, standing.held);
    setText(held.lastElementChild ?? held, heldText(options));
    setShown(elsewhere, standing.elsewhere);
    controls.show(standing);
  };
  quality.show(undefined);
  return { element, quality, microphone, remote, show };
}

function callControls({ conversation, canHold }: CallBarOptions) {
  let standing: Standing | undefined;
  const mute = button({
    testid: 'call-mute', icon: 'microphone', label: t('call.mute'), shortcut: 'Alt+M', title: 'Alt+M', class: 'call-button',
    run: () => attempt(() => (standing?.muted ? conversation.voice.unmute() : conversation.voice.mute())),
  });
  const hold = canHold && button({
    testid: 'call-hold', icon: 'hold', label: t('call.hold'), shortcut: 'Alt+H', title: 'Alt+H', class: 'call-button',
    run: () => attempt(() => (standing?.held ? conversation.voice.resume() : conversation.voice.hold())),
  });
  const hangUp = button({
    testid: 'call-hangup', icon: 'hangUp', label: t('call.hangUp'), class: 'call-button hang-up',
    run: () => attempt(() => conversation.voice.hangUp()),
  });
  return {
    element: h('div', { class: 'call-controls' }, mute.element, hold && hold.element, hangUp.element),
    show(to: Standing) {
      standing = to;
      showToggle(mute, to.muted, [t('call.mute'), 'microphone'], [t('call.unmute'), 'microphoneOff']);
      if (hold) setShown(hold.element, !to.calling);
      if (hold) showToggle(hold, to.held, [t('call.hold'), 'hold'], [t('call.resume'), 'resume']);
    },
  };
}

type Face = Parameters<ButtonView['setLabel']>;

function showToggle(view: ButtonView, pressed: boolean, off: Face, on: Face): void {
  view.setPressed(pressed);
  view.setLabel(...(pressed ? on : off));
}
