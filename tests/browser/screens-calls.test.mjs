// More pictures, of calls that the house makes. As in screens.test.mjs.
import { test } from 'node:test';
import { AgentDesk, CustomerPage, Wallboard } from '../lib/pages.mjs';
import { LOOKS, pictured } from '../lib/screens.mjs';
import { Stage } from '../lib/stage.mjs';

const stage = new Stage();

for (const [theme, language] of LOOKS) {
  test(`screens of calls: ${theme}, ${language}`, { timeout: 240_000 }, async t => {
    const gateway = await stage.gateway(t);
    const { options, dress, shoot } = pictured(t, stage, theme, language);
    const customer = await dress(await CustomerPage.open(stage.right, gateway, { ...options, name: language === 'ko' ? '김하늘' : 'Ada Park' }));
    await customer.ask('call');
    await customer.sees('callback-ask');
    await shoot(customer, 'customer-waiting-call');
    await customer.click('callback-ask');
    await customer.sees('callback');
    await shoot(customer, 'customer-callback');
    const board = await dress(await Wallboard.open(stage.left, gateway, options));
    await board.at('queue-row', { 'data-queue': 'support' }).locator('[data-testid=queue-waiting]').click();
    await board.click('why-open');
    await board.sees('why');
    await shoot(board, 'supervisor-callback');
    const mina = await dress(await AgentDesk.open(stage.left, gateway, { ...options, user: 'mina' }));
    await mina.sees('offer', { 'data-kind': 'callback' });
    await shoot(mina, 'agent-offer-callback');
    await mina.accept();
    await customer.sees('asked', { 'data-kind': 'callback' });
    await shoot(customer, 'customer-called-back');
    await shoot(mina, 'agent-calling');
    await mina.click('call-hangup');
    await mina.sees('unreached');
    await shoot(mina, 'agent-unreached');
    await customer.sees('callback');
    await shoot(customer, 'customer-callback-again');
    await customer.click('callback-cancel');
    await customer.sees('ended');

    await mina.click('call-out-open');
    await mina.sees('call-out');
    await shoot(mina, 'agent-call-out');
    await mina.at('call-out-queue').selectOption('support');
    await mina.click('call-out-save');
    await mina.sees('preview');
    await shoot(mina, 'agent-preview');
    await mina.click('preview-dial');
    await customer.sees('asked', { 'data-kind': 'outbound' });
    await shoot(customer, 'customer-called');
    await shoot(mina, 'agent-calls-customer');
    await customer.click('asked-no');
    await mina.sees('wrapup');
    await shoot(mina, 'agent-unreached-wrapup');
  });
}
