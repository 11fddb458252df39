/** Asks why a conversation waits, or to whom it went. What is empty does not come over the wire. */
export async function explain(core, conversationId, options) {
  const { explanation } = await core.command({ type: 'explain', conversationId }, options);
  return { nextQueues: [], skills: {}, preferred: {}, only: [], offered: [], before: [], ...explanation };
}
