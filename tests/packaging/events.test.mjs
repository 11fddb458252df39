// How events come out of the package, many in one message: in order, to whoever listens by then. The gateway is played by a stand-in for the socket.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, mock, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { ROOT } from './pack.mjs';

const NOW = 1_795_000_000_000;

/** A socket whose other end is the test. */
class Line extends EventTarget {
  static CONNECTING = 0;
  static OPEN = 1;
  static CLOSING = 2;
  static CLOSED = 3;
  static last;
  readyState = Line.CONNECTING;
  bufferedAmount = 0;
  protocol = 'jackfield.v1';
  binaryType = 'arraybuffer';

  constructor() {
    super();
    Line.last = this;
    setTimeout(() => {
      this.readyState = Line.OPEN;
      this.dispatchEvent(new Event('open'));
    });
  }

  send(text) {
    for (const { type, id, command } of [JSON.parse(text)].flat()) {
      if (type === 'hello') {
        this.deliver([welcome()]);
      } else if (command?.type === 'signOut') {
        this.deliver([{ type: 'result', id, ok: { type: 'done' } }]);
      } else if (type === 'command') {
        this.deliver([{ type: 'result', id, ok: { type: 'presence', presence: [] } }]);
      }
    }
  }

  deliver(frames) {
    setTimeout(() => this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(frames) })));
  }

  close() {
    this.readyState = Line.CLOSED;
  }
}

const participant = (participantId, userId, role) => ({ participantId, userId, name: userId, role, joinedAt: NOW, away: false, delivered: 0, read: 0 });
const message = (number, more = {}) => ({
  number, commandId: `k${number}`, participantId: 'p2', name: 'Ada "P" 확인', role: 'customer', at: NOW, visibility: 'everyone', text: `line\n${number} \\ "é"`, ...more,
});
const conversation = conversationId => ({
  conversationId, queueId: 'support', channel: 'chat', state: 'active', stateSince: NOW, createdAt: NOW,
  participants: [participant('p1', 'mina', 'agent'), participant('p2', 'ada', 'customer')], lastMessage: 0,
});

const welcome = () => ({
  type: 'welcome', sessionId: 's1', resumeKey: 'k', epoch: 1, seq: 0, resumed: 'new', now: NOW, tokenExpiresAt: Date.now() + 3_600_000, pingEveryMs: 60_000,
  snapshot: {
    user: { userId: 'mina', name: 'Mina', role: 'agent' },
    presence: { userId: 'mina', availability: 'available', activity: 'available', since: NOW },
    queues: [], offers: [], conversations: [conversation('c1')],
  },
});

let connect;
before(async () => {
  globalThis.WebSocket = Line;
  ({ connect } = await import(pathToFileURL(join(ROOT, 'pkg/index.js'))));
});
after(() => delete globalThis.WebSocket);

/** A session, how the gateway tells it events in one message (settled when the last was told), and how what is told is noted. */
async function open(t) {
  const session = await connect({ gateway: 'http://gateway.example', token: 'any', voice: false, resume: 'none' });
  t.after(() => session.close());
  let seq = 0;
  const told = [];
  const tell = events => {
    const last = new Promise(resolve => session.on('queueChanged', resolve, { once: true }));
    Line.last.deliver([...events, { type: 'queueChanged', conversationId: 'c1' }].map(event => ({ type: 'event', seq: (seq += 1), at: NOW, event })));
    return last;
  };
  return { session, told, tell, note: type => session.on(type, event => told.push([type, event])) };
}

