import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lastLines } from '../../../../src/adapters/init/process/program-log.ts';

const secret = 'correct-horse-battery';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-slot-log-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function lastOf(text: string): Promise<readonly string[]> {
  const path = join(folder, 'web.log');
  await writeFile(path, text);
  return lastLines(path, 20);
}

test('the last lines, and none where there is no log', async () => {
  const lines = Array.from({ length: 30 }, (_, number) => `${number} ${secret}`);
  const last = await lastOf(`${lines.join('\n')}\n`);
  expect(last).toHaveLength(20);
  expect(last.at(-1)).toBe(`29 ${secret}`);
  expect(await lastLines(join(folder, 'none.log'), 20)).toEqual([]);
});

test('a secret that the beginning of the last 64 KiB cuts in two is not told', async () => {
  const filler = 'x'.repeat(64 * 1024 - secret.length + 4 - 'end'.length - 2);
  const last = await lastOf(`${secret} ${filler}\nend`);
  expect(last).toEqual(['end']);
});
