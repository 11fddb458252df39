// A made-up busy shift as a gateway would send it to one agent: colleagues' presence, messages, calls muted and unmuted.

const NOW = 1_795_000_000_000;
const COLLEAGUES = 200;
const CONVERSATIONS = 100;
const SENTENCES = ['Could you tell me your order number?', 'It is JF-20417.', 'Thank you, one moment please.', '확인했습니다. 내일 도착합니다.'];
const STATES = ['available', 'busy', 'away'];

/**
 * @param {number} events how many
 * @param {number} batch how many frames go in one text message
 * @returns {{ welcome: object, presence: object[], batches: string[] }}
 */
export function recordShift(events, batch) {
  // Nobody is there at first: an event that changes nothing would reach no listener.
  const presence = Array.from({ length: COLLEAGUES }, (_, i) => ({ ...presenceOf(i, 0), availability: 'offline', activity: 'offline' }));
  const conversations = Array.from({ length: CONVERSATIONS }, (_, i) => conversation(i));
  const told = { numbers: new Array(CONVERSATIONS).fill(0), away: new Array(CONVERSATIONS).fill(false) };
  const frames = Array.from({ length: events }, (_, i) =>
    JSON.stringify({ type: 'event', seq: i + 1, at: NOW + i, event: eventOf(i, conversations, told) }),
  );
  const batches = [];
  for (let i = 0; i < events; i += batch) {
    batches.push(`[${frames.slice(i, i + batch).join(',')}]`);
  }
  return { welcome: welcome(conversations), presence, batches };
}

/** Six of ten are presence, two are messages, two are changes of a participant. */
function eventOf(i, conversations, { numbers, away }) {
  switch (i % 10) {
    case 3:
    case 7: {
      const c = (i * 7 + (i % 10)) % CONVERSATIONS;
      numbers[c] += 1;
      return { type: 'messageAdded', conversationId: `c${c}`, message: message(c, numbers[c], i) };
    }
    case 5:
    case 9: {
      const c = (i * 3 + (i % 10)) % CONVERSATIONS;
      away[c] = !away[c];
      return { type: 'participantChanged', conversationId: `c${c}`, participant: { ...conversations[c].participants[1], away: away[c] } };
    }
    default:
      return { type: 'presenceChanged', presence: presenceOf(i % COLLEAGUES, i) };
  }
}

function presenceOf(i, at) {
  const availability = STATES[(i + Math.floor(at / COLLEAGUES)) % 3];
  return { userId: `agent-${i}`, availability, activity: availability, since: NOW + at };
}

function message(c, number, i) {
  return {
    number, commandId: `k${c}-${number}`, participantId: `p${2 * c + 1}`, name: 'Ada Park', role: 'customer',
    at: NOW + i, visibility: 'everyone', text: SENTENCES[i % SENTENCES.length],
  };
}

function participant(id, userId, name, role) {
  return { participantId: id, userId, name, role, joinedAt: NOW, away: false, delivered: 0, read: 0 };
}

function conversation(i) {
  return {
    conversationId: `c${i}`, queueId: 'support', channel: 'chat', state: 'active', stateSince: NOW, createdAt: NOW,
    participants: [participant(`p${2 * i}`, 'mina', 'Mina', 'agent'), participant(`p${2 * i + 1}`, `customer-${i}`, 'Ada Park', 'customer')],
    voiceRequested: false, lastMessage: 0,
  };
}

function welcome(conversations) {
  return {
    type: 'welcome', tenantId: 'bench', sessionId: 's1', resumeKey: 'k', epoch: 1, seq: 0, resumed: 'new', now: NOW,
    tokenExpiresAt: NOW + 3_600_000, pingEveryMs: 60_000, graceMs: 60_000,
    snapshot: {
      user: { userId: 'mina', name: 'Mina', role: 'agent' },
      presence: { userId: 'mina', availability: 'available', activity: 'available', since: NOW },
      queues: [{ queueId: 'support', name: 'Support', channels: ['voice', 'chat'] }],
      offers: [], conversations,
    },
  };
}
