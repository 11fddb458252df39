/** The desk of a signed-in agent: list, open conversation, offers, and the keys. */

import type { Conversation, Session } from 'jackfield';
import { t } from '../i18n/index.js';
import { button } from '../ui/button.js';
import { focusOn, h, setAttribute, setShown, setText, type View } from '../ui/dom.js';
import { icon, setIcon } from '../ui/icons.js';
import { keep, recall } from '../ui/store.js';
import { attempt, clearError } from '../ui/troubles.js';
import { conversationPane } from './conversation.js';
import { conversationList, isOpen } from './list.js';
import { offers } from './offers.js';
import { presenceText } from './presence.js';

const KEPT = 'jackfield.demo.open';

export interface Desk extends View {
  /** The offers, which float above the page. */
  readonly above: HTMLElement;
}

/** Makes the desk. */
export function desk(session: Session, signal: AbortSignal): Desk {
  const board = new Board(session, signal);
  const list = conversationList({ session, selected: () => board.selected, select: (id) => board.open(id), signal });
  const incoming = offers({ session, signal, onAccepted: (conversation) => board.accepted(conversation) });
  const element = h('main', { class: 'desk' }, list.element, board.element);
  board.onShown = (shown) => setAttribute(element, 'data-shown', shown);
  callKeys(board, signal);
  const update = () => {
    board.update();
    list.update();
    incoming.update();
  };
  board.onSelected = update;
  return { element, above: incoming.element, update };
}

/** Where the open conversation lies. A pane is made when a conversation is opened, and goes when another one is. */
class Board implements View {
  readonly element = h('div', { class: 'board' });
  selected: string | undefined = recall('tab', KEPT);
  onShown: (shown: 'list' | 'conversation') => void = () => undefined;
  onSelected: () => void = () => undefined;
  readonly #empty: View;
  #pane: { readonly id: string; readonly view: View; readonly abort: AbortController } | undefined;

  constructor(private readonly session: Session, signal: AbortSignal) {
    this.#empty = emptyBoard(session);
    this.element.append(this.#empty.element);
    signal.addEventListener('abort', () => this.#pane?.abort.abort());
  }

  /** The open conversation. */
  get conversation(): Conversation | undefined {
    return this.selected === undefined ? undefined : this.session.conversation(this.selected);
  }

  open(id: string): void {
    this.selected = id;
    keep('tab', KEPT, id);
    clearError();
    this.onSelected();
    this.onShown('conversation');
  }

  /** Opens what was just accepted, ready to write where it is a chat. */
  accepted(conversation: Conversation): void {
    this.open(conversation.id);
    const write = matchMedia('(pointer: fine)').matches && conversation.state.channel === 'chat';
    const target = this.element.querySelector<HTMLElement>(write ? '[data-testid="chat-input"]' : 'h2');
    if (target) focusOn(target);
  }

  update(): void {
    if (!this.conversation || !isOpen(this.conversation.state)) this.#fallBack();
    const { conversation } = this;
    if (this.#pane?.id !== conversation?.id) this.#show(conversation);
    this.#pane?.view.update();
    this.#empty.update();
    setShown(this.#empty.element, conversation === undefined);
  }

  /** What was open is over: the next one, if there is one. */
  #fallBack(): void {
    const next = this.session.conversations.find(({ state }) => isOpen(state));
    this.selected = next?.id;
    keep('tab', KEPT, this.selected);
    this.onShown(next ? 'conversation' : 'list');
  }

  #show(conversation: Conversation | undefined): void {
    const hadFocus = this.#pane?.view.element.contains(document.activeElement);
    this.#pane?.abort.abort();
    this.#pane?.view.element.remove();
    this.#pane = undefined;
    if (conversation) this.#add(conversation);
    else setShown(this.#empty.element, true);
    if (hadFocus) focusOn(this.element);
  }

  #add(conversation: Conversation): void {
    const abort = new AbortController();
    const view = conversationPane({
      session: this.session, conversation, signal: abort.signal,
      back: () => this.onShown('list'),
    });
    this.#pane = { id: conversation.id, view, abort };
    this.element.append(view.element);
  }
}

/** What stands where a conversation will be: whether one can come at all, and if not, the way to change that. */
function emptyBoard(session: Session): View {
  const title = h('h2', {});
  const lead = h('p', {});
  const drawing = icon('headset');
  const goAvailable = button({ testid: 'go-available', label: t('desk.goAvailable'), appearance: 'primary', run: () => attempt(() => session.presence.set('available')) });
  const element = h('div', { testid: 'conversation-empty', class: 'board-empty' }, h('div', { class: 'board-picture' }, drawing), title, lead, goAvailable.element);
  return {
    element,
    update() {
      const { presence, connection } = session.state;
      const over = connection === 'closed';
      const available = presence.availability === 'available';
      const paused = available && presence.offersPausedUntil !== undefined;
      const ready = available && !paused && !over;
      setText(title, over ? t('connection.ended') : ready ? t('desk.ready') : paused ? t('desk.paused') : t('desk.notReady', { state: presenceText(presence) }));
      setText(lead, over ? '' : t(ready ? 'desk.readyLead' : paused ? 'desk.pausedLead' : 'desk.notReadyLead'));
      setIcon(drawing, ready ? 'headset' : 'clock');
      setShown(goAvailable.element, !available && !over);
    },
  };
}

/** Alt+M and Alt+H: mute and hold in the open conversation. */
function callKeys(board: Board, signal: AbortSignal): void {
  const press = (testid: string) => board.element.querySelector<HTMLElement>(`[data-testid="${testid}"]`)?.click();
  document.addEventListener('keydown', (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.repeat || !board.conversation?.voice.leg) return;
    if (event.code === 'KeyM') press('call-mute');
    else if (event.code === 'KeyH') press('call-hold');
    else return;
    event.preventDefault();
  }, { signal });
}
