import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../../../src/adapters/clock/system.ts';
import { openJournal } from '../../../src/adapters/journal/file/open-journal.ts';

const writer = `
const at = (path) => new URL(path, ${JSON.stringify(import.meta.url)}).href;
const { openJournal } = await import(at('../../../src/adapters/journal/file/open-journal.ts'));
const { systemClock } = await import(at('../../../src/adapters/clock/system.ts'));
const journal = await openJournal(process.argv[1], { clock: systemClock });
for (;;) process.stdout.write((await journal.append({ step: 'x'.repeat(500) })).seq + '\\n');
`;

test('killed with -9 while it writes, a journal keeps every acknowledged entry and opens again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-kill-'));
  const path = join(folder, 'journal.jsonl');
  let acknowledged = 0;
  for (let round = 1; round <= 3; round += 1) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', writer, path]);
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += String(chunk);
      if (output.split('\n').length > 5 * round) child.kill('SIGKILL');
    });
    await once(child, 'close');
    acknowledged = Number(output.split('\n').at(-2));
    expect(acknowledged).toBeGreaterThan(0);
    const journal = await openJournal(path, { clock: systemClock });
    expect(journal.entries().length).toBeGreaterThanOrEqual(acknowledged);
    await journal.close();
  }
  await rm(folder, { recursive: true });
});
