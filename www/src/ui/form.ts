/** Forms in dialogs: fields of the browser's own, so that keyboards, touch, input methods and screen readers know them. */

import { t } from '../i18n/index.js';
import { explain } from '../session/errors.js';
import { button } from './button.js';
import { type Dialog, openDialog } from './dialog.js';
import { type Child, h, setShown, setText, uniqueId } from './dom.js';

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** A line to write one text into. */
export function textField(testid: string, options: { readonly value?: string; readonly type?: 'text' | 'number' | 'url' | 'tel'; readonly maxlength?: number; readonly list?: string } = {}): HTMLInputElement {
  const { value = '', type = 'text', maxlength, list } = options;
  const input = h('input', { id: uniqueId('input'), testid, class: 'plain-field', attrs: { type, maxlength, list, dir: 'auto', autocomplete: 'off', ...(type === 'number' && { step: 'any' }) } });
  input.value = value;
  return input;
}

/** A choice of one. */
export function choiceField(testid: string, options: readonly (readonly [value: string, text: string])[], value: string): HTMLSelectElement {
  const select = h('select', { id: uniqueId('select'), testid, class: 'plain-field' }, ...options.map(([one, text]) => h('option', { attrs: { value: one } }, text)));
  select.value = value;
  return select;
}

/** A control under its label. */
export function labelled(name: string, control: Control, hint?: string): HTMLElement {
  const said = hint === undefined ? undefined : h('span', { id: uniqueId('hint'), class: 'form-hint' }, hint);
  if (said) control.setAttribute('aria-describedby', said.id);
  return h('div', { class: 'form-field' }, h('label', { class: 'field-label', attrs: { for: control.id, dir: 'auto' } }, name), control, said);
}

/** Controls that belong together, under one name. */
export function group(name: string, ...content: Child[]): HTMLElement {
  const label = h('span', { id: uniqueId('group'), class: 'field-label', attrs: { dir: 'auto' } }, name);
  return h('div', { class: 'form-field', attrs: { role: 'group', 'aria-labelledby': label.id } }, label, h('div', { class: 'form-checks' }, ...content));
}

/** A thing that is so or not. */
export function checkField(testid: string, name: string, checked: boolean): { readonly input: HTMLInputElement; readonly element: HTMLElement } {
  const input = h('input', { id: uniqueId('check'), testid, attrs: { type: 'checkbox' } });
  input.checked = checked;
  return { input, element: h('span', { class: 'form-check' }, input, h('label', { attrs: { for: input.id, dir: 'auto' } }, name)) };
}

class FormProblem extends Error {}

/** What `run` of a form throws where something in the form is wrong: the sentence is shown. */
export function problem(sentence: string): Error {
  return new FormProblem(sentence);
}

export interface FormOptions {
  readonly testid: string;
  readonly title: string;
  readonly save: string;
  readonly signal: AbortSignal;
  /** What saving does. It closes the dialog, unless it throws: then the reason is shown. */
  readonly run: () => Promise<unknown>;
}

/** Opens a dialog with fields. Enter in a field saves, Escape leaves; why something can't be saved stands in the dialog, where the fields are. */
export function openForm(options: FormOptions, ...fields: Child[]): Dialog {
  const why = h('p', { testid: `${options.testid}-error`, class: 'form-error', hidden: true, attrs: { role: 'alert' } });
  const save = button({ testid: `${options.testid}-save`, label: options.save, appearance: 'primary', run: () => submit() });
  const cancel = button({ testid: `${options.testid}-cancel`, label: t('form.cancel'), run: () => dialog.close() });
  const body = h('div', { class: 'form-body' }, ...fields);
  const dialog = openDialog({ testid: options.testid, title: options.title, signal: options.signal }, body, why,
    h('div', { class: 'form-foot' }, cancel.element, save.element));
  const submit = async () => {
    try {
      await options.run();
      dialog.close();
    } catch (error) {
      const reason = error instanceof FormProblem ? { text: error.message } : explain(error);
      setText(why, reason?.text ?? '');
      setShown(why, reason !== undefined);
    }
  };
  body.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.isComposing || !(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    save.element.click();
  });
  body.querySelector<Control>('input, select, textarea')?.focus();
  return dialog;
}
