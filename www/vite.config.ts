import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const gateway = process.env['JACKFIELD_GATEWAY'] ?? 'http://localhost:8080';
const page = (name: string) => fileURLToPath(new URL(`${name}/index.html`, import.meta.url));

export default defineConfig({
  build: {
    target: 'es2023',
    // Fonts and pictures as files: the pages' Content-Security-Policy has no `data:` but for images.
    assetsInlineLimit: 0,
    // The polyfill would be an inline script.
    modulePreload: { polyfill: false },
    rolldownOptions: { input: { customer: page('customer'), agent: page('agent'), supervisor: page('supervisor') } },
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
