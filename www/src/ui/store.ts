/** What the pages keep in the browser. A browser that keeps nothing (blocked storage) makes them forgetful, not broken. */

type Kind = 'tab' | 'browser';

function storage(kind: Kind): Storage | undefined {
  try {
    return kind === 'tab' ? sessionStorage : localStorage;
  } catch {
    return undefined;
  }
}

/** @returns what is kept under this name. */
export function recall(kind: Kind, name: string): string | undefined {
  try {
    return storage(kind)?.getItem(name) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a text, or forgets it. */
export function keep(kind: Kind, name: string, value: string | undefined): void {
  try {
    if (value === undefined) storage(kind)?.removeItem(name);
    else storage(kind)?.setItem(name, value);
  } catch {
    // Full or blocked: carry on without.
  }
}

/** @returns what is kept under this name, read as JSON; nothing where it is not an object. */
export function recallObject(kind: Kind, name: string): Readonly<Record<string, unknown>> | undefined {
  const text = recall(kind, name);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
