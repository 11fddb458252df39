/** Where messages are written. */

import type { Conversation } from 'jackfield';
import { t } from '../i18n/index.js';
import { button } from '../ui/button.js';
import { h, setAttribute, setShown, uniqueId, type View } from '../ui/dom.js';
import { showError, clearError } from '../ui/troubles.js';
import { draftOf, keepDraft } from './drafts.js';

/** Makes the composer. `notes`: a message can be an internal note, or can only be one. */
export function composer(conversation: Conversation, { notes }: { readonly notes: boolean | 'only' }): View {
  let internal = notes === 'only';
  const hint = h('span', { id: uniqueId('hint'), class: 'composer-hint' }, t('chat.hint'));
  const input = h('textarea', { testid: 'chat-input', class: 'composer-input', attrs: { rows: 1, 'aria-describedby': hint.id, autocomplete: 'off', dir: 'auto' } });
  const send = button({ testid: 'chat-send', icon: 'send', label: t('chat.send'), iconOnly: true, appearance: 'transparent', run: () => submit() });
  const note = button({ testid: 'note-toggle', icon: 'note', label: t('chat.note'), size: 'small', appearance: 'subtle', run: () => setInternal(!internal) });
  const element = h('div', { class: 'composer' },
    h('div', { class: 'composer-box' }, input, send.element),
    h('div', { class: 'composer-foot' }, notes === true && note.element, hint));

  const setInternal = (to: boolean) => {
    internal = to;
    note.setPressed(to);
    element.classList.toggle('internal', to);
    const words = t(to ? 'chat.placeholderNote' : 'chat.placeholder');
    setAttribute(input, 'placeholder', words);
    setAttribute(input, 'aria-label', to ? t('chat.noteOn') : words);
  };
  const submit = () => {
    const text = input.value.trim();
    if (text === '') return;
    input.value = '';
    keepDraft(conversation.id, '');
    clearError();
    conversation.chat.typing(false);
    void sendOrGiveBack(conversation, text, internal, input);
    input.focus();
  };
  input.addEventListener('keydown', (event) => {
    // While a Korean syllable is being put together, Enter belongs to the input method.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  input.addEventListener('input', () => {
    keepDraft(conversation.id, input.value);
    if (!internal) conversation.chat.typing(input.value !== '');
  });
  input.value = draftOf(conversation.id);
  setInternal(internal);
  return { element, update: () => setShown(element, conversation.state.state !== 'ended' && conversation.state.state !== 'wrapUp') };
}

/** Sends a text. One that the gateway does not take comes back into the composer, unless something new is there. */
async function sendOrGiveBack(conversation: Conversation, text: string, internal: boolean, input: HTMLTextAreaElement): Promise<void> {
  try {
    await conversation.chat.send(text, { visibility: internal ? 'internal' : 'everyone' });
  } catch (error) {
    showError(error);
    const shown = conversation.chat.messages.some((message) => message.own && message.state === 'failed' && message.text === text);
    if (shown || input.value !== '') return;
    input.value = text;
    keepDraft(conversation.id, text);
  }
}
