// Chat: both ways, how far messages came, and what a customer never sees.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../lib/pages.mjs';
import { Stage } from '../lib/stage.mjs';

const stage = new Stage();
const LIMIT = { timeout: 120_000 };

test('messages go both ways, in order, and are read', LIMIT, async t => {
  const { agent, customer } = await stage.chat(t);
  await customer.write('where is my parcel?');
  await agent.reads('where is my parcel?', { 'data-own': 'false', 'data-role': 'customer' });
  await customer.reads('where is my parcel?', { 'data-own': 'true', 'data-state': 'read' });
  await agent.write('one moment');
  await customer.reads('one moment', { 'data-role': 'agent' });
  await agent.reads('one moment', { 'data-state': 'read' });
  for (let i = 0; i < 20; i += 1) {
    await Promise.all([customer.write(`c${i}.`), agent.write(`a${i}.`)]);
  }
  const [left, right] = await until(
    'the same chat at both ends',
    () => Promise.all([agent.chatTexts(), customer.chatTexts()]),
    ([one, other]) => one.length === 42 && other.length === 42,
  );
  assert.deepEqual(left, right);
  assert.equal(new Set(left).size, 42);
});

test('typing shows while it lasts', LIMIT, async t => {
  const { agent, customer } = await stage.chat(t);
  await customer.at('chat-input').pressSequentially('I am');
  await agent.at('typing').filter({ hasText: /Ada/ }).first().waitFor();
  await customer.at('chat-input').fill('');
  await until('typing ends', () => agent.text('typing'), text => text === '');
});

test('an internal note stays with colleagues', LIMIT, async t => {
  const { agent, customer } = await stage.chat(t);
  await agent.click('note-toggle');
  await agent.write('customer sounds upset');
  await agent.reads('customer sounds upset', { 'data-visibility': 'internal' });
  await agent.click('note-toggle');
  await agent.write('how can I help?');
  await customer.reads('how can I help?');
  assert.deepEqual(await customer.chatTexts(), ['how can I help?']);
  const seen = await customer.page.evaluate(() => JSON.stringify(globalThis.jackfield.session.state));
  assert.ok(!seen.includes('upset'));
  await customer.reload();
  await customer.reads('how can I help?');
  assert.deepEqual(await customer.chatTexts(), ['how can I help?']);
});

test('delivered is not read while nobody looks', LIMIT, async t => {
  const { agent, customer } = await stage.chat(t);
  // A page in the background takes messages, and does not read them.
  await agent.page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    Object.defineProperty(document, 'hidden', { value: true, configurable: true });
    document.hasFocus = () => false;
    document.dispatchEvent(new Event('visibilitychange'));
    window.dispatchEvent(new Event('blur'));
  });
  await customer.write('anybody there?');
  await customer.reads('anybody there?', { 'data-state': 'delivered' });
  await agent.page.evaluate(() => {
    delete document.visibilityState;
    delete document.hidden;
    delete document.hasFocus;
    document.dispatchEvent(new Event('visibilitychange'));
    window.dispatchEvent(new Event('focus'));
  });
  await customer.reads('anybody there?', { 'data-state': 'read' });
});

test('what people write is shown and never run', LIMIT, async t => {
  const name = '<img src=x onerror=globalThis.pwned=1>';
  const { agent, customer } = await stage.chat(t, { name, subject: '<script>globalThis.pwned=1</script>' });
  const nasty = [
    '<script>globalThis.pwned=1</script>',
    '<img src=x onerror="globalThis.pwned=1">',
    '<svg/onload=globalThis.pwned=1>',
    'javascript:globalThis.pwned=1',
    '{"__proto__":{"pwned":1}}',
    '\u202Egnp.exe \u2066rtl\u2069',
  ];
  for (const text of nasty) {
    await customer.write(text);
    await agent.reads(text);
    await agent.write(text);
  }
  const shown = await until('all messages', () => agent.chatTexts(), texts => texts.length === nasty.length * 2);
  assert.deepEqual(new Set(shown), new Set(nasty));
  assert.equal(await agent.text('customer-card-name'), name);
  for (const page of [agent.page, customer.page]) {
    assert.equal(await page.evaluate(() => globalThis.pwned ?? {}.pwned), undefined);
  }
});

test('older messages come by page', LIMIT, async t => {
  const { agent, customer } = await stage.chat(t);
  await customer.page.evaluate(async () => {
    const [conversation] = globalThis.jackfield.session.conversations;
    for (let i = 1; i <= 120; i += 1) {
      await conversation.chat.send(`m${i}`).catch(async error => {
        // Over the rate limit: as the error says, later.
        if (!error.retryable) throw error;
        await new Promise(resolve => setTimeout(resolve, error.retryAfterMs ?? 200));
        i -= 1;
      });
    }
  });
  await agent.reads('m120');
  await agent.reload();
  await agent.click('conversation-item');
  await agent.reads('m120');
  const texts = await until(
    'all 120',
    async () => {
      const older = agent.at('chat-older');
      if (await older.isVisible()) await older.click().catch(() => {});
      return agent.chatTexts();
    },
    all => all.length === 120,
  );
  assert.deepEqual(texts, Array.from({ length: 120 }, (_, i) => `m${i + 1}`));
});
