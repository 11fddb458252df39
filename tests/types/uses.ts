// What applications write, and what they must not be able to write. Never run: tsc reads it.
import { connect, init, JackfieldError, type ErrorCode, type Message, type Session } from 'jackfield';
import { createCleaner, type Cleaner } from 'jackfield/audio';

async function agent(signal: AbortSignal): Promise<void> {
  await init();
  const session: Session = await connect({ gateway: 'https://voice.example', token: async () => 'jwt', signal });
  const stop: () => void = session.on('offerMade', async ({ offer }) => {
    const conversation = await offer.accept({ signal });
    await conversation.voice.hold();
    const message: Message = await conversation.chat.send('hello', { visibility: 'internal' });
    const number: number = message.number;
    await conversation.finishWrapUp({ disposition: 'solved', note: String(number) });
  });
  session.on('conversationStateChanged', ({ conversation, state }) => {
    if (state === 'ended') console.log(conversation.state.reason);
  }, { once: true });
  await session.presence.set('available');
  stop();
  session[Symbol.dispose]();
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

console.log(agent, clean, failure, wrong);
