// What a page hears, measured from the streams of its session; and what it plays that it made itself.

/** Runs in the page. Mixes the session's remote streams and looks at them; rebuilt by itself after a reload. */
export function installEar() {
  const RATE = 48_000;
  const WINDOW = 8192;
  let ear;
  const own = new Map();

  // What the page makes (a ringing, a tone) goes to the speakers, and to an analyser of the same context beside.
  const { connect } = AudioNode.prototype;
  AudioNode.prototype.connect = function (to, ...more) {
    if (to instanceof AudioDestinationNode) {
      if (!own.has(to.context)) own.set(to.context, new AnalyserNode(to.context, { fftSize: WINDOW }));
      connect.call(this, own.get(to.context));
    }
    return connect.call(this, to, ...more);
  };

  function open() {
    const context = new AudioContext({ sampleRate: RATE });
    const analyser = new AnalyserNode(context, { fftSize: WINDOW });
    return { context, analyser, tracks: new Set(), samples: new Float32Array(WINDOW) };
  }

  // A stream's track may be another after the voice connection was made anew.
  function attach() {
    for (const stream of globalThis.jackfield?.session?.voice.streams ?? []) {
      for (const track of stream.getAudioTracks()) {
        if (!ear.tracks.has(track)) {
          ear.tracks.add(track);
          ear.context.createMediaStreamSource(new MediaStream([track])).connect(ear.analyser);
        }
      }
    }
  }

  // Goertzel's algorithm under a Hann window: the amplitude of one sine.
  function amplitude(samples, hertz, rate = RATE) {
    const w = (2 * Math.PI * hertz) / rate;
    const k = 2 * Math.cos(w);
    let [a, b, sum] = [0, 0, 0];
    for (let i = 0; i < samples.length; i += 1) {
      const hann = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / (samples.length - 1));
      [a, b] = [samples[i] * hann + k * a - b, a];
      sum += hann;
    }
    return (2 * Math.sqrt(Math.max(0, a * a + b * b - k * a * b))) / sum;
  }

  async function freshWindow() {
    ear ??= open();
    attach();
    await ear.context.resume();
    const end = ear.context.currentTime + WINDOW / RATE;
    while (ear.context.currentTime < end) {
      await new Promise(requestAnimationFrame);
    }
    ear.analyser.getFloatTimeDomainData(ear.samples);
    return ear.samples;
  }

  async function hear(frequencies) {
    const samples = await freshWindow();
    const rms = Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
    return { rms, tones: frequencies.map(hertz => amplitude(samples, hertz)) };
  }

  // The loudest of what is played; a context that stands still plays nothing.
  async function plays(frequencies) {
    await freshWindow();
    const samples = new Float32Array(WINDOW);
    const heard = [...own].filter(([context]) => context.state === 'running').map(([context, analyser]) => {
      analyser.getFloatTimeDomainData(samples);
      return frequencies.map(hertz => amplitude(samples, hertz, context.sampleRate));
    });
    return { tones: frequencies.map((_, index) => Math.max(0, ...heard.map(tones => tones[index]))) };
  }

  // Between two tones as well: what may sound again still runs.
  const playsNothing = () => [...own.keys()].every(context => context.state !== 'running');

  globalThis.jackfieldEar = { hear, plays, playsNothing };
}

/** Runs in the page, before anything else. Keeps every track that is ever sent or opened: what a page says of its microphone is not what leaves it. */
export function keepSent() {
  const sent = new Set();
  const { replaceTrack } = RTCRtpSender.prototype;
  RTCRtpSender.prototype.replaceTrack = function (track) {
    if (track) sent.add(track);
    return replaceTrack.call(this, track);
  };
  Object.defineProperty(globalThis, 'jackfieldSent', { get: () => [...sent] });
  const opened = [];
  // Not in a page without HTTPS.
  const devices = globalThis.MediaDevices?.prototype;
  if (devices) {
    const { getUserMedia } = devices;
    devices.getUserMedia = async function (constraints) {
      const stream = await getUserMedia.call(this, constraints);
      opened.push(...stream.getTracks());
      return stream;
    };
  }
  Object.defineProperty(globalThis, 'jackfieldOpened', { get: () => [...opened] });
}

