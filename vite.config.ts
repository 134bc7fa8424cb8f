import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Only the staff console is built; the server runs its TypeScript as it is and serves it under /console. */
export default defineConfig({
  root: here('src/web/staff'),
  base: '/console/',
  plugins: [react()],
  build: {
    outDir: here('dist/staff'),
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 800,
    rolldownOptions: {
      treeshake: {
        // lib/ids.ts mints ids on the server; the console takes only the table of prefixes from it.
        manualPureFunctions: ['Buffer.alloc'],
        propertyReadSideEffects: false,
      },
      output: {
        // Zod is told not to make code from text (no-made-code.ts) before the first schema is made.
        codeSplitting: { groups: [{ name: 'zod', test: /node_modules[\\/]zod[\\/]|no-made-code/ }] },
      },
    },
  },
  server: { proxy: { '/v1': 'http://localhost:3000', '/portal': 'http://localhost:3000' } },
});
