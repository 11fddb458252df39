// Loading the WebAssembly, once for the page.

import { invalid, problem } from './error.js';

let loading;
let loadedFrom;

/** @param {string | URL | WebAssembly.Module | BufferSource} [source] */
export async function init(source) {
  await load(source);
}

/** The module with the WebAssembly's classes. */
export async function load(source) {
  const from = source instanceof URL ? source.href : source;
  if (loading && from !== undefined && from !== loadedFrom) {
    throw invalid('init: the WebAssembly was loaded from another source already; call init once, before connect');
  }
  if (!loading) {
    loadedFrom = from;
    loading = start(from);
    // A network that failed once may work the next time.
    loading.catch(() => (loading = undefined));
  }
  return loading;
}

async function start(source) {
  // The one place that names the file in a way that bundlers see: a second one would ship it twice.
  const from = source ?? new URL('../dist/jackfield_bg.wasm', import.meta.url);
  try {
    const [glue, bytes] = await Promise.all([import('../dist/jackfield.js'), readable(from)]);
    await glue.default({ module_or_path: bytes });
    return glue;
  } catch (cause) {
    const where = typeof from === 'string' || from instanceof URL ? ` from ${from}` : '';
    const message = `The WebAssembly could not be loaded${where}. Check that the file is served there, and that the page's Content-Security-Policy has script-src 'wasm-unsafe-eval'.`;
    throw problem('notSupported', message, cause, true);
  }
}

/** Asked for at once, while the glue loads beside it; Node's fetch does not read files. */
function readable(source) {
  if (String(source).startsWith('file:') && globalThis.process?.getBuiltinModule) {
    return globalThis.process.getBuiltinModule('node:fs').promises.readFile(new URL(source));
  }
  return typeof source === 'string' || source instanceof URL ? fetch(source) : source;
}
