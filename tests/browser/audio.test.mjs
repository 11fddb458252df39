// `jackfield/audio`: the agent's microphone goes through the worklet, in a real call and by itself.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { benchSite } from '../bench/site.mjs';
import { hearsNothing, hears, loudnessOf } from '../lib/ear.mjs';
import { until } from '../lib/pages.mjs';
import { CUSTOMER_HZ, Stage } from '../lib/stage.mjs';
import { TALK_SECONDS } from '../lib/wav.mjs';

const stage = new Stage({ agent: { microphone: 'speaker' } });
const LIMIT = { timeout: 240_000 };
/** A turn of speaking and pausing, and half of one more. */
const LISTEN_SECONDS = 3 * TALK_SECONDS;
const PACKAGE = fileURLToPath(new URL('../../pkg', import.meta.url));

/** What a page fetches of the audio part. */
function watchAudio(page) {
  const fetched = [];
  page.on('request', request => /\/audio[^/]*\.(js|wasm)$/.test(request.url()) && fetched.push(request.url()));
  return fetched;
}

/** A call whose customer hears the agent speak and pause. */
async function call(t, before = () => {}) {
  const gateway = await stage.gateway(t);
  const agent = await stage.agent(t, gateway);
  const fetched = watchAudio(agent.page);
  await before(agent);
  const customer = await stage.customer(t, gateway);
  await customer.ask('call');
  await agent.accept();
  await hears(agent.page, { tones: [CUSTOMER_HZ] });
  return { agent, customer, fetched };
}

async function choose(agent, on) {
  await agent.click('user-menu');
  await agent.click('clean-microphone');
  await until('the choice is kept', () => agent.page.evaluate(() => localStorage.getItem('jackfield.clean')), kept => (kept === 'on') === on);
}

const tracks = (page, which) => page.evaluate(name => globalThis[name].map(({ enabled, readyState }) => `${readyState} ${enabled}`), which);
const ended = page => until('every track ends', async () => [...(await tracks(page, 'jackfieldSent')), ...(await tracks(page, 'jackfieldOpened'))],
  all => all.length >= 2 && all.every(track => track.startsWith('ended')));

test('noise goes from the call while the voice stays, mute is silence, and nothing stays open', LIMIT, async t => {
  const { agent, customer, fetched } = await call(t);
  const noisy = await loudnessOf(customer.page, LISTEN_SECONDS);
  assert.deepEqual(fetched, [], 'nothing of audio is loaded before somebody asks for it');
  t.diagnostic(`as it comes: voice ${noisy.voice.toFixed(1)} dB, pause ${noisy.pause.toFixed(1)} dB`);

  await t.test('turned on in the call', async () => {
    await choose(agent, true);
    await until('the worklet and its WebAssembly come', () => fetched.length, count => count >= 2);
    await until('what is sent is another track', () => agent.page.evaluate(() => globalThis.jackfieldSent.length), count => count === 2);
    // One turn to learn the noise.
    await loudnessOf(customer.page, 2 * TALK_SECONDS);
    const clean = await loudnessOf(customer.page, LISTEN_SECONDS);
    t.diagnostic(`cleaned: voice ${clean.voice.toFixed(1)} dB, pause ${clean.pause.toFixed(1)} dB`);
    assert.ok(noisy.pause - clean.pause > 20, `the pauses went from ${noisy.pause} to ${clean.pause} dB`);
    assert.ok(Math.abs(noisy.voice - clean.voice) < 3, `the voice went from ${noisy.voice} to ${clean.voice} dB`);
  });

  await t.test('mute', async () => {
    await agent.click('call-mute');
    await agent.sees('call-bar', { 'data-muted': 'true' });
    await hearsNothing(customer.page);
    // Longer than a pause: with the voice, nothing is heard either.
    const muted = await loudnessOf(customer.page, LISTEN_SECONDS);
    assert.ok(muted.voice < -60, `${muted.voice} dB`);
    await agent.click('call-mute');
    await until('the voice is back', () => loudnessOf(customer.page, LISTEN_SECONDS), ({ voice }) => Math.abs(voice - noisy.voice) < 3);
  });

  await t.test('turned off again', async () => {
    await choose(agent, false);
    await until('the noise is back', () => loudnessOf(customer.page, LISTEN_SECONDS), ({ pause }) => Math.abs(pause - noisy.pause) < 3);
  });

  await agent.click('call-hangup');
  await agent.sees('wrapup');
  await ended(agent.page);
});

test('chosen before the call, it is in it from the beginning', LIMIT, async t => {
  const { agent, customer, fetched } = await call(t, async desk => {
    await choose(desk, true);
    await desk.reload();
    await desk.voiceReady();
  });
  assert.ok(fetched.length >= 2);
  const { voice, pause } = await until('clean pauses', () => loudnessOf(customer.page, LISTEN_SECONDS), heard => heard.voice - heard.pause > 30);
  t.diagnostic(`voice ${voice.toFixed(1)} dB, pause ${pause.toFixed(1)} dB`);
  assert.ok(voice > -30);
  await customer.click('call-hangup');
  await ended(agent.page);
});

