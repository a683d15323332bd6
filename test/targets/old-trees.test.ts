import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ReleaseFolder, removeOldTrees } from '../../src/targets/release.ts';

const sha = 'a'.repeat(40);
let releases = '';
beforeEach(() => {
  releases = mkdtempSync(join(tmpdir(), 'sallyport-trees-'));
});
afterEach(() => rmSync(releases, { recursive: true, force: true }));

async function made(recipe: string): Promise<ReleaseFolder> {
  const release = new ReleaseFolder(releases, sha, { recipe });
  await release.replaceTree(
    async (destination) => void mkdirSync(destination, { recursive: true }),
  );
  return release;
}

test('trees that another recipe took the place of go; the last one and those in use stay', async () => {
  const [used, old, last] = [await made('1'), await made('2'), await made('3')];
  expect(await removeOldTrees(releases, sha, new Set([used.tree]))).toBe(1);
  expect([await used.making(), await old.making(), await last.making()]).toEqual([{}, null, {}]);
  expect(readdirSync(join(releases, sha)).filter((name) => name.startsWith('tree-'))).toHaveLength(
    2,
  );
  expect(await removeOldTrees(releases, sha, new Set([used.tree]))).toBe(0);
});

test('a tree that is not finished goes, unless something runs from it', async () => {
  const release = await made('1');
  await release.discard(new Set([release.tree]));
  expect(await release.making()).toEqual({});
  await release.discard(new Set());
  expect(await release.making()).toBeNull();
});
