// What a page is to a keyboard, a screen reader, and a Korean.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AgentDesk, CustomerPage, until, Wallboard } from '../lib/pages.mjs';
import { auditPage } from '../lib/audit.mjs';
import { Stage } from '../lib/stage.mjs';

const stage = new Stage();
const LIMIT = { timeout: 120_000 };

test('every page in each of its states: named controls, landmarks, one heading, no lost focus', LIMIT, async t => {
  const gateway = await stage.gateway(t);
  const board = stage.keep(t, await Wallboard.open(stage.left, gateway));
  const agent = await stage.agent(t, gateway);
  const customer = await stage.customer(t, gateway);
  const clean = async (page, state) => assert.deepEqual(await auditPage(page.page), [], state);
  await clean(customer, 'customer: form');
  await clean(agent, 'agent: nothing open');
  await customer.ask('call');
  await agent.sees('offer');
  await clean(agent, 'agent: offer');
  await clean(customer, 'customer: waiting');
  await agent.accept();
  await customer.isServed();
  await agent.sees('call-bar');
  await clean(agent, 'agent: in a call');
  await clean(customer, 'customer: in a call');
  await clean(board, 'supervisor');
  await customer.click('call-hangup');
  await agent.sees('wrapup');
  await clean(agent, 'agent: wrap-up');
  await clean(customer, 'customer: ended');
});

test('an offer is announced, and so is a message', LIMIT, async t => {
  const gateway = await stage.gateway(t);
  const agent = await stage.agent(t, gateway);
  const customer = await stage.customer(t, gateway);
  await customer.ask('chat');
  await agent.sees('offer');
  const live = '[aria-live="assertive"], [role="alert"], [role="alertdialog"], [aria-live="polite"], [role="status"], [role="log"]';
  const announced = () => agent.page.evaluate(all => [...document.querySelectorAll(all)].map(e => `${e.textContent} ${e.getAttribute('aria-label') ?? ''}`).join(' '), live);
  await until('the offer is announced', announced, text => text.includes('Ada'));
  await agent.accept();
  await customer.write('hello there');
  await until('the message is announced', announced, text => text.includes('hello there'));
});

test('the whole main job with the keyboard', LIMIT, async t => {
  const gateway = await stage.gateway(t);
  const agent = await stage.agent(t, gateway);
  const customer = await stage.customer(t, gateway);
  await tabTo(customer, 'start-chat');
  await customer.page.keyboard.press('Enter');
  await agent.sees('offer');
  await tabTo(agent, 'offer-accept');
  await agent.page.keyboard.press('Enter');
  await customer.isServed();
  await tabTo(customer, 'chat-input');
  await customer.page.keyboard.type('line one');
  await customer.page.keyboard.press('Shift+Enter');
  await customer.page.keyboard.type('line two');
  await customer.page.keyboard.press('Enter');
  await agent.reads('line one');
  assert.equal((await agent.chatTexts())[0], 'line one\nline two');
});

async function tabTo(page, id) {
  for (let i = 0; i < 80; i += 1) {
    const there = await page.page.evaluate(wanted => document.activeElement?.closest(`[data-testid="${wanted}"]`) !== null && document.activeElement !== null, id);
    if (there) return;
    await page.page.keyboard.press('Tab');
  }
  throw new Error(`${id} was not reached by the Tab key`);
}

test('Korean by the browser, and by the switch', LIMIT, async t => {
  const gateway = await stage.gateway(t);
  const hangul = /[\uAC00-\uD7A3]/;
  const agent = stage.keep(t, await AgentDesk.open(stage.left, gateway, { locale: 'ko-KR' }));
  assert.equal(await agent.page.locator('html').getAttribute('lang'), 'ko');
  const customer = stage.keep(t, await CustomerPage.open(stage.right, gateway, { name: '김하늘' }));
  assert.equal(await customer.page.locator('html').getAttribute('lang'), 'en');
  await customer.click('language-menu');
  await customer.click('language-ko');
  await until('lang', () => customer.page.locator('html').getAttribute('lang'), lang => lang === 'ko');
  assert.match(await customer.text('start-chat'), hangul);
  await customer.page.reload();
  assert.match(await customer.text('start-chat'), hangul);
  await customer.ask('chat');
  await agent.sees('offer');
  assert.match(await agent.text('offer-customer'), /김하늘/);
  assert.match(await agent.text('offer-accept'), hangul);
  await agent.accept();
  await customer.write('안녕하세요 👋');
  await agent.reads('안녕하세요 👋');
});
