// What most browser tests begin with: two browsers with a tone each for a whole file, a new gateway for each test.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { Browser } from './browser.mjs';
import { hears } from './ear.mjs';
import { Gateway } from './gateway.mjs';
import { AgentDesk, CustomerPage } from './pages.mjs';

export const AGENT_HZ = 440;
export const CUSTOMER_HZ = 880;

export class Stage {
  /** Launches the browsers before the file's tests and closes them after. @param {{ agent?: object }} [options] the agent's browser */
  constructor({ agent = { tone: AGENT_HZ } } = {}) {
    before(async () => {
      [this.left, this.right] = await Promise.all([Browser.launch(agent), Browser.launch({ tone: CUSTOMER_HZ })]);
    });
    after(() => Promise.all([this.left?.close(), this.right?.close()]));
  }

  /** A gateway of this test. @param {import('node:test').TestContext} t */
  async gateway(t, options) {
    const gateway = await Gateway.start(options);
    atEnd(t, () => gateway.dispose());
    return gateway;
  }

  /** A page of this test; at the end its console must have been quiet, but for `expected`. */
  keep(t, page, expected = []) {
    atEnd(t, async () => {
      await page.close();
      assert.deepEqual(page.complaints(expected), []);
    });
    return page;
  }

  async agent(t, gateway, options = {}) {
    return this.keep(t, await AgentDesk.open(this.left, gateway, options), options.expected);
  }

  async customer(t, gateway, options = {}) {
    return this.keep(t, await CustomerPage.open(this.right, gateway, options), options.expected);
  }

  /** An agent and a customer in a chat. */
  async chat(t, options = {}) {
    const gateway = await this.gateway(t);
    const agent = await this.agent(t, gateway, options);
    const customer = await this.customer(t, gateway, options);
    await customer.ask('chat', options);
    await agent.accept();
    await customer.isServed();
    return { gateway, agent, customer };
  }

  /** An agent and a customer in a call, both heard. */
  async call(t, options = {}) {
    const gateway = await this.gateway(t);
    const agent = await this.agent(t, gateway, options);
    const customer = await this.customer(t, gateway, options);
    await customer.ask('call', options);
    await agent.accept();
    await bothHeard(agent, customer);
    return { gateway, agent, customer };
  }
}

const endings = new WeakMap();

/** Tidies up at the end of a test, last thing first. `t.after` runs first thing first: pages would complain that their gateway is gone. */
function atEnd(t, tidy) {
  if (!endings.has(t)) {
    endings.set(t, []);
    t.after(async () => {
      const wrong = [];
      for (const last of endings.get(t).reverse()) await last().catch(error => wrong.push(error));
      if (wrong.length > 0) throw wrong[0];
    });
  }
  endings.get(t).push(tidy);
}

/** Each end hears the other's tone, and not its own. */
export async function bothHeard(agent, customer, limitMs) {
  await Promise.all([
    hears(agent.page, { tones: [CUSTOMER_HZ], not: [AGENT_HZ] }, limitMs),
    hears(customer.page, { tones: [AGENT_HZ], not: [CUSTOMER_HZ] }, limitMs),
  ]);
}
