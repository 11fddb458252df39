// events_per_second: a gateway's events over a real socket into the SDK in Chromium, each to a JavaScript listener. The peer is the
// least that a page could do by hand: JSON.parse of the same frames over the same socket, and a call of the listener.
//
// The frames come from a server in this process, at full speed: no gateway decides anything while this is measured.
import { createServer } from 'node:http';
import { readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import { Browser } from '../lib/browser.mjs';
import { figure, median, spread } from '../lib/figures.mjs';
import { recordShift } from './shift.mjs';
import { benchSite } from './site.mjs';

const RUNS = 7;
const EVENTS = 200_000;
const BATCH = 64;
const LIMIT_MS = 120_000;
const BUFFERED = 4 * 1024 * 1024;
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };

const site = benchSite();
const shift = recordShift(EVENTS, BATCH);
const server = createServer(serveFile).listen(0, '127.0.0.1');
await new Promise(resolve => server.once('listening', resolve));
new WebSocketServer({ server, handleProtocols: () => 'jackfield.v1', perMessageDeflate: false }).on('connection', serveSocket);
const browser = await Browser.launch();
try {
  const [ours, theirs] = [[], []];
  for (let run = 0; run <= RUNS; run += 1) {
    const sdk = await measure(() => globalThis.events.throughSdk());
    const parse = await measure(() => globalThis.events.throughParse());
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
  server.closeAllConnections();
  server.close();
  site.remove();
}

async function measure(run) {
  const page = await browser.page();
  try {
    await page.goto(`http://localhost:${server.address().port}/bench/events.html`);
    const { count, seconds } = await Promise.race([page.evaluate(run), tooLong(page)]);
    return count / seconds;
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

function serveFile(request, response) {
  const path = join(site.path, new URL(request.url, 'http://localhost').pathname);
  if (!path.startsWith(site.path) || !statSync(path, { throwIfNoEntry: false })?.isFile()) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' });
  response.end(readFileSync(path));
}

/** Plays the gateway: a welcome, an answer to every command, and the shift once a client asks to be available. */
function serveSocket(socket) {
  const play = async () => {
    for (const text of shift.batches) {
      socket.send(text);
      while (socket.bufferedAmount > BUFFERED) {
        await new Promise(setImmediate);
      }
    }
  };
  socket.on('message', text => {
    for (const frame of [JSON.parse(text)].flat()) {
      if (frame.type === 'hello') {
        socket.send(JSON.stringify(shift.welcome));
      } else if (frame.type === 'command') {
        const ok = frame.command.type === 'watchPresence' ? { type: 'presence', presence: shift.presence } : { type: 'done' };
        socket.send(JSON.stringify({ type: 'result', id: frame.id, ok }));
        if (frame.command.type === 'setPresence') {
          play();
        }
      }
    }
  });
}
