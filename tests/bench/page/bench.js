// In the page: what the benches ask of the package. Each function is called through `globalThis.bench`.
import * as jackfield from './jackfield/index.js';

const RAW = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
let session;

async function token(who) {
  const answer = await fetch('/demo/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(who),
  });
  return (await answer.json()).token;
}

/** Milliseconds from the call of `connect` to a session that is ready, nothing loaded before. */
async function timeConnect(who) {
  const mine = await token(who);
  const begun = performance.now();
  session = await jackfield.connect({ gateway: location.origin, token: mine, resume: 'none' });
  return performance.now() - begun;
}

/** Milliseconds that fetching, compiling and starting the WebAssembly take. */
async function timeInit() {
  const begun = performance.now();
  await jackfield.init();
  return performance.now() - begun;
}

async function open(who) {
  session = await jackfield.connect({ gateway: location.origin, token: () => token(who), voice: RAW, resume: 'none' });
  if (session.state.voice !== 'connected') {
    await new Promise(resolve => session.on('voiceChanged', ({ voice }) => voice === 'connected' && resolve()));
  }
  globalThis.bench.session = session;
}

/** Listens for the first sound after silence, by the block. */
async function listen() {
  const context = new AudioContext({ sampleRate: 48_000 });
  await context.audioWorklet.addModule('/bench/onset.js');
  const onset = new AudioWorkletNode(context, 'onset', { numberOfOutputs: 0 });
  session.voice.streams.forEach(stream => context.createMediaStreamSource(stream).connect(onset));
  await context.resume();
  const waiting = new Map();
  onset.port.onmessage = ({ data }) => {
    waiting.get(data)?.(performance.now());
    waiting.delete(data);
  };
  const next = what => new Promise(resolve => {
    waiting.set(what, resolve);
    onset.port.postMessage(what);
  });
  globalThis.bench.next = next;
}

/** Takes the next call and gives the milliseconds from `accept()` to the first sound of the other side. */
async function timeAccept(prepared) {
  await globalThis.bench.next('silence');
  const offer = session.offers[0] ?? (await new Promise(resolve => session.on('offerMade', e => resolve(e.offer), { once: true })));
  if (prepared) {
    await session.voice.prepare();
  }
  const heard = globalThis.bench.next('sound');
  const begun = performance.now();
  const [conversation, at] = await Promise.all([offer.accept(), heard]);
  await conversation.voice.hangUp();
  await conversation.finishWrapUp({ disposition: session.state.queues.find(q => q.queueId === conversation.state.queueId)?.dispositions[0]?.id });
  return at - begun;
}

/** On a busy machine the browser now and then gives up on its fake microphone; that is not what is measured. */
async function start(queueId, tries = 5) {
  try {
    return await session.start({ queueId, channel: 'voice' });
  } catch (error) {
    if (error.code !== 'microphoneBusy' || tries === 0) throw error;
    return start(queueId, tries - 1);
  }
}

/** Asks for a call and stays until the other side hangs up. */
async function call(queueId) {
  const conversation = await start(queueId);
  if (session.conversation(conversation.id)) {
    await new Promise(resolve => {
      const off = session.on('conversationRemoved', ({ conversationId }) => {
        if (conversationId === conversation.id) {
          off();
          resolve();
        }
      });
    });
  }
}

globalThis.bench = { token, timeConnect, timeInit, open, listen, timeAccept, call };
