// accept_to_audio_ms: from accept() in the agent's page to the first sound of the customer in it. Two Chromium processes, both
// connected, the agent's microphone opened by voice.prepare() while it rings, as the agent desktop does.
import { Browser } from '../lib/browser.mjs';
import { figure, median, note, spread } from '../lib/figures.mjs';
import { Gateway } from '../lib/gateway.mjs';
import { benchSite } from './site.mjs';

const RUNS = 30;
const WARM_UP = 3;

const site = benchSite();
const gateway = await Gateway.start({ pages: site.path });
const [left, right] = await Promise.all([Browser.launch({ tone: 440 }), Browser.launch({ tone: 880 })]);
try {
  const agent = await open(left, { user: 'mina', role: 'agent' });
  const customer = await open(right, { user: 'bench', role: 'customer', name: 'Bench' });
  await agent.evaluate(async () => {
    await globalThis.bench.listen();
    await globalThis.bench.session.presence.set('available');
  });
  await measure(agent, customer, true, WARM_UP);
  const warm = await measure(agent, customer, true, RUNS);
  spread('accept to audio, ms', warm);
  figure('accept_to_audio_ms', median(warm), 'ms', RUNS);
  const cold = await measure(agent, customer, false, RUNS);
  spread('the same with the microphone closed, ms', cold);
  figure('accept_to_audio_closed_microphone_ms', median(cold), 'ms', RUNS);
} finally {
  await Promise.all([left.close(), right.close()]);
  await gateway.dispose();
  site.remove();
}

async function open(browser, who) {
  const page = await browser.page();
  page.on('console', message => note(`${who.user}: ${message.text()}`));
  await page.goto(`${gateway.url}/bench/index.html`);
  await page.evaluate(me => globalThis.bench.open(me), who);
  return page;
}

async function measure(agent, customer, prepared, runs) {
  const times = [];
  for (let run = 0; run < runs; run += 1) {
    const [time] = await Promise.all([
      agent.evaluate(ready => globalThis.bench.timeAccept(ready), prepared),
      customer.evaluate(() => globalThis.bench.call('support')),
    ]);
    times.push(time);
  }
  return times;
}
