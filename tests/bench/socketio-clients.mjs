// The clients of the peer: WATCHERS that watch, MOVERS that each send ROUNDS events, the next when the last is answered.
import { createInterface } from 'node:readline';
import { io } from 'socket.io-client';

const [port, watchers, movers, rounds] = process.argv.slice(2).map(Number);
const tell = fact => process.stdout.write(`${JSON.stringify(fact)}\n`);
const connect = () =>
  new Promise((resolve, reject) => {
    const socket = io(`ws://127.0.0.1:${port}`, { transports: ['websocket'], forceNew: true });
    socket.once('connect', () => resolve(socket));
    socket.once('connect_error', reject);
  });

const due = movers * rounds * watchers;
let deliveries = 0;
let finish;
const finished = new Promise(resolve => {
  finish = resolve;
});
for (let i = 0; i < watchers; i += 1) {
  const socket = await connect();
  await socket.emitWithAck('watch');
  socket.on('event', () => {
    deliveries += 1;
    if (deliveries === due) finish();
  });
}
const moving = [];
for (let i = 0; i < movers; i += 1) {
  moving.push(await connect());
}
tell({ ready: watchers });

const input = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
await input.next();
await Promise.all(moving.map(async (socket, i) => {
  for (let round = 0; round < rounds; round += 1) {
    const availability = round % 2 ? 'busy' : 'available';
    // The same fields and so the same length as the gateway's event.
    const presence = { userId: `agent-${i}`, availability, activity: availability, since: Date.now() };
    await socket.emitWithAck('move', { type: 'event', seq: round + 1, at: Date.now(), event: { type: 'presenceChanged', presence } });
  }
}));
await finished;
tell({ deliveries });
await input.next();
process.exit(0);
