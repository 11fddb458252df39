// connect_ready_ms: from connect() to ready, in a new browser context each time, nothing cached.
// gateway_start_ms: from the start of the process to its ready line, on a new data folder.
import { Browser } from '../lib/browser.mjs';
import { figure, median, spread } from '../lib/figures.mjs';
import { Gateway } from '../lib/gateway.mjs';
import { benchSite } from './site.mjs';

const RUNS = 30;

const site = benchSite();
try {
  await benchConnect();
  await benchStart();
} finally {
  site.remove();
}

async function benchConnect() {
  const gateway = await Gateway.start({ pages: site.path });
  const browser = await Browser.launch();
  try {
    const ready = [];
    const wasm = [];
    for (let run = 0; run < RUNS; run += 1) {
      const who = { user: `customer-${run}`, role: 'customer', name: 'Bench' };
      ready.push(await inNewPage(browser, gateway, customer => globalThis.bench.timeConnect(customer), who));
      wasm.push(await inNewPage(browser, gateway, () => globalThis.bench.timeInit()));
    }
    spread('connect to ready, ms', ready);
    figure('connect_ready_ms', median(ready), 'ms', RUNS);
    spread('of it WebAssembly, ms', wasm);
    figure('wasm_start_ms', median(wasm), 'ms', RUNS);
  } finally {
    await browser.close();
    await gateway.dispose();
  }
}

async function inNewPage(browser, gateway, run, argument) {
  const page = await browser.page();
  try {
    await page.goto(`${gateway.url}/bench/index.html`);
    return await page.evaluate(run, argument);
  } finally {
    await page.context().close();
  }
}

async function benchStart() {
  const starts = [];
  for (let run = 0; run < RUNS; run += 1) {
    const gateway = await Gateway.start({ pages: site.path });
    starts.push(gateway.startedInMs);
    await gateway.dispose();
  }
  spread('gateway start, ms', starts);
  figure('gateway_start_ms', median(starts), 'ms', RUNS);
}
