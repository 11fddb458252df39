// The packed package where applications use it: plain Node, bundlers, TypeScript.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { filesIn, fromPages, Project, ROOT } from './pack.mjs';

const APP = `import { connect, version } from 'jackfield';
document.title = version;
document.body.addEventListener('click', () => connect({ gateway: location.origin, token: 'x' }));`;

const APP_WITH_AUDIO = `import { createCleaner } from 'jackfield/audio';
document.body.addEventListener('click', () => createCleaner());`;

let project;
before(() => {
  const page = name => `<!doctype html><script type="module" src="./${name}.js"></script>`;
  project = new Project({ 'app.js': APP, 'index.html': page('app'), 'audio.js': APP_WITH_AUDIO, 'audio.html': page('audio') });
});
after(() => project.remove());

test('the package holds what its manifest names, and nothing of the workshop', () => {
  const files = project.packageFiles;
  const manifest = JSON.parse(readFileSync(join(ROOT, 'pkg/package.json'), 'utf8'));
  for (const target of [manifest.types, ...Object.values(manifest.exports).flatMap(e => (typeof e === 'string' ? e : Object.values(e)))]) {
    assert.ok(files.includes(target.replace('./', '')), `${target} is missing`);
  }
  for (const needed of ['README.md', 'LICENSE-MIT', 'LICENSE-APACHE', 'LICENSE-RNNOISE', 'errors.d.ts', 'state.d.ts']) {
    assert.ok(files.includes(needed), `${needed} is missing`);
  }
  assert.deepEqual(files.filter(f => f.endsWith('.wasm')).sort(), ['dist/audio_bg.wasm', 'dist/jackfield_bg.wasm']);
  assert.deepEqual(files.filter(f => /\.(map|rs|test\.mjs)$/.test(f)), []);
});

test('importing it in plain Node does nothing, loads nothing and throws nothing', () => {
  const script = `
    const loaded = [];
    globalThis.fetch = url => { loaded.push(String(url)); throw new Error('fetched'); };
    for (const name of ['instantiate', 'compile', 'instantiateStreaming']) WebAssembly[name] = () => { loaded.push(name); throw new Error(name); };
    const { connect, init, version, JackfieldError } = await import('jackfield');
    const { createCleaner } = await import('jackfield/audio');
    console.log(JSON.stringify({ kinds: [connect, init, JackfieldError, createCleaner].map(it => typeof it), version, loaded }));`;
  const { version } = JSON.parse(readFileSync(join(ROOT, 'pkg/package.json'), 'utf8'));
  assert.deepEqual(JSON.parse(project.node(script)), { kinds: Array(4).fill('function'), version, loaded: [] });
});

test('a wrong option is refused with its code and a sentence that names it', () => {
  const script = `
    const { connect, JackfieldError } = await import('jackfield');
    const error = await connect({ gateway: 'ftp://example', token: 'x' }).catch(e => e);
    console.log(JSON.stringify({ typed: error instanceof JackfieldError, code: error.code, message: error.message }));`;
  const { typed, code, message } = JSON.parse(project.node(script));
  assert.equal(typed, true);
  assert.equal(code, 'invalidOption');
  assert.match(message, /gateway/);
});

test('nothing in it needs unsafe-eval', () => {
  for (const file of project.packageFiles.filter(f => f.endsWith('.js'))) {
    const text = readFileSync(join(project.path, 'node_modules/jackfield', file), 'utf8');
    assert.doesNotMatch(text, /new Function\(|\beval\(/, file);
  }
});

test('Vite bundles it with one WebAssembly file beside the code', async () => {
  const vite = await import(pathToFileURL(fromPages.resolve('vite')));
  await vite.build({ root: project.path, logLevel: 'error', build: { outDir: 'vite', target: 'es2022' } });
  const files = filesIn(join(project.path, 'vite'));
  assert.equal(files.filter(f => f.endsWith('.wasm')).length, 1, files.join(', '));
  assert.ok(files.some(f => f.endsWith('.js')));
});

test('Vite bundles its audio part with a worklet and a WebAssembly of its own, both as files', async () => {
  const vite = await import(pathToFileURL(fromPages.resolve('vite')));
  const input = join(project.path, 'audio.html');
  await vite.build({ root: project.path, logLevel: 'error', build: { outDir: 'vite-audio', target: 'es2022', rolldownOptions: { input } } });
  const files = filesIn(join(project.path, 'vite-audio'));
  assert.deepEqual(files.filter(f => f.endsWith('.wasm')).map(f => f.replace(/-[^-.]+\./, '.')), ['assets/audio_bg.wasm'], files.join(', '));
  const scripts = files.filter(f => f.endsWith('.js')).map(f => readFileSync(join(project.path, 'vite-audio', f), 'utf8'));
  assert.equal(scripts.filter(text => text.includes('registerProcessor(')).length, 1, 'the worklet is a file');
  // A policy of script-src 'self' lets no data: address run.
  assert.equal(scripts.filter(text => /["'`]data:/.test(text)).length, 0);
});

test('the worklet needs nothing that its global scope has not', () => {
  const text = readFileSync(join(project.path, 'node_modules/jackfield/dist/audio.js'), 'utf8');
  assert.doesNotMatch(text, /TextDecoder|TextEncoder|\bfetch\(|\bimport\b|\bwindow\b|\bsetTimeout\b/);
  assert.match(text, /Xiph\.Org Foundation/, 'the licence of what is in it');
});

test('esbuild bundles it', () => {
  const esbuild = join(ROOT, 'xtask/npm/node_modules/.bin/esbuild');
  const out = join(project.path, 'esbuild.js');
  execFileSync(esbuild, ['app.js', '--bundle', '--format=esm', `--outfile=${out}`, '--log-level=error'], { cwd: project.path });
  assert.match(readFileSync(out, 'utf8'), /jackfield_bg\.wasm/);
});

test('its types are complete: strict, without any, and wrong uses are errors', () => {
  const tsc = join(ROOT, 'www/node_modules/.bin/tsc');
  assert.ok(existsSync(tsc), 'TypeScript is missing: run `cargo xtask setup`');
  for (const file of ['index.d.ts', 'state.d.ts', 'audio.d.ts']) {
    assert.doesNotMatch(readFileSync(join(ROOT, 'pkg', file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ''), /\bany\b/, file);
  }
  execFileSync(tsc, ['--project', join(ROOT, 'tests/types')], { encoding: 'utf8' });
});

test("the README's examples are what the types allow", () => {
  const tsc = join(ROOT, 'www/node_modules/.bin/tsc');
  const examples = [...readFileSync(join(ROOT, 'pkg/README.md'), 'utf8').matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code);
  assert.ok(examples.length >= 2);
  const given = `declare const conversationId: string, gateway: string, token: string, muted: boolean;
    declare const show: (what: unknown) => void, meter: (level: number) => void, hint: (on: boolean) => void;\n`;
  const files = examples.map((code, n) => {
    const file = `readme-${n}.ts`;
    writeFileSync(join(project.path, file), `${given}${code}`);
    return file;
  });
  const options = { strict: true, noEmit: true, target: 'es2022', module: 'nodenext', lib: ['es2022', 'esnext.disposable', 'dom'], types: [] };
  writeFileSync(join(project.path, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files }));
  assert.equal(spawnSync(tsc, ['--project', project.path], { encoding: 'utf8' }).stdout, '');
});
