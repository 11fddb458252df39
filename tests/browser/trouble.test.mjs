// What goes wrong around a session: each has its code, and a sentence a person can act on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser } from '../lib/browser.mjs';
import { hearsNothing } from '../lib/ear.mjs';
import { AgentDesk, CustomerPage, until } from '../lib/pages.mjs';
import { bothHeard, Stage } from '../lib/stage.mjs';

const stage = new Stage();
const LIMIT = { timeout: 120_000 };
const REFUSED = [/WebSocket connection to .* failed/, /Failed to load resource/, /ERR_CONNECTION_REFUSED/];
let refused;
let none;

before(async () => {
  [refused, none] = await Promise.all([Browser.launch({ microphone: 'refused' }), Browser.launch({ microphone: 'none' })]);
});
after(() => Promise.all([refused?.close(), none?.close()]));

for (const [what, browser, code] of [
  ['a refused microphone', () => refused, 'microphoneRefused'],
  ['a missing microphone', () => none, 'microphoneMissing'],
]) {
  test(`${what} at the customer's: told, and chat still works`, LIMIT, async t => {
    const gateway = await stage.gateway(t);
    const agent = await stage.agent(t, gateway);
    const customer = stage.keep(t, await CustomerPage.open(browser(), gateway));
    await customer.ask('call');
    await customer.sees('error-message', { 'data-code': code });
    assert.match(await customer.text('error-message'), /\w+.*\./);
    await customer.ask('chat');
    await agent.accept();
    await customer.isServed();
  });

  test(`${what} at the agent's: told, and the offer stays open`, LIMIT, async t => {
    const gateway = await stage.gateway(t);
    const agent = stage.keep(t, await AgentDesk.open(browser(), gateway));
    const customer = await stage.customer(t, gateway);
    await customer.ask('call');
    await agent.click('offer-accept');
    await agent.sees('error-message', { 'data-code': code });
    await agent.sees('offer');
    const joon = await stage.agent(t, gateway, { user: 'joon' });
    await agent.click('offer-decline');
    await joon.accept();
    await customer.isServed();
  });
}

test('a token that the gateway does not take: told, not tried for ever', LIMIT, async t => {
  const gateway = await stage.gateway(t);
  const page = await stage.left.page();
  t.after(() => page.context().close());
  let asked = 0;
  await page.route('**/demo/token', route => {
    asked += 1;
    return route.fulfill({ json: { token: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJtaW5hIn0.' } });
  });
  await page.goto(`${gateway.url}/agent?user=mina`);
  const wrong = page.locator('[data-testid="connection-banner"], [data-testid="error-message"]').first();
  await wrong.waitFor();
  assert.match(await wrong.getAttribute('data-code'), /^token/);
  assert.ok(asked <= 2, `asked ${asked} times`);
});

test('a gateway that is down: an honest banner, and signing in works once it is up', LIMIT, async t => {
  const gateway = await stage.gateway(t);
  const customer = await stage.customer(t, gateway, { expected: REFUSED });
  await gateway.kill();
  await customer.ask('chat');
  await until('an error', () => customer.page.locator('[data-testid="error-message"]:visible, [data-testid="connection-banner"]:visible').count());
  await gateway.start();
  await customer.page.reload();
  await customer.ask('chat');
  await customer.sees('waiting');
});

test('a duplicated tab has a session of its own, and a call can be brought to it', LIMIT, async t => {
  const { agent: first, customer, gateway } = await stage.call(t);
  // window.open copies the session storage, as duplicating a tab does.
  const [popup] = await Promise.all([
    first.page.waitForEvent('popup'),
    first.page.evaluate(url => void window.open(url), `${gateway.url}/agent?user=mina`),
  ]);
  const second = new AgentDesk(popup, gateway);
  await second.ready();
  await first.ready();
  const [here, there] = await Promise.all([first, second].map(desk => desk.state(() => globalThis.jackfield.session.id)));
  assert.notEqual(here, there);
  await second.click('call-bring-here');
  await bothHeard(second, customer);
  await hearsNothing(first.page);
  await customer.write('still with me?');
  await Promise.all([first.reads('still with me?'), second.reads('still with me?')]);
});
