/** Who else is in the conversation, and what can be done about it: end a consultation one way or the other, hold somebody, or take somebody out. */

import type { Conversation, Participant, Session } from 'jackfield';
import { t } from '../i18n/index.js';
import { isCall, ownOf } from '../session/people.js';
import { announce } from '../ui/announce.js';
import { avatar, setAvatar } from '../ui/avatar.js';
import { button, type ButtonView } from '../ui/button.js';
import { setTimer, timer } from '../ui/clock.js';
import { h, KeyedList, type Row, setAttribute, setShown, setText, type View } from '../ui/dom.js';
import { openForm } from '../ui/form.js';
import { icon } from '../ui/icons.js';
import { attempt } from '../ui/troubles.js';
import { cameNot } from './came-not.js';
import { nameOfTarget } from './target-names.js';

/** Makes the strip. It is shown while there is somebody beside the customer and this user, or somebody is being asked to come, or did not. */
export function parties(session: Session, conversation: Conversation, signal: AbortSignal): View {
  const items = h('ul', { class: 'parties-list' });
  const rows = new KeyedList<Participant>(items, ({ participantId }) => participantId, () => partyRow(session, conversation, signal));
  const consult = consultControls(session, conversation);
  const said = cameNot(session, conversation, signal, () => show());
  const element = h('section', { testid: 'parties', class: 'parties', hidden: true, attrs: { 'aria-label': t('parties.title') } }, items, consult.element, said.element);
  const show = () => {
    const { participants, state } = conversation.state;
    const own = ownOf(conversation.state, session);
    const others = state === 'active' ? participants.filter((one) => one.part !== 'customer' && one.participantId !== own?.participantId && !one.wrapUp) : [];
    rows.update(others);
    consult.update();
    setShown(items, others.length > 0);
    setShown(element, others.length > 0 || !consult.element.hidden || (state === 'active' && !said.element.hidden));
  };
  return { element, update: show };
}

/** A colleague, or a number that has answered, on the side where the customer does not hear it. */
export function isConsulted({ part, side, dialing }: Participant): boolean {
  return part === 'consulted' || (part === 'external' && side === 'consult' && dialing !== true);
}

function partyRow(session: Session, conversation: Conversation, signal: AbortSignal): Row<Participant> {
  const face = avatar('', 24);
  const phone = h('span', { class: 'party-phone' }, icon('accept'));
  const name = h('span', { class: 'party-name', attrs: { dir: 'auto' } });
  const about = h('span', { class: 'party-about' });
  let shown: Participant | undefined;
  const hold = button({
    testid: 'party-hold', icon: 'hold', label: t('call.hold'), iconOnly: true, appearance: 'transparent', size: 'small',
    run: () => attempt(async () => {
      if (!shown) return;
      const { participantId } = shown;
      await (shown.voice?.held ? conversation.voice.resume({ participantId }) : conversation.voice.hold({ participantId }));
    }),
  });
  const remove = button({
    testid: 'party-remove', icon: 'close', label: t('parties.remove'), iconOnly: true, appearance: 'transparent', size: 'small',
    run: () => shown && takeOut(session, conversation, shown, signal),
  });
  const element = h('li', { testid: 'party', class: 'party' }, face, phone, h('span', { class: 'party-who' }, name, about), hold.element, remove.element);
  return {
    element,
    update(party) {
      shown = party;
      const outside = party.part === 'external';
      setAttribute(element, 'data-user', party.userId);
      setAttribute(element, 'data-part', party.part);
      setAttribute(element, 'data-side', party.side);
      setAttribute(element, 'data-dialing', party.dialing === true);
      setShown(face, !outside);
      setShown(phone, outside);
      if (!outside) setAvatar(face, party.name);
      setText(name, party.name);
      setText(about, partText(party, ownOf(conversation.state, session)));
      const held = party.voice?.held === true;
      hold.setPressed(held);
      hold.setLabel(t(held ? 'parties.resumeWho' : 'parties.holdWho', { name: party.name }), held ? 'resume' : 'hold');
      remove.setLabel(t(outside ? 'parties.hangUpOn' : 'parties.removeWho', { name: party.name }), outside ? 'hangUp' : 'close');
      setShown(hold.element, mayHold(session, conversation, party));
      setShown(remove.element, mayTakeOut(session, conversation, party));
    },
  };
}

/** In a conference each is held for itself; a consultation has its swap. */
function mayHold(session: Session, conversation: Conversation, party: Participant): boolean {
  const own = ownOf(conversation.state, session);
  return own?.owner === true && own.voice !== undefined && party.voice !== undefined && party.side === 'main' && (party.part === 'agent' || party.part === 'external');
}

