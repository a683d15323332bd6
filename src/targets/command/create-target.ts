import type { CommandConfig } from '../../config/command.ts';
import type { TargetPlan } from '../../model/plan.ts';
import type { TargetContext } from '../context.ts';
import type { Target, TargetStatus } from '../target.ts';
import { applySteps } from './apply-steps.ts';
import { makePlan, targetPlanOf, wantedOf } from './make-plan.ts';
import { PlanFolder } from './saved-plan.ts';
import { settleSteps } from './settle-steps.ts';
import { undoSteps } from './undo-steps.ts';
import { worldOf, type World } from './world.ts';

/**
 * Programs of the repository that plan, apply, verify and roll back whatever they manage. Planning
 * runs a program of the commit: whoever calls `plan` has made sure that the commit is reachable
 * from an allowed ref, or that a person approved it.
 */
export function createCommandTarget(context: TargetContext<CommandConfig>): Target {
  const world = worldOf(context);
  const planned = { name: `${world.deployment}` };
  return {
    plan: (signal, fresh = false) => {
      planned.name = fresh ? 'look' : `${world.deployment}`;
      return plan(world, planned.name, fresh, signal);
    },
    steps: applySteps(world, () => planned.name),
    rollback: undoSteps(world),
    settle: settleSteps(world),
    status: () => readStatus(world),
    outputs: async () => (await world.state.read()).applied?.outputs ?? {},
  };
}

/** A deployment is planned once: what people approve is what is applied. */
async function plan(
  world: World,
  name: string,
  fresh: boolean,
  signal: AbortSignal,
): Promise<TargetPlan> {
  const folder = new PlanFolder(world.plans, name);
  const saved = fresh ? null : await folder.read();
  if (saved?.wanted !== wantedOf(world)) {
    return targetPlanOf(await makePlan(world, folder, signal));
  }
  await folder.assertUntouched(saved);
  return targetPlanOf(saved);
}

async function readStatus(world: World): Promise<TargetStatus> {
  const { applied, health } = await world.state.read();
  return {
    name: world.target,
    kind: 'command',
    health,
    slot: null,
    version: applied?.version ?? null,
    sha: applied?.sha ?? null,
    url: null,
  };
}
