// A conversation that changes hands: whom the customer hears, who hears whom while an agent asks a colleague, and who has what to do afterwards.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { auditPage } from '../lib/audit.mjs';
import { Browser } from '../lib/browser.mjs';
import { hears, hearsNothing, hearsRinging, playsNothing } from '../lib/ear.mjs';
import { AgentDesk } from '../lib/pages.mjs';
import { AGENT_HZ, CUSTOMER_HZ, Stage } from '../lib/stage.mjs';

const COLLEAGUE_HZ = 660;
const LIMIT = { timeout: 180_000 };
const stage = new Stage();
let third;

before(async () => {
  third = await Browser.launch({ tone: COLLEAGUE_HZ });
});
after(() => third?.close());

/** Mina in a call with a customer, and Joon at his desk. */
async function callAndColleague(t) {
  const { gateway, agent, customer } = await stage.call(t);
  const colleague = stage.keep(t, await AgentDesk.open(third, gateway, { user: 'joon' }));
  return { agent, customer, colleague };
}

async function choose(agent, way) {
  await agent.click('hand-over-open');
  await agent.sees('hand-over-agent', { 'data-target': 'joon' });
  await agent.at('hand-over-agent', { 'data-target': 'joon' }).locator(`[data-testid="hand-over-agent-${way}"]`).click();
  await agent.seesNot('hand-over');
}

test('a blind transfer: the customer hears the colleague, the first agent has its wrap-up', LIMIT, async t => {
  const { agent, customer, colleague } = await callAndColleague(t);
  await agent.page.bringToFront();
  await choose(agent, 'transfer');
  await colleague.sees('offer', { 'data-kind': 'transfer' });
  await colleague.accept();
  await Promise.all([
    hears(customer.page, { tones: [COLLEAGUE_HZ], not: [AGENT_HZ, CUSTOMER_HZ] }),
    hears(colleague.page, { tones: [CUSTOMER_HZ], not: [AGENT_HZ] }),
    hearsNothing(agent.page),
  ]);
  await agent.finishWrapUp();
  await colleague.click('call-hangup');
  await customer.sees('ended');
});

test('a transfer that is declined leaves the customer where it was', LIMIT, async t => {
  const { agent, customer, colleague } = await callAndColleague(t);
  await choose(agent, 'transfer');
  await colleague.click('offer-decline');
  await Promise.all([
    hears(customer.page, { tones: [AGENT_HZ], not: [COLLEAGUE_HZ] }),
    hears(agent.page, { tones: [CUSTOMER_HZ] }),
  ]);
});

test('asking first: the customer hears nothing of it; swap, then a conference, then the colleague stays', LIMIT, async t => {
  const { agent, customer, colleague } = await callAndColleague(t);
  await choose(agent, 'consult');
  await colleague.sees('offer', { 'data-kind': 'consult' });
  await colleague.accept();

  await t.test('the two agents hear each other, the customer silence', async () => {
    await Promise.all([
      hears(agent.page, { tones: [COLLEAGUE_HZ], not: [CUSTOMER_HZ] }),
      hears(colleague.page, { tones: [AGENT_HZ], not: [CUSTOMER_HZ] }),
      hearsNothing(customer.page),
    ]);
  });

  await t.test('swapped, the agent is with the customer and the colleague waits', async () => {
    await agent.click('consult-swap');
    await agent.sees('consult', { 'data-side': 'main' });
    await Promise.all([
      hears(agent.page, { tones: [CUSTOMER_HZ], not: [COLLEAGUE_HZ] }),
      hears(customer.page, { tones: [AGENT_HZ], not: [COLLEAGUE_HZ] }),
      hearsNothing(colleague.page),
    ]);
  });

  await t.test('a conference: everybody hears everybody', async () => {
    await agent.click('consult-conference');
    await Promise.all([
      hears(agent.page, { tones: [CUSTOMER_HZ, COLLEAGUE_HZ], not: [AGENT_HZ] }),
      hears(customer.page, { tones: [AGENT_HZ, COLLEAGUE_HZ], not: [CUSTOMER_HZ] }),
      hears(colleague.page, { tones: [AGENT_HZ, CUSTOMER_HZ], not: [COLLEAGUE_HZ] }),
    ]);
  });
});

test('asking first, then handing over', LIMIT, async t => {
  const { agent, customer, colleague } = await callAndColleague(t);
  await agent.click('call-hold');
  await choose(agent, 'consult');
  // With the customer on hold there would be silence until the colleague answers.
  await hearsRinging(agent.page);
  await colleague.accept();
  await playsNothing(agent.page);
  await hears(agent.page, { tones: [COLLEAGUE_HZ] });
  await agent.click('consult-complete');
  await Promise.all([
    hears(customer.page, { tones: [COLLEAGUE_HZ], not: [AGENT_HZ] }),
    hears(colleague.page, { tones: [CUSTOMER_HZ], not: [AGENT_HZ] }),
    hearsNothing(agent.page),
  ]);
  await agent.finishWrapUp();
});

