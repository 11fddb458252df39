// The package's API. Types and documentation: index.d.ts.
//
// In ./lib are only the objects that applications hold; what a session does is decided in the WebAssembly in ./dist (`src/engine` of the
// repository). Nothing runs when this module is imported, so that it can be imported anywhere, also on a server.

export { connect } from './lib/connect.js';
export { JackfieldError } from './lib/error.js';
export { init } from './lib/load.js';

export const version = '0.1.0';
