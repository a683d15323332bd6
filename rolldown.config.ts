import { defineConfig } from 'rolldown';

/** One program, split where a verb is imported lazily, so that `--help` loads almost nothing. */
export default defineConfig({
  input: { cli: 'src/bin/cli.ts' },
  platform: 'node',
  output: {
    dir: 'dist',
    format: 'esm',
    cleanDir: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    minify: 'dce-only',
    // Bundled CommonJS packages still ask for `require` of Node's own modules.
    banner:
      "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);",
  },
});
