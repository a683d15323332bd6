import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf, type Digest } from '../../model/digest.ts';
import { StepFailure } from '../target.ts';
import { writeAtomically } from '../../disk/write-atomically.ts';
import { scan } from './scan.ts';
import type { Backup } from './state-file.ts';
import { isSame, type Tree } from './tree.ts';
import type { World } from './world.ts';

/** Writes down what is in a directory, read anew, not remembered. Gives the digest of the list. */
export async function takeManifest(
  world: World,
  directory: string,
  managed: Tree,
  signal: AbortSignal,
): Promise<Digest> {
  const files = await scan(directory, world.kept, null, signal);
  const lines = [...files]
    .filter(([path]) => managed.has(path))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, { kind, oid }]) => JSON.stringify([path, kind, oid]));
  const text = lines.join('\n');
  await writeAtomically(manifestOf(world, world.deployment), text);
  return digestOf(text);
}

/** Refuses a backup in which something is not as it was when it was taken. */
export async function assertWhole(
  world: World,
  backup: Backup,
  directory: string,
  signal: AbortSignal,
): Promise<void> {
  const text = await readFile(manifestOf(world, world.deployment), 'utf8').catch(() => null);
  if (text === null || digestOf(text) !== backup.digest) {
    throw notWhole('the list of what was in it is not there, or was changed', []);
  }
  const files = await scan(directory, world.kept, null, signal);
  const listed = text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as Line);
  const wrong = listed
    .filter(([path, kind, oid]) => !isSame(files.get(path), { kind, oid }))
    .map(([path]) => path);
  if (wrong.length > 0) throw notWhole(`${wrong.length} files in it are not as they were`, wrong);
  tellAdded(world, files, new Set(listed.map(([path]) => path)));
}

/** What a program wrote there meanwhile is no reason not to go back; the next look calls it drift. */
function tellAdded(world: World, files: Tree, listed: ReadonlySet<string>): void {
  const added = world.config.prune ? [...files.keys()].filter((path) => !listed.has(path)) : [];
  if (added.length === 0) return;
  const more = added.length > 3 ? ` and ${added.length - 3} more` : '';
  world.progress(`came into the backup after it was taken: ${added.slice(0, 3).join(', ')}${more}`);
}

type Line = readonly [path: string, kind: 'file' | 'executable' | 'link' | 'other', oid: string];

/** Where the list of the backup that a deployment took is. */
export function manifestOf({ paths, route }: World, deployment: number): string {
  return join(paths.state, 'backups', route, `${deployment}`);
}

function notWhole(why: string, files: readonly string[]): StepFailure {
  return new StepFailure('no_backup', `the backup is not whole: ${why}`, files.slice(0, 10));
}
