// Calls that the house makes: customers called back who do not wait on the line, and customers called by an agent who looks first.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditPage } from '../lib/audit.mjs';
import { hearsNothing } from '../lib/ear.mjs';
import { bothHeard, Stage } from '../lib/stage.mjs';

const stage = new Stage();
const LIMIT = { timeout: 120_000 };

/** A customer who has asked to be called back. */
async function askedFor(t) {
  const gateway = await stage.gateway(t);
  const customer = await stage.customer(t, gateway);
  await customer.ask('call');
  await customer.click('callback-ask');
  await customer.sees('callback');
  return { gateway, customer };
}

test('called back: the place is kept over a reload, it rings in the page, and both are heard', LIMIT, async t => {
  const { gateway, customer } = await askedFor(t);
  assert.match(await customer.text('callback-line'), /You are next/);
  assert.deepEqual(await auditPage(customer.page), []);
  await customer.reload();
  await customer.sees('callback');
  const agent = await stage.agent(t, gateway);
  await agent.sees('offer', { 'data-kind': 'callback' });
  assert.match(await agent.text('offer-reason'), /Asked to be called back/);
  await agent.accept();
  await agent.sees('asking', { 'data-outcome': 'calling' });
  await customer.sees('asked', { 'data-kind': 'callback' });
  await customer.page.getByRole('group', { name: /김민아 Mina calls you back/ }).waitFor();
  assert.deepEqual(await auditPage(customer.page), []);
  assert.deepEqual(await auditPage(agent.page), []);
  await customer.click('asked-yes');
  await bothHeard(agent, customer);
  await agent.seesNot('asking');
});

test('who does not answer is told when it is tried again, and so is the agent; then it waits on the line', LIMIT, async t => {
  const { gateway, customer } = await askedFor(t);
  const agent = await stage.agent(t, gateway);
  await agent.accept();
  await customer.sees('asked', { 'data-kind': 'callback' });
  await agent.click('asking-take-back');
  await agent.sees('unreached');
  assert.match(await agent.text('unreached'), /Ada did not answer, and is called back later/);
  await agent.sees('conversation-empty');
  await customer.seesNot('asked');
  assert.match(await customer.text('callback-line'), /You did not answer our call\. We try again at/);
  await customer.click('callback-stay');
  await agent.sees('offer', { 'data-kind': 'conversation' });
  await agent.accept();
  await bothHeard(agent, customer);
});

test('at another time, and no longer', LIMIT, async t => {
  const { gateway, customer } = await askedFor(t);
  await customer.at('callback-when').selectOption({ label: 'In 30 minutes' });
  await customer.page.getByText(/^Not before \d/).waitFor();
  const agent = await stage.agent(t, gateway);
  await agent.ready();
  assert.equal(await agent.at('offer').count(), 0);
  await customer.click('callback-cancel');
  await customer.sees('ended');
  await hearsNothing(customer.page);
});
