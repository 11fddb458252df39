/** What went wrong, where everybody sees it: the connection, the voice connection, and commands that failed. */

import type { Session } from 'jackfield';
import { t } from '../i18n/index.js';
import { explain, type Explanation } from '../session/errors.js';
import { button } from './button.js';
import { now, setTimer, timer } from './clock.js';
import { type Child, h, type View } from './dom.js';
import { icon } from './icons.js';

export interface Trouble {
  readonly code?: string | undefined;
  readonly text: string;
  /** When the next try comes, or whatever `left` says, by {@link now}. */
  readonly until?: number | undefined;
  readonly left?: string;
  readonly action?: { readonly testid: string; readonly label: string; readonly run: () => void };
}

/** The place of the banners, below the header. They come and go as elements, so that nothing hidden is found or read. */
export const troubles = h('div', { class: 'troubles' });

/** Shows the connection's trouble instead of the one before, or that there is none. */
export function showConnection(trouble: Trouble | undefined): void {
  replace('connection-banner', trouble && bar('connection-banner', 'warning', trouble));
}

/** Shows the voice connection's trouble, or that there is none. */
export function showVoice(trouble: Trouble | undefined): void {
  replace('voice-banner', trouble && bar('voice-banner', 'warning', trouble));
}

/** Shows why a command failed, until it is dismissed or another one fails. */
export function showError(error: unknown): void {
  const why = explain(error);
  if (why) showExplanation(why);
}

/** Shows an explanation in the place of errors. */
export function showExplanation(why: Explanation): void {
  const dismiss = button({ testid: 'error-dismiss', icon: 'close', label: t('error.dismiss'), iconOnly: true, appearance: 'transparent', size: 'small', run: clearError });
  replace('error-message', bar('error-message', 'error', why, dismiss.element));
}

/** Shows something to know of, or that there is nothing; `dismissible` where nothing but the reader takes it away. */
export function showNotice(testid: string, notice: Trouble | undefined, dismissible = false): void {
  const dismiss = dismissible && button({ testid: `${testid}-dismiss`, icon: 'close', label: t('error.dismiss'), iconOnly: true, appearance: 'transparent', size: 'small', run: () => showNotice(testid, undefined) });
  replace(testid, notice && bar(testid, 'info', notice, dismiss && dismiss.element));
}

/** Takes the error away, if one is shown. */
export function clearError(): void {
  replace('error-message', undefined);
}

/** Runs a command of the user's: an old error goes, a new one is shown. @returns whether it went well. */
export async function attempt(command: () => Promise<unknown>): Promise<boolean> {
  clearError();
  try {
    await command();
    return true;
  } catch (error) {
    showError(error);
    return false;
  }
}

/** Follows a session's connection and voice; `again` is offered when the session is over. */
export function sessionTroubles(session: Session, signal: AbortSignal, again: () => void): View {
  session.on('connectionChanged', ({ connection, error, retryInMs }) => {
    if (connection === 'ready') showConnection(undefined);
    if (connection === 'reconnecting') {
      const why = error && explain(error);
      const until = retryInMs === undefined ? undefined : now() + retryInMs;
      showConnection({ code: why?.code, text: `${why?.text ?? ''} ${t('connection.lost')}`.trim(), until });
    }
  }, { signal });
  let signedOutBy: string | undefined;
  session.on('supervised', ({ order, name }) => {
    if (order === 'signOut') signedOutBy = name;
  }, { signal });
  session.on('closed', ({ error }) => {
    const why = error && explain(error);
    const text = signedOutBy === undefined ? why?.text ?? t('connection.ended') : t('connection.signedOutBy', { name: signedOutBy });
    showVoice(undefined);
    showConnection({ code: why?.code, text, action: { testid: 'connect-again', label: t('connection.again'), run: again } });
  }, { signal });
  return { element: troubles, update: () => followVoice(session) };
}

function followVoice(session: Session): void {
  const { connection, voice, conversations } = session.state;
  const inCall = conversations.some((conversation) => conversation.participants.some((one) => one.voice && one.userId === session.state.user.userId));
  const text = connection !== 'ready' ? undefined : voice === 'failed' ? t('voice.failed') : voice === 'reconnecting' && inCall ? t('voice.reconnecting') : undefined;
  const shown = troubles.querySelector<HTMLElement>('[data-testid="voice-banner"]');
  if (shown?.dataset['text'] !== text) showVoice(text === undefined ? undefined : { text });
}

function replace(testid: string, element: HTMLElement | undefined): void {
  const old = troubles.querySelector(`[data-testid="${testid}"]`);
  if (old && element) old.replaceWith(element);
  else if (element) troubles.append(element);
  else old?.remove();
}

type Intent = 'info' | 'warning' | 'error';

function bar(testid: string, intent: Intent, trouble: Trouble, dismiss?: Child): HTMLElement {
  const left = timer();
  if (trouble.until !== undefined) setTimer(left, 'until', trouble.until);
  const { action } = trouble;
  const again = action && button({ testid: action.testid, label: action.label, size: 'small', run: action.run }).element;
  if (again) again.slot = 'actions';
  if (dismiss instanceof HTMLElement) dismiss.slot = 'dismiss';
  const element = h('fluent-message-bar', { testid, class: 'trouble', attrs: { intent, role: intent === 'error' ? 'alert' : 'status', 'data-code': trouble.code } },
    iconIn('icon', intent),
    h('span', {}, trouble.text, ' '),
    trouble.until !== undefined && h('span', { class: 'retry' }, trouble.left ?? t('connection.retryIn'), ' ', left),
    again, dismiss);
  element.dataset['text'] = trouble.text;
  return element;
}

function iconIn(slot: string, intent: Intent): SVGSVGElement {
  const drawing = icon(intent === 'error' ? 'failed' : intent);
  drawing.setAttribute('slot', slot);
  return drawing;
}
