// The wallboard: queues and agents as they are, by themselves.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditPage } from '../lib/audit.mjs';
import { until, Wallboard } from '../lib/pages.mjs';
import { Stage } from '../lib/stage.mjs';

const stage = new Stage();
const LIMIT = { timeout: 120_000 };

test('queues and agents follow a call from arrival to the end of wrap-up', LIMIT, async t => {
  const gateway = await stage.gateway(t);
  const board = stage.keep(t, await Wallboard.open(stage.left, gateway));
  const row = board.at('queue-row', { 'data-queue': 'support' });
  const cell = id => row.locator(`[data-testid="${id}"]`);
  const shows = (id, value) => until(`${id} = ${value}`, async () => (await cell(id).textContent()).trim(), text => text === value);
  await row.waitFor();
  await shows('queue-ready', '0');

  const customer = await stage.customer(t, gateway);
  await customer.ask('call');
  await shows('queue-waiting', '1');
  assert.match(await cell('queue-longest').textContent(), /\d/);

  const agent = await stage.agent(t, gateway);
  await agent.accept();
  await board.sees('agent-row', { 'data-user': 'mina', 'data-activity': 'inACall' });
  await shows('queue-waiting', '0');
  await shows('queue-active', '1');

  await customer.click('call-hangup');
  await board.sees('agent-row', { 'data-user': 'mina', 'data-activity': 'wrapUp' });
  await agent.finishWrapUp();
  await board.sees('agent-row', { 'data-user': 'mina', 'data-availability': 'available', 'data-activity': 'available' });
  await shows('queue-active', '0');
  await shows('queue-ready', '1');
});

test('who waits: next first, with what it is about and to whom it rings; the list follows', LIMIT, async t => {
  const gateway = await stage.gateway(t);
  const board = stage.keep(t, await Wallboard.open(stage.left, gateway));
  const ada = await stage.customer(t, gateway);
  await ada.ask('chat', { subject: 'a parcel' });
  await ada.sees('waiting');
  const ben = await stage.customer(t, gateway, { name: 'Ben' });
  await ben.ask('call');
  const open = board.page.getByRole('button', { name: '2 waiting in Support. Show them' });
  await open.focus();
  await board.page.keyboard.press('Enter');
  const dialog = board.page.getByRole('dialog', { name: 'Waiting in Support' });
  const rows = dialog.getByRole('listitem');
  await until('both', () => rows.count(), count => count === 2);
  assert.match(await rows.nth(0).textContent(), /Chat.*Ada.*a parcel · number 1 in line · priority 5/);
  assert.match(await rows.nth(1).textContent(), /Call.*Ben/);
  assert.deepEqual(await auditPage(board.page), []);
  const eve = await stage.customer(t, gateway, { name: 'Eve' });
  await eve.ask('chat');
  await until('all three', () => rows.count(), count => count === 3);
  const first = dialog.locator('[data-testid="waiting-first"]:visible');
  assert.equal(await first.count(), 1, 'who is next already, of chats or calls, can not be put first');
  await first.click();
  await until('Eve is next', () => rows.nth(0).textContent(), text => /Eve.*number 1 in line/.test(text));
  await eve.sees('queue-position', { 'data-position': '1' });
  await rows.nth(0).locator('[data-testid="why-open"]').click();
  await rows.nth(0).getByText('Held to have waited').waitFor();
  await eve.click('leave-queue');
  await ben.click('leave-queue');
  await until('one', () => rows.count(), count => count === 1);
  const mina = await stage.agent(t, gateway);
  await until('it rings', () => rows.nth(0).textContent(), text => text.includes('rings for 김민아 Mina'));
  await mina.accept();
  await dialog.getByText('Nobody is waiting.').waitFor();
  await board.page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
});

test('a supervisor gives away who waits and whom an agent has, and signs an agent out', LIMIT, async t => {
  const gateway = await stage.gateway(t);
  const board = stage.keep(t, await Wallboard.open(stage.left, gateway));
  const customer = await stage.customer(t, gateway);
  await customer.ask('chat');
  await board.at('queue-row', { 'data-queue': 'support' }).getByRole('button', { name: '1 waiting in Support. Show them' }).click();
  await board.click('waiting-reassign');
  const dialog = board.page.getByRole('dialog', { name: 'Give Ada to somebody else' });
  await dialog.waitFor();
  assert.deepEqual(await auditPage(board.page), []);
  await board.at('reassign-queue', { 'data-target': 'sales' }).locator('[data-testid="reassign-queue-reassign"]').click();
  await dialog.waitFor({ state: 'hidden' });
  await board.page.getByText('Nobody is waiting.').waitFor();
  await board.page.keyboard.press('Escape');

  const joon = await stage.agent(t, gateway, { user: 'joon' });
  assert.match(await joon.text('offer-queue'), /Sales/);
  await joon.accept();
  const alex = await stage.agent(t, gateway, { user: 'alex' });
  await board.click('agent-conversation');
  await board.click('monitor-reassign');
  await board.at('reassign-agent', { 'data-target': 'alex' }).locator('[data-testid="reassign-agent-reassign"]').click();
  await alex.sees('offer', { 'data-kind': 'transfer' });
  await alex.accept();
  assert.match(await joon.text('ordered', { 'data-code': 'reassign' }), /이새미 Sam gave the conversation with Ada to somebody else/);
  await joon.finishWrapUp();

  await board.at('agent-row', { 'data-user': 'joon' }).locator('[data-testid="agent-menu"]').click();
  await board.at('agent-row', { 'data-user': 'joon' }).locator('[data-testid="agent-sign-out"]').click();
  await board.page.getByRole('dialog', { name: /Sign 박준호 Joon out/ }).waitFor();
  await board.click('sign-out-agent-save');
  await joon.sees('connection-banner', { 'data-code': 'signedOut' });
  assert.match(await joon.text('connection-banner'), /이새미 Sam signed you out\. Your calls and chats go on without you/);
  await board.sees('agent-row', { 'data-user': 'joon', 'data-availability': 'offline' });
  await alex.write('I am still here');
  await customer.reads('I am still here');
});

