// In the page: the same events, once through the SDK and once by hand. A listener does the same little work in both.
import { connect } from './jackfield/index.js';
import { Line } from './line.js';

const COLLEAGUES = Array.from({ length: 200 }, (_, i) => `agent-${i}`);

let count = 0;

/** Counts, reads a field as a page would, and says how many seconds passed from the first to the last. */
function stopwatch(events) {
  let [read, begun] = [0, 0];
  let finish;
  const done = new Promise(resolve => {
    finish = resolve;
  });
  const saw = text => {
    if (count === 0) begun = performance.now();
    count += 1;
    read += text.length;
    if (count === events) finish((performance.now() - begun) / 1000);
  };
  const listeners = {
    presenceChanged: event => saw(event.presence.availability),
    messageAdded: event => saw(event.message.text),
    participantChanged: event => saw(event.participant.name),
  };
  return { listeners, done };
}

async function throughSdk(events) {
  await Line.install();
  const session = await connect({ gateway: location.origin, token: 'any', voice: false, resume: 'none' });
  await session.presence.watch(COLLEAGUES);
  const { listeners, done } = stopwatch(events);
  Object.entries(listeners).forEach(([type, listener]) => session.on(type, listener));
  session.presence.set('available');
  return done;
}

async function throughParse(events) {
  await Line.install();
  const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/v1/socket`, 'jackfield.v1');
  await new Promise(resolve => socket.addEventListener('open', resolve));
  const { listeners, done } = stopwatch(events);
  socket.addEventListener('message', ({ data }) => {
    for (const frame of [JSON.parse(data)].flat()) {
      if (frame.type === 'event') listeners[frame.event.type]?.(frame.event);
    }
  });
  socket.send(JSON.stringify({ type: 'hello', token: 'any' }));
  socket.send(JSON.stringify({ type: 'command', id: 'k1', command: { type: 'setPresence', availability: 'available' } }));
  return done;
}

globalThis.events = { throughSdk, throughParse, count: () => count };
