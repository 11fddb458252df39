// events_per_second: a gateway's events through the SDK in Chromium, each to a JavaScript listener. The peer is the least that a page could
// do by hand: JSON.parse of the same frames and a call of the listener.
//
// The frames are recorded and delivered in the page, one text message a task, by a stand-in for the socket: the browser's own network
// process would otherwise be most of what is measured, in both.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Browser } from '../lib/browser.mjs';
import { figure, median, spread } from '../lib/figures.mjs';
import { Gateway } from '../lib/gateway.mjs';
import { recordShift } from './shift.mjs';
import { benchSite } from './site.mjs';

const RUNS = 7;
const EVENTS = 200_000;
const BATCH = 64;
const LIMIT_MS = 120_000;

const site = benchSite();
writeFileSync(join(site.path, 'bench/shift.json'), JSON.stringify(recordShift(EVENTS, BATCH)));
const gateway = await Gateway.start({ pages: site.path });
const browser = await Browser.launch();
try {
  const [ours, theirs] = [[], []];
  for (let run = 0; run <= RUNS; run += 1) {
    const sdk = await measure(events => globalThis.events.throughSdk(events));
    const parse = await measure(events => globalThis.events.throughParse(events));
    // The first of each is the warm-up.
    if (run > 0) {
      ours.push(sdk);
      theirs.push(parse);
    }
  }
  spread('events a second through the SDK', ours);
  spread('events a second through JSON.parse and dispatch', theirs);
  figure('events_per_second', median(ours), '1/s', RUNS, { name: 'JSON.parse and dispatch', value: median(theirs) });
} finally {
  await browser.close();
  await gateway.dispose();
  site.remove();
}

async function measure(run) {
  const page = await browser.page();
  try {
    await page.goto(`${gateway.url}/bench/events.html`);
    const seconds = await Promise.race([page.evaluate(run, EVENTS), tooLong(page)]);
    return EVENTS / seconds;
  } finally {
    await page.context().close();
  }
}

/** Every event must reach a listener: where one is missing, say how many came instead of waiting for ever. */
async function tooLong(page) {
  await setTimeout(LIMIT_MS, undefined, { ref: false });
  const count = await page.evaluate(() => globalThis.events.count());
  throw new Error(`${count} of ${EVENTS} events reached a listener in ${LIMIT_MS / 1000} s`);
}
