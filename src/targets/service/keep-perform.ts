import { asSallyportError } from '../../model/errors.ts';
import type { Reason } from '../../model/reason.ts';
import { failingAs } from '../failures.ts';
import { StepFailure, type Kept } from '../target.ts';
import { trafficText, type Action, type Memories } from './keep-decide.ts';
import type { Looked } from './keep-look.ts';
import { leaveOldProxy, placeRoute } from './place-route.ts';
import { printed } from './run-slot.ts';
import type { SlotName } from './slots.ts';
import { startAgain } from './start-again.ts';
import { upstreamOf, type Slot } from './state-file.ts';
import type { World } from './world.ts';

type Of<Kind extends Action['kind']> = Extract<Action, { kind: Kind }>;

/** Does what was decided, and tells it. Never rejects: what could not be done is told, and may be decided again. */
export async function performKeep(
  world: World,
  action: Action,
  looked: Looked,
  memories: Memories,
): Promise<Kept> {
  const never = new AbortController().signal;
  const act = (): Promise<Kept> => {
    if (action.kind === 'route') return sendBack(world, action, looked);
    if (action.kind === 'fall-back') return fallBack(world, action, looked);
    return restart(world, action, looked, memories[action.slot].restarts);
  };
  try {
    return await failingAs(failed[action.kind].reason, never, act);
  } catch (thrown) {
    const { reason, message, details } = thrown as StepFailure;
    return { reason, message: `${failed[action.kind].words}: ${message}`, details, mended: false };
  }
}

async function sendBack(world: World, { to }: Of<'route'>, { seen, slot }: Looked): Promise<Kept> {
  await placeRoute(world);
  await world.ports.proxy.switch(world.route, to, upstreamOf(slot));
  await leaveOldProxy(world);
  const message = `${trafficText(seen.traffic, to)}; slot ${to} has it again`;
  return { reason: 'drifted', message, details: [], mended: true };
}

async function restart(
  world: World,
  { slot: name, why }: Of<'restart'>,
  { seen, state }: Looked,
  count: number,
): Promise<Kept> {
  const slot = state.slots[name]!;
  // A new start begins a new log.
  const details = await lastLines(world, name, slot);
  const { port } = await startElsewhere(world, name, slot);
  const wasRunning = (name === seen.live ? seen.own : seen.other)?.running === true;
  const again = count === 1 ? 'started again' : `started again, ${count} times in a row now`;
  return {
    reason: wasRunning ? 'unhealthy' : 'start_failed',
    message: `slot ${name}: ${why}; ${again}${port === slot.port ? '' : ` on port ${port}, as ${slot.port} is taken`}`,
    details,
    mended: false,
  };
}

/** Starts it again. Where another program has its port by now, people are no more sent there. */
async function startElsewhere(world: World, name: SlotName, slot: Slot): Promise<Slot> {
  const { ports, route } = world;
  const leave = async () => {
    // Asked now: since the look, traffic may have fallen back.
    const status = await ports.proxy.current(route).catch(() => null);
    if (status?.slot === name) await ports.proxy.clear(route);
  };
  try {
    const started = await startAgain(world, name, slot);
    if (started.port !== slot.port) await leave();
    return started;
  } catch (thrown) {
    if (thrown instanceof StepFailure && thrown.reason === 'port_taken') await leave();
    throw thrown;
  }
}

async function fallBack(
  world: World,
  { from, to, why }: Of<'fall-back'>,
  { seen, state }: Looked,
): Promise<Kept> {
  const { clock, proxy } = world.ports;
  const slot = state.slots[to]!;
  const details = await lastLines(world, from, state.slots[from]!);
  const deployment = state.attempt?.deployment ?? world.deployment;
  // Back at what was deployed, nothing is apart any more.
  const isHome = state.attempt?.slot === to;
  const fell = isHome ? null : { from, deployment, at: clock.now(), why };
  // The word comes first: a kill between the two is then mended the right way. Where it cannot be
  // written, people are served all the same.
  const unwritten = await world.state.change({ live: to, fell_back: fell }).then(
    () => [],
    (error: unknown) => [`this could not be written down: ${asSallyportError(error).message}`],
  );
  if (seen.traffic.kind !== 'to') await placeRoute(world);
  await proxy.switch(world.route, to, upstreamOf(slot));
  const message = `slot ${from}: ${why}; traffic fell back to ${to} (${slot.version})`;
  return { reason: 'fell_back', message, details: [...details, ...unwritten], mended: false };
}

/** What it printed explains, and is not needed to go on. */
async function lastLines(world: World, name: SlotName, slot: Slot): Promise<readonly string[]> {
  const lines = await printed(world, name, slot).catch(() => []);
  return lines.filter((line) => line !== '');
}

const failed: Readonly<
  Record<Action['kind'], { readonly reason: Reason; readonly words: string }>
> = {
  route: { reason: 'switch_failed', words: 'traffic could not be sent where it belongs' },
  restart: { reason: 'start_failed', words: 'the program could not be started again' },
  'fall-back': { reason: 'switch_failed', words: 'traffic could not fall back' },
};
