/** Errors as sentences: what happened and what to do, in the user's language. */

import { JackfieldError } from 'jackfield';
import { isKey, t } from '../i18n/index.js';
import { DemoSignInError } from './token.js';

export interface Explanation {
  readonly code: string;
  readonly text: string;
  /** Whether the same may work later. */
  readonly retryable: boolean;
}

/** Explains an error. Nothing where the user ended the wait: that is no news. */
export function explain(error: unknown): Explanation | undefined {
  if (!(error instanceof JackfieldError)) return { code: 'internal', text: t('error.other', { message: String(error) }), retryable: false };
  if (error.code === 'aborted') return undefined;
  const text = error.cause instanceof DemoSignInError ? demoSentence(error.cause) : sentence(error);
  return { code: error.code, text, retryable: error.retryable && !isFinal(error.cause) };
}

function sentence(error: JackfieldError): string {
  const key = `error.${error.code}`;
  if (!isKey(key)) return t('error.other', { message: error.message });
  // Keys put together from codes are not known one by one; those without a hole ignore what is filled in.
  return t(key as 'error.other', { message: error.message });
}

function demoSentence(error: DemoSignInError): string {
  switch (error.reason) {
    case 'off': return t('error.demoOff');
    case 'unreachable': return t('error.demoUnreachable');
    case 'refused': return t('error.demoRefused', { status: error.status });
  }
}

function isFinal(cause: unknown): boolean {
  return cause instanceof DemoSignInError && cause.reason !== 'unreachable';
}
