// What is known of a customer: what it brings, what agents put down, and what was before; and that the customer sees none of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditPage } from '../lib/audit.mjs';
import { CustomerPage, until } from '../lib/pages.mjs';
import { Stage } from '../lib/stage.mjs';

const stage = new Stage();
const LIMIT = { timeout: 120_000 };

/** Mina and the first customer of the demo in a chat: its token says what the back end knows, its page which order it is about. */
async function known(t) {
  const gateway = await stage.gateway(t);
  const mina = await stage.agent(t, gateway);
  const customer = stage.keep(t, await CustomerPage.open(stage.right, gateway));
  await customer.page.goto(`${gateway.url}/?name=Ada&order=JF-20417`);
  await customer.ask('chat');
  await mina.accept();
  await customer.isServed();
  return { gateway, mina, customer, card: mina.page.getByRole('complementary', { name: 'Customer' }) };
}

const part = (card, name) => card.getByRole('region', { name });
const dialogOf = page => page.page.getByRole('dialog');

async function tag(agent, card, text) {
  await part(card, 'Tags').getByRole('combobox', { name: 'Add a tag' }).fill(text);
  await agent.page.keyboard.press('Enter');
}

async function note(card, text) {
  await part(card, 'Notes').getByRole('textbox', { name: 'Write a note for colleagues' }).fill(text);
  await part(card, 'Notes').getByTestId('note-add').click();
}

/** The texts of all that the card lists under a test id. */
const texts = (agent, id) => agent.at(id).allTextContents();
const shows = (agent, id, wanted) => until(id, () => texts(agent, id), all => all.some(text => text.includes(wanted)));

async function handOver(agent, to) {
  await agent.click('hand-over-open');
  await agent.at('hand-over-agent', { 'data-target': to }).locator('[data-testid="hand-over-agent-transfer"]').click();
  await agent.seesNot('hand-over');
}

test('what the token and the page bring stands under its labels, in the declared order', LIMIT, async t => {
  const { mina, card } = await known(t);
  const terms = await part(card, 'Details').getByRole('term').allTextContents();
  assert.deepEqual(terms, ['Account', 'Customer tier', 'Orders so far', 'This order', 'Interests', 'Language', 'page']);
  assert.equal(await mina.text('attribute', { 'data-name': 'tier' }), 'gold');
  assert.equal(await mina.text('attribute', { 'data-name': 'order' }), 'JF-20417');
  assert.equal(await mina.text('attribute', { 'data-name': 'interests' }), 'tents, boots');
});

test('attributes are changed by their types; what is not for agents is not asked for', LIMIT, async t => {
  const { mina, customer, card } = await known(t);
  await mina.click('attributes-edit');
  const dialog = mina.page.getByRole('dialog', { name: 'Details' });
  assert.equal(await dialog.getByLabel('Customer tier').count(), 0);
  await dialog.getByLabel('Wants the newsletter').selectOption({ label: 'Yes' });
  await dialog.getByLabel('jackets').check();
  await dialog.getByLabel('page').fill('');
  await dialog.getByLabel('Name').fill('size');
  await dialog.getByLabel('Value').fill('44');
  assert.deepEqual(await auditPage(mina.page), []);
  await mina.page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
  await until('set', () => mina.text('attribute', { 'data-name': 'newsletter' }), text => text === 'Yes');
  assert.equal(await mina.text('attribute', { 'data-name': 'interests' }), 'tents, boots, jackets');
  assert.equal(await mina.text('attribute', { 'data-name': 'size' }), '44');
  assert.equal(await mina.at('attribute', { 'data-name': 'page' }).count(), 0);
  const seen = await customer.state(() => globalThis.jackfield.session.conversations[0].state.attributes);
  assert.deepEqual(Object.keys(seen).sort(), ['language', 'order', 'page'], 'what it brought, as it brought it');

  await t.test('what does not fit is explained in the dialog, which stays', async () => {
    await mina.click('attributes-edit');
    await dialog.getByLabel('This order').fill('x'.repeat(41));
    await mina.click('attributes-dialog-save');
    await until('why', () => dialog.getByRole('alert').textContent(), text => text.includes('41 bytes'));
    await mina.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    assert.equal(await mina.text('attribute', { 'data-name': 'order' }), 'JF-20417');
  });
});

test('tags by the keyboard: added, removed, and the focus stays with them', LIMIT, async t => {
  const { mina, card } = await known(t);
  await tag(mina, card, 'Complaint');
  await mina.sees('tag', { 'data-tag': 'complaint' });
  await tag(mina, card, 'A-17');
  await mina.sees('tag', { 'data-tag': 'A-17' });
  await part(card, 'Tags').getByLabel('Remove tag Complaint').focus();
  await mina.page.keyboard.press('Enter');
  await mina.at('tag', { 'data-tag': 'complaint' }).waitFor({ state: 'detached' });
  const focused = () => mina.page.evaluate(() => document.activeElement?.getAttribute('data-testid'));
  assert.equal(await focused(), 'tag-input');
  await tag(mina, card, '-');
  await mina.sees('error-message', { 'data-code': 'invalidField' });
});

