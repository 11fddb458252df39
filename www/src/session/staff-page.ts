/** The life of a page for staff: sign in, work, sign out; and carry on after a reload. */

import type { Session } from 'jackfield';
import { followRingback } from '../call/ringback.js';
import { type Connection, header } from '../ui/header.js';
import type { Child } from '../ui/dom.js';
import type { MenuItem } from '../ui/menu.js';
import { type Content, Page } from '../ui/page.js';
import { clearError, sessionTroubles, showConnection, showVoice } from '../ui/troubles.js';
import { openSession } from './open.js';
import { rememberedUser, rememberUser, signingInPage, signInPage, userMenu } from './sign-in.js';

/** What a page shows of a session. */
export interface Work {
  readonly controls: readonly Child[];
  /** For the user's menu. */
  readonly choices?: readonly MenuItem[];
  readonly main: HTMLElement;
  readonly above?: readonly HTMLElement[];
  update(): void;
}

export interface StaffOptions {
  readonly role: 'agent' | 'supervisor';
  readonly title: () => string;
  /** Called once for each session, before anything is shown of it. */
  readonly opened?: (session: Session) => void;
  readonly work: (session: Session, signal: AbortSignal) => Work;
}

type Stage =
  | { readonly is: 'signedOut' }
  | { readonly is: 'signingIn'; readonly user: string; readonly abort: AbortController }
  | { readonly is: 'open'; readonly user: string; readonly session: Session };

/** Runs a page for staff. */
export function runStaffPage(options: StaffOptions): void {
  let stage: Stage = { is: 'signedOut' };
  const page = new Page((signal) => content(signal));
  const become = (next: Stage) => {
    stage = next;
    page.rebuild();
  };

  async function signIn(user: string): Promise<void> {
    const abort = new AbortController();
    clearError();
    showConnection(undefined);
    rememberUser(user);
    become({ is: 'signingIn', user, abort });
    const session = await openSession({ role: options.role, user }, {
      signal: abort.signal,
      onFailure: (why, until) => {
        showConnection({ ...why, until });
        if (until === undefined) become({ is: 'signedOut' });
      },
    });
    if (!session) return;
    if (abort.signal.aborted) return void session.close();
    showConnection(undefined);
    options.opened?.(session);
    become({ is: 'open', user, session });
  }

  async function signOut(): Promise<void> {
    const was = stage;
    if (was.is === 'signingIn') was.abort.abort();
    rememberUser(undefined);
    clearError();
    become({ is: 'signedOut' });
    if (was.is === 'open') await was.session.close();
    showConnection(undefined);
    showVoice(undefined);
  }

  function content(signal: AbortSignal): Content {
    const title = options.title();
    document.title = title;
    if (stage.is === 'open') return openContent(title, stage, signal);
    const top = header(title);
    const state: Connection = stage.is === 'signingIn' ? 'connecting' : 'signedOut';
    top.setConnection(state);
    const main = stage.is === 'signingIn'
      ? signingInPage(stage.user, () => void signOut())
      : signInPage({ title, role: options.role, choose: (user) => void signIn(user) });
    return { header: top.element, main };
  }

  function openContent(title: string, { session, user }: Extract<Stage, { is: 'open' }>, signal: AbortSignal): Content {
    const { controls, choices = [], main, above = [], update } = options.work(session, signal);
    const top = header(title, ...controls, userMenu(session, choices, () => void signOut()));
    const trouble = sessionTroubles(session, signal, () => void signIn(user));
    const ringback = followRingback(session, signal);
    const updateAll = () => {
      ringback();
      top.setConnection(session.state.connection);
      trouble.update();
      update();
    };
    session.on('stateChanged', updateAll, { signal });
    session.on('connectionChanged', updateAll, { signal });
    session.on('voiceChanged', updateAll, { signal });
    session.on('closed', () => top.setConnection('closed'), { signal });
    updateAll();
    return { header: top.element, main, above };
  }

  const user = rememberedUser();
  if (user !== undefined) void signIn(user);
}
