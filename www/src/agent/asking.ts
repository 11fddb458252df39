/** An agent in a chat asks the customer to talk, or calls one who does not wait on the line: the button, and the line that says how that stands. */

import type { Conversation, OfferOutcome, Session } from 'jackfield';
import { t } from '../i18n/index.js';
import { customerName, customerOf, isCall, ownOf } from '../session/people.js';
import { button } from '../ui/button.js';
import { setTimer, timer } from '../ui/clock.js';
import { h, setAttribute, setShown, setText, type View } from '../ui/dom.js';
import { attempt } from '../ui/troubles.js';

export interface Asking extends View {
  readonly button: HTMLElement;
}

/** Makes the button and the line. */
export function asking(session: Session, conversation: Conversation, signal: AbortSignal): Asking {
  let outcome: OfferOutcome | undefined;
  const ask = button({
    testid: 'ask-to-talk', icon: 'accept', label: t('asking.call'), title: t('asking.title'), class: 'pane-end',
    run: () => {
      outcome = undefined;
      return attempt(() => conversation.voice.start());
    },
  });
  const text = h('span', { class: 'asking-text' });
  const left = timer('asking-left');
  const back = button({ testid: 'asking-take-back', label: t('asking.takeBack'), size: 'small', run: () => attempt(() => conversation.voice.hangUp()) });
  const element = h('div', { testid: 'asking', class: 'asking', hidden: true, attrs: { role: 'status' } }, text, left, back.element);
  const update = () => {
    const { state } = conversation;
    const own = ownOf(state, session);
    const calls = isCall(state.pending);
    const waits = calls || state.pending?.kind === 'voice';
    const free = state.channel === 'chat' && state.state === 'active' && own?.owner === true && !own.voice && customerOf(state) !== undefined;
    const said = calls ? 'calling' : waits ? 'asking' : free ? outcome : undefined;
    setShown(ask.element, free && state.pending === undefined && !state.voiceRequested);
    setShown(element, said !== undefined && said !== 'accepted');
    setAttribute(element, 'data-outcome', said);
    setText(text, element.hidden ? '' : outcomeText(said, customerName(state)));
    setTimer(left, 'until', waits ? state.pending?.expiresAt : undefined);
    back.setLabel(t(calls ? 'asking.giveUp' : 'asking.takeBack'));
    // By voice, that is to hang up.
    setShown(back.element, waits && own?.owner === true && !(calls && own.voice));
  };
  // What a supervisor or a colleague asked for has other words, elsewhere.
  let asked = conversation.state.pending?.kind === 'voice';
  session.on('pendingChanged', (event) => {
    if (event.conversation.id !== conversation.id) return;
    if (asked && event.pending === null) outcome = event.outcome ?? undefined;
    asked = event.pending?.kind === 'voice';
    update();
  }, { signal });
  return { button: ask.element, element, update };
}

function outcomeText(said: OfferOutcome | 'asking' | 'calling' | undefined, name: string): string {
  return t(said === 'calling' || said === 'asking' || said === 'rejected' || said === 'timedOut' ? `asking.${said}` : 'asking.other', { name });
}
