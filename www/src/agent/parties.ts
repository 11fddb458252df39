/** Who else is in the conversation, and what an agent can do about it: end a consultation one way or the other, or remove somebody. */

import type { Conversation, Participant, Session } from 'jackfield';
import { t } from '../i18n/index.js';
import { ownOf } from '../session/people.js';
import { avatar, setAvatar } from '../ui/avatar.js';
import { button, type ButtonView } from '../ui/button.js';
import { h, KeyedList, type Row, setAttribute, setShown, setText, type View } from '../ui/dom.js';
import { attempt } from '../ui/troubles.js';

/** Makes the strip. It is shown while there is somebody beside the customer and this user, or somebody is being asked to come. */
export function parties(session: Session, conversation: Conversation): View {
  const items = h('ul', { class: 'parties-list' });
  const rows = new KeyedList<Participant>(items, ({ participantId }) => participantId, () => partyRow(session, conversation));
  const consult = consultControls(session, conversation);
  const element = h('section', { testid: 'parties', class: 'parties', hidden: true, attrs: { 'aria-label': t('parties.title') } }, items, consult.element);
  return {
    element,
    update() {
      const { participants, state } = conversation.state;
      const own = ownOf(conversation.state, session);
      const others = state === 'active' ? participants.filter((one) => one.role !== 'customer' && one.participantId !== own?.participantId && !one.wrapUp) : [];
      rows.update(others);
      consult.update();
      setShown(element, others.length > 0 || !consult.element.hidden);
    },
  };
}

function partyRow(session: Session, conversation: Conversation): Row<Participant> {
  const face = avatar('', 24);
  const name = h('span', { class: 'party-name', attrs: { dir: 'auto' } });
  const about = h('span', { class: 'party-about' });
  let shown: Participant | undefined;
  const remove = button({
    testid: 'party-remove', icon: 'close', label: t('parties.remove'), iconOnly: true, appearance: 'transparent', size: 'small',
    run: () => attempt(async () => shown && conversation.remove(shown.participantId)),
  });
  const element = h('li', { testid: 'party', class: 'party' }, face, h('span', { class: 'party-who' }, name, about), remove.element);
  return {
    element,
    update(party) {
      shown = party;
      setAttribute(element, 'data-user', party.userId);
      setAttribute(element, 'data-part', party.part);
      setAttribute(element, 'data-side', party.side);
      setAvatar(face, party.name);
      setText(name, party.name);
      setText(about, partText(party));
      remove.setLabel(t('parties.removeWho', { name: party.name }));
      // Who monitors is removed by nobody but itself; the one being consulted leaves by the end of the consultation.
      setShown(remove.element, ownOf(conversation.state, session)?.owner === true && (party.part === 'agent' || party.part === 'external'));
    },
  };
}

/** What somebody is in a conversation, in words. */
export function partText({ part, side, monitor, voice, away, owner }: Participant): string {
  if (away) return t('parties.away');
  if (part === 'monitor') return t(`parties.${monitor ?? 'listen'}`);
  if (voice?.held) return t('parties.held');
  if (part === 'consulted') return t(side === 'consult' ? 'parties.consulted' : 'parties.conference');
  return t(owner ? 'parties.owner' : 'parties.conference');
}

/** What ends a consultation, and swaps between its sides. */
function consultControls(session: Session, conversation: Conversation): View {
  const act = (testid: string, key: 'swap' | 'complete' | 'conference' | 'cancel', run: () => Promise<unknown>): ButtonView =>
    button({ testid, label: t(`consult.${key}`), title: t(`consult.${key}Title`), size: 'small', ...(key === 'complete' ? { appearance: 'primary' as const } : {}), run: () => attempt(run) });
  const consult = () => conversation.consultation;
  const swap = act('consult-swap', 'swap', async () => consult()?.swap());
  const complete = act('consult-complete', 'complete', async () => consult()?.complete());
  const join = act('consult-conference', 'conference', async () => consult()?.conference());
  const cancel = act('consult-cancel', 'cancel', async () => consult()?.cancel());
  const status = h('span', { testid: 'consult-status', class: 'consult-status', attrs: { role: 'status' } });
  const element = h('div', { testid: 'consult', class: 'consult', hidden: true }, status, h('span', { class: 'consult-ways' }, swap.element, join.element, cancel.element, complete.element));
  return {
    element,
    update() {
      const own = ownOf(conversation.state, session);
      const asked = conversation.state.participants.find((one) => one.part === 'consulted');
      const waiting = conversation.state.pending !== undefined && conversation.state.pending.kind !== 'voice' && asked === undefined;
      setShown(element, own?.owner === true && (asked !== undefined || waiting));
      setAttribute(element, 'data-side', own?.side);
      const talking = asked !== undefined;
      for (const one of [swap, complete, join]) setShown(one.element, talking);
      setText(status, element.hidden ? '' : !talking ? t('consult.asking') : own?.side === 'consult' ? t('consult.talking', { name: asked.name }) : t('consult.withCustomer', { name: asked.name }));
    },
  };
}
