// What the wire leaves out because it is empty or 0, and the types promise.

const zeros = names => Object.fromEntries(names.split(' ').map(name => [name, 0]));
const queue = zeros('waitingVoice waitingChat offered callbacks agentsOnline agentsBusy serviceLevelMs');
const queueFigures = zeros('entered answered answeredInTime abandoned shortAbandoned overflowed transferred dropped outbound reached handled waitMs longestWaitMs talkMs holdMs wrapUpMs');
const agentFigures = zeros('calls chats consults talkMs holdMs wrapUpMs consultMs awayMs busyMs readyMs handlingMs wrappingUpMs');

/** The figures of these spans, where they are there. */
function spans(row, names, none) {
  const found = names.filter(name => row[name]);
  return Object.fromEntries(found.map(name => [name, { ...none, ...row[name] }]));
}

const queueRow = row => ({ ...queue, ...row, ...spans(row, ['today', 'window'], queueFigures) });
const agentRow = row => ({ conversations: [], ...row, ...spans(row, ['today'], { reasons: {}, ...agentFigures }) });

/** An offer's snapshot. */
export const offer = fields => ({ ...fields, reason: { skills: {}, ...fields.reason } });

/** By the places of `Made` in src/web/host.rs: the parts of the state that no event tells of, an offer, the floor. */
export const made = [
  ({ queues = [], attributes = [], ...rest }) => ({ reasons: [], reasonRequired: false, trunk: false, tags: [], ...rest, attributes: attributes.map(one => ({ values: [], readOnly: false, ...one })), queues: queues.map(row => ({ dispositions: [], ...row })) }),
  offer,
  ({ queues = [], agents = [], ...rest }) => ({ ...rest, queues: queues.map(queueRow), agents: agents.map(agentRow) }),
];

/** A conversation's snapshot. */
export const conversation = (fields, messages) => ({ attributes: {}, tags: [], links: [], ...fields, messages });