const HEARD = 0.05;
const UNHEARD = 0.004;
const SILENT = 0.004;
const WINDOWS_A_SECOND = 48_000 / 8_192;
/** So many windows of 171 ms in a row have to agree: one alone may be a click or a gap. */
const IN_A_ROW = 4;

/**
 * Waits until a page hears what it should.
 * @param {import('playwright-core').Page} page
 * @param {{ tones?: number[], not?: number[] }} wanted the tones that must be there, and those that must not; none wanted means silence
 */
export async function hears(page, wanted, limitMs = 20_000) {
  const { tones = [], not = [] } = wanted;
  const fits = ({ rms, tones: heard }) =>
    heard.slice(0, tones.length).every(a => a > HEARD) &&
    heard.slice(tones.length).every(a => a < UNHEARD) &&
    (tones.length > 0 || rms < SILENT);
  const deadline = Date.now() + limitMs;
  let last;
  for (let agreed = 0; agreed < IN_A_ROW; ) {
    if (Date.now() > deadline) {
      throw new Error(`wanted ${JSON.stringify(wanted)}, heard ${JSON.stringify(last)}`);
    }
    last = await page.evaluate(all => globalThis.jackfieldEar.hear(all), [...tones, ...not]);
    agreed = fits(last) ? agreed + 1 : 0;
  }
}

/**
 * Listens for a while to somebody who speaks and pauses in turn.
 * @param {import('playwright-core').Page} page
 * @param {number} seconds long enough for both
 * @returns {Promise<{ voice: number, pause: number }>} how loud the two are, in dB of full scale: medians of the louder and the quieter third of
 * the windows, so that neither a click nor a gap counts, nor the change from one to the other
 */
export async function loudnessOf(page, seconds) {
  const windows = await page.evaluate(async count => {
    const heard = [];
    while (heard.length < count) heard.push((await globalThis.jackfieldEar.hear([])).rms);
    return heard;
  }, Math.ceil(seconds * WINDOWS_A_SECOND));
  const decibels = windows.sort((a, b) => a - b).map(rms => 20 * Math.log10(Math.max(rms, 1e-6)));
  const at = share => decibels[Math.floor(share * decibels.length)];
  return { voice: at(5 / 6), pause: at(1 / 6) };
}

/** The tone by which somebody hears that the other end rings: one second of every five. */
const RINGBACK_HZ = 425;

/** Waits until a page plays the tone of ringing to its user. */
export async function hearsRinging(page, limitMs = 20_000) {
  const deadline = Date.now() + limitMs;
  for (let agreed = 0; agreed < 2; ) {
    const { tones } = await page.evaluate(hertz => globalThis.jackfieldEar.plays([hertz]), RINGBACK_HZ);
    agreed = tones[0] > HEARD ? agreed + 1 : 0;
    if (agreed < 2 && Date.now() > deadline) throw new Error(`wanted the tone of ringing, heard ${tones[0]}`);
  }
}

/** Waits until a page plays nothing of its own making, and will not by itself. */
export async function playsNothing(page) {
  await page.waitForFunction(() => globalThis.jackfieldEar.playsNothing());
}

/** Listens for one period of the tone of ringing, and a little more. @returns how loud it was at most: what a page plays itself, and what it is sent. */
export async function loudestRinging(page) {
  return page.evaluate(async hertz => {
    let loudest = 0;
    for (const end = performance.now() + 5_200; performance.now() < end; ) {
      const [{ tones: [sent] }, { tones: [own] }] = [await globalThis.jackfieldEar.hear([hertz]), await globalThis.jackfieldEar.plays([hertz])];
      loudest = Math.max(loudest, sent, own);
    }
    return loudest;
  }, RINGBACK_HZ);
}

/** Waits until a page hears nothing at all. */
export function hearsNothing(page, limitMs) {
  return hears(page, {}, limitMs);
}
