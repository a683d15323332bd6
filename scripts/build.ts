/** `npm run build`: writes `dist/` and `action/dist/`; says nothing when all is well. */
import { build } from 'rolldown';
import { buildAction } from './build-action.ts';

await build({
  // The program is split where a verb is imported lazily, so that `--help` loads almost nothing.
  // The proxy is a process of its own.
  input: { cli: 'src/bin/cli.ts', proxy: 'src/bin/proxy.ts' },
  platform: 'node',
  // A dependency of Probot's asks for an optional Redis client in a way that bundlers warn of.
  checks: { eval: false },
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

await buildAction('action/dist');
