// What applications write, and what they must not be able to write. Never run: tsc reads it.
import {
  connect, init, JackfieldError, type Consult, type Conversation, type ErrorCode, type Floor, type Message, type OutboundTarget, type PastConversation, type Session, type Target,
} from 'jackfield';
import { createCleaner, type Cleaner } from 'jackfield/audio';

async function agent(signal: AbortSignal): Promise<void> {
  await init();
  const session: Session = await connect({ gateway: 'https://voice.example', token: async () => 'jwt', signal });
  const stop: () => void = session.on('offerMade', async ({ offer }) => {
    const conversation = await offer.accept({ signal });
    await conversation.voice.hold();
    const message: Message = await conversation.chat.send('hello', { visibility: 'internal' });
    const number: number = message.number;
    await conversation.chat.markRead(number, { signal });
    await conversation.finishWrapUp({ disposition: 'solved', note: String(number) });
  });
  session.on('conversationStateChanged', ({ conversation, state }) => {
    if (state === 'ended') console.log(conversation.state.reason);
  }, { once: true });
  await session.presence.set('available');
  stop();
  session[Symbol.dispose]();
}

async function control(session: Session, conversation: Conversation, signal: AbortSignal): Promise<void> {
  const { agents, queues } = await session.findTargets({ text: 'mi', limit: 5 }, { signal });
  const target: Target = agents[0] ? { type: 'agent', userId: agents[0].userId } : { type: 'queue', queueId: queues[0]!.queueId };
  const consult: Consult = await conversation.consult(target, { signal });
  console.log(consult.participant?.side === 'consult', consult.participant?.part);
  await consult.swap({ signal });
  await consult.conference();
  await consult.complete();
  await consult.cancel();
  await conversation.transfer({ type: 'number', number: '+442071838750' }, { signal });
  await conversation.invite(target);
  await conversation.remove(conversation.state.participants[0]!.participantId);
  await conversation.park();
  await conversation.pickUp({ signal });
  const picked: Conversation = await session.pickUp('c7', { signal });
  console.log(picked.state.participants.filter(({ owner, monitor, wrapUp }) => owner || monitor === 'barge' || wrapUp));
}

async function outbound(session: Session, signal: AbortSignal): Promise<void> {
  const target: OutboundTarget = { type: 'customer', userId: 'kim' };
  const call: Conversation = await session.startOutbound({ queueId: 'sales', target, preview: true, subject: 'Your order' }, { signal });
  session.on('outboundChanged', ({ conversation, outbound: { stage, expiresAt } }) => console.log(conversation.id, stage === 'preview' && expiresAt));
  if (call.state.outbound?.stage === 'preview' && call.state.outbound.name) await call.dial({ signal });
  else await call.skip('not today', { signal });
}

async function context(session: Session, conversation: Conversation, signal: AbortSignal): Promise<void> {
  await conversation.setAttributes({ order: 'A-17', vip: true, score: 3, colours: ['red'], coupon: null }, { signal });
  await conversation.setTags({ add: ['refund'], remove: ['new'] }, { signal });
  await conversation.setLinks([{ name: 'Account', url: 'https://crm.example/1' }]);
  await conversation.addNote('Called twice.', { signal });
  const { entries, more } = await conversation.history({ limit: 5 }, { signal });
  const past: PastConversation | undefined = entries[0];
  const page = past && (await conversation.pastMessages(past.conversationId, { before: 7 }, { signal }));
  console.log(more, page?.messages[0]?.text, past?.agents[0]?.name, past?.tags.length);
  session.on('contextChanged', ({ conversation: of, tags, links }) => console.log(of.state.attributes, tags, links?.[0]?.fixed));
  session.on('callbackChanged', ({ conversation: of, callback }) => console.log(of.id, callback?.at, callback?.attempts));
  session.on('queueChanged', ({ conversation: of, queueId }) => console.log(of.id, queueId));
  session.on('conversationChanged', ({ conversation: of }) => console.log(of.state.tags, of.state.links));
  console.log(conversation.chat.messages.filter(({ note }) => note));
  const open = session.state.attributes.filter(({ readOnly, kind, values }) => !readOnly && (kind === 'boolean' || values.length > 0));
  console.log(open.map(({ label }) => label), session.state.tags.map(({ id, name }) => `${id} ${name}`));
}

