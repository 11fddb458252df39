// A day's work without a mouse: an agent takes a call, holds it, hands it over and wraps up; a supervisor whispers. Only keys are pressed, on what has the focus.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until, Wallboard } from '../lib/pages.mjs';
import { Stage } from '../lib/stage.mjs';

const stage = new Stage();

/** Goes on by Tab until an element has the focus, which must be to be seen there. */
async function tabTo(page, testid, key = 'Tab') {
  for (let steps = 0; steps < 60; steps += 1) {
    const at = await page.page.evaluate(() => {
      const focused = document.activeElement;
      const shown = focused && getComputedStyle(focused);
      return { id: focused?.closest('[data-testid]')?.dataset.testid, visible: shown && (shown.outlineStyle !== 'none' || shown.boxShadow !== 'none' || focused.matches(':focus-visible')) };
    });
    if (at.id === testid) return assert.ok(at.visible, `${testid} has the focus, and nobody sees it`);
    await page.page.keyboard.press(key);
  }
  throw new Error(`${testid} is not reached by ${key}`);
}

test('keys alone: taken, held, handed over, wrapped up; and a supervisor whispers', { timeout: 240_000 }, async t => {
  const gateway = await stage.gateway(t);
  const agent = await stage.agent(t, gateway);
  const joon = await stage.agent(t, gateway, { user: 'joon', available: false });
  const customer = await stage.customer(t, gateway);
  await customer.ask('call');
  await agent.sees('offer');
  const said = await agent.page.getByRole('alert').allTextContents();
  assert.ok(said.some(text => /Incoming call.*Ada.*Support/.test(text)), `a screen reader is told of the offer: ${said}`);
  const keys = agent.page.keyboard;
  await keys.press('Alt+a');
  await agent.sees('call-bar');
  await keys.press('Alt+h');
  await agent.sees('call-bar', { 'data-held': 'true' });
  await keys.press('Alt+h');
  await agent.sees('call-bar', { 'data-held': 'false' });

  const board = stage.keep(t, await Wallboard.open(stage.left, gateway));
  await board.voiceReady();
  await board.sees('agent-conversation');
  await tabTo(board, 'agent-conversation');
  await board.page.keyboard.press('Enter');
  await board.sees('monitor-whisper');
  await tabTo(board, 'monitor-whisper', 'ArrowDown');
  await board.page.keyboard.press('Enter');
  await board.sees('monitor', { 'data-mode': 'whisper' });
  await tabTo(board, 'monitor-stop');
  await board.page.keyboard.press('Enter');
  await board.seesNot('monitor');

  await joon.setPresence('available');
  await tabTo(agent, 'hand-over-open');
  await keys.press('Enter');
  await agent.sees('hand-over-agent');
  await keys.type('Joon');
  await until('one', () => agent.at('hand-over-agent').count(), count => count === 1);
  await tabTo(agent, 'hand-over-agent-transfer');
  await keys.press('Enter');
  await joon.sees('offer');
  await joon.page.keyboard.press('Alt+a');
  await agent.sees('wrapup');
  await tabTo(agent, 'wrapup-disposition');
  await keys.press('Space');
  await tabTo(agent, 'wrapup-finish');
  await keys.press('Enter');
  await agent.seesNot('wrapup');
  assert.ok(await agent.page.evaluate(() => document.activeElement !== document.body), 'the focus is not lost');
});