/** Who monitors is taken out by nobody but itself, the one being consulted by the end of the consultation; a supervisor leaves the customer one agent. */
function mayTakeOut(session: Session, conversation: Conversation, party: Participant): boolean {
  const { participants } = conversation.state;
  const own = ownOf(conversation.state, session);
  if (own?.owner) return party.part === 'agent' || (party.part === 'external' && party.side === 'main');
  if (own?.part !== 'monitor' || party.part === 'monitor') return false;
  return !party.owner || participants.some((one) => one.part === 'agent' && one !== party && !one.wrapUp);
}

/** The owner at once; a supervisor is asked first: it takes somebody out of a conversation that is not its own. */
function takeOut(session: Session, conversation: Conversation, { participantId, name, part }: Participant, signal: AbortSignal): Promise<unknown> | undefined {
  if (ownOf(conversation.state, session)?.part !== 'monitor') return attempt(() => conversation.remove(participantId));
  const run = async () => {
    await session.supervision.remove(conversation.id, participantId);
    announce(t('parties.removed', { name }));
  };
  const outside = part === 'external';
  const save = t(outside ? 'call.hangUp' : 'parties.remove');
  openForm({ testid: 'take-out', title: t(outside ? 'parties.hangUpTitle' : 'parties.removeTitle', { name }), save, signal, run }, h('p', {}, t('parties.removeLead')));
  return undefined;
}

/** What somebody is in a conversation, in words for this user. */
function partText(party: Participant, own: Participant | undefined): string {
  const { part, monitor, voice, away, owner, dialing } = party;
  if (away) return t('parties.away');
  if (dialing) return t('parties.dialing');
  const supervises = own?.part === 'monitor';
  if (part === 'monitor') return t(supervises && monitor === 'whisper' ? 'parties.whispers' : `parties.${monitor ?? 'listen'}`);
  if (voice?.held) return t('parties.held');
  if (isConsulted(party)) return t(party.side !== 'consult' ? 'parties.conference' : supervises ? 'parties.asked' : 'parties.consulted');
  return t(owner ? 'parties.owner' : part === 'external' ? 'parties.external' : 'parties.conference');
}

/** What ends a consultation, swaps between its sides, and takes back what was asked for. */
function consultControls(session: Session, conversation: Conversation): View {
  const act = (testid: string, key: 'swap' | 'complete' | 'conference' | 'cancel' | 'takeBack', run: () => Promise<unknown>): ButtonView =>
    button({ testid, label: t(`consult.${key}`), title: t(`consult.${key}Title`), size: 'small', ...(key === 'complete' ? { appearance: 'primary' as const } : {}), run: () => attempt(run) });
  const consult = () => conversation.consultation;
  const swap = act('consult-swap', 'swap', async () => consult()?.swap());
  const complete = act('consult-complete', 'complete', async () => consult()?.complete());
  const join = act('consult-conference', 'conference', async () => consult()?.conference());
  const cancel = act('consult-cancel', 'cancel', async () => consult()?.cancel());
  const back = act('consult-take-back', 'takeBack', () => conversation.takeBack());
  const status = h('span', { testid: 'consult-status', class: 'consult-status' });
  const left = timer('consult-left');
  const element = h('div', { testid: 'consult', class: 'consult', hidden: true }, status, left, h('span', { class: 'consult-ways' }, swap.element, join.element, cancel.element, back.element, complete.element));
  return {
    element,
    update() {
      const { participants, pending } = conversation.state;
      const own = ownOf(conversation.state, session);
      const asked = participants.find(isConsulted);
      const waits = pending !== undefined && pending.kind !== 'voice' && !isCall(pending) && asked === undefined;
      setShown(element, own?.owner === true && (asked !== undefined || waits));
      setAttribute(element, 'data-side', own?.side);
      const talking = asked !== undefined;
      for (const one of [swap, complete, join, cancel]) setShown(one.element, talking);
      // What a supervisor ordered is not this agent's to take back.
      setShown(back.element, waits && pending.orderedBy === undefined);
      setTimer(left, 'until', waits ? pending.expiresAt : undefined);
      const text = element.hidden ? '' : asked ? talkingText(own, asked) : t(pending?.target?.type === 'number' ? 'consult.dialing' : 'consult.asking', { name: nameOfTarget(pending?.target) });
      // What comes with its text is not read by itself.
      if (text !== '' && text !== status.textContent) announce(text);
      setText(status, text);
    },
  };
}

function talkingText(own: Participant | undefined, { name, part }: Participant): string {
  const side = own?.side === 'consult' ? 'talking' : 'withCustomer';
  return t(part === 'external' ? `consult.${side}Number` : `consult.${side}`, { name });
}
