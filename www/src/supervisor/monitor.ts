/** The conversation in which a supervisor takes part: what is said and written, how to take part, and how to leave. */

import type { Conversation, MonitorMode, Session } from 'jackfield';
import { conversationPane } from '../agent/conversation.js';
import { parties } from '../agent/parties.js';
import { composer } from '../chat/composer.js';
import { chatLog } from '../chat/log.js';
import { callBar } from '../call/call-bar.js';
import { t } from '../i18n/index.js';
import { customerName, ownOf, ownerOf } from '../session/people.js';
import { button } from '../ui/button.js';
import { h, setAttribute, setShown, setText, type View } from '../ui/dom.js';
import { attempt } from '../ui/troubles.js';

const MODES: readonly MonitorMode[] = ['listen', 'whisper', 'barge'];

/** Makes the place of the conversation. One at a time is shown: the one that was joined last. */
export function monitored(session: Session, signal: AbortSignal): View {
  const element = h('div', { class: 'monitored', hidden: true });
  let shown: { readonly key: string; readonly view: View; readonly abort: AbortController } | undefined;
  signal.addEventListener('abort', () => shown?.abort.abort());
  return {
    element,
    update() {
      const conversation = session.conversations.at(-1);
      const own = conversation && ownOf(conversation.state, session);
      // Who takes over becomes an agent, and gets what agents have.
      const key = conversation && own ? `${conversation.id} ${own.part === 'monitor'}` : '';
      if ((shown?.key ?? '') !== key) {
        shown?.abort.abort();
        shown?.view.element.remove();
        shown = undefined;
        if (conversation && own) {
          const abort = new AbortController();
          const view = own.part === 'monitor' ? monitorPane(session, conversation, abort.signal) : ownPane(session, conversation, abort.signal);
          shown = { key, view, abort };
          element.append(view.element);
        }
      }
      shown?.view.update();
      setShown(element, shown !== undefined);
    },
  };
}

function ownPane(session: Session, conversation: Conversation, signal: AbortSignal): View {
  return conversationPane({ session, conversation, signal, back: () => undefined });
}

function monitorPane(session: Session, conversation: Conversation, signal: AbortSignal): View {
  const title = h('h3', { attrs: { dir: 'auto' } });
  const about = h('p', { testid: 'monitor-about', class: 'monitor-about', attrs: { role: 'status' } });
  const modes = MODES.map((mode) => button({
    testid: `monitor-mode-${mode}`, label: t(`monitor.${mode}`), title: t(`monitor.${mode}Title`), size: 'small',
    run: () => attempt(() => session.supervision.monitor(conversation.id, mode)),
  }));
  const takeOver = button({ testid: 'monitor-take-over-now', label: t('monitor.takeOver'), title: t('monitor.takeOverTitle'), size: 'small', run: () => attempt(() => session.supervision.takeOver(conversation.id)) });
  const stop = button({ testid: 'monitor-stop', icon: 'close', label: t('monitor.stop'), size: 'small', appearance: 'primary', run: () => attempt(() => session.supervision.stopMonitoring(conversation.id)) });
  const call = callBar({ session, conversation, other: () => customerName(conversation.state), canHold: false, signal });
  const others = parties(session, conversation, signal);
  const log = chatLog(session, conversation, signal);
  const write = { notes: composer(conversation, { notes: 'only' }), all: composer(conversation, { notes: true }) };
  const element = h('section', { testid: 'monitor', class: 'monitor', attrs: { 'aria-label': t('monitor.region'), 'data-conversation': conversation.id } },
    h('div', { class: 'monitor-head' }, h('div', {}, title, about),
      h('div', { class: 'monitor-modes', attrs: { role: 'group', 'aria-label': t('monitor.mode') } }, ...modes.map((one) => one.element), takeOver.element, stop.element)),
    call.element, others.element, log.element, write.notes.element, write.all.element);
  return {
    element,
    update() {
      const { state } = conversation;
      const mode = ownOf(state, session)?.monitor ?? 'listen';
      setAttribute(element, 'data-mode', mode);
      setText(title, t('monitor.title', { customer: customerName(state), agent: ownerOf(state)?.name ?? NOBODY }));
      setText(about, t(`monitor.${mode}Title`));
      modes.forEach((one, index) => one.setPressed(MODES[index] === mode));
      for (const view of [call, others, log, write.notes, write.all]) view.update();
      setShown(write.notes.element, mode === 'whisper');
      setShown(write.all.element, mode === 'barge');
    },
  };
}

const NOBODY = '–';
