/** The dialog for what the presence menu has no room for: for how long, and a message to colleagues. */

import type { Session } from 'jackfield';
import { lengthOfTime, t } from '../i18n/index.js';
import { announce } from '../ui/announce.js';
import { button } from '../ui/button.js';
import { type Dialog, openDialog } from '../ui/dialog.js';
import { h, uniqueId } from '../ui/dom.js';
import { attempt } from '../ui/troubles.js';
import { presenceChoices } from './presence.js';

const MINUTE_MS = 60_000;
const TIMES: readonly number[] = [15, 30, 60, 120, 240, 480].map((minutes) => minutes * MINUTE_MS);

/** Opens the dialog. It closes when the gateway has taken what was chosen. */
export function openPresence(session: Session): void {
  const signal = new AbortController();
  const done = async (act: () => Promise<void>, said: string) => {
    if (!(await attempt(act))) return;
    announce(said);
    dialog.close();
  };
  const dialog: Dialog = openDialog({ testid: 'presence-dialog', title: t('presence.dialog'), signal: signal.signal }, timed(session, done), message(session, done));
}

type Done = (act: () => Promise<void>, said: string) => Promise<void>;

function timed(session: Session, done: Done): HTMLElement {
  const choices = presenceChoices(session);
  const state = select('presence-state', t('presence.state'), choices.map(({ id, name }) => [id, name]));
  const time = select('presence-time', t('presence.for'), [['', t('presence.asUsual')], ...times()]);
  const afterWork = h('input', { testid: 'presence-dialog-after-work', id: uniqueId('after-work'), attrs: { type: 'checkbox' } });
  const set = button({
    testid: 'presence-set', label: t('presence.set'), appearance: 'primary',
    run: () => {
      const choice = choices.find(({ id }) => id === state.field.value);
      if (!choice) return;
      const { availability, reason, name } = choice;
      const expiresInMs = Number(time.field.value);
      const options = { ...(reason !== undefined && { reason }), ...(expiresInMs > 0 && { expiresInMs }), ...(afterWork.checked && { afterWork: true }) };
      return done(() => session.presence.set(availability, options), t('presence.menu', { state: name }));
    },
  });
  return h('div', { class: 'presence-form' }, state.element, time.element,
    h('span', { class: 'presence-check' }, afterWork, h('label', { attrs: { for: afterWork.id } }, t('presence.afterWork'))), set.element);
}

function message(session: Session, done: Done): HTMLElement {
  const said = session.state.presence.statusMessage;
  const id = uniqueId('status');
  const area = h('textarea', { id, testid: 'presence-status', attrs: { maxlength: 280, rows: 2, dir: 'auto' } });
  area.value = said?.text ?? '';
  const time = select('presence-status-time', t('presence.clearAfter'), [['', t('presence.never')], ...times()]);
  const save = button({
    testid: 'presence-status-save', label: t('presence.saveStatus'), appearance: 'primary',
    run: () => {
      const expiresInMs = Number(time.field.value);
      return done(() => session.presence.setStatus(area.value, expiresInMs > 0 ? { expiresInMs } : {}), t('presence.statusSaved'));
    },
  });
  const clear = button({ testid: 'presence-status-clear', label: t('presence.clearStatus'), run: () => done(() => session.presence.setStatus(undefined), t('presence.statusCleared')) });
  clear.setDisabled(said === undefined);
  return h('div', { class: 'presence-form' }, h('label', { class: 'field-label', attrs: { for: id } }, t('presence.status')), area, time.element,
    h('span', { class: 'presence-buttons' }, clear.element, save.element));
}

function times(): [string, string][] {
  return TIMES.map((ms) => [String(ms), lengthOfTime(ms)]);
}

/** The browser's own: keyboard, touch and screen readers know it. */
function select(testid: string, name: string, options: readonly (readonly [value: string, text: string])[]) {
  const id = uniqueId('select');
  const field = h('select', { id, testid }, ...options.map(([value, text]) => h('option', { attrs: { value } }, text)));
  return { field, element: h('div', { class: 'presence-field' }, h('label', { class: 'field-label', attrs: { for: id } }, name), field) };
}
