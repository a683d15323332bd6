import { loadSecrets } from '../secrets.ts';
import type { Step } from '../target.ts';
import { isSameRelease } from './changes.ts';
import { failingAs } from '../failures.ts';
import { isHealthyNow } from './check-health.ts';
import { idleSlot } from './slots.ts';
import { findLive, findWanted } from './wanted.ts';
import type { World } from './world.ts';

/** What must hold, and what must be known, before anything is changed. */
export function prepareSteps(world: World): readonly Step[] {
  return [
    {
      name: 'remember',
      phase: 'backing-up',
      run: (signal) => failingAs('config_invalid', signal, () => remember(world, signal)),
    },
  ];
}

/**
 * Writes down who has the traffic and where the release goes. The same deployment resumed
 * keeps what it wrote at first, for by then traffic may have moved.
 */
async function remember(world: World, signal: AbortSignal): Promise<void> {
  const { deployment, heal, sha, config, ports } = world;
  const { attempt } = await world.state.read();
  if (attempt?.deployment === deployment && attempt.heal === heal && !attempt.undone) return;

  const wanted = await findWanted(world, signal);
  await loadSecrets(world.paths.envRoot, wanted.version, config.env.secret);
  const status = await ports.proxy.current(world.route);
  const hasTraffic = status !== null && status.slot !== null && status.upstream !== null;
  const before = hasTraffic ? { slot: status.slot!, upstream: status.upstream! } : null;
  const live = await findLive(world);
  const unchanged =
    !world.isForced &&
    live !== null &&
    isSameRelease(live.slot, wanted) &&
    (await isHealthyNow(world, live, signal));
  const slot = unchanged ? live.name : idleSlot(before?.slot ?? null);
  await world.state.change({
    attempt: {
      deployment,
      heal,
      sha,
      version: wanted.version,
      slot,
      unchanged,
      before,
      undone: false,
    },
  });
  world.progress(
    before === null ? 'nothing has the traffic yet' : `slot ${before.slot} has the traffic`,
  );
}
