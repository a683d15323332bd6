import type { FilesConfig } from '../../config/files.ts';
import type { TargetPlan } from '../../model/plan.ts';
import type { TargetContext } from '../context.ts';
import { failingAs } from '../failures.ts';
import type { Target, TargetStatus } from '../target.ts';
import { applySteps } from './apply-steps.ts';
import { look, planFiles } from './compare.ts';
import { findLive } from './place.ts';
import { prepareSteps } from './prepare-steps.ts';
import { settleSteps } from './settle-steps.ts';
import { undoSteps } from './undo-steps.ts';
import { isAnswering } from './verify.ts';
import { worldOf, type World } from './world.ts';

/** A directory on a host, switched as a whole. */
export function createFilesTarget(context: TargetContext<FilesConfig>): Target {
  const world = worldOf(context);
  return {
    plan: (signal) => failingAs('plan_failed', signal, () => plan(world, signal)),
    steps: [...prepareSteps(world), ...applySteps(world)],
    rollback: undoSteps(world),
    settle: settleSteps(world),
    status: () => readStatus(world),
  };
}

async function plan(world: World, signal: AbortSignal): Promise<TargetPlan> {
  return planFiles(world, await look(world, signal), signal);
}

async function readStatus(world: World): Promise<TargetStatus> {
  const sha = await commitOf(world);
  const healthy = await isAnswering(world, new AbortController().signal).catch(() => false);
  return {
    name: world.target,
    kind: 'files',
    health: healthy === null ? 'unknown' : healthy ? 'healthy' : 'unhealthy',
    slot: null,
    version: sha?.slice(0, 7) ?? null,
    sha,
    url: null,
  };
}

/** The commit of what is there; `null` where Sallyport did not put it there. */
async function commitOf(world: World): Promise<string | null> {
  const live = await findLive(world).catch(() => null);
  if (live === null || live.kind === 'nothing') return null;
  return (await world.state.read()).commits[live.directory] ?? null;
}
