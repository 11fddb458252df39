/** Who waits in a queue, and who is to be called: whoever is next first, since when, and to whom it is being offered. */

import type { CallOptions, Session, WaitingConversation } from 'jackfield';
import { hasAnybodyToCall } from '../agent/whom.js';
import { t } from '../i18n/index.js';
import { explain } from '../session/errors.js';
import { button } from '../ui/button.js';
import { setTimer, timer } from '../ui/clock.js';
import { openDialog } from '../ui/dialog.js';
import { h, KeyedList, type Row, setShown, setText } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { openReassign } from './reassign.js';
import { openToCall } from './to-call.js';
import { why } from './why.js';

/** So far back is whoever is put first held to have come: a day, the most there is. */
const FIRST_MS = 86_400_000;

/** Opens the list. It follows the floor: whenever the queue's figures are others it is read anew. */
export function openWaiting(session: Session, queueId: string, queue: string, signal: AbortSignal): void {
  const ended = new AbortController();
  const list = h('ul', { testid: 'waiting-list', class: 'waiting-list' });
  const rows = new KeyedList<WaitingConversation>(list, ({ conversationId }) => conversationId, (one) => waitingRow(session, one, { first: putFirst, off: takeOff, signal }));
  let highest = 0;
  const status = h('p', { class: 'floor-loading', attrs: { role: 'status' } }, t('supervisor.loading'));
  let asked = 0;
  const show = async () => {
    asked += 1;
    const turn = asked;
    try {
      const { conversations, more } = await session.supervision.waiting(queueId, { limit: 50 }, { signal: ended.signal });
      // Asked again meanwhile: that answer is the newer one.
      if (turn !== asked) return;
      highest = Math.max(0, ...conversations.map(({ priority }) => priority));
      rows.update(conversations);
      setText(status, conversations.length === 0 ? t('waiting.nobody') : more ? t('waiting.more') : '');
    } catch (error) {
      if (!failed(error)) return;
    }
    setShown(status, status.textContent !== '');
  };
  const failed = (error: unknown) => {
    const why = explain(error);
    if (why) setText(status, why.text);
    return why !== undefined;
  };
  // Where priority is strict, waiting outweighs none: it has to be as high as the highest.
  const putFirst = (one: WaitingConversation) => order((options) => session.supervision.prioritize(one.conversationId, { headStartMs: FIRST_MS, priority: Math.max(highest, one.priority) }, options));
  const takeOff = (one: WaitingConversation) => order((options) => session.supervision.takeOffList(one.conversationId, options));
  async function order(give: (options: CallOptions) => Promise<void>): Promise<void> {
    try {
      await give({ signal: ended.signal });
      await show();
    } catch (error) {
      setShown(status, failed(error));
    }
  }
  const add = button({ testid: 'to-call-open', icon: 'callOut', label: t('toCall.open'), run: () => openToCall(session, { queueId, queue }, ended.signal, () => void show()) });
  setShown(add.element, hasAnybodyToCall(session));
  openDialog({ testid: 'waiting-dialog', title: t('waiting.title', { queue }), signal, closed: () => ended.abort() },
    h('div', { class: 'waiting-scroll', attrs: { tabindex: 0, role: 'group', 'aria-label': t('supervisor.waiting') } }, list), status, h('div', { class: 'form-foot' }, add.element));
  let last: unknown;
  session.on('floorChanged', ({ floor }) => {
    const row = floor?.queues.find((one) => one.queueId === queueId);
    if (row === last) return;
    last = row;
    void show();
  }, { signal: ended.signal });
  void show();
}

interface Place {
  first(one: WaitingConversation): Promise<void>;
  off(one: WaitingConversation): Promise<void>;
  readonly signal: AbortSignal;
}

function waitingRow(session: Session, first: WaitingConversation, place: Place): Row<WaitingConversation> {
  const { signal } = place;
  let shown = first;
  const since = timer();
  const about = h('span', { class: 'waiting-about', attrs: { dir: 'auto' } });
  const name = first.customerName ?? t('conversation.unknownCustomer');
  const give = button({ testid: 'waiting-reassign', label: t('reassign.give'), title: t('reassign.title', { name }), size: 'small', run: () => openReassign(session, { ...first, name }, signal) });
  const forward = button({
    testid: 'waiting-first', label: t('waiting.first'), title: t('waiting.firstTitle', { name }), size: 'small',
    run: () => place.first(shown),
  });
  const off = button({ testid: 'waiting-off', label: t('toCall.off'), title: t('toCall.offTitle', { name }), size: 'small', run: () => place.off(shown) });
  const reasons = why(session, first.conversationId, signal);
  return {
    element: h('li', { testid: 'waiting-row', class: 'waiting-row', attrs: { 'data-conversation': first.conversationId } },
      icon(first.channel === 'chat' ? 'chat' : first.outbound ? 'callOut' : 'accept'), h('span', { class: 'visually-hidden' }, t(`channel.${first.channel}`)),
      h('span', { class: 'waiting-who' }, h('span', { class: 'waiting-name', attrs: { dir: 'auto' } }, name), about), since, reasons.button, forward.element, off.element, give.element, reasons.element),
    update(one) {
      shown = one;
      setShown(forward.element, one.position > 1);
      setShown(off.element, one.outbound && one.offeredTo.length === 0);
      const rings = one.offeredTo.map((userId) => session.state.floor?.agents.find((agent) => agent.userId === userId)?.name ?? userId);
      const facts = [one.subject, one.outbound && t('waiting.toCall'), t(one.outbound ? 'waiting.placeToCall' : 'waiting.place', { position: one.position }), one.priority > 0 && t('waiting.priority', { priority: one.priority }), rings.length > 0 && t('waiting.rings', { names: rings.join(', ') })];
      setText(about, facts.filter(Boolean).join(' · '));
      setTimer(since, 'since', one.since);
    },
  };
}
