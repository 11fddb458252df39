// Calls: who hears whom, and when.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hears, hearsNothing } from '../lib/ear.mjs';
import { until } from '../lib/pages.mjs';
import { AGENT_HZ, bothHeard, CUSTOMER_HZ, Stage } from '../lib/stage.mjs';

const stage = new Stage();
const LIMIT = { timeout: 120_000 };

test('a call: each end hears the other and not itself', LIMIT, async t => {
  const { agent, customer } = await stage.call(t);
  await agent.sees('call-bar', { 'data-held': 'false', 'data-muted': 'false' });
  await agent.sees('presence-menu', { 'data-activity': 'inACall' });
  await customer.sees('call-timer');

  await t.test('mute: silence at the other end only', async () => {
    await customer.click('call-mute');
    await customer.sees('call-bar', { 'data-muted': 'true' });
    await hearsNothing(agent.page);
    await hears(customer.page, { tones: [AGENT_HZ] });
    await customer.click('call-mute');
    await bothHeard(agent, customer);
    await agent.click('call-mute');
    await hearsNothing(customer.page);
    await hears(agent.page, { tones: [CUSTOMER_HZ] });
    await agent.click('call-mute');
    await bothHeard(agent, customer);
  });

  await t.test('hold: silence both ways, until it is taken back', async () => {
    await agent.click('call-hold');
    await customer.sees('call-held');
    await agent.sees('call-bar', { 'data-held': 'true' });
    await Promise.all([hearsNothing(agent.page), hearsNothing(customer.page)]);
    await agent.click('call-hold');
    await customer.seesNot('call-held');
    await bothHeard(agent, customer);
  });
});

test('the agent hangs up: wrap-up with a disposition, then the next call', LIMIT, async t => {
  const { agent, customer } = await stage.call(t);
  await agent.click('call-hangup');
  await customer.sees('ended', { 'data-reason': 'agentLeft' });
  await agent.sees('presence-menu', { 'data-activity': 'wrapUp' });
  await agent.finishWrapUp();
  await agent.sees('presence-menu', { 'data-activity': 'available' });
  await hearsNothing(agent.page);
  await customer.click('start-again');
  await customer.ask('call');
  await agent.accept();
  await bothHeard(agent, customer);
});

test('the customer hangs up: wrap-up, and no microphone stays open', LIMIT, async t => {
  const { agent, customer } = await stage.call(t);
  await customer.click('call-hangup');
  await customer.sees('ended', { 'data-reason': 'customerLeft' });
  await agent.finishWrapUp();
  await hearsNothing(agent.page);
  for (const page of [agent.page, customer.page]) {
    const microphone = await page.evaluate(() => globalThis.jackfield?.session?.voice.microphone?.active ?? false);
    assert.equal(microphone, false);
  }
});

test('a chat becomes a call in the same conversation, and a chat again', LIMIT, async t => {
  const { agent, customer } = await stage.chat(t);
  const conversation = await agent.at('conversation').getAttribute('data-conversation');
  await customer.write('easier to say than to write');
  await agent.reads('easier to say');
  await customer.click('escalate');
  await customer.sees('escalation-state', { 'data-outcome': 'asking' });
  await agent.sees('offer', { 'data-kind': 'escalation', 'data-conversation': conversation });
  await agent.accept();
  await bothHeard(agent, customer);
  assert.equal(await agent.at('conversation').getAttribute('data-conversation'), conversation);
  await agent.write('and still written');
  await customer.reads('and still written');
  await agent.click('call-hangup');
  await customer.seesNot('call-bar');
  await hearsNothing(customer.page);
  await customer.write('back to writing');
  await agent.reads('back to writing');
});

test('an escalation that is declined leaves the chat as it was', LIMIT, async t => {
  const { agent, customer } = await stage.chat(t);
  await customer.click('escalate');
  await agent.click('offer-decline');
  await customer.sees('escalation-state', { 'data-outcome': 'rejected' });
  await customer.write('then we write');
  await agent.reads('then we write');
});

test('what is sent is the microphone itself: muted it is silent here already, and closed nothing stays open', LIMIT, async t => {
  const { agent, customer } = await stage.call(t);
  const sent = page => page.evaluate(() => globalThis.jackfieldSent.map(({ enabled, readyState }) => `${readyState} ${enabled}`));
  await customer.click('call-mute');
  await customer.sees('call-bar', { 'data-muted': 'true' });
  assert.deepEqual(new Set(await sent(customer.page)), new Set(['live false']));
  await customer.click('call-hangup');
  await customer.sees('ended');
  await agent.sees('wrapup');
  for (const { page } of [agent, customer]) {
    await until('every track ends', () => sent(page), tracks => tracks.length > 0 && tracks.every(track => track.startsWith('ended')));
  }
});

test('a microphone is opened for call after call', LIMIT, async t => {
  const gateway = await stage.gateway(t);
  const customer = await stage.customer(t, gateway);
  await customer.ask('call');
  await customer.sees('waiting');
  // A browser has 16 microphone streams to give: one left open by each call would be felt at the seventeenth.
  const calls = await customer.page.evaluate(async () => {
    const { session } = globalThis.jackfield;
    await session.conversations[0].end();
    let done = 0;
    for (; done < 20; done += 1) {
      const conversation = await session.start({ queueId: 'support', channel: 'voice' });
      await conversation.end();
    }
    return done;
  });
  assert.equal(calls, 20);
});
