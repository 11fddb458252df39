// What a bench says: figures on stdout, one JSON object a line; everything else on stderr.

/**
 * @param {string} name
 * @param {number} value
 * @param {string} unit
 * @param {number} runs how many measurements the value comes from
 * @param {{ name: string, value: number }} [peer] the same, of something else in the same run
 */
export function figure(name, value, unit, runs, peer) {
  const rounded = peer && { ...peer, value: round(peer.value) };
  process.stdout.write(`${JSON.stringify({ name, value: round(value), unit, runs, ...(rounded && { peer: rounded }) })}\n`);
}

export function note(text) {
  process.stderr.write(`${text}\n`);
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Tells the spread as well: one number of a noisy machine says little. */
export function spread(name, values) {
  const sorted = [...values].sort((a, b) => a - b);
  note(`${name}: ${sorted.length} runs, ${round(sorted[0])} … ${round(median(sorted))} … ${round(sorted.at(-1))}`);
}

function round(value) {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}
