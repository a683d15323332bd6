/** Says whether the committed bundle of the Action is what its sources make now. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildAction } from './build-action.ts';

const folder = await mkdtemp(join(tmpdir(), 'sallyport-action-'));
try {
  await buildAction(folder);
  const [built, committed] = await Promise.all([
    readFile(join(folder, 'index.js')),
    readFile('action/dist/index.js').catch(() => Buffer.alloc(0)),
  ]);
  if (!built.equals(committed)) {
    console.error('action/dist is not what its sources make: npm run build, and commit it');
    process.exitCode = 1;
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