async function presence(session: Session, signal: AbortSignal): Promise<void> {
  const reason = session.state.reasons.find(({ availability }) => availability === 'beRightBack');
  if (session.state.reasonRequired && !reason) return;
  await session.presence.set('beRightBack', { reason: reason?.id, afterWork: true, expiresInMs: 600_000, signal });
  await session.presence.set('offline', { activity: 'offWork' });
  await session.presence.setSession({ availability: 'busy', activity: 'inACall', expiresInMs: 300_000 }, { signal });
  await session.presence.setStatus('Back at two', { expiresInMs: 60_000, signal });
  await session.presence.setStatus(undefined);
  await session.presence.clear({ signal });
  const { capacity, next, preferred, statusMessage, wrapUps = 0 } = session.presence.value;
  console.log(capacity?.voice.used, next?.until, preferred?.reason, statusMessage?.text, wrapUps + 1);
}

async function supervisor({ supervision }: Session, signal: AbortSignal): Promise<void> {
  const floor: Floor | undefined = await supervision.watch({ queueIds: ['support'] }, { signal });
  console.log(floor?.queues.length, supervision.floor === floor);
  const [queue, agent] = [floor?.queues[0], floor?.agents[0]];
  const share: number = queue?.today ? queue.today.answeredInTime / (queue.today.answered + queue.today.abandoned) : 1;
  console.log(share, queue?.window?.waitMs, agent?.state === 'handling', agent?.today?.reasons['lunch'], agent?.conversations[0]?.customerName);
  await supervision.monitor('c7', 'whisper', { userId: 'mina', signal });
  await supervision.takeOver('c7', { signal });
  await supervision.remove('c7', 'p3', { signal });
  await supervision.signOut('mina', { signal });
  await supervision.prioritize('c7', { priority: 5, headStartMs: 60_000 }, { signal });
  await supervision.reassign('c7', { type: 'queue', queueId: 'support' }, { signal });
  const why = await supervision.explain('c7', { signal });
  console.log(why.sentence, why.agents?.ready, why.offered.length, why.before[0]?.reason.preferredMet);
  await supervision.setAgentSkills('mina', { skills: { french: 7 }, queues: [], capacity: { voice: 1, chat: 2 }, signal });
  await supervision.stopMonitoring('c7');
  await supervision.setAgentPresence('mina', 'available', { reason: 'queue', signal });
  const { conversations, more } = await supervision.waiting('support', { limit: 5 }, { signal });
  console.log(more, conversations.map(({ customerName, since, offeredTo }) => `${customerName} ${since} ${offeredTo.length}`));
  await supervision.unwatch();
}

async function clean(signal: AbortSignal): Promise<Session> {
  const cleaner: Cleaner = await createCleaner({ signal, attackMs: 20, suppress: false });
  cleaner.on('voice', ({ speaking, stream }) => console.log(speaking && stream.active), { signal });
  cleaner.on('level', ({ input, output }) => console.log(input - output));
  cleaner.suppress = true;
  const made: MediaStream = await cleaner.process(new MediaStream());
  console.log(made);
  return connect({ gateway: 'https://voice.example', token: 'jwt', voice: { noiseSuppression: false, process: stream => cleaner.process(stream) } });
}

function failure(error: unknown): ErrorCode | undefined {
  return error instanceof JackfieldError ? error.code : undefined;
}

async function wrong(session: Session): Promise<void> {
  // @ts-expect-error there is no such availability
  await session.presence.set('sleeping');
  // @ts-expect-error nobody can choose to be idle
  await session.presence.set('availableIdle');
  // @ts-expect-error a target is an agent, a queue or a number
  await session.conversations[0]!.transfer({ type: 'agent', queueId: 'support' });
  // @ts-expect-error there are three ways of monitoring
  await session.supervision.monitor('c7', 'shout');
  // @ts-expect-error an attribute is no object
  await session.conversations[0]!.setAttributes({ order: { id: 7 } });
  // @ts-expect-error there is no such event
  session.on('offerMad', () => {});
  // @ts-expect-error a channel is voice or chat
  await session.start({ queueId: 'support', channel: 'fax' });
  // @ts-expect-error state can't be written
  session.state = session.state;
  // @ts-expect-error nor can what is in it
  session.state.offers.push(session.offers[0]!);
  // @ts-expect-error a token is needed
  await connect({ gateway: 'https://voice.example' });
  // @ts-expect-error an offer may not be there
  session.offers[0].accept();
  // @ts-expect-error process returns a stream
  await connect({ gateway: 'https://voice.example', token: 'jwt', voice: { process: () => 'loud' } });
  // @ts-expect-error a cleaner is asked whether somebody speaks, not told
  (await createCleaner()).speaking = true;
  // @ts-expect-error no such code
  const code: ErrorCode = 'oops';
  console.log(code);
}

console.log(agent, control, outbound, context, presence, supervisor, clean, failure, wrong);