test('events of one message come in order, as the gateway told them, with what is new in them', async t => {
  const { told, tell, note } = await open(t);
  ['presenceChanged', 'messageAdded', 'participantChanged', 'conversationStateChanged', 'contextChanged'].forEach(note);
  const presence = { userId: 'mina', availability: 'busy', activity: 'inACall', since: NOW, mood: { new: [1, null] } };
  const changed = { ...participant('p2', 'ada', 'customer'), away: true, hat: 'red' };
  await tell([
    { type: 'messageAdded', conversationId: 'c1', message: message(1, { colour: 'blue' }) },
    { type: 'presenceChanged', presence },
    { type: 'conversationStateChanged', conversationId: 'c1', state: 'parked', since: NOW + 1, why: ['x'] },
    { type: 'participantChanged', conversationId: 'c1', participant: changed },
    { type: 'contextChanged', conversationId: 'c1', tags: ['vip'] },
    { type: 'messageAdded', conversationId: 'c1', message: message(2) },
  ]);
  assert.deepEqual(told.map(([type]) => type), [
    'messageAdded', 'presenceChanged', 'conversationStateChanged', 'participantChanged', 'contextChanged', 'messageAdded',
  ]);
  assert.deepEqual(told[0][1].message, { ...message(1), colour: 'blue', own: false, state: 'received' });
  assert.deepEqual(told[1][1], { presence });
  assert.deepEqual([told[2][1].state, told[2][1].why], ['parked', ['x']]);
  assert.deepEqual(told[3][1].participant, changed);
  assert.deepEqual(told[4][1].tags, ['vip']);
  assert.equal(told[0][1].conversation, told[5][1].conversation, 'one object for each conversation');
  assert.deepEqual(told[0][1].conversation.state.messages.map(({ number }) => number), [1, 2]);
});

test('who begins to listen while events of one message are told hears those that come after, once', async t => {
  const { session, told, tell } = await open(t);
  const off = session.on('messageAdded', ({ message: { number } }) => {
    told.push(`first ${number}`);
    off();
    session.on('presenceChanged', ({ presence }) => told.push(presence.availability));
    session.on('messageAdded', ({ message: { number } }) => told.push(`second ${number}`));
  });
  const presence = availability => ({ type: 'presenceChanged', presence: { userId: 'mina', availability, activity: availability, since: NOW } });
  const said = number => ({ type: 'messageAdded', conversationId: 'c1', message: message(number) });
  await tell([presence('away'), said(1), presence('busy'), said(2), presence('available')]);
  // A set of listeners that grows while it is walked has the new one in it: that it hears this very event is as it was.
  assert.deepEqual(told.filter(what => what !== 'second 1'), ['first 1', 'busy', 'second 2', 'available']);
});

test('a listener that throws harms no other event of its message', async t => {
  const { session, told, tell } = await open(t);
  const reported = [];
  globalThis.reportError = error => reported.push(error.message);
  t.after(() => delete globalThis.reportError);
  session.on('messageAdded', ({ message: { number } }) => {
    told.push(number);
    throw new Error(`at ${number}`);
  });
  await tell([1, 2, 3].map(number => ({ type: 'messageAdded', conversationId: 'c1', message: message(number) })));
  assert.deepEqual([told, reported], [[1, 2, 3], ['at 1', 'at 2', 'at 3']]);
});

test('a conversation that came and went within one message is told of by one object, with its last state', async t => {
  const { session, told, tell, note } = await open(t);
  ['conversationAdded', 'messageAdded', 'conversationRemoved'].forEach(note);
  await tell([
    { type: 'conversationAdded', conversation: conversation('c2') },
    { type: 'messageAdded', conversationId: 'c2', message: message(1) },
    { type: 'conversationRemoved', conversationId: 'c2' },
  ]);
  assert.deepEqual(told.map(([type]) => type), ['conversationAdded', 'messageAdded', 'conversationRemoved']);
  assert.equal(told[0][1].conversation, told[1][1].conversation);
  assert.equal(told[2][1].conversationId, 'c2');
  assert.equal(told[1][1].conversation.state.messages.length, 1, 'the last snapshot stays readable');
  assert.equal(session.conversation('c2'), undefined);
});

test('an event that is not as it should be is warned of, and costs nothing else', async t => {
  const warned = mock.method(console, 'warn', () => {});
  t.after(() => warned.mock.restore());
  const { session, told, tell, note } = await open(t);
  note('messageAdded');
  await tell([
    { type: 'messageAdded', conversationId: 'c1', message: message('1') },
    { type: 'presenceChanged', presence: { userId: 7 } },
    { type: 'messageAdded', conversationId: 'c1', message: message(1) },
  ]);
  assert.deepEqual(told.map(([, { message: { number } }]) => number), [1]);
  const lines = warned.mock.calls.map(({ arguments: [line] }) => line);
  assert.match(lines[0], /^jackfield: event 1 was passed over: `message.number` must be a number/);
  assert.match(lines[1], /^jackfield: event 2 was passed over: `presence.userId` must be a text/);
  assert.equal(session.state.connection, 'ready');
});
