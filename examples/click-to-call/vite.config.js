import { defineConfig } from 'vite';

export default defineConfig({
  // The package finds its WebAssembly beside its loader; the dependency optimiser would move the loader away from it.
  optimizeDeps: { exclude: ['jackfield'] },
  server: { proxy: { '/v1': { target: 'http://localhost:8080', ws: true }, '/demo': 'http://localhost:8080' } },
});
