// Tones for fake microphones. One browser process has one fake microphone, and one microphone has one tone.
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
  const samples = RATE * SECONDS;
  const file = Buffer.alloc(44 + samples * 2);
  writeHeader(file, samples * 2);
  for (let i = 0; i < samples; i += 1) {
    const value = AMPLITUDE * Math.sin((2 * Math.PI * hertz * i) / RATE);
    file.writeInt16LE(Math.round(value * 32_767), 44 + i * 2);
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
