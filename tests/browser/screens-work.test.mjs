// More pictures, of what agents and supervisors do with a conversation: handing over, telephone numbers, being set aside, orders. As in screens.test.mjs.
import { test } from 'node:test';
import { AgentDesk, CustomerPage, Wallboard } from '../lib/pages.mjs';
import { FEW_LOOKS, pictured } from '../lib/screens.mjs';
import { bothHeard, Stage } from '../lib/stage.mjs';

const stage = new Stage();

for (const [theme, language] of FEW_LOOKS) {
  test(`screens of work: ${theme}, ${language}`, { timeout: 300_000 }, async t => {
    const gateway = await stage.gateway(t);
    const { options, dress, shoot } = pictured(t, stage, theme, language);
    const names = language === 'ko' ? ['김하늘', '이도윤', '최서연'] : ['Ada Park', 'Grace Lee', 'Noor Haddad'];
    const open = async (user, more = {}) => dress(await AgentDesk.open(stage.left, gateway, { ...options, user, ...more }));
    const visitor = async name => dress(await CustomerPage.open(stage.right, gateway, { ...options, name }));
    const mina = await open('mina');
    const caller = await visitor(names[0]);
    await mina.ready();
    await caller.ask('call');
    await mina.accept();
    await bothHeard(mina, caller);

    // Two who leave an offer unanswered: the one is set away, the other paused. That takes a while, meanwhile the rest is done. All pages are there before
    // it rings, and Alex is free only once Joon's has begun: whose offer was over by then would come to Alex, and from another queue.
    const presence = (agent, availability) => agent.page.evaluate(value => globalThis.jackfield.session.presence.set(value), availability);
    const alex = await open('alex');
    await alex.ready();
    await presence(alex, 'away');
    const [second, third] = [await visitor(names[1]), await visitor(names[2])];
    const joon = await open('joon');
    await joon.ready();
    await second.ask('chat', { topic: 'support' });
    await joon.sees('offer');
    await presence(alex, 'available');
    await third.ask('chat', { topic: 'sales' });
    await alex.sees('offer');

    await t.test('handing over, and numbers', () => numbers(mina, shoot));
    const board = await dress(await Wallboard.open(stage.left, gateway, options));
    await board.voiceReady();
    await t.test('a supervisor in it', () => supervised(board, mina, shoot));
    await t.test('set aside', async () => {
      // First the one that passes by itself.
      await alex.sees('aside', { 'data-code': 'paused' }, 40_000);
      await shoot(alex, 'agent-paused');
      await joon.sees('aside', { 'data-code': 'away' }, 40_000);
      await shoot(joon, 'agent-away-unanswered');
    });
    await t.test('who waits, and why', async () => {
      await board.at('queue-row', { 'data-queue': 'support' }).locator('[data-testid=queue-waiting]').click();
      await board.click('why-open');
      await board.sees('why');
      await shoot(board, 'supervisor-waiting');
      await board.page.keyboard.press('Escape');
    });
    await t.test('orders', () => orders(board, joon, shoot));
    await t.test('given to a number', async () => {
      await mina.click('hand-over-open');
      await mina.at('hand-over-number').fill('+44 20 7946 0001');
      await mina.click('hand-over-number-transfer');
      await mina.sees('wrapup');
      await shoot(caller, 'customer-outside');
    });
  });
}

async function dial(agent, number, way) {
  await agent.click('hand-over-open');
  await agent.at('hand-over-number').fill(number);
  await agent.click(`hand-over-number-${way}`);
}

async function numbers(agent, shoot) {
  await agent.click('hand-over-open');
  await agent.sees('hand-over-agent');
  await shoot(agent, 'agent-hand-over');
  await agent.at('hand-over-number').fill('020 7946 0001');
  await agent.click('hand-over-number-consult');
  await agent.sees('hand-over-number-wrong');
  await shoot(agent, 'agent-hand-over-wrong');
  await agent.at('hand-over-number').fill('+44 20 7946 0003');
  await agent.click('hand-over-number-consult');
  await agent.sees('party', { 'data-part': 'external' });
  await shoot(agent, 'agent-dialing');
  await agent.click('consult-take-back');
  await agent.seesNot('party');
  await dial(agent, '+442079460002', 'invite');
  await agent.sees('came-not');
  await shoot(agent, 'agent-came-not');
  await dial(agent, '+442079460001', 'consult');
  await agent.sees('consult-complete');
  await shoot(agent, 'agent-consults-number');
  await agent.click('consult-conference');
  await agent.sees('party-hold');
  await shoot(agent, 'agent-conference');
}

async function supervised(board, agent, shoot) {
  await board.at('agent-conversation').first().click();
  await board.click('monitor-whisper');
  await board.sees('monitor', { 'data-mode': 'whisper' });
  await board.sees('party', { 'data-part': 'external' });
  await shoot(board, 'supervisor-monitor');
  await shoot(agent, 'agent-whispered');
  await board.at('party', { 'data-part': 'external' }).locator('[data-testid=party-remove]').click();
  await board.sees('take-out');
  await shoot(board, 'supervisor-take-out');
  await board.click('take-out-save');
  await agent.seesNot('party', { 'data-part': 'external' });
  await board.click('monitor-stop');
  await board.seesNot('monitor');
  await board.at('agent-conversation').first().click();
  await board.click('monitor-reassign');
  await board.sees('reassign-agent');
  await shoot(board, 'supervisor-reassign');
  await board.page.keyboard.press('Escape');
}

async function orders(board, joon, shoot) {
  const row = board.at('agent-row', { 'data-user': 'joon' });
  await row.locator('[data-testid=agent-menu]').click();
  await row.locator('[data-testid=agent-set-busy]').click();
  await joon.sees('ordered', { 'data-code': 'setPresence' });
  await shoot(joon, 'agent-ordered');
  await row.locator('[data-testid=agent-menu]').click();
  await row.locator('[data-testid=agent-sign-out]').click();
  await board.sees('sign-out-agent');
  await shoot(board, 'supervisor-sign-out');
  await board.click('sign-out-agent-save');
  await joon.sees('connection-banner');
  await shoot(joon, 'agent-signed-out');
}
