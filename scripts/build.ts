/** `npm run build`: writes `dist/` and `action/dist/`; says nothing when all is well. */
import { build } from 'rolldown';
import { asciiOnly } from './ascii-only.ts';
import { buildAction } from './build-action.ts';
import { plainBuiltins, requireBanner } from './plain-builtins.ts';

await build({
  // The program is split where a verb is imported lazily, so that `--help` loads almost nothing.
  // The proxy is a process of its own.
  input: { cli: 'src/bin/cli.ts', proxy: 'src/bin/proxy.ts' },
  platform: 'node',
  plugins: [plainBuiltins, asciiOnly],
  // A dependency of Probot's asks for an optional Redis client in a way that bundlers warn of.
  checks: { eval: false },
  output: {
    dir: 'dist',
    format: 'esm',
    cleanDir: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    minify: 'dce-only',
    // Sources stay in memory. Names and lines stay as they are, for the traces of errors.
    comments: false,
    banner: requireBanner,
  },
});

await buildAction('action/dist');
