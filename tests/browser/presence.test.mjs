// Presence as the agent chooses it: a reason, a break after the work in hand, for a time, and a message to colleagues.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditPage } from '../lib/audit.mjs';
import { until } from '../lib/pages.mjs';
import { Stage } from '../lib/stage.mjs';

const stage = new Stage();
const LIMIT = { timeout: 120_000 };

test('a reason is chosen from the menu with keys alone, and shown with its end', LIMIT, async t => {
  const gateway = await stage.gateway(t);
  const agent = await stage.agent(t, gateway);
  await agent.at('presence-menu').first().focus();
  await agent.page.keyboard.press('Enter');
  // What is not shown yet can't be focused.
  await agent.sees('presence-reason-lunch');
  await agent.at('presence-reason-lunch').first().focus();
  await agent.page.keyboard.press('Enter');
  await agent.sees('presence-menu', { 'data-availability': 'away', 'data-reason': 'lunch' });
  assert.match(await agent.text('presence-menu'), /Lunch/);
  assert.match(await agent.text('presence-also'), /until/);
  assert.match(await agent.at('presence-menu').first().getAttribute('aria-label'), /Lunch, until/);
  await agent.setPresence('available');
  assert.equal(await agent.text('presence-also'), '');
});

test('a break after the work in hand: nothing new comes, and it begins when all is done', LIMIT, async t => {
  const { agent, customer } = await stage.chat(t);
  await agent.click('presence-menu');
  await agent.click('presence-after-work');
  await agent.page.keyboard.press('Escape');
  await agent.click('presence-menu');
  await agent.click('presence-reason-break');
  await until('what comes next is shown', () => agent.text('presence-also'), text => /then Break/.test(text));
  await agent.sees('presence-menu', { 'data-availability': 'available' });
  await customer.click('end-conversation');
  await agent.finishWrapUp();
  await agent.sees('presence-menu', { 'data-availability': 'beRightBack', 'data-reason': 'break' });
});

test('for a time and with a message, in a dialog that takes and gives back the focus', LIMIT, async t => {
  const gateway = await stage.gateway(t);
  const agent = await stage.agent(t, gateway);
  await agent.click('presence-menu');
  await agent.click('presence-more');
  await agent.sees('presence-dialog');
  assert.deepEqual(await auditPage(agent.page), []);
  await agent.at('presence-state').selectOption('doNotDisturb');
  await agent.at('presence-time').selectOption({ label: '30 minutes' });
  await agent.click('presence-set');
  await agent.seesNot('presence-dialog');
  await agent.sees('presence-menu', { 'data-availability': 'doNotDisturb' });
  assert.match(await agent.text('presence-also'), /until/);
  await agent.click('presence-menu');
  await agent.click('presence-more');
  await agent.at('presence-status').fill('Back at two');
  await agent.click('presence-status-save');
  await agent.seesNot('presence-dialog');
  await until('the message is there', () => agent.at('presence-menu').first().getAttribute('title'), title => title === 'Back at two');
  await agent.click('presence-menu');
  await agent.click('presence-more');
  await agent.page.keyboard.press('Escape');
  await agent.seesNot('presence-dialog');
});
