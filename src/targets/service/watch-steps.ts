import { failingAs } from '../failures.ts';
import type { Step } from '../target.ts';
import { isStaging } from './goal.ts';
import { upstreamOf } from './state-file.ts';
import { slotOfAttempt } from './wanted.ts';
import { beginWatch, watchTraffic } from './watch-traffic.ts';
import { tellingOfNoWayBack } from './way-back.ts';
import type { World } from './world.ts';

/** A share of the traffic tries the new slot before the switch. */
export function canarySteps(world: World): readonly Step[] {
  if (!hasCanary(world)) return [];
  return [
    {
      name: 'canary',
      phase: 'applying',
      aside: true,
      run: (signal) => failingAs('watch_failed', signal, () => tryCanary(world, signal)),
    },
  ];
}

/**
 * Looks on for a while after the switch; where it goes badly, the deployment goes back. Whoever went
 * back is not brought to what they left.
 */
export function watchSteps(world: World): readonly Step[] {
  if (!isNews(world) || world.operation === 'rollback' || world.config.watch.for === 0) return [];
  return [
    {
      name: 'watch',
      phase: 'verifying',
      run: (signal) =>
        failingAs('watch_failed', signal, () =>
          tellingOfNoWayBack(world, () => watchNew(world, signal)),
        ),
    },
  ];
}

/** Whoever goes back, or switches by hand, is in a hurry. */
export function hasCanary(world: World): boolean {
  return world.config.canary !== undefined && isNews(world) && world.operation === 'deploy';
}

/** Mending brings back what was proved when it came. */
function isNews(world: World): boolean {
  return world.heal === 0 && !isStaging(world);
}

async function tryCanary(world: World, signal: AbortSignal): Promise<void> {
  const { canary } = world.config;
  const { name, slot, attempt } = await slotOfAttempt(world);
  if (canary === undefined || attempt.unchanged || attempt.before === null) return;
  const { proxy } = world.ports;
  // What had the traffic has ended meanwhile: nobody is served by anything that could share.
  if ((await proxy.current(world.route))?.slot === null) return;
  const watched = await beginWatch(world, 'canary', name);
  const { share, sticky } = canary;
  await proxy.weights(world.route, { slot: name, upstream: upstreamOf(slot), share, sticky });
  world.progress(`canary: slot ${name} gets ${share * 100}% of new requests`);
  try {
    await watchTraffic(world, { name, slot, rule: canary, watched }, signal);
  } catch (thrown) {
    // Whoever was only asked to stop takes it up again; a failure may be the last step that runs.
    if (!signal.aborted) await proxy.weights(world.route, null);
    throw thrown;
  }
  await proxy.weights(world.route, null);
}

async function watchNew(world: World, signal: AbortSignal): Promise<void> {
  const { name, slot, attempt } = await slotOfAttempt(world);
  const isBack = world.operation === 'switch' && attempt.staged !== name;
  if (attempt.unchanged || isBack) return;
  const watched = await beginWatch(world, 'watch', name);
  await watchTraffic(world, { name, slot, rule: world.config.watch, watched }, signal);
}
