/** A button with a menu. */

import { type Child, h } from './dom.js';

export interface MenuItem {
  readonly testid: string;
  readonly content: readonly Child[];
  readonly chosen?: boolean;
  readonly run: () => void;
}

/** Puts a menu to a button. Arrow keys, Escape and focus are Fluent's part. */
export function menu(trigger: HTMLElement, items: readonly MenuItem[]): HTMLElement {
  trigger.slot = 'trigger';
  return h('fluent-menu', {}, trigger, h('fluent-menu-list', { class: 'menu-list' }, ...items.map(menuItem)));
}

function menuItem({ testid, content, chosen, run }: MenuItem): HTMLElement {
  const item = h('fluent-menu-item', { testid, attrs: { role: 'menuitem' } }, ...content);
  if (chosen) item.setAttribute('aria-current', 'true');
  item.addEventListener('change', run);
  return item;
}
