// Reloads, lost gateways and tokens: what was there is there again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hears } from '../lib/ear.mjs';
import { until } from '../lib/pages.mjs';
import { AGENT_HZ, bothHeard, Stage } from '../lib/stage.mjs';

const stage = new Stage();
const LIMIT = { timeout: 180_000 };
/** What the browser itself writes when a gateway is down. */
const DOWN = [/WebSocket connection to .* failed/, /ERR_CONNECTION_REFUSED/, /Failed to load resource/];

test('the agent reloads in mid-call: audio, timer, conversation and chat are back', LIMIT, async t => {
  const { agent, customer } = await stage.call(t);
  await agent.write('before the reload');
  await customer.reads('before the reload');
  const before = await agent.state(() => globalThis.jackfield.session.conversations[0].state);
  await agent.reload();
  const after = await until('the conversation', () => agent.state(() => globalThis.jackfield.session.conversations[0]?.state));
  assert.equal(after.conversationId, before.conversationId);
  const since = state => state.participants.find(p => p.role === 'agent').voice.since;
  assert.equal(since(after), since(before));
  await agent.sees('call-bar');
  await bothHeard(agent, customer);
  await agent.reads('before the reload');
  await agent.write('after the reload');
  await customer.reads('after the reload');
  await agent.click('call-hangup');
  await customer.sees('ended');
});

test('a call that is held and muted is so after a reload', LIMIT, async t => {
  const { agent, customer } = await stage.call(t);
  await customer.click('call-mute');
  await agent.click('call-hold');
  await customer.sees('call-held');
  await agent.reload();
  await agent.sees('call-bar', { 'data-held': 'true' });
  await agent.click('call-hold');
  await hears(customer.page, { tones: [AGENT_HZ] });
  await customer.sees('call-bar', { 'data-muted': 'true' });
});

test('the customer reloads in mid-call', LIMIT, async t => {
  const { agent, customer } = await stage.call(t);
  await customer.reload();
  await customer.isServed();
  await bothHeard(agent, customer);
});

test('the agent reloads in wrap-up', LIMIT, async t => {
  const { agent, customer } = await stage.chat(t);
  await customer.click('end-conversation');
  await agent.sees('wrapup');
  await agent.reload();
  await agent.finishWrapUp();
});

test('kill -9 of the gateway in mid-call: conversation, chat and audio are whole', LIMIT, async t => {
  const { gateway, agent, customer } = await stage.call(t, { expected: DOWN });
  await agent.write('one');
  await customer.write('two');
  await Promise.all([agent.reads('two'), customer.reads('one', { 'data-own': 'false' })]);
  await gateway.kill();
  await Promise.all([agent.sees('connection-banner'), customer.sees('connection-banner')]);
  assert.notEqual(await agent.text('connection-banner'), '');
  await agent.write('written while it was down');
  await customer.write('so was this');
  await gateway.start();
  await Promise.all([agent.ready(), customer.ready()]);
  await agent.reads('so was this');
  await customer.reads('written while it was down');
  await Promise.all([agent, customer].map(page => page.seesNot('connection-banner')));
  await bothHeard(agent, customer, 40_000);
  const [left, right] = await Promise.all([agent.chatTexts(), customer.chatTexts()]);
  assert.deepEqual(left, right);
  assert.deepEqual([...left].sort(), ['one', 'so was this', 'two', 'written while it was down']);
  await agent.click('call-hangup');
  await customer.sees('ended');
  await agent.finishWrapUp();
});

test('a gateway that ends in order says so, and the pages come back to it', LIMIT, async t => {
  const { gateway, agent, customer } = await stage.chat(t, { expected: DOWN });
  assert.equal(await gateway.terminate(), 0);
  await agent.sees('connection-banner');
  await gateway.start();
  await Promise.all([agent.ready(), customer.ready()]);
  await customer.write('still here');
  await agent.reads('still here');
});

test('a gateway that hangs is noticed, and so is its return', LIMIT, async t => {
  const { gateway, agent, customer } = await stage.chat(t, { expected: DOWN });
  gateway.signal('SIGSTOP');
  t.after(() => gateway.signal('SIGCONT'));
  await agent.sees('connection-state', { 'data-state': 'reconnecting' }, 60_000);
  await customer.write('are you there?');
  gateway.signal('SIGCONT');
  await Promise.all([agent.ready(), customer.ready()]);
  await agent.reads('are you there?');
  assert.deepEqual(await agent.chatTexts(), ['are you there?']);
});

test('an agent who is gone too long: the customer is offered to the next', { timeout: 240_000 }, async t => {
  const { agent, customer, gateway } = await stage.chat(t);
  await customer.write('do not lose me');
  await agent.reads('do not lose me');
  await agent.page.goto('about:blank');
  const joon = await stage.agent(t, gateway, { user: 'joon' });
  await joon.sees('offer', {}, 150_000);
  await joon.accept();
  await joon.reads('do not lose me');
  await customer.isServed();
});
