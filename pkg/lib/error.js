// Errors. Their table is `crates/wire/src/code.rs` of the repository; the codes that arise before the WebAssembly is there are made here.

/** @import { ErrorCode } from '../errors.js' */

/** Every error this package throws or reports. */
export class JackfieldError extends Error {
  /** @param {{ code: ErrorCode, message: string, retryable?: boolean, retryAfterMs?: number }} problem @param {unknown} [cause] */
  constructor({ code, message, retryable = false, retryAfterMs }, cause) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.retryable = retryable;
    if (retryAfterMs !== undefined) {
      this.retryAfterMs = retryAfterMs;
    }
  }

  get name() {
    return 'JackfieldError';
  }
}

/** @param {ErrorCode} code @param {string} message @param {unknown} [cause] @param {boolean} [retryable] */
export const problem = (code, message, cause, retryable = false) => new JackfieldError({ code, message, retryable }, cause);

/** @param {string} message */
export const invalid = message => problem('invalidOption', message);

export const closed = () => problem('closed', 'The session is closed. Connect anew.');

/** What came from the WebAssembly, as an error that applications know. */
export const known = error => (error instanceof Error ? error : new JackfieldError(error));

/** A listener that throws harms nobody else; its error goes where those of the page's own listeners go. */
export function report(error) {
  if (typeof globalThis.reportError === 'function') {
    globalThis.reportError(error);
  } else {
    queueMicrotask(() => {
      throw error;
    });
  }
}
