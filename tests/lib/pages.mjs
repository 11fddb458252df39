// The demo pages as people use them. Every step waits for what it needs; none sleeps.

const LIMIT_MS = 20_000;

/** Asks until the answer fits. For what no locator can wait for. */
export async function until(what, ask, fits = Boolean, limitMs = LIMIT_MS) {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (fits(answer)) {
      return answer;
    }
    if (Date.now() > deadline) {
      throw new Error(`${what}: still ${JSON.stringify(answer)}`);
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

/** What the three pages have in common. */
class DemoPage {
  constructor(page, gateway) {
    this.page = page;
    this.gateway = gateway;
    page.setDefaultTimeout(LIMIT_MS);
  }

  /** An element by its test id, with attributes: `at('call-bar', { 'data-held': 'true' })`. */
  at(id, attributes = {}) {
    const more = Object.entries(attributes).map(([name, value]) => `[${name}=${JSON.stringify(value)}]`);
    return this.page.locator(`[data-testid="${id}"]${more.join('')}`);
  }

  async click(id, attributes) {
    await this.at(id, attributes).first().click();
  }

  /** Waits until an element is there to be seen. */
  async sees(id, attributes, limitMs = LIMIT_MS) {
    await this.at(id, attributes).first().waitFor({ state: 'visible', timeout: limitMs });
  }

  async seesNot(id, attributes) {
    await this.at(id, attributes).first().waitFor({ state: 'hidden' });
  }

  async text(id, attributes) {
    return (await this.at(id, attributes).first().textContent())?.trim() ?? '';
  }

  async ready(limitMs = LIMIT_MS) {
    await this.at('connection-state', { 'data-state': 'ready' }).first().waitFor({ state: 'attached', timeout: limitMs });
  }

  async voiceReady(limitMs = LIMIT_MS) {
    await until('voice connection', () => this.voiceState(), state => state === 'connected', limitMs);
  }

  voiceState() {
    return this.page.evaluate(() => globalThis.jackfield?.session?.voice.state);
  }

  /** Something of the session's state, as plain data. */
  state(pick) {
    return this.page.evaluate(pick);
  }

  async write(text) {
    await this.at('chat-input').fill(text);
    await this.click('chat-send');
  }

  message(text) {
    return this.at('message').filter({ has: this.page.locator('[data-testid="message-text"]', { hasText: text }) });
  }

  async reads(text, attributes = {}) {
    const more = Object.entries(attributes).map(([name, value]) => `[${name}="${value}"]`).join('');
    const message = this.page.locator(`[data-testid="message"]${more}`).filter({ hasText: text });
    await message.first().waitFor();
  }

  /** The texts of the chat, in order. */
  chatTexts() {
    return this.at('message-text').allTextContents();
  }

  async reload() {
    await this.page.reload();
    await this.ready();
  }

  /** Nothing was wrong in the console, but for what a test expects. @param {RegExp[]} expected */
  complaints(expected = []) {
    return this.page.complaints.filter(text => !expected.some(pattern => pattern.test(text)));
  }

  async close() {
    await this.page.context().close();
  }
}

export class AgentDesk extends DemoPage {
  /** Signs in, and is available unless told otherwise. */
  static async open(browser, gateway, { user = 'mina', available = true, ...options } = {}) {
    const desk = new AgentDesk(await browser.page(options), gateway);
    await desk.page.goto(`${gateway.url}/agent?user=${user}`);
    await desk.ready();
    if (available) {
      await desk.setPresence('available');
    }
    return desk;
  }

  async setPresence(availability) {
    if ((await this.at('presence-menu').first().getAttribute('data-availability')) !== availability) {
      await this.click('presence-menu');
      await this.click(`presence-${availability}`);
    }
    await this.sees('presence-menu', { 'data-availability': availability });
  }

  async accept() {
    await this.click('offer-accept');
    await this.sees('conversation', { 'data-state': 'active' });
  }

  async finishWrapUp() {
    await this.sees('wrapup');
    const dispositions = this.at('wrapup-disposition');
    if (await dispositions.count()) {
      await dispositions.first().click();
    }
    await this.click('wrapup-finish');
    await this.seesNot('wrapup');
  }
}

export class CustomerPage extends DemoPage {
  static async open(browser, gateway, { name = 'Ada', ...options } = {}) {
    const customer = new CustomerPage(await browser.page(options), gateway);
    await customer.page.goto(`${gateway.url}/?name=${encodeURIComponent(name)}`);
    await customer.sees('contact-card', { 'data-step': 'form' });
    return customer;
  }

  /** @param {'chat' | 'call'} channel */
  async ask(channel, { topic = 'support', subject } = {}) {
    await this.click(`topic-${topic}`);
    if (subject) {
      await this.at('customer-subject').locator('input').fill(subject);
    }
    await this.click(`start-${channel}`);
  }

  async isServed() {
    await this.sees('contact-card', { 'data-step': 'active' });
  }
}

export class Wallboard extends DemoPage {
  static async open(browser, gateway, { user = 'sam', ...options } = {}) {
    const board = new Wallboard(await browser.page(options), gateway);
    await board.page.goto(`${gateway.url}/supervisor?user=${user}`);
    await board.ready();
    return board;
  }
}
