// In the page: the same stream of events, once through the SDK and once by hand. A listener does the same little work in both.
import { connect } from './jackfield/index.js';

const EVENTS = 200_000;
const TYPES = ['presenceChanged', 'messageAdded', 'participantChanged'];

let count = 0;

/** Counts, reads a field as a page would, and says when the last one came. */
function stopwatch() {
  let [read, begun] = [0, 0];
  count = 0;
  let finish;
  const done = new Promise(resolve => {
    finish = resolve;
  });
  const saw = text => {
    if (count === 0) begun = performance.now();
    count += 1;
    read += text.length;
    if (count === EVENTS) finish({ count, read, seconds: (performance.now() - begun) / 1000 });
  };
  const listeners = {
    presenceChanged: event => saw(event.presence.availability),
    messageAdded: event => saw(event.message.text),
    participantChanged: event => saw(event.participant.name),
  };
  return { listeners, done };
}

async function throughSdk() {
  const session = await connect({ gateway: location.origin, token: 'any', voice: false, resume: 'none' });
  await session.presence.watch(Array.from({ length: 200 }, (_, i) => `agent-${i}`));
  const { listeners, done } = stopwatch();
  TYPES.forEach(type => session.on(type, listeners[type]));
  session.presence.set('available');
  return done;
}

async function throughParse() {
  const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/v1/socket`, 'jackfield.v1');
  await new Promise(resolve => socket.addEventListener('open', resolve));
  const { listeners, done } = stopwatch();
  socket.onmessage = ({ data }) => {
    for (const frame of [JSON.parse(data)].flat()) {
      if (frame.type === 'event') listeners[frame.event.type]?.(frame.event);
    }
  };
  socket.send(JSON.stringify({ type: 'hello', token: 'any' }));
  socket.send(JSON.stringify({ type: 'command', id: 'k1', command: { type: 'setPresence', availability: 'available' } }));
  return done;
}

globalThis.events = { throughSdk, throughParse, count: () => count };