test('links: the queue’s are filled in, open in a tab that knows nothing of this one, and agents add their own', LIMIT, async t => {
  const { mina, card } = await known(t);
  const links = part(card, 'Links');
  const account = links.getByRole('link', { name: 'Account (opens in a new tab)' });
  assert.equal(await account.getAttribute('rel'), 'noopener noreferrer');
  const [opened] = await Promise.all([mina.page.context().waitForEvent('page'), account.click()]);
  await opened.getByTestId('account-account').waitFor();
  assert.match(await opened.getByTestId('account-account').textContent(), /^CO-\d{5}$/);
  assert.deepEqual(await auditPage(opened), []);
  assert.equal(await opened.evaluate(() => globalThis.opener), null);
  await opened.close();

  await mina.click('link-add');
  const dialog = dialogOf(mina);
  await dialog.getByLabel('What to call it').fill('Warehouse');
  await dialog.getByLabel('Address').fill('javascript:alert(1)');
  await mina.click('link-dialog-save');
  await until('why', () => dialog.getByRole('alert').textContent(), text => text.includes('http'));
  await dialog.getByLabel('Address').fill(`${mina.gateway.url}/account?order=7`);
  await mina.click('link-dialog-save');
  await links.getByRole('link', { name: /Warehouse/ }).waitFor();
  assert.equal(await links.getByLabel('Remove link Account').and(mina.page.locator(':visible')).count(), 0, 'the queue’s stay');
  await links.getByLabel('Remove link Warehouse').click();
  await links.getByRole('link', { name: /Warehouse/ }).waitFor({ state: 'detached' });
});

test('all of it goes with the conversation to the next agent, and nothing of it to the customer', LIMIT, async t => {
  const { gateway, mina, customer, card } = await known(t);
  const joon = await stage.agent(t, gateway, { user: 'joon' });
  await tag(mina, card, 'Return');
  await note(card, 'Wants the money back, not a voucher');
  await shows(mina, 'note-text', 'voucher');
  assert.match(await mina.text('note-author'), /Mina/);
  await mina.click('attributes-edit');
  await dialogOf(mina).getByLabel('This order').fill('JF-99');
  await mina.click('attributes-dialog-save');
  await until('set', () => mina.text('attribute', { 'data-name': 'order' }), text => text === 'JF-99');

  await handOver(mina, 'joon');
  await joon.accept();
  await joon.sees('tag', { 'data-tag': 'return' });
  await shows(joon, 'note-text', 'voucher');
  assert.match(await joon.text('note-author'), /Mina/);
  assert.equal(await joon.text('attribute', { 'data-name': 'order' }), 'JF-99');
  await joon.page.getByRole('link', { name: /^Account/ }).waitFor();
  await joon.write('Hello, this is Joon');
  await customer.reads('Hello, this is Joon');
  const page = await customer.page.evaluate(() => document.documentElement.outerHTML + JSON.stringify(globalThis.jackfield.session.state));
  for (const secret of ['voucher', 'return', 'complaint', '/account?', 'tier', 'CO-', 'JF-99 ']) assert.ok(!page.includes(secret), secret);
  // Mina’s part is over: what she knew stays to be read, and is not hers to change.
  await mina.sees('wrapup');
  assert.equal(await mina.at('note-add').isVisible(), false);
  await mina.finishWrapUp();
});

test('what was before: when, where, with whom and how; opened, its messages come by page', LIMIT, async t => {
  const { mina, customer, card } = await known(t);
  for (let n = 1; n <= 24; n += 1) await customer.page.evaluate(text => globalThis.jackfield.session.conversations[0].chat.send(text), `line ${n}`);
  await mina.reads('line 24');
  await tag(mina, card, 'Order');
  await note(card, 'Very patient');
  await shows(mina, 'note-text', 'patient');
  assert.match(await part(card, 'Earlier conversations').textContent(), /first one/);
  await customer.click('end-conversation');
  await mina.finishWrapUp();

  await customer.click('start-again');
  await customer.ask('chat');
  await mina.accept();
  await customer.write('me again');
  const past = part(card, 'Earlier conversations').getByRole('button');
  await until('one', () => past.count(), count => count === 1);
  for (const said of [/Chat/, /Support/, /Mina/, /Resolved/, /Order/, /line 24/]) assert.match(await past.textContent(), said);
  await past.focus();
  await mina.page.keyboard.press('Enter');
  const dialog = dialogOf(mina);
  await dialog.getByText('line 24').waitFor();
  assert.equal(await dialog.getByText('line 1', { exact: true }).count(), 0);
  await mina.click('past-older');
  await dialog.getByText('line 1', { exact: true }).waitFor();
  assert.deepEqual((await texts(mina, 'past-message')).length, 25);
  assert.equal(await dialog.getByText('Very patient').count(), 1);
  assert.deepEqual(await auditPage(mina.page), []);
  await mina.page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  assert.equal(await mina.page.evaluate(() => document.activeElement?.getAttribute('data-testid')), 'past');
  const mine = await customer.page.evaluate(() => globalThis.jackfield.session.conversations[0].history().then(() => 'read', error => error.code));
  assert.equal(mine, 'notAllowed');
});

test('on a phone the card lies over the conversation, and Escape takes it away', LIMIT, async t => {
  const { mina } = await known(t);
  await mina.page.setViewportSize({ width: 390, height: 844 });
  const card = mina.at('customer-card');
  const toggle = mina.page.getByLabel('Customer details');
  assert.equal(await card.isVisible(), false);
  assert.equal(await toggle.getAttribute('aria-expanded'), 'false');
  await toggle.click();
  assert.equal(await card.isVisible(), true);
  assert.equal(await toggle.getAttribute('aria-expanded'), 'true');
  assert.deepEqual(await auditPage(mina.page), []);
  await mina.page.keyboard.press('Tab');
  await mina.page.keyboard.press('Escape');
  await card.waitFor({ state: 'hidden' });
  assert.equal(await mina.page.evaluate(() => document.activeElement?.getAttribute('data-testid')), 'details-toggle');
});
