import type { TargetPlan } from '../../model/plan.ts';
import { planChanges, planNothing, planTraffic } from './changes.ts';
import { isHealthyNow } from './check-health.ts';
import { findGoal, isStaging } from './goal.ts';
import { handOverText, routeElsewhere } from './place-route.ts';
import { findLive, type Live } from './traffic.ts';
import { findWanted } from './wanted.ts';
import type { World } from './world.ts';

/** What applying would change. Nothing is touched. */
export async function planService(world: World, signal: AbortSignal): Promise<TargetPlan> {
  // What was staged waits for a person: that it is not live is no drift.
  if (isStaging(world) && world.heal > 0) return planNothing();
  const live = await findLive(world);
  if (world.operation === 'switch') return await planSwitch(world, live, signal);
  const wanted = await findWanted(world, signal);
  if (live === null) return planChanges(world.target, null, wanted);
  const { slot, inForce } = live;
  const healthy = await isHealthyNow(world, live, signal);
  const elsewhere = routeElsewhere(world, await world.state.read());
  const risks = elsewhere?.sharesPort ? [handOverText(world, elsewhere)] : [];
  const seen = { release: slot, healthy, inForce };
  return planChanges(world.target, seen, wanted, world.isForced, risks);
}

async function planSwitch(
  world: World,
  live: Live | null,
  signal: AbortSignal,
): Promise<TargetPlan> {
  const { sha, config, params, target } = world;
  const { version, unchanged } = await findGoal(world, signal);
  if (unchanged && live?.inForce === true) return planNothing();
  return planTraffic(target, { sha, version, config, params });
}
