import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { readFile, writeFile } from 'node:fs/promises';
import { defineConfig, type Plugin } from 'vite';

const gateway = process.env['JACKFIELD_GATEWAY'] ?? 'http://localhost:8080';
const page = (name: string) => fileURLToPath(new URL(`${name}/index.html`, import.meta.url));

/** Lays a gzip beside each asset that is smaller by it; the gateway sends that to whoever takes it. */
function gzipAssets(): Plugin {
  return {
    name: 'gzip-assets',
    apply: 'build',
    async writeBundle({ dir }, bundle) {
      const names = Object.keys(bundle).filter((name) => /\.(js|css|wasm|svg)$/.test(name));
      await Promise.all(names.map(async (name) => {
        const bytes = await readFile(`${dir}/${name}`);
        const packed = await promisify(gzip)(bytes, { level: 9 });
        if (packed.length < bytes.length * 0.9) await writeFile(`${dir}/${name}.gz`, packed);
      }));
    },
  };
}

export default defineConfig({
  plugins: [gzipAssets()],
  build: {
    target: 'es2023',
    // Fonts and pictures as files: the pages' Content-Security-Policy has no `data:` but for images.
    assetsInlineLimit: 0,
    // The polyfill would be an inline script.
    modulePreload: { polyfill: false },
    rolldownOptions: { input: { customer: page('customer'), agent: page('agent'), supervisor: page('supervisor'), account: page('account') } },
  },
  // Pre-bundling moves the package's JavaScript away from its WebAssembly, which it finds by its own address.
  optimizeDeps: { exclude: ['jackfield'] },
  server: {
    proxy: {
      '/v1': { target: gateway, ws: true },
      '/demo': { target: gateway },
    },
  },
});
