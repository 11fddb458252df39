/** The demo sign-in: a token from the gateway itself. In a real app the provider's own back end gives it. */

/** Who signs in. A customer brings a name, and an id that this page made up. */
export type Identity =
  | { readonly role: 'agent' | 'supervisor'; readonly user: string }
  | { readonly role: 'customer'; readonly user: string; readonly name: string };

/** Why the demo sign-in gave no token; the SDK hands it on as the cause of `tokenSourceFailed`. */
export class DemoSignInError extends Error {
  override readonly name = 'DemoSignInError';

  constructor(
    readonly reason: 'unreachable' | 'off' | 'refused',
    readonly status = 0,
  ) {
    super(`demo sign-in: ${reason} ${status}`);
  }
}

/** @returns a function that gets a token, for `connect({ token })`. */
export function demoToken(identity: Identity): () => Promise<string> {
  return async () => {
    const response = await ask(identity);
    if (response.status === 404 || response.status === 405) throw new DemoSignInError('off', response.status);
    if (response.status >= 502 && response.status <= 504) throw new DemoSignInError('unreachable', response.status);
    if (!response.ok) throw new DemoSignInError('refused', response.status);
    const body: unknown = await response.json();
    if (typeof body === 'object' && body !== null && 'token' in body && typeof body.token === 'string') return body.token;
    throw new DemoSignInError('refused', response.status);
  };
}

async function ask(identity: Identity): Promise<Response> {
  try {
    return await fetch('/demo/token', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(identity),
      cache: 'no-store',
    });
  } catch {
    throw new DemoSignInError('unreachable');
  }
}
