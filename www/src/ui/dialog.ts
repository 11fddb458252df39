/** Dialogs: the browser's own, with a title and a way out. Focus, Escape and what lies behind are the browser's part. */

import { t } from '../i18n/index.js';
import { button } from './button.js';
import { type Child, h, uniqueId } from './dom.js';

export interface Dialog {
  readonly element: HTMLDialogElement;
  close(): void;
}

/** Opens a dialog above the page. It goes from the page when it is closed, or with what it belongs to. */
export function openDialog(options: { readonly testid: string; readonly title: string; readonly signal: AbortSignal; readonly closed?: () => void }, ...content: Child[]): Dialog {
  const title = h('h2', { id: uniqueId('dialog'), class: 'dialog-title' }, options.title);
  const close = () => element.close();
  const leave = button({ testid: `${options.testid}-close`, icon: 'close', label: t('dialog.close'), iconOnly: true, appearance: 'subtle', run: close });
  const element = h('dialog', { testid: options.testid, class: 'dialog', attrs: { 'aria-labelledby': title.id } },
    h('div', { class: 'dialog-head' }, title, leave.element), ...content);
  element.addEventListener('close', () => {
    element.remove();
    options.closed?.();
  });
  // The backdrop is the dialog itself: a click beside its box is a click on it.
  element.addEventListener('click', (event) => {
    if (event.target === element) close();
  });
  options.signal.addEventListener('abort', close);
  document.body.append(element);
  element.showModal();
  return { element, close };
}
