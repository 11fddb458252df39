// The wallboard: queues and agents as they are, by themselves.
import assert from 'node:assert/strict';
import { test } from 'node:test';
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

test('an agent who watches the floor sees its own figures, a customer none', LIMIT, async t => {
  const { agent, customer } = await stage.chat(t);
  const floor = await agent.page.evaluate(async () => (await globalThis.jackfield.session.supervision.watch()));
  assert.deepEqual({ agents: floor.agents.map(({ userId }) => userId), queues: floor.queues }, { agents: ['mina'], queues: [] });
  const code = await customer.page.evaluate(() => globalThis.jackfield.session.watchFloor(true).then(() => 'done', error => error.code));
  assert.equal(code, 'notAllowed');
});
