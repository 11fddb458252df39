// idle_session_bytes: what 10,000 sessions add to the release gateway's memory.
// fanout_us_per_delivery: CPU of the gateway for one event on one session's socket, 1,000 sessions watching; beside Socket.IO, which sends the
// same text to as many, in the same run. The clients are other processes: only the servers' CPU is counted.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { figure, median, note, spread } from '../lib/figures.mjs';
import { Gateway, temporaryFolder } from '../lib/gateway.mjs';
import { benchCentre, ORIGIN } from './config.mjs';
import { Load } from './load.mjs';

const IDLE = 10_000;
const WATCHERS = 1_000;
const MOVERS = 20;
const ROUNDS = 100;
const RUNS = 3;
const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK']));
const HERE = fileURLToPath(new URL('.', import.meta.url));

const folder = temporaryFolder('sessions');
try {
  await benchIdle();
  await benchFanout();
} finally {
  folder.remove();
}

async function benchIdle() {
  const bytes = [];
  for (let run = 0; run < RUNS; run += 1) {
    const { gateway, token } = await serve([]);
    try {
      const customers = names('customer', IDLE).map(name => token(name, 'customer'));
      const before = memory(gateway.pid);
      const load = new Load(['hold', address(gateway), ORIGIN, tokenFile('idle', customers)]);
      const { open } = await load.next();
      bytes.push((memory(gateway.pid) - before) / open);
      note(`${open} sessions: ${Math.round(memory(gateway.pid) / 1e6)} MB in all`);
      await load.end();
    } finally {
      await gateway.dispose();
    }
  }
  spread('bytes a session', bytes);
  figure('idle_session_bytes', median(bytes), 'B', RUNS);
}

async function benchFanout() {
  const [ours, theirs] = [[], []];
  for (let run = 0; run < RUNS; run += 1) {
    ours.push(await fanoutOfGateway());
    theirs.push(await fanoutOfSocketIo());
  }
  spread('gateway, µs a delivery', ours);
  spread('Socket.IO, µs a delivery', theirs);
  figure('fanout_us_per_delivery', median(ours), 'us', RUNS, { name: 'Socket.IO', value: median(theirs) });
}

async function fanoutOfGateway() {
  const [watching, moving] = [names('watcher', WATCHERS), names('mover', MOVERS)];
  const { gateway, token } = await serve([...watching, ...moving]);
  const tokensOf = (name, users) => tokenFile(name, users.map(user => token(user, 'agent')));
  try {
    const files = [tokensOf('watchers', watching), tokensOf('movers', moving)];
    const load = new Load(['fanout', address(gateway), ORIGIN, ...files, String(ROUNDS)]);
    await load.next();
    const before = cpu(gateway.pid);
    load.go();
    const { deliveries } = await load.next();
    const spent = cpu(gateway.pid) - before;
    await load.end();
    return (spent * 1e6) / deliveries;
  } finally {
    await gateway.dispose();
  }
}

async function fanoutOfSocketIo() {
  const server = new Load([join(HERE, 'socketio-server.mjs')], process.execPath);
  const { port } = await server.next();
  const clients = new Load([join(HERE, 'socketio-clients.mjs'), String(port), String(WATCHERS), String(MOVERS), String(ROUNDS)], process.execPath);
  try {
    await clients.next();
    const before = cpu(server.pid);
    clients.go();
    const { deliveries } = await clients.next();
    return ((cpu(server.pid) - before) * 1e6) / deliveries;
  } finally {
    await clients.end();
    await server.end();
  }
}

/** A gateway from a configuration of its own, with as many agents as the bench needs. */
async function serve(agents) {
  const { config, token } = benchCentre(agents);
  const path = join(folder.path, 'jackfield.toml');
  const data = temporaryFolder('data');
  writeFileSync(path, config(data.path));
  const gateway = await Gateway.start({ data: data.path, args: ['serve', '--config', path] });
  const dispose = gateway.dispose.bind(gateway);
  gateway.dispose = async () => {
    await dispose();
    data.remove();
  };
  return { gateway, token };
}

function names(what, count) {
  return Array.from({ length: count }, (_, i) => `${what}-${i}`);
}

function tokenFile(name, tokens) {
  const path = join(folder.path, name);
  writeFileSync(path, tokens.join('\n'));
  return path;
}

function address(gateway) {
  return `127.0.0.1:${gateway.port}`;
}

function memory(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;
}

/** Seconds of CPU that a process has had, in user and kernel mode. */
function cpu(pid) {
  // The program's name stands in brackets and may hold spaces: count from behind it. Fields 14 and 15 are utime and stime.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
