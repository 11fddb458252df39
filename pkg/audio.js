// `jackfield/audio`: noise suppression, levels and voice activity. Types and documentation: audio.d.ts.
//
// Nothing of it is part of `jackfield`, and nothing runs when this module is imported.

export { createCleaner } from './lib/audio/cleaner.js';
export { JackfieldError } from './lib/error.js';