test('a chat goes to a colleague with all that was written, and a parked one comes back', LIMIT, async t => {
  const { gateway, agent, customer } = await stage.chat(t);
  const colleague = stage.keep(t, await AgentDesk.open(third, gateway, { user: 'joon' }));
  await customer.write('my order is 4711');
  await agent.reads('4711');
  await choose(agent, 'transfer');
  await colleague.accept();
  await colleague.reads('4711');
  await colleague.write('I can see it');
  await customer.reads('I can see it');
  await agent.finishWrapUp();

  await colleague.click('conversation-park');
  await colleague.sees('conversation', { 'data-state': 'parked' });
  await colleague.click('conversation-pick-up');
  await colleague.sees('conversation', { 'data-state': 'active' });
  await colleague.write('here I am again');
  await customer.reads('here I am again');
});

test('an agent in a chat asks the customer to talk: yes, no, and taken back', LIMIT, async t => {
  const { agent, customer } = await stage.chat(t);
  const ask = async () => {
    await agent.click('ask-to-talk');
    await agent.sees('asking', { 'data-outcome': 'asking' });
    await customer.page.getByRole('group', { name: /would like to talk with you/ }).waitFor();
  };
  await ask();
  assert.deepEqual(await auditPage(customer.page), []);
  await agent.click('asking-take-back');
  await customer.seesNot('asked');

  await ask();
  await customer.click('asked-no');
  await agent.sees('asking', { 'data-outcome': 'rejected' });
  await customer.seesNot('asked');

  await ask();
  await customer.click('asked-yes');
  await Promise.all([
    hears(agent.page, { tones: [CUSTOMER_HZ], not: [AGENT_HZ] }),
    hears(customer.page, { tones: [AGENT_HZ], not: [CUSTOMER_HZ] }),
  ]);
  await agent.seesNot('asking');
  assert.equal(await agent.at('ask-to-talk').isVisible(), false);
});

test('a telephone number: refused in words, busy, asked first, in the conference, and given the customer', LIMIT, async t => {
  const { agent, customer } = await stage.call(t);
  const dial = async (number, way) => {
    await agent.click('hand-over-open');
    await agent.at('hand-over-number').fill(number);
    await agent.click(`hand-over-number-${way}`);
  };

  await t.test('what is no number, or is not allowed, is said where it is written', async () => {
    await dial('020 7946 0001', 'consult');
    assert.match(await agent.text('hand-over-number-wrong'), /no telephone number in full/);
    assert.equal(await agent.at('hand-over-number').getAttribute('aria-invalid'), 'true');
    assert.deepEqual(await auditPage(agent.page), []);
    await agent.at('hand-over-number').fill('+49 30 123456');
    await agent.click('hand-over-number-consult');
    await agent.page.getByText(/does not let this number be dialled/).waitFor();
    await agent.click('hand-over-close');
  });

  await t.test('one that rings is taken back, one that is busy says so, and the customer is where it was', async () => {
    await dial('+44 20 7946 0003', 'transfer');
    await agent.sees('party', { 'data-part': 'external' });
    assert.match(await agent.text('party'), /\+442079460003\s*Ringing/);
    await agent.click('consult-take-back');
    await agent.seesNot('party');
    await dial('+442079460002', 'invite');
    await agent.sees('came-not');
    assert.match(await agent.text('came-not'), /\+442079460002 is busy/);
    await hears(customer.page, { tones: [AGENT_HZ] });
  });

  await t.test('asked first: the customer hears nothing; then all together; then it is held alone', async () => {
    await dial('+442079460001', 'consult');
    await agent.sees('consult-complete');
    await hearsNothing(customer.page);
    await agent.click('consult-conference');
    await hears(customer.page, { tones: [AGENT_HZ] });
    await agent.click('party-hold');
    await agent.at('party-hold', { 'aria-pressed': 'true' }).waitFor();
    assert.match(await agent.text('party'), /On hold/);
    await agent.click('party-remove');
    await agent.seesNot('party');
  });

  await t.test('given the customer, the agent has its wrap-up; the number hangs up and all is over', async () => {
    await dial('+442079460005', 'transfer');
    await agent.sees('wrapup');
    await customer.page.getByText('You are being helped by telephone.').waitFor();
    await customer.sees('ended', { 'data-reason': 'externalLeft' });
    await agent.finishWrapUp();
  });
});
