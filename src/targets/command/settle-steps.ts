import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { failingAs } from '../failures.ts';
import { prunable } from '../prunable.ts';
import { listReleases, removeRelease } from '../release.ts';
import type { Step } from '../target.ts';
import { PlanFolder } from './saved-plan.ts';
import type { World } from './world.ts';

const keptReleases = 5;
const keptLogs = 20;

/** What can wait until the plan is applied and everyone knows. */
export function settleSteps(world: World): readonly Step[] {
  return [
    {
      name: 'prune',
      phase: 'settling',
      run: (signal) => failingAs('internal', signal, () => prune(world)),
    },
  ];
}

/**
 * Plans that nobody will apply any more go: they may hold secrets. This one's stays, for a later
 * unit may fail, and a rollback program may read it.
 */
async function prune(world: World): Promise<void> {
  const { applied, attempt } = await world.state.read();
  for (const name of await namesIn(world.plans)) {
    if (Number(name) >= world.deployment || name === attempt?.plan) continue;
    await new PlanFolder(world.plans, name).remove();
  }
  const needed = [world.sha, applied?.sha, attempt?.before?.sha];
  const shas = new Set(needed.filter((sha) => sha !== undefined));
  const releases = await listReleases(world.releases);
  for (const sha of prunable(releases, shas, keptReleases)) {
    await removeRelease(world.releases, sha);
  }
  const byAge = (await namesIn(world.logs)).toSorted((a, b) => parseInt(b, 10) - parseInt(a, 10));
  for (const name of byAge.slice(keptLogs)) await rm(join(world.logs, name), { force: true });
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}
