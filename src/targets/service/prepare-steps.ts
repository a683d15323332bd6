import { asSallyportError } from '../../model/errors.ts';
import { loadSecrets } from '../secrets.ts';
import { StepFailure, type Step } from '../target.ts';
import { failingAs } from '../failures.ts';
import { findGoal } from './goal.ts';
import type { State } from './state-file.ts';
import { trafficOf } from './traffic.ts';
import { hasCanary } from './watch-steps.ts';
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
  const state = await world.state.read();
  const { attempt, staged } = state;
  if (attempt?.deployment === deployment && attempt.heal === heal && !attempt.undone) return;
  if (heal > 0) refuseToFlap(state);

  const { slot, version, unchanged, warm } = await findGoal(world, signal);
  await loadSecrets(world.paths.envRoot, version, config.env.secret);
  const traffic = trafficOf(await ports.proxy.current(world.route), state);
  const before = traffic && { slot: traffic.slot, upstream: traffic.upstream };
  if (hasCanary(world) && traffic?.inForce === true) await assertCanaryIsPossible(world);
  const found = { slot, version, unchanged, warm, before, staged };
  await world.state.change({
    attempt: { deployment, heal, sha, ...found, watched: null, undone: false },
  });
  world.progress(
    before === null ? 'nothing has the traffic yet' : `slot ${before.slot} has the traffic`,
  );
}

/** What died is not given the traffic again by itself. */
function refuseToFlap({ attempt, fell_back: fell, live }: State): void {
  if (fell === null || fell.deployment !== attempt?.deployment || fell.from === live) return;
  throw new StepFailure('fell_back', `traffic fell back from ${fell.from}: ${fell.why}`, [
    'deploy a release that works, or move traffic to it by hand: /switch, sallyport switch',
  ]);
}

/** Rather now than when the new slot is ready. There is no canary yet, so ending it changes nothing. */
async function assertCanaryIsPossible({ ports, route }: World): Promise<void> {
  try {
    await ports.proxy.weights(route, null);
  } catch (thrown) {
    const { code, message, hint } = asSallyportError(thrown);
    if (code !== 'not_supported') throw thrown;
    const details = hint === undefined ? [] : [hint];
    throw new StepFailure('config_invalid', `canary: ${message}`, details, thrown);
  }
}
