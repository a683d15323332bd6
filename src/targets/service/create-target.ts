import type { ServiceConfig } from '../../config/service.ts';
import type { TargetPlan } from '../../model/plan.ts';
import type { TargetContext } from '../context.ts';
import type { Target, TargetStatus } from '../target.ts';
import { planChanges } from './changes.ts';
import { isHealthyNow } from './check-health.ts';
import { prepareSteps } from './prepare-steps.ts';
import { releaseSteps } from './release-steps.ts';
import { settleSteps } from './settle-steps.ts';
import { slotSteps } from './slot-steps.ts';
import { trafficSteps } from './traffic-steps.ts';
import { undoSteps } from './undo-steps.ts';
import { findLive, findWanted } from './wanted.ts';
import { worldOf, type World } from './world.ts';

/** A program in blue/green slots behind a proxy. */
export function createServiceTarget(context: TargetContext<ServiceConfig>): Target {
  const world = worldOf(context);
  return {
    plan: (signal) => plan(world, signal),
    steps: [
      ...prepareSteps(world),
      ...releaseSteps(world),
      ...slotSteps(world),
      ...trafficSteps(world),
    ],
    rollback: undoSteps(world),
    settle: settleSteps(world),
    status: () => readStatus(world),
  };
}

async function plan(world: World, signal: AbortSignal): Promise<TargetPlan> {
  const wanted = await findWanted(world, signal);
  const live = await findLive(world);
  if (live === null) return planChanges(world.target, null, wanted);
  const healthy = await isHealthyNow(world, live, signal);
  return planChanges(world.target, { release: live.slot, healthy }, wanted, world.isForced);
}

async function readStatus(world: World): Promise<TargetStatus> {
  const status = await world.ports.proxy.current(world.route);
  const live = await findLive(world);
  const signal = new AbortController().signal;
  const health =
    live === null ? 'unknown' : (await isHealthyNow(world, live, signal)) ? 'healthy' : 'unhealthy';
  return {
    name: world.target,
    kind: 'service',
    health,
    slot: live?.name ?? null,
    version: live?.slot.version ?? null,
    sha: live?.slot.sha ?? null,
    url: status === null ? null : `http://127.0.0.1:${status.port}`,
  };
}
