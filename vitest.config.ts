import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const acceptance = ['test/acceptance/**/*.test.ts'];
/** Hundreds of programs are started from their sources: Node compiles each file once for all of them. */
const env = { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/node') };

export default defineConfig({
  test: {
    reporters: process.env['CI']
      ? ['default', ['json', { outputFile: 'dist/test-results.json' }]]
      : ['default'],
    projects: [
      {
        test: {
          name: 'parts',
          env,
          include: ['test/**/*.test.ts'],
          exclude: acceptance,
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
          testTimeout: 20_000,
          hookTimeout: 30_000,
        },
      },
      {
        // They wait for polls most of the time, so more of them than there are processors go side by side.
        test: {
          name: 'acceptance',
          env,
          include: acceptance,
          maxWorkers: 6,
          sequence: { groupOrder: 1 },
          testTimeout: 20_000,
          hookTimeout: 30_000,
        },
      },
    ],
  },
});
