/** The notes on a conversation: what colleagues should know, by whom and when. The customer never sees them. */

import type { Message } from 'jackfield';
import { moment, t } from '../../i18n/index.js';
import { draftOf, keepDraft } from '../../chat/drafts.js';
import { announce } from '../../ui/announce.js';
import { button } from '../../ui/button.js';
import { h, KeyedList, type Row, setShown, setText, type View } from '../../ui/dom.js';
import { attempt } from '../../ui/troubles.js';
import { type CardOptions, cardSection, mayChange } from './section.js';

const MOST = 4000;

/** Makes the part of the card: the newest note first, and a place to write one. */
export function notesView(options: CardOptions): View {
  const { conversation } = options;
  const draft = `${conversation.id}.note`;
  const list = h('ul', { testid: 'card-notes', class: 'notes' });
  const rows = new KeyedList<Message>(list, ({ commandId }) => commandId, noteRow);
  const area = h('textarea', { testid: 'note-input', class: 'plain-field', attrs: { rows: 2, maxlength: MOST, dir: 'auto', 'aria-label': t('card.noteWrite'), placeholder: t('card.noteWrite') } });
  area.value = draftOf(draft);
  area.addEventListener('input', () => keepDraft(draft, area.value));
  const add = button({
    testid: 'note-add', icon: 'note', label: t('card.noteAdd'), size: 'small',
    run: async () => {
      const text = area.value.trim();
      if (text === '') return area.focus();
      if (!(await attempt(() => conversation.addNote(text)))) return;
      area.value = '';
      keepDraft(draft, '');
      announce(t('card.noteAdded'));
    },
  });
  const older = button({ testid: 'notes-older', label: t('card.notesOlder'), size: 'small', appearance: 'subtle', run: () => attempt(() => conversation.chat.loadOlder()) });
  const none = h('p', { class: 'card-none' }, t('card.noNotes'));
  const write = h('div', { class: 'note-write' }, area, add.element);
  return {
    element: cardSection('card-notes-section', t('card.notes'), undefined, write, list, none, older.element),
    update() {
      const { messages } = conversation.chat;
      const notes = messages.filter(({ note }) => note);
      rows.update(notes.reverse());
      const first = messages.find(({ number }) => number > 0);
      setShown(older.element, first !== undefined && first.number > 1);
      setShown(none, notes.length === 0 && !mayChange(options));
      setShown(list, notes.length > 0);
      setShown(write, mayChange(options));
    },
  };
}

function noteRow(note: Message): Row<Message> {
  const about = h('p', { class: 'note-about' }, h('span', { testid: 'note-author', class: 'note-author', attrs: { dir: 'auto' } }, note.name), ' ', h('time', { attrs: { datetime: new Date(note.at).toISOString() } }));
  const when = about.querySelector('time');
  return {
    element: h('li', { testid: 'note', class: 'note' }, about, h('p', { testid: 'note-text', class: 'note-text', attrs: { dir: 'auto' } }, note.text)),
    update: ({ at }) => when && setText(when, moment(at)),
  };
}
