// Loading what cleans: the WebAssembly, compiled here, and the worklet's file.

import { problem } from '../error.js';

/** By address: several cleaners of a page share what was compiled. */
const compiled = new Map();

/** @param {string | URL | WebAssembly.Module} [source] @returns {Promise<WebAssembly.Module>} */
export function loadModule(source) {
  if (source instanceof WebAssembly.Module) {
    return Promise.resolve(source);
  }
  const url = String(source ?? new URL('../../dist/audio_bg.wasm', import.meta.url));
  let loading = compiled.get(url);
  if (!loading) {
    loading = compile(url);
    compiled.set(url, loading);
    // A network that failed once may work the next time.
    loading.catch(() => compiled.delete(url));
  }
  return loading;
}

async function compile(url) {
  try {
    const answer = await fetch(url);
    if (!answer.ok) {
      throw new Error(`${answer.status} ${answer.statusText}`);
    }
    // Not by streaming: that refuses whatever a server doesn't call application/wasm, and the gain is a few milliseconds here.
    return await WebAssembly.compile(await answer.arrayBuffer());
  } catch (cause) {
    const message = `The WebAssembly could not be loaded from ${url}. Check that the file is served there, and that the page's Content-Security-Policy has script-src 'wasm-unsafe-eval'.`;
    throw problem('notSupported', message, cause, true);
  }
}

/** @param {AudioContext} context @param {string | URL} [source] */
export async function loadWorklet(context, source) {
  // A file and no blob, and without imports: so it needs no more of a policy than script-src 'self', and bundlers copy it as it is.
  const url = source ?? new URL('../../dist/audio.js', import.meta.url);
  try {
    await context.audioWorklet.addModule(url);
  } catch (cause) {
    const message = `The worklet could not be loaded from ${url}. Check that the file is served there as JavaScript, and that the page's Content-Security-Policy allows it in script-src.`;
    throw problem('notSupported', message, cause, true);
  }
}
