/** Small helpers to make and change elements. Text only ever becomes a text node, so what people write stays inert. */

export type Child = Node | string | null | undefined | false;

export interface Props {
  readonly class?: string;
  readonly id?: string;
  /** `data-testid`: the stable name that tests and tours find the element by. */
  readonly testid?: string;
  readonly hidden?: boolean;
  /** Attributes; `true` is an empty one, `false` and `undefined` are none. */
  readonly attrs?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly on?: { readonly [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void };
}

/** Makes an element. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props?: Props, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (props) {
    apply(element, props);
  }
  element.append(...children.filter(isPresent));
  return element;
}

function isPresent(child: Child): child is Node | string {
  return child !== null && child !== undefined && child !== false && child !== '';
}

function apply(element: HTMLElement, props: Props): void {
  if (props.class) element.className = props.class;
  if (props.id) element.id = props.id;
  if (props.testid) element.dataset['testid'] = props.testid;
  if (props.hidden) element.hidden = true;
  for (const [name, value] of Object.entries(props.attrs ?? {})) {
    setAttribute(element, name, value);
  }
  for (const [type, listener] of Object.entries(props.on ?? {})) {
    element.addEventListener(type, listener as EventListener);
  }
}

/** Sets or takes away an attribute, only if that changes anything: screen readers speak again at each change. */
export function setAttribute(element: Element, name: string, value: string | number | boolean | undefined): void {
  if (value === undefined || value === false) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
    return;
  }
  const text = value === true ? '' : String(value);
  if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}

/** Sets an element's text, only if it is another. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Shows or hides an element. */
export function setShown(element: HTMLElement, shown: boolean): void {
  if (element.hidden === shown) element.hidden = !shown;
}

/** A part of a page that follows the state. */
export interface View {
  readonly element: HTMLElement;
  update(): void;
}

/** One row of a {@link KeyedList}. */
export interface Row<T> {
  readonly element: HTMLElement;
  update(item: T): void;
}

/** Children of an element, one per item, kept as long as their item is there, so that focus, timers and animations survive. */
export class KeyedList<T> {
  readonly #rows = new Map<string, Row<T>>();

  constructor(
    private readonly parent: HTMLElement,
    private readonly keyOf: (item: T) => string,
    private readonly create: (item: T) => Row<T>,
  ) {}

  update(items: readonly T[]): void {
    const keys = new Set(items.map(this.keyOf));
    for (const [key, row] of this.#rows) {
      if (!keys.has(key)) {
        row.element.remove();
        this.#rows.delete(key);
      }
    }
    items.forEach((item, index) => this.#place(item, index));
  }

  #place(item: T, index: number): void {
    const key = this.keyOf(item);
    let row = this.#rows.get(key);
    if (!row) {
      row = this.create(item);
      this.#rows.set(key, row);
    }
    row.update(item);
    const there = this.parent.children.item(index);
    if (there !== row.element) this.parent.insertBefore(row.element, there);
  }
}

/** An id that no other element of the page has. */
export function uniqueId(prefix: string): string {
  count += 1;
  return `${prefix}-${count}`;
}

let count = 0;

/** Gives focus to something that is no control, so that reading and tabbing go on from there. */
export function focusOn(element: HTMLElement): void {
  if (!element.hasAttribute('tabindex')) element.tabIndex = -1;
  element.focus();
}
