import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitRef } from '../../../ports/git.ts';

/**
 * All refs of the cache in git's own packed form, written as a whole: a branch that
 * became a folder of branches is no conflict, and no reader sees half of a fetch.
 */
export async function writeRefs(cache: string, refs: readonly GitRef[]): Promise<void> {
  const path = join(cache, 'packed-refs');
  const lines = refs.toSorted(byName).map(({ name, sha }) => `${sha} ${name}\n`);
  await writeFile(`${path}.next`, `# pack-refs with: sorted \n${lines.join('')}`);
  await rename(`${path}.next`, path);
  // What the library wrote by itself would hide them.
  for (const loose of ['heads', 'tags', 'remotes']) {
    await rm(join(cache, 'refs', loose), { recursive: true, force: true });
  }
}

export async function readRefs(cache: string): Promise<readonly GitRef[]> {
  const text = await readFile(join(cache, 'packed-refs'), 'utf8').catch(() => '');
  return [...text.matchAll(/^([0-9a-f]{40}) (\S+)$/gm)].map(([, sha, name]) => ({
    name: name!,
    sha: sha!,
  }));
}

function byName(a: GitRef, b: GitRef): number {
  return a.name < b.name ? -1 : 1;
}