const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
const TYPES = { '.js': 'text/javascript', '.wasm': 'application/wasm' };

/** A worklet that breaks down with its first block. */
const BROKEN = `registerProcessor('jackfield-cleaner', class extends AudioWorkletProcessor {
  constructor(options) {
    super(options);
    this.port.postMessage('ready');
  }
  process() {
    throw new Error('broken');
  }
});`;

/** Serves the package's own files, without a bundler, under the strictest policy that is documented. A server and no route: what a worklet fetches passes routes by. */
async function servePackage(t) {
  const server = createServer((request, response) => {
    const file = join(PACKAGE, new URL(request.url, 'http://localhost').pathname);
    response.setHeader('content-security-policy', POLICY);
    if (request.url === '/') return response.setHeader('content-type', 'text/html').end('<!doctype html><title>audio</title>');
    if (request.url === '/favicon.ico') return response.writeHead(204).end();
    if (request.url === '/broken.js') return response.setHeader('content-type', TYPES['.js']).end(BROKEN);
    if (!existsSync(file)) return response.writeHead(404).end();
    response.setHeader('content-type', TYPES[extname(file)]).end(readFileSync(file));
  });
  await once(server.listen(0, 'localhost'), 'listening');
  t.after(() => server.close());
  return `http://localhost:${server.address().port}/`;
}

async function barePage(t) {
  const address = await servePackage(t);
  const page = await stage.left.page();
  t.after(() => page.context().close());
  await page.goto(address);
  return page;
}

test('by itself: levels, voice activity and the end of a stream', LIMIT, async t => {
  const page = await barePage(t);
  const seen = await page.evaluate(async () => {
    const { createCleaner } = await import('/audio.js');
    const cleaner = await createCleaner();
    const audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    const opened = await navigator.mediaDevices.getUserMedia({ audio });
    const cleaned = await cleaner.process(opened);
    // Muted: it is looked for voices all the same.
    cleaned.getAudioTracks()[0].enabled = false;
    const levels = [];
    cleaner.on('level', event => levels.push(event));
    const turns = [];
    const turned = new Promise(resolve => cleaner.on('voice', ({ speaking }) => turns.push(speaking) === 3 && resolve()));
    await turned;
    const { settings, speaking } = { settings: cleaned.getAudioTracks()[0].getSettings(), speaking: cleaner.speaking };
    const told = new Promise(resolve => cleaner.on('voice', event => !event.speaking && resolve(event), { once: true }));
    // Stopped by the page itself: no event says so, but the cleaner looks.
    opened.getAudioTracks()[0].stop();
    await told;
    const after = cleaned.getAudioTracks()[0].readyState;
    cleaner.close();
    cleaner[Symbol.dispose ?? Symbol.for('Symbol.dispose')]();
    return { turns, channels: settings.channelCount, rate: settings.sampleRate, speaking, after, levels: levels.map(({ input, output, probability }) => ({ input, output, probability })) };
  });
  assert.ok(seen.turns[0] !== seen.turns[1] && seen.turns[1] !== seen.turns[2], `${seen.turns}`);
  assert.equal(seen.speaking, seen.turns[2]);
  assert.equal(seen.after, 'ended');
  const loud = seen.levels.filter(({ probability }) => probability > 0.9);
  const quiet = seen.levels.slice(20).filter(({ probability }) => probability < 0.2);
  assert.ok(loud.some(({ input, output }) => input > 5 && input < 30 && Math.abs(input - output) <= 3), JSON.stringify(loud));
  assert.ok(quiet.some(({ input, output }) => Math.abs(input - 35) <= 2 && output - input > 20), JSON.stringify(quiet));
  assert.deepEqual(page.complaints, []);
});

test('a worklet that breaks down lets the sound through as it comes', LIMIT, async t => {
  const page = await barePage(t);
  const { code, rms } = await page.evaluate(async () => {
    const { createCleaner } = await import('/audio.js');
    const cleaner = await createCleaner({ worklet: '/broken.js' });
    const failed = new Promise(resolve => cleaner.on('failed', resolve));
    const audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    const cleaned = await cleaner.process(await navigator.mediaDevices.getUserMedia({ audio }));
    const { error } = await failed;
    globalThis.jackfield = { session: { voice: { streams: [cleaned] } } };
    let heard;
    do heard = await globalThis.jackfieldEar.hear([]);
    while (heard.rms < 0.05);
    cleaner.close();
    return { code: error.code, rms: heard.rms };
  });
  assert.equal(code, 'internal');
  assert.ok(rms >= 0.05);
});

