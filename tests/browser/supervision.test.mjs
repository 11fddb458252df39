// A supervisor in a call: listens unheard, whispers to the agent alone, barges in, takes over. What the customer hears and sees of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser } from '../lib/browser.mjs';
import { hears, hearsNothing } from '../lib/ear.mjs';
import { Wallboard } from '../lib/pages.mjs';
import { AGENT_HZ, CUSTOMER_HZ, Stage } from '../lib/stage.mjs';

const SUPERVISOR_HZ = 660;
const LIMIT = { timeout: 180_000 };
const stage = new Stage();
let third;

before(async () => {
  third = await Browser.launch({ tone: SUPERVISOR_HZ });
});
after(() => third?.close());

async function watchedCall(t) {
  const { gateway, agent, customer } = await stage.call(t);
  const board = stage.keep(t, await Wallboard.open(third, gateway));
  await board.voiceReady();
  await board.click('agent-conversation');
  await board.click('monitor-listen');
  await board.sees('monitor', { 'data-mode': 'listen' });
  return { agent, customer, board };
}

const parties = page => page.evaluate(() => globalThis.jackfield.session.conversations[0].state.participants.map(({ name }) => name).sort());

test('listen, whisper, barge in: each is heard by whom it is for, and by nobody else', LIMIT, async t => {
  const { agent, customer, board } = await watchedCall(t);
  const before = await parties(customer.page);

  await t.test('who listens hears both and is heard by nobody', async () => {
    await Promise.all([
      hears(board.page, { tones: [AGENT_HZ, CUSTOMER_HZ], not: [SUPERVISOR_HZ] }),
      hears(agent.page, { tones: [CUSTOMER_HZ], not: [SUPERVISOR_HZ] }),
      hears(customer.page, { tones: [AGENT_HZ], not: [SUPERVISOR_HZ] }),
    ]);
  });

  await t.test('a whisper reaches the agent alone', async () => {
    await board.click('monitor-mode-whisper');
    await Promise.all([
      hears(agent.page, { tones: [CUSTOMER_HZ, SUPERVISOR_HZ] }),
      hears(customer.page, { tones: [AGENT_HZ], not: [SUPERVISOR_HZ] }),
    ]);
    assert.deepEqual(await parties(customer.page), before, 'the customer sees nobody new');
  });

  await t.test('who barges in is heard by all', async () => {
    await board.click('monitor-mode-barge');
    await Promise.all([
      hears(agent.page, { tones: [CUSTOMER_HZ, SUPERVISOR_HZ] }),
      hears(customer.page, { tones: [AGENT_HZ, SUPERVISOR_HZ] }),
    ]);
  });

  await t.test('and is gone when it stops', async () => {
    await board.click('monitor-stop');
    await board.seesNot('monitor');
    await Promise.all([
      hears(customer.page, { tones: [AGENT_HZ], not: [SUPERVISOR_HZ] }),
      hears(agent.page, { tones: [CUSTOMER_HZ], not: [SUPERVISOR_HZ] }),
      hearsNothing(board.page),
    ]);
  });
});

test('taking over: the customer talks with the supervisor, the agent has its wrap-up', LIMIT, async t => {
  const { agent, customer, board } = await watchedCall(t);
  await board.click('monitor-take-over-now');
  await Promise.all([
    hears(customer.page, { tones: [SUPERVISOR_HZ], not: [AGENT_HZ] }),
    hears(board.page, { tones: [CUSTOMER_HZ], not: [AGENT_HZ] }),
    hearsNothing(agent.page),
  ]);
  await agent.finishWrapUp();
});
