// Tones and voices for fake microphones. One browser process has one fake microphone, and one microphone has one tone.
import { writeFileSync } from 'node:fs';

const RATE = 48_000;
// Chromium loops the file with a click at the seam; a long file keeps the click out of most measurements.
const SECONDS = 60;
const AMPLITUDE = 0.5;

/**
 * Writes a sine as a 48 kHz mono 16-bit WAV file.
 * @param {string} path
 * @param {number} hertz
 * @returns {string} the path
 */
export function writeTone(path, hertz) {
  return write(path, seconds => AMPLITUDE * Math.sin(2 * Math.PI * hertz * seconds));
}

/** How long somebody speaks in a noisy room, and then says nothing for as long. */
export const TALK_SECONDS = 3;
const PITCH_HZ = 150;
const PARTIALS = 20;
/** Centre and width of an open vowel's formants, in hertz, and how strong they are. */
const FORMANTS = [[700, 110, 1], [1_200, 130, 0.5], [2_600, 180, 0.25]];

/**
 * Writes somebody in a noisy room: vowels of four syllables a second and pauses in turn, with white noise of -35 dB beneath. Noise suppression
 * takes a voice for a voice by its partials and its syllables; a steady tone proves little.
 * @param {string} path
 * @returns {string} the path
 */
export function writeSpeaker(path) {
  const partials = Array.from({ length: PARTIALS }, (_, at) => {
    const hertz = PITCH_HZ * (at + 1);
    return { hertz, gain: FORMANTS.reduce((sum, [centre, width, gain]) => sum + gain / (1 + ((hertz - centre) / width) ** 2), 0) };
  });
  return write(path, seconds => {
    const noise = 0.06 * (Math.random() - 0.5);
    if (seconds % (2 * TALK_SECONDS) >= TALK_SECONDS) {
      return noise;
    }
    const syllable = Math.max(0, Math.sin(2 * Math.PI * 4 * seconds));
    const vowel = partials.reduce((sum, { hertz, gain }) => sum + gain * Math.sin(2 * Math.PI * hertz * seconds), 0);
    return 0.2 * syllable * vowel + noise;
  });
}

function write(path, sampleAt) {
  const samples = RATE * SECONDS;
  const file = Buffer.alloc(44 + samples * 2);
  writeHeader(file, samples * 2);
  for (let i = 0; i < samples; i += 1) {
    file.writeInt16LE(Math.round(sampleAt(i / RATE) * 32_767), 44 + i * 2);
  }
  writeFileSync(path, file);
  return path;
}

function writeHeader(file, dataBytes) {
  file.write('RIFF', 0);
  file.writeUInt32LE(36 + dataBytes, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20); // PCM
  file.writeUInt16LE(1, 22); // mono
  file.writeUInt32LE(RATE, 24);
  file.writeUInt32LE(RATE * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(dataBytes, 40);
}
