// Offers: taken, declined, run out, withdrawn; with the mouse and with keys alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditPage } from '../lib/audit.mjs';
import { hears } from '../lib/ear.mjs';
import { Wallboard } from '../lib/pages.mjs';
import { CUSTOMER_HZ, Stage } from '../lib/stage.mjs';

const stage = new Stage();
const LIMIT = { timeout: 120_000 };

test('an offer says who, where, what about and why', LIMIT, async t => {
  const gateway = await stage.gateway(t);
  const agent = await stage.agent(t, gateway);
  const customer = await stage.customer(t, gateway, { name: 'Grace' });
  await customer.ask('chat', { subject: 'a parcel' });
  await agent.sees('offer', { 'data-channel': 'chat', 'data-kind': 'conversation' });
  assert.match(await agent.text('offer-customer'), /Grace/);
  assert.match(await agent.text('offer-subject'), /a parcel/);
  assert.match(await agent.text('offer-queue'), /support/i);
  const why = agent.page.getByRole('list', { name: 'Why this comes to you' }).getByRole('listitem');
  const [waited, order, skills] = await why.allTextContents();
  assert.match(waited, /^Waited \d+s in Support$/);
  assert.equal(order, 'You are the only one who is free and fits');
  assert.equal(skills, 'Asked for: support 5+');
  await customer.sees('waiting');
});

test('picked among several: by which order; sent by a colleague: by whom', LIMIT, async t => {
  const gateway = await stage.gateway(t);
  const mina = await stage.agent(t, gateway);
  const joon = await stage.agent(t, gateway, { user: 'joon' });
  const customer = await stage.customer(t, gateway);
  await customer.ask('chat');
  await mina.sees('offer');
  assert.match(await mina.text('offer-reason'), /Longest idle of 2 agents who fit/);
  await mina.accept();
  await mina.click('hand-over-open');
  await mina.at('hand-over-agent', { 'data-target': 'joon' }).locator('[data-testid="hand-over-agent-transfer"]').click();
  await joon.sees('offer', { 'data-kind': 'transfer' });
  assert.match(await joon.text('offer-reason'), /^Sent by 김민아 Mina$/);
});

test('declined by one agent, offered to the next', LIMIT, async t => {
  const gateway = await stage.gateway(t);
  const mina = await stage.agent(t, gateway);
  const customer = await stage.customer(t, gateway);
  await customer.ask('chat');
  await mina.sees('offer');
  const joon = await stage.agent(t, gateway, { user: 'joon' });
  await mina.click('offer-decline');
  await mina.seesNot('offer');
  await joon.accept();
  await customer.isServed();
  assert.match(await customer.text('agent-name'), /\S/);
});

test('nobody answers: the agent is set away and the customer keeps the place', LIMIT, async t => {
  const gateway = await stage.gateway(t);
  const agent = await stage.agent(t, gateway);
  const customer = await stage.customer(t, gateway);
  await customer.ask('chat');
  await agent.sees('offer');
  await agent.at('offer').first().waitFor({ state: 'hidden', timeout: 60_000 });
  await agent.sees('presence-menu', { 'data-availability': 'away' });
  await customer.sees('waiting');
  assert.match(await agent.text('aside', { 'data-code': 'away' }), /You did not answer Ada, so you were set to Away/);
  await agent.reload();
  await agent.sees('aside', { 'data-code': 'away' });
  await agent.click('aside-back');
  await agent.seesNot('aside');
  await agent.accept();
  await customer.isServed();
});

test('nobody answers at Sales: the agent is offered nothing for a while, is told so, and comes back before that', LIMIT, async t => {
  const gateway = await stage.gateway(t);
  const alex = await stage.agent(t, gateway, { user: 'alex' });
  const customer = await stage.customer(t, gateway);
  await customer.ask('chat', { topic: 'sales' });
  await alex.sees('offer');
  await alex.sees('aside', { 'data-code': 'paused' }, 60_000);
  assert.match(await alex.text('aside'), /You did not answer Ada.*Offers come again in \d+:\d\d/);
  assert.equal(await alex.at('presence-menu').first().getAttribute('data-availability'), 'available');
  assert.match(await alex.text('conversation-empty'), /Offers are paused/);
  const board = stage.keep(t, await Wallboard.open(stage.left, gateway));
  await board.at('agent-row', { 'data-user': 'alex' }).getByText('Offers paused').waitFor();
  assert.deepEqual(await auditPage(alex.page), []);
  await alex.click('aside-back');
  await alex.seesNot('aside');
  await alex.accept();
  await customer.isServed();
});

test('the customer gives up: the offer goes', LIMIT, async t => {
  const gateway = await stage.gateway(t);
  const agent = await stage.agent(t, gateway);
  const customer = await stage.customer(t, gateway);
  await customer.ask('chat');
  await agent.sees('offer');
  await customer.click('leave-queue');
  await agent.seesNot('offer');
  await agent.sees('offer-gone');
  assert.match(await agent.text('offer-gone'), /Ada ended: the customer left/);
  assert.deepEqual(await auditPage(agent.page), []);
  await agent.click('offer-gone-dismiss');
  await agent.seesNot('offer-gone');
});

test('Sales rings at two desks at once: the first who answers has it, the other is told', LIMIT, async t => {
  const gateway = await stage.gateway(t);
  const alex = await stage.agent(t, gateway, { user: 'alex' });
  const joon = await stage.agent(t, gateway, { user: 'joon' });
  const customer = await stage.customer(t, gateway);
  await customer.ask('chat', { topic: 'sales' });
  await Promise.all([alex.sees('offer'), joon.sees('offer')]);
  await joon.accept();
  await alex.seesNot('offer');
  await alex.sees('offer-gone');
  assert.match(await alex.text('offer-gone'), /a colleague took it/);
  await customer.isServed();
});

test('keys alone: a call is taken, held, and ended', LIMIT, async t => {
  const gateway = await stage.gateway(t);
  const agent = await stage.agent(t, gateway);
  const customer = await stage.customer(t, gateway);
  await customer.ask('call');
  await agent.sees('offer');
  await agent.page.keyboard.press('Alt+a');
  await agent.sees('call-bar');
  await hears(agent.page, { tones: [CUSTOMER_HZ] });
  await agent.at('call-hangup').focus();
  await agent.page.keyboard.press('Enter');
  await agent.sees('wrapup');
});

test('keys alone: an offer is declined', LIMIT, async t => {
  const gateway = await stage.gateway(t);
  const agent = await stage.agent(t, gateway);
  const customer = await stage.customer(t, gateway);
  await customer.ask('chat');
  await agent.sees('offer');
  await agent.page.keyboard.press('Alt+d');
  await agent.seesNot('offer');
  await customer.sees('waiting');
});
