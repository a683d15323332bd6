import type { ServiceConfig } from '../../config/service.ts';
import type { TargetContext } from '../context.ts';
import type { Target, TargetStatus } from '../target.ts';
import { canarySteps, watchSteps } from './watch-steps.ts';
import { isHealthyNow } from './check-health.ts';
import { isStaging } from './goal.ts';
import { createKeeper } from './keep.ts';
import { planService } from './plan.ts';
import { prepareSteps } from './prepare-steps.ts';
import { releaseSteps } from './release-steps.ts';
import { settleSteps } from './settle-steps.ts';
import { slotSteps } from './slot-steps.ts';
import { stageSteps } from './stage-steps.ts';
import { createStops, stopsOf } from './stops.ts';
import { findLive, publicUrl } from './traffic.ts';
import { trafficSteps } from './traffic-steps.ts';
import { undoSteps } from './undo-steps.ts';
import { worldOf, type World } from './world.ts';

/** A program in blue/green slots behind a proxy. */
export function createServiceTarget(context: TargetContext<ServiceConfig>): Target {
  const world = worldOf(context);
  const staging = isStaging(world);
  return {
    plan: (signal) => planService(world, signal),
    steps: [
      ...prepareSteps(world),
      ...(world.operation === 'switch' ? [] : releaseSteps(world)),
      ...slotSteps(world),
      ...(staging
        ? stageSteps(world)
        : [...canarySteps(world), ...trafficSteps(world), ...watchSteps(world)]),
    ],
    rollback: undoSteps(world),
    settle: settleSteps(world),
    stopsAt: staging ? 'staged' : undefined,
    status: () => readStatus(world),
    keep: createKeeper(world),
    stops: createStops(world),
  };
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
    url: status === null ? null : publicUrl(world, status.port),
    stops: stopsOf(status, await world.state.read()),
  };
}
