import { linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { folderBytes } from '../../src/disk/folder-bytes.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-bytes-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('what two folders share by hard link is counted once, for the first', async () => {
  for (const name of ['a', 'b']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'a', 'large'), Buffer.alloc(1_000_000, 'x'));
  linkSync(join(folder, 'a', 'large'), join(folder, 'b', 'large'));
  writeFileSync(join(folder, 'b', 'small'), Buffer.alloc(10_000, 'x'));
  const counted = new Set<string>();
  const first = await folderBytes(join(folder, 'a'), counted);
  const second = await folderBytes(join(folder, 'b'), counted);
  expect(first).toBeGreaterThanOrEqual(1_000_000);
  expect(second).toBeGreaterThanOrEqual(10_000);
  expect(second).toBeLessThan(500_000);
});

test('what is not there takes nothing', async () => {
  expect(await folderBytes(join(folder, 'nothing'), new Set())).toBe(0);
});
