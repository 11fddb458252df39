/** Buttons: Fluent's, with an icon, a name, and one run at a time. */

import { type Child, focusOn, h, setAttribute, setText } from './dom.js';
import { icon, type IconName, setIcon } from './icons.js';

export interface ButtonOptions {
  readonly testid: string;
  readonly icon?: IconName;
  readonly label: string;
  /** Only the icon is seen; the label is its name and tooltip. */
  readonly iconOnly?: boolean;
  readonly appearance?: 'primary' | 'subtle' | 'outline' | 'transparent';
  readonly size?: 'small' | 'large';
  readonly class?: string;
  readonly title?: string;
  readonly shortcut?: string;
  readonly more?: readonly Child[];
  readonly run: () => void | Promise<unknown>;
}

export interface ButtonView {
  readonly element: HTMLElement;
  setLabel(label: string, name?: IconName): void;
  setPressed(pressed: boolean): void;
  setDisabled(disabled: boolean): void;
}

/** Makes a button. While what it runs is not done, it can't be pressed again. */
export function button(options: ButtonOptions): ButtonView {
  const drawing = options.icon ? icon(options.icon, options.iconOnly ? undefined : 'start') : undefined;
  const text = options.iconOnly ? undefined : h('span', { class: 'button-label' }, options.label);
  const element = h('fluent-button', {
    testid: options.testid,
    class: options.class ?? '',
    attrs: {
      type: 'button', appearance: options.appearance, size: options.size, 'icon-only': options.iconOnly ?? false,
      'aria-keyshortcuts': options.shortcut, title: options.title,
    },
  }, drawing, text, ...(options.more ?? []));
  let disabled = false;
  let running = false;
  const show = () => setAttribute(element, 'disabled', disabled || running);
  const view: ButtonView = {
    element,
    setLabel(label, name) {
      if (text) setText(text, label);
      else setAttribute(element, 'aria-label', label);
      if (!options.title && !text) setAttribute(element, 'title', label);
      if (drawing && name) setIcon(drawing, name);
    },
    setPressed: (pressed) => setAttribute(element, 'aria-pressed', String(pressed)),
    setDisabled(to) {
      disabled = to;
      show();
    },
  };
  view.setLabel(options.label);
  element.addEventListener('click', async () => {
    if (disabled || running) return;
    const done = options.run();
    if (!(done instanceof Promise)) return;
    const had = document.activeElement === element;
    running = true;
    show();
    await done.finally(() => {
      running = false;
      show();
      // What is disabled loses the focus, and a keyboard's user would have to find it again.
      if (had && document.activeElement === document.body) giveBackFocus(element);
    });
  });
  return view;
}

/** To the button, or where it is gone by now, to the part of the page in which it was; where that has gone with it, to what the page is about. */
function giveBackFocus(element: HTMLElement): void {
  if (element.checkVisibility()) return element.focus();
  const part = element.closest<HTMLElement>('[data-keeps-focus]');
  const place = part?.isConnected ? part : document.querySelector('main');
  if (place) focusOn(place);
}
