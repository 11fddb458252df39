/** A button with a menu. */

import { type Child, h } from './dom.js';

export interface MenuItem {
  readonly testid: string;
  readonly content: readonly Child[];
  readonly chosen?: boolean;
  /** Makes it a thing that is on or off; `run` is told which it has become. */
  readonly checked?: boolean;
  readonly run: (checked: boolean) => void;
}

/** What Fluent's item has beside an element. */
type MenuItemElement = HTMLElement & { readonly checked?: boolean };

/** Puts a menu to a button. Arrow keys, Escape and focus are Fluent's part. */
export function menu(trigger: HTMLElement, items: readonly MenuItem[]): HTMLElement {
  trigger.slot = 'trigger';
  return h('fluent-menu', {}, trigger, h('fluent-menu-list', { class: 'menu-list' }, ...items.map(menuItem)));
}

function menuItem({ testid, content, chosen, checked, run }: MenuItem): HTMLElement {
  const role = checked === undefined ? 'menuitem' : 'menuitemcheckbox';
  const item = h('fluent-menu-item', { testid, attrs: { role } }, ...content);
  if (checked) item.setAttribute('checked', '');
  if (chosen) item.setAttribute('aria-current', 'true');
  item.addEventListener('change', () => run((item as MenuItemElement).checked ?? false));
  return item;
}
