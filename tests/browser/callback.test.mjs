// Calls that the house makes: customers called back who do not wait on the line, and customers called by an agent who looks first.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditPage } from '../lib/audit.mjs';
import { hearsNothing, hearsRinging, loudestRinging, playsNothing } from '../lib/ear.mjs';
import { Wallboard } from '../lib/pages.mjs';
import { bothHeard, Stage } from '../lib/stage.mjs';

const stage = new Stage();
const LIMIT = { timeout: 120_000 };

/** A customer who has asked to be called back. */
async function askedFor(t) {
  const gateway = await stage.gateway(t);
  const customer = await stage.customer(t, gateway);
  await customer.ask('call');
  await customer.at('callback-ask').focus();
  await customer.page.keyboard.press('Enter');
  await customer.sees('callback');
  assert.equal(await customer.page.evaluate(() => document.activeElement.className), 'talk', 'the focus stays where the button was');
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
  // The agent hears that it rings; the customer hears its own ringing, and nothing of this.
  const [, atCustomer] = await Promise.all([hearsRinging(agent.page), loudestRinging(customer.page)]);
  assert.ok(atCustomer < 0.004, `${atCustomer} at the customer`);
  assert.deepEqual(await auditPage(customer.page), []);
  assert.deepEqual(await auditPage(agent.page), []);
  await customer.click('asked-yes');
  await bothHeard(agent, customer);
  await agent.seesNot('asking');
  await playsNothing(agent.page);
});

test('who does not answer is told when it is tried again, and so is the agent; then it waits on the line', LIMIT, async t => {
  const { gateway, customer } = await askedFor(t);
  const agent = await stage.agent(t, gateway);
  await agent.accept();
  await customer.sees('asked', { 'data-kind': 'callback' });
  await agent.click('call-hangup');
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

/** Opens the dialog of an agent, fills it in and goes on. */
async function callOut(agent, { whom, number, name, preview = true }) {
  await agent.click('call-out-open');
  await agent.sees('call-out');
  await agent.at('call-out-whom').selectOption({ label: whom });
  if (number) await agent.at('call-out-number').fill(number);
  if (name) await agent.at('call-out-name').fill(name);
  await agent.at('call-out-queue').selectOption('support');
  await agent.at('call-out-preview').setChecked(preview);
  assert.deepEqual(await auditPage(agent.page), []);
  await agent.click('call-out-save');
}

test('an agent calls a customer after a look: nobody is called before, then it rings in the page, and both are heard', LIMIT, async t => {
  const { gateway, agent, customer } = await stage.chat(t);
  await customer.click('end-conversation');
  await customer.sees('ended');
  await agent.finishWrapUp();
  const board = stage.keep(t, await Wallboard.open(stage.left, gateway));
  const stands = stage => board.at('agent-row', { 'data-user': 'mina', 'data-stage': stage }).locator('[data-testid="agent-state"]');
  await callOut(agent, { whom: 'Ada' });
  await agent.sees('preview');
  await stands('preview').getByText('In preview').waitFor();
  assert.match(await agent.text('preview-whom'), /^Ada$/);
  await agent.sees('past');
  assert.deepEqual(await auditPage(agent.page), []);
  assert.equal(await customer.at('asked').count(), 0);
  await agent.click('preview-dial');
  await stands('calling').getByText('Calling').waitFor();
  await customer.sees('asked', { 'data-kind': 'outbound' });
  await customer.page.getByRole('group', { name: 'Support is calling you' }).waitFor();
  assert.deepEqual(await auditPage(customer.page), []);
  await customer.click('asked-yes');
  await bothHeard(agent, customer);
  await board.at('agent-row', { 'data-user': 'mina' }).getByText('In a call').waitFor();
});

test('an agent skips a call, and calls a number that answers and one that is busy', LIMIT, async t => {
  const gateway = await stage.gateway(t);
  const agent = await stage.agent(t, gateway);
  await callOut(agent, { whom: 'A telephone number', number: '+44 20 7946 0001', name: 'Kim' });
  await agent.sees('preview');
  assert.match(await agent.text('preview'), /Kim.*\+442079460001/);
  await agent.click('preview-skip');
  await agent.sees('conversation-empty');

  await callOut(agent, { whom: 'A telephone number', number: '+442079460001', name: 'Kim', preview: false });
  await agent.sees('call-bar');
  await agent.sees('call-hold');
  await agent.click('call-hangup');
  await agent.finishWrapUp();

  await callOut(agent, { whom: 'A telephone number', number: '+442079460002', preview: false });
  await agent.sees('unreached');
  assert.match(await agent.text('unreached'), /\+442079460002 was not reached/);
  await agent.sees('wrapup');
  assert.match(await agent.text('wrapup'), /The customer did not answer/);
});

test('who supervises has a customer called: on the list, off it, and by an agent who looks first', LIMIT, async t => {
  const gateway = await stage.gateway(t);
  const board = stage.keep(t, await Wallboard.open(stage.left, gateway));
  await board.at('queue-row', { 'data-queue': 'support' }).locator('[data-testid="queue-waiting"]').click();
  await board.sees('waiting-dialog');
  const list = async name => {
    await board.click('to-call-open');
    await board.at('call-out-number').fill('+44 20 7946 0001');
    await board.at('call-out-name').fill(name);
    assert.deepEqual(await auditPage(board.page), []);
    await board.click('to-call-save');
    await board.at('waiting-row').getByText(name, { exact: true }).waitFor();
  };
  await list('Kim');
  assert.match(await board.text('waiting-row'), /to be called · number 1 on the list/);
  assert.deepEqual(await auditPage(board.page), []);
  await board.click('waiting-off');
  await board.page.getByText('Nobody is waiting.').waitFor();

  await list('Lee');
  const agent = await stage.agent(t, gateway);
  await agent.ready();
  await agent.sees('offer', { 'data-kind': 'preview' });
  assert.match(await agent.text('offer'), /Call to make.*Lee/s);
  assert.match(await agent.text('offer-reason'), /To be called: you look first.*On the list of Support/s);
  assert.deepEqual(await auditPage(agent.page), []);
  await agent.accept();
  await agent.sees('preview');
  assert.match(await agent.text('preview'), /Lee.*\+442079460001/);
  await board.page.getByText('Nobody is waiting.').waitFor();
  await agent.click('preview-dial');
  await agent.sees('call-hold');
});
