import { isSameUpstream } from '../../model/upstream.ts';
import type { ProxyStatus } from '../../ports/proxy.ts';
import { StepFailure, type Step } from '../target.ts';
import { answeringIn, watch, type Answering } from './check-health.ts';
import { failingAs } from '../failures.ts';
import { leaveOldProxy, passOnMaintenance } from './place-route.ts';
import { assertRunning } from './run-slot.ts';
import type { SlotName } from './slots.ts';
import { upstreamOf, type Slot } from './state-file.ts';
import { publicUrl } from './traffic.ts';
import { slotOfAttempt } from './wanted.ts';
import { tellingOfNoWayBack } from './way-back.ts';
import type { World } from './world.ts';

/** Moves the traffic to the new slot, and proves from outside that it is there. */
export function trafficSteps(world: World): readonly Step[] {
  return [
    {
      name: 'switch',
      phase: 'applying',
      noReturn: true,
      run: (signal) => failingAs('switch_failed', signal, () => switchTraffic(world)),
    },
    {
      name: 'verify',
      phase: 'verifying',
      run: (signal) =>
        failingAs('verify_failed', signal, () =>
          tellingOfNoWayBack(world, () => verify(world, signal)),
        ),
    },
  ];
}

async function switchTraffic(world: World): Promise<void> {
  const { name, slot, attempt } = await slotOfAttempt(world);
  const { staged } = await world.state.read();
  // Between the probes and now the agent may have been away for long.
  if (!attempt.unchanged) await assertRunning(world, name, slot);
  await passOnMaintenance(world);
  // Also where nothing is to be changed: the proxy may have forgotten.
  await world.ports.proxy.switch(world.route, name, upstreamOf(slot));
  // Only now: killed in between, the file names the slot of before, which still runs.
  await world.state.change({ live: name, staged: staged === name ? null : staged });
  await leaveOldProxy(world);
  world.progress(`slot ${name} has the traffic: ${slot.version}`);
}

async function verify(world: World, signal: AbortSignal): Promise<void> {
  const { name, slot } = await slotOfAttempt(world);
  await proveThroughProxy(world, name, slot, signal);
}

/**
 * Asks through the proxy until the slot's release has answered well for long enough. While people have
 * stopped the traffic by hand nobody gets through: then the slot itself is asked.
 */
export async function proveThroughProxy(
  world: World,
  name: SlotName,
  slot: Slot,
  signal: AbortSignal,
): Promise<void> {
  const status = await world.ports.proxy.current(world.route);
  const isThere = status?.upstream && isSameUpstream(status.upstream, upstreamOf(slot));
  if (status?.slot !== name || !isThere) {
    const found = status?.slot ?? 'no slot';
    throw new StepFailure('verify_failed', `the proxy sends traffic to ${found}, not to ${name}`);
  }
  const way = isStopped(status) ? `slot ${name}, with the traffic stopped` : 'through the proxy';
  const at = isStopped(status)
    ? answeringIn(slot)
    : answeringThroughProxy(world, slot, status.port);
  const before = () => Promise.resolve();
  const result = await watch(world, at, { name: way, starting: false, before }, signal);
  if (result.kind === 'healthy') return;
  // Stopped in between, the proxy's answer says nothing of the release.
  const isNews = !isStopped(status) && isStopped(await world.ports.proxy.current(world.route));
  if (isNews) return await proveThroughProxy(world, name, slot, signal);
  throw new StepFailure('verify_failed', `${way}: ${result.why}`);
}

function isStopped(status: ProxyStatus | null): boolean {
  return status?.holding === true || (status?.maintenance ?? null) !== null;
}

/** As people ask, with a name that the route answers to. */
function answeringThroughProxy(world: World, slot: Slot, port: number): Answering {
  const { tls, server_names: names } = world.config.proxy;
  const name = names[0]?.replace('*', 'sallyport') ?? 'localhost';
  const isNamed = tls !== undefined || names.length > 0;
  return { ...slot, socket: null, url: publicUrl(world, port), host: isNamed ? name : undefined };
}
