// What a session leaves behind in its page: nothing. An agent's page lives for weeks.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { benchSite } from '../bench/site.mjs';
import { Browser } from '../lib/browser.mjs';
import { Gateway } from '../lib/gateway.mjs';

const LIMIT = { timeout: 180_000 };
const ROUND = 50;
/** What a leak of one session's own things would surely pass: its engine, closures, connection and listeners were 7 kB when they leaked. */
const LEFT_EACH = 1_000;

/** A page with the package as it is shipped, without a bundler. */
async function openPage(t) {
  const site = benchSite();
  t.after(() => site.remove());
  const gateway = await Gateway.start({ pages: site.path });
  t.after(() => gateway.dispose());
  const browser = await Browser.launch();
  t.after(() => browser.close());
  const page = await browser.page();
  await page.goto(`${gateway.url}/bench/index.html`);
  return { page };
}

test('two hundred sessions opened and closed leave no memory behind', LIMIT, async t => {
  const { page } = await openPage(t);
  const devtools = await page.context().newCDPSession(page);
  const rounds = async count => {
    for (let round = 0; round < count; round += 1) {
      await openAndClose(page, ROUND);
      await collect(devtools, page);
    }
    const { usedSize } = await devtools.send('Runtime.getHeapUsage');
    return usedSize + (await wasmBytes(page));
  };
  const before = await rounds(2);
  const after = await rounds(4);
  assert.ok(after - before < 4 * ROUND * LEFT_EACH, `${after - before} bytes are left by ${4 * ROUND} sessions`);
});

test('a session that goes out of scope by `using` is signed out, and says so', LIMIT, async t => {
  const { page } = await openPage(t);
  const told = await page.evaluate(async () => {
    const { connect } = await import('/bench/jackfield/index.js');
    const token = await globalThis.bench.token({ user: 'ada', role: 'customer', name: 'Ada' });
    const session = await connect({ gateway: location.origin, token, resume: 'none' });
    const closed = new Promise(resolve => session.on('closed', resolve));
    session[Symbol.dispose ?? Symbol.for('Symbol.dispose')]();
    const { error } = await closed;
    const refused = await session.start({ queueId: 'support', channel: 'chat' }).catch(({ code }) => code);
    const silent = await session.voice.prepare().catch(({ code }) => code);
    return { error, refused, silent, connection: session.state.connection, microphone: session.voice.microphone };
  });
  assert.deepEqual(told, { error: undefined, refused: 'closed', silent: 'closed', connection: 'closed', microphone: undefined });
});

/** What a finalizer lets go, the next collection takes; finalizers run in tasks of their own. */
async function collect(devtools, page) {
  for (let time = 0; time < 4; time += 1) {
    await devtools.send('HeapProfiler.collectGarbage');
    await page.evaluate(() => new Promise(resolve => setTimeout(resolve)));
  }
}

function openAndClose(page, times) {
  return page.evaluate(async count => {
    const { connect } = await import('/bench/jackfield/index.js');
    const token = who => globalThis.bench.token({ user: who, role: 'customer', name: 'Ada' });
    for (let i = 0; i < count; i += 1) {
      // Every fifth with a voice connection: those take longest to come up.
      const session = await connect({ gateway: location.origin, token: await token(`customer-${i % 7}`), voice: i % 5 === 0, resume: 'none' });
      session.on('messageAdded', () => {});
      const conversation = await session.start({ queueId: 'support', channel: 'chat' });
      await conversation.chat.send('hello');
      await conversation.end();
      await session.close();
    }
  }, times);
}

/** The glue gives what it started, when it is asked to start again. */
function wasmBytes(page) {
  return page.evaluate(async () => {
    const glue = await import('/bench/jackfield/dist/jackfield.js');
    return (await glue.default()).memory.buffer.byteLength;
  });
}