test('wrong uses get their code', LIMIT, async t => {
  const page = await barePage(t);
  const codes = await page.evaluate(async () => {
    const { createCleaner, JackfieldError } = await import('/audio.js');
    const code = async promise => promise().then(() => 'went well', error => (error instanceof JackfieldError ? `${error.code}: ${error.message}` : `not ours: ${error}`));
    const cleaner = await createCleaner();
    const results = {
      aborted: await code(() => createCleaner({ signal: AbortSignal.abort() })),
      hangoverMs: await code(() => createCleaner({ hangoverMs: -1 })),
      suppress: await code(() => createCleaner({ suppress: 'yes' })),
      wasm: await code(() => createCleaner({ wasm: '/missing.wasm' })),
      worklet: await code(() => createCleaner({ worklet: '/missing.js' })),
      noTrack: await code(() => cleaner.process(new MediaStream())),
      noStream: await code(() => cleaner.process({})),
      noEvent: await code(async () => cleaner.on('levle', () => {})),
    };
    cleaner.close();
    results.closed = await code(() => cleaner.process(new MediaStream()));
    return results;
  });
  const expected = {
    aborted: /^aborted/, hangoverMs: /^invalidOption: hangoverMs/, suppress: /^invalidOption: suppress/, wasm: /^notSupported.*missing\.wasm/,
    worklet: /^notSupported.*missing\.js/, noTrack: /^invalidOption: process/, noStream: /^invalidOption: process/, noEvent: /^invalidOption: on.*levle/, closed: /^closed/,
  };
  for (const [name, pattern] of Object.entries(expected)) assert.match(codes[name], pattern);
});

/** A page with the package's files on a real gateway. */
async function sessionPage(t) {
  const site = benchSite();
  t.after(site.remove);
  const gateway = await stage.gateway(t, { pages: site.path });
  const page = await stage.left.page();
  t.after(() => page.context().close());
  await page.goto(`${gateway.url}/bench/`);
  return { page, token: await gateway.token({ user: 'mina' }) };
}

test('voice.process: what it makes of the microphone is sent, and all of it is closed', LIMIT, async t => {
  const { page, token } = await sessionPage(t);
  const seen = await page.evaluate(async jwt => {
    const { connect } = await import('/bench/jackfield/index.js');
    const [given, made] = [[], []];
    const process = stream => {
      given.push(stream);
      made.push(stream.clone());
      return made.at(-1);
    };
    const session = await connect({ gateway: location.origin, token: jwt, resume: 'none', voice: { process } });
    const states = streams => streams.map(stream => stream.getAudioTracks()[0].readyState).join();
    await session.voice.prepare();
    const first = { same: session.voice.microphone === made[0], given: states(given), made: states(made) };
    await session.voice.useMicrophone(given[0].getAudioTracks()[0].getSettings().deviceId);
    const second = { same: session.voice.microphone === made[1], given: states(given), made: states(made) };
    await session.close();
    return { first, second, closed: { given: states(given), made: states(made) } };
  }, token);
  assert.deepEqual(seen, {
    first: { same: true, given: 'live', made: 'live' },
    second: { same: true, given: 'ended,live', made: 'ended,live' },
    closed: { given: 'ended,ended', made: 'ended,ended' },
  });
});

test('voice.process: where it fails, the microphone is closed and the error told', LIMIT, async t => {
  const { page, token } = await sessionPage(t);
  const seen = await page.evaluate(async jwt => {
    const { connect, JackfieldError } = await import('/bench/jackfield/index.js');
    const results = {};
    const ways = {
      threw: () => {
        throw new Error('out of order');
      },
      rejected: () => Promise.reject(new JackfieldError({ code: 'notSupported', message: 'no worklet' })),
      nothing: () => undefined,
      empty: () => new MediaStream(),
    };
    for (const [name, process] of Object.entries(ways)) {
      const session = await connect({ gateway: location.origin, token: jwt, resume: 'none', voice: { process } });
      const error = await session.voice.prepare().catch(reason => reason);
      results[name] = [error instanceof JackfieldError, error.code, error.message, session.voice.microphone === undefined].join(' ');
      await session.close();
    }
    const wrong = await connect({ gateway: location.origin, token: jwt, voice: { process: 'clean' } }).catch(reason => reason);
    return { ...results, wrong: `${wrong.code} ${wrong.message}`, tracks: globalThis.jackfieldOpened.map(({ readyState }) => readyState) };
  }, token);
  assert.match(seen.threw, /^true invalidOption .*voice\.process.*out of order true$/);
  assert.match(seen.rejected, /^true notSupported no worklet true$/);
  assert.match(seen.nothing, /^true invalidOption voice\.process: return a MediaStream.* true$/);
  assert.match(seen.empty, /^true invalidOption voice\.process: return a MediaStream.* true$/);
  assert.match(seen.wrong, /^invalidOption voice\.process/);
  assert.deepEqual(seen.tracks, Array(4).fill('ended'));
});
