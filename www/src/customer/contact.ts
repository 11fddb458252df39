/** The contact card, step by step: form, connecting, waiting, active, ended; and again after a reload. */

import type { Conversation, EndReason, Session } from 'jackfield';
import { isKey, language, t } from '../i18n/index.js';
import { openSession } from '../session/open.js';
import { button } from '../ui/button.js';
import { h, setAttribute, type View } from '../ui/dom.js';
import type { Connection } from '../ui/header.js';
import { icon } from '../ui/icons.js';
import { attempt, clearError, sessionTroubles, showConnection } from '../ui/troubles.js';
import { contactForm, forgetSubject, type Request } from './form.js';
import { type Customer, customerNamed, nameFromAddress, rememberedCustomer } from './identity.js';
import { isWaiting, talk } from './talk.js';

type Step =
  | { readonly is: 'form' }
  | { readonly is: 'connecting'; readonly abort: AbortController }
  | { readonly is: 'talk'; readonly conversation: Conversation }
  | { readonly is: 'ended'; readonly reason: EndReason | undefined };

/** What a customer does on this page, whatever the page looks like around it. */
export class Contact {
  #step: Step = { is: 'form' };
  #open: { readonly session: Session; readonly customer: Customer } | undefined;
  readonly #changed: () => void;

  /** @param changed Called when the card is to be drawn anew. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Takes up what was there before a reload. */
  async takeUp(): Promise<void> {
    const customer = rememberedCustomer();
    const wished = nameFromAddress();
    if (!customer || (wished !== undefined && wished !== customer.name)) return;
    await this.#connected(customer);
    if (this.#step.is === 'connecting') this.#become({ is: 'form' });
  }

  /** How the session stands, for the header. */
  get connection(): Connection {
    if (this.#step.is === 'connecting') return 'connecting';
    return this.#open?.session.state.connection ?? 'signedOut';
  }

  /** Makes the card for the step of now. */
  card(signal: AbortSignal): View {
    const step = this.#step;
    const view = this.#content(step, signal);
    const element = h('section', { testid: 'contact-card', class: 'contact', attrs: { 'aria-label': t('customer.form') } }, view.element);
    const session = this.#open?.session;
    const trouble = session && sessionTroubles(session, signal, () => void this.#reconnect());
    return {
      element,
      update() {
        setAttribute(element, 'data-step', step.is !== 'talk' ? step.is : isWaiting(step.conversation.state.state) ? 'waiting' : 'active');
        trouble?.update();
        view.update();
      },
    };
  }

  #content(step: Step, signal: AbortSignal): View {
    switch (step.is) {
      case 'form': return still(formCard(nameFromAddress() ?? rememberedCustomer()?.name ?? '', (request) => void this.#ask(request)));
      case 'connecting': return still(connectingCard(() => step.abort.abort()));
      case 'ended': return still(endedCard(step.reason, this.#open?.customer.name ?? '', () => this.#become({ is: 'form' })));
      case 'talk': return this.#open ? talk(this.#open.session, step.conversation, signal) : still(h('div'));
    }
  }

  async #ask({ name, subject, queueId, channel }: Request): Promise<void> {
    const session = await this.#connected(customerNamed(name));
    if (!session) return this.#become({ is: 'form' });
    const started = await attempt(async () => {
      const conversation = await session.start({ queueId, channel, attributes: facts(), ...(subject !== '' && { subject }) });
      this.#become({ is: 'talk', conversation });
    });
    if (!started) this.#become({ is: 'form' });
  }

  /** The open session of this customer, or a new one. */
  async #connected(customer: Customer): Promise<Session | undefined> {
    const before = this.#open;
    if (before && before.customer.user === customer.user && before.session.state.connection !== 'closed') return before.session;
    this.#open = undefined;
    const abort = new AbortController();
    this.#become({ is: 'connecting', abort });
    await before?.session.close();
    const session = await openSession(customer, { signal: abort.signal, onFailure: (why, until) => showConnection({ ...why, until }) });
    if (!session || abort.signal.aborted) {
      if (!abort.signal.aborted) return undefined;
      showConnection(undefined);
      void session?.close();
      this.#become({ is: 'form' });
      return undefined;
    }
    showConnection(undefined);
    this.#open = { session, customer };
    this.#follow(session);
    return session;
  }

  async #reconnect(): Promise<void> {
    const customer = this.#open?.customer ?? rememberedCustomer();
    showConnection(undefined);
    if (customer) await this.#connected(customer);
    if (this.#step.is === 'connecting') this.#become({ is: 'form' });
  }

  /** Follows the customer's one conversation, whichever way it comes and goes. */
  #follow(session: Session): void {
    const current = session.conversations.find(({ state }) => isGoingOn(state.state));
    session.on('conversationAdded', ({ conversation }) => {
      if (isGoingOn(conversation.state.state)) this.#become({ is: 'talk', conversation });
    });
    session.on('conversationStateChanged', ({ conversation, state, reason }) => {
      if (this.#isShown(conversation.id) && !isGoingOn(state)) this.#end(reason);
    });
    session.on('conversationRemoved', ({ conversationId }) => {
      if (this.#isShown(conversationId)) this.#end(undefined);
    });
    for (const type of ['stateChanged', 'connectionChanged', 'closed'] as const) session.on(type, () => this.onState());
    if (current) this.#become({ is: 'talk', conversation: current });
  }

  /** Called whenever anything of the session is another. */
  onState: () => void = () => undefined;

  #isShown(conversationId: string): boolean {
    return this.#step.is === 'talk' && this.#step.conversation.id === conversationId;
  }

  #end(reason: EndReason | undefined): void {
    forgetSubject();
    this.#become({ is: 'ended', reason });
  }

  #become(step: Step): void {
    // The conversation comes twice, as an event and as the answer: it is shown once.
    if (step.is === 'talk' && this.#isShown(step.conversation.id)) return;
    if (step.is !== 'form') clearError();
    this.#step = step;
    this.#changed();
  }
}

/** What the agent sees besides: the order at hand, if the address names one, and the page that the customer looked at. */
function facts(): Record<string, string> {
  const order = new URLSearchParams(location.search).get('order')?.trim().slice(0, 40);
  return { language: language(), page: document.title, ...(order && { order }) };
}

function isGoingOn(state: Conversation['state']['state']): boolean {
  return isWaiting(state) || state === 'active' || state === 'parked';
}

function still(element: HTMLElement): View {
  return { element, update: () => undefined };
}

function formCard(name: string, ask: (request: Request) => void): HTMLElement {
  return h('div', { class: 'step' },
    h('div', { class: 'contact-head' }, h('h2', {}, t('customer.form')), h('p', {}, t('customer.formLead'))),
    contactForm(name, ask));
}

function connectingCard(cancel: () => void): HTMLElement {
  return h('div', { class: 'step middle' },
    h('fluent-spinner', { attrs: { size: 'large', role: 'img', 'aria-label': t('customer.connecting') } }),
    h('p', { attrs: { role: 'status' } }, t('customer.connecting')),
    button({ testid: 'cancel-connecting', label: t('customer.cancel'), run: cancel }).element);
}

function endedCard(reason: EndReason | undefined, name: string, again: () => void): HTMLElement {
  const key = `customer.ended.${reason ?? ''}`;
  const lead = isKey(key) ? t(key as 'customer.endedLead') : t('customer.endedLead');
  return h('div', { testid: 'ended', class: 'step middle', attrs: { 'data-reason': reason } },
    h('span', { class: 'ended-mark' }, icon('check')),
    h('h2', {}, t('customer.ended', { name })), h('p', { attrs: { role: 'status' } }, lead),
    button({ testid: 'start-again', label: t('customer.again'), appearance: 'primary', run: again }).element);
}
