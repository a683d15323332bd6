import { readdir, realpath, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Step } from '../target.ts';
import { failingAs } from '../failures.ts';
import { manifestOf } from './manifest.ts';
import type { World } from './world.ts';

/** What can wait until the new directory is live and everyone knows. */
export function settleSteps(world: World): readonly Step[] {
  return [
    {
      name: 'prune',
      phase: 'settling',
      run: (signal) => failingAs('internal', signal, () => prune(world)),
    },
  ];
}

/** Removes directories that nobody goes back to, and what a killed deployment left unfinished. */
async function prune(world: World): Promise<void> {
  const { store, config, destination, state } = world;
  const live = await realpath(destination).catch(() => null);
  const { attempt, commits } = await state.read();
  const names = await readdir(store).catch(() => []);
  const needed = new Set([live, attempt?.before?.directory].map((it) => basename(it ?? '')));
  const old = removable(names, needed, config.backups);
  for (const name of old) {
    await rm(join(store, name), { recursive: true, force: true });
    await rm(manifestOf(world, deploymentOf(name) ?? 0), { force: true });
  }
  const gone = new Set(old);
  const left = Object.entries(commits).filter(([directory]) => !gone.has(basename(directory)));
  if (old.length === 0) return;
  await state.change({ commits: Object.fromEntries(left) });
  world.progress(`removed ${old.length} old directories from the disk`);
}

/** All but the newest `keep`, and never one that is needed; unfinished ones always. */
export function removable(
  names: readonly string[],
  needed: ReadonlySet<string>,
  keep: number,
): readonly string[] {
  const whole = names
    .filter((name) => deploymentOf(name) !== null && !name.endsWith('.part') && !needed.has(name))
    .toSorted((a, b) => deploymentOf(b)! - deploymentOf(a)!);
  const spare = Math.max(keep - [...needed].filter((name) => names.includes(name)).length + 1, 0);
  return [
    ...whole.slice(spare),
    ...names.filter((name) => /^\d+-[0-9a-f]{7}(?:-\d+)?\.part$/.test(name)),
  ];
}

/** The deployment that made or adopted a directory; `null` for what Sallyport did not make. */
function deploymentOf(name: string): number | null {
  const number = /^(?:adopted-(\d+)|(\d+)-[0-9a-f]{7}(?:-\d+)?(?:\.part)?)$/.exec(name);
  return number === null ? null : Number(number[1] ?? number[2]);
}
