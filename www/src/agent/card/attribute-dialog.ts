/** The dialog in which an agent changes attributes: each by its type, those that the tenant declares by their labels. */

import type { AttributeInfo, AttributeValue } from 'jackfield';
import { t } from '../../i18n/index.js';
import { announce } from '../../ui/announce.js';
import { checkField, choiceField, group, labelled, openForm, textField } from '../../ui/form.js';
import { type CardOptions, freeOnes } from './section.js';

/** A control for one attribute. `read` gives what stands there; nothing where that is nothing. */
interface Editor {
  readonly name: string;
  readonly element: HTMLElement;
  readonly read: () => AttributeValue | undefined;
}

/** Opens the dialog. Only what was changed in it is set, so that a colleague's change meanwhile stays. */
export function openAttributes({ session, conversation, signal }: CardOptions): void {
  const before = conversation.state.attributes;
  const { attributes: declared } = session.state;
  const open = declared.filter(({ readOnly }) => !readOnly);
  const editors = [
    ...open.map((info) => editor(info, before[info.name])),
    ...freeOnes(declared, before).map(([name, value]) => editor({ name, label: name, kind: kindOf(value), values: [], readOnly: false }, value)),
  ];
  const name = textField('attribute-new-name', { maxlength: 64 });
  const value = textField('attribute-new-value', { maxlength: 2048 });
  const begun = new Map(editors.map((one) => [one.name, JSON.stringify(one.read())]));
  const run = async () => {
    const changes = editors.filter((one) => JSON.stringify(one.read()) !== begun.get(one.name)).map((one) => [one.name, one.read() ?? null] as const);
    const added = name.value.trim() === '' ? [] : [[name.value.trim(), value.value.trim()] as const];
    if (changes.length + added.length === 0) return;
    await conversation.setAttributes(Object.fromEntries([...changes, ...added]));
    announce(t('card.attributesSaved'));
  };
  openForm({ testid: 'attributes-dialog', title: t('card.attributes'), save: t('form.save'), signal, run },
    ...editors.map((one) => one.element),
    group(t('card.attributeNew'), labelled(t('card.attributeName'), name), labelled(t('card.attributeValue'), value)));
}

function kindOf(value: AttributeValue): AttributeInfo['kind'] {
  if (typeof value === 'object') return 'list';
  return typeof value === 'string' ? 'text' : typeof value === 'number' ? 'number' : 'boolean';
}

function editor({ name, label, kind, values }: AttributeInfo, now: AttributeValue | undefined): Editor {
  if (kind === 'boolean') return chosen(name, label, [['true', t('card.yes')], ['false', t('card.no')]], now, (text) => text === 'true');
  if (kind === 'list' && values.length > 0) return checked(name, label, values, typeof now === 'object' ? now : []);
  if (kind === 'text' && values.length > 0) return chosen(name, label, values.map((one) => [one, one] as const), now, (text) => text);
  const input = textField('attribute-input', { type: kind === 'number' ? 'number' : 'text', value: typeof now === 'object' ? now.join(', ') : String(now ?? '') });
  input.dataset['name'] = name;
  return { name, element: labelled(label, input, kind === 'list' ? t('card.listHint') : undefined), read: () => written(kind, input.value.trim()) };
}

function written(kind: AttributeInfo['kind'], text: string): AttributeValue | undefined {
  if (text === '') return undefined;
  if (kind === 'number') return Number(text);
  return kind === 'list' ? text.split(',').map((one) => one.trim()).filter((one) => one !== '') : text;
}

function chosen(name: string, label: string, options: readonly (readonly [string, string])[], now: AttributeValue | undefined, read: (text: string) => AttributeValue): Editor {
  const select = choiceField('attribute-input', [['', t('card.notSet')], ...options], now === undefined ? '' : String(now));
  select.dataset['name'] = name;
  return { name, element: labelled(label, select), read: () => (select.value === '' ? undefined : read(select.value)) };
}

function checked(name: string, label: string, values: readonly string[], now: readonly string[]): Editor {
  const boxes = values.map((one) => ({ one, ...checkField('attribute-check', one, now.includes(one)) }));
  const read = () => {
    const list = boxes.filter(({ input }) => input.checked).map(({ one }) => one);
    return list.length === 0 ? undefined : list;
  };
  const element = group(label, ...boxes.map((box) => box.element));
  element.dataset['name'] = name;
  return { name, element, read };
}