test('a supervisor gives a call to a telephone number', LIMIT, async t => {
  const { gateway, agent, customer } = await stage.call(t);
  const board = stage.keep(t, await Wallboard.open(stage.left, gateway));
  await board.click('agent-conversation');
  await board.click('monitor-reassign');
  await board.sees('reassign-number-part');
  assert.deepEqual(await auditPage(board.page), []);
  await board.at('reassign-number').fill('12345');
  await board.click('reassign-number-reassign');
  await board.sees('reassign-number-wrong');
  await board.at('reassign-number').fill('+44 20 7946 0001');
  await board.click('reassign-number-reassign');
  await board.seesNot('reassign');
  await agent.finishWrapUp();
  await customer.page.getByText('You are being helped by telephone').waitFor();
});

test('a supervisor takes an agent out of a conference: asked first, told to the agent, never the only one', LIMIT, async t => {
  const { gateway, agent, customer } = await stage.chat(t);
  const joon = await stage.agent(t, gateway, { user: 'joon' });
  const board = stage.keep(t, await Wallboard.open(stage.left, gateway));
  await agent.click('hand-over-open');
  await agent.at('hand-over-agent', { 'data-target': 'joon' }).locator('[data-testid="hand-over-agent-invite"]').click();
  await joon.accept();
  await board.at('agent-row', { 'data-user': 'mina' }).locator('[data-testid="agent-conversation"]').click();
  await board.at('agent-row', { 'data-user': 'mina' }).locator('[data-testid="monitor-listen"]').click();
  const others = board.page.getByRole('region', { name: 'Others in this conversation' });
  await others.getByLabel('Remove 박준호 Joon').click();
  const dialog = board.page.getByRole('dialog', { name: 'Take 박준호 Joon out of this conversation?' });
  await dialog.waitFor();
  assert.deepEqual(await auditPage(board.page), []);
  await board.click('take-out-save');
  await dialog.waitFor({ state: 'hidden' });
  assert.match(await joon.text('ordered', { 'data-code': 'remove' }), /이새미 Sam took you out of the conversation with Ada/);
  await until('alone', () => others.getByRole('listitem').count(), count => count === 1);
  assert.equal(await others.getByLabel(/^Remove/).isVisible(), false, 'somebody serves the customer');
  await agent.write('only us now');
  await customer.reads('only us now');
  await joon.finishWrapUp();
});

for (const [locale, none, turnedDown] of [['en-GB', /none is signed in/, /have just turned it down: 1\./], ['ko-KR', /로그인한 사람이 없습니다/, /1명이 방금 거절했습니다/]]) {
  test(`why somebody waits, in words: ${locale}`, LIMIT, async t => {
    const gateway = await stage.gateway(t);
    const board = stage.keep(t, await Wallboard.open(stage.left, gateway, { locale }));
    const customer = await stage.customer(t, gateway);
    await customer.ask('chat');
    await until('one waits', () => board.at('queue-row', { 'data-queue': 'support' }).locator('[data-testid="queue-waiting"]').textContent(), text => text === '1');
    await board.at('queue-row', { 'data-queue': 'support' }).locator('[data-testid="queue-waiting"]').click();
    await board.click('why-open');
    await board.sees('why');
    assert.match(await board.text('why'), none);
    assert.match(await board.text('why'), /support 5/);
    assert.equal(await board.at('why-open').getAttribute('aria-expanded'), 'true');
    assert.deepEqual(await auditPage(board.page), []);
    await board.click('why-open');
    await board.seesNot('why');

    const mina = await stage.agent(t, gateway);
    await mina.click('offer-decline');
    await mina.seesNot('offer');
    await board.click('why-open');
    await until('the refusal', () => board.text('why'), text => turnedDown.test(text));
    assert.match(await board.text('why'), /김민아 Mina/);
  });
}

test('an agent who watches the floor sees its own figures, a customer none', LIMIT, async t => {
  const { agent, customer } = await stage.chat(t);
  const floor = await agent.page.evaluate(async () => (await globalThis.jackfield.session.supervision.watch()));
  assert.deepEqual({ agents: floor.agents.map(({ userId }) => userId), queues: floor.queues }, { agents: ['mina'], queues: [] });
  const code = await customer.page.evaluate(() => globalThis.jackfield.session.watchFloor(true).then(() => 'done', error => error.code));
  assert.equal(code, 'notAllowed');
});
