import type { z } from 'zod';
import { ProxySection } from '../../config/hosting.ts';
import { StepFailure } from '../target.ts';
import { isSlotName } from './slots.ts';
import { upstreamOf, type State } from './state-file.ts';
import { proxyRouteOf } from './traffic.ts';
import { unitOf, type World } from './world.ts';

type Driver = World['config']['proxy']['driver'];

/** The route in another proxy than the configuration names. */
export interface Elsewhere {
  readonly driver: Driver;
  /** Both proxies want the same port, so that the one must let go of it before the other gets it. */
  readonly sharesPort: boolean;
}

/** `null` where the route is where it belongs, or nowhere. */
export function routeElsewhere({ config }: World, state: State): Elsewhere | null {
  const { driver, listen } = config.proxy;
  const held = state.route ?? writtenRoute(state);
  if (held === null || held.driver === driver) return null;
  return { driver: held.driver, sharesPort: listen !== 0 && held.port === listen };
}

/** For people: what a change of the proxy on one port costs. */
export function handOverText({ config }: World, { driver }: Elsewhere): string {
  const { driver: next, listen } = config.proxy;
  return `port ${listen} goes from ${driver} to ${next}: nobody answers there until ${next} has it`;
}

/**
 * Makes the route exist in the proxy that the configuration names. On the port of another proxy that one
 * loses it right before. A proxy that knows of no slot sends people to the one that shall have the traffic.
 */
export async function placeRoute(world: World): Promise<void> {
  const { ports, config } = world;
  const state = await world.state.read();
  const elsewhere = routeElsewhere(world, state);
  const status = elsewhere?.sharesPort
    ? await handOver(world, state, elsewhere)
    : await ports.proxy.ensure(proxyRouteOf(world));
  if (status.slot === null) await restoreTraffic(world, state);
  // Until the switch another port stays where people ask.
  if (elsewhere !== null && !elsewhere.sharesPort) return;
  const route = { driver: config.proxy.driver, port: status.port };
  if (state.route?.driver === route.driver && state.route.port === route.port) return;
  await world.state.change({ route });
}

/** What people said of the traffic since the route was made in the new proxy, holds there too. */
export async function passOnMaintenance(world: World): Promise<void> {
  const state = await world.state.read();
  if (routeElsewhere(world, state) === null) return;
  await world.ports.proxy.maintenance(world.route, state.maintenance?.text ?? null);
}

/** Once people are served by the right proxy, the other one forgets them. */
export async function leaveOldProxy(world: World): Promise<void> {
  const elsewhere = routeElsewhere(world, await world.state.read());
  if (elsewhere === null) return;
  await (await world.ports.proxyOf(elsewhere.driver)).remove(world.route);
  const port = (await world.ports.proxy.current(world.route))?.port ?? 0;
  await world.state.change({ route: { driver: world.config.proxy.driver, port } });
  world.progress(`${elsewhere.driver} has no route ${world.route} any more`);
}

/** Whether the route never came to the proxy that the configuration names: where it is, nothing was changed. */
export async function isOnlyElsewhere(world: World): Promise<boolean> {
  if (routeElsewhere(world, await world.state.read()) === null) return false;
  return (await world.ports.proxy.current(world.route)) === null;
}

/** What was tried beside the old proxy, on another port, goes again. */
export async function leaveNewProxy(world: World): Promise<void> {
  if (routeElsewhere(world, await world.state.read()) === null) return;
  await world.ports.proxy.remove(world.route);
}

async function handOver(world: World, state: State, elsewhere: Elsewhere) {
  const { proxy, proxyOf } = world.ports;
  // As far as can be known beforehand, the new one must be able to take it.
  const [problem] = await proxy.check();
  if (problem) throw new StepFailure('proxy_refused', problem.message, [problem.hint]);
  const old = await proxyOf(elsewhere.driver);
  world.progress(handOverText(world, elsewhere));
  await old.remove(world.route);
  try {
    return await proxy.ensure(proxyRouteOf(world));
  } catch (error) {
    const before = withProxy(world, state);
    // What is not given back now, the look after the deployment does.
    if (before !== null) {
      await old
        .ensure(proxyRouteOf(before))
        .then(() => restoreTraffic(before, state, old))
        .catch(() => undefined);
    }
    throw error;
  }
}

async function restoreTraffic(
  world: World,
  { live, slots, maintenance }: State,
  proxy = world.ports.proxy,
): Promise<void> {
  const { ports, route } = world;
  // First, so that nobody gets through between the two.
  if (maintenance !== null) await proxy.maintenance(route, maintenance.text);
  const slot = live === null ? null : slots[live];
  if (live === null || slot === null) return;
  // What has ended has no port any more: another program may have it by now.
  const { running } = await ports.init.status(unitOf(world, live));
  if (running) await proxy.switch(route, live, upstreamOf(slot));
}

/** The service as the slot with the traffic has its proxy. */
function withProxy(world: World, state: State): World | null {
  const proxy = writtenProxy(state);
  return proxy === null ? null : { ...world, config: { ...world.config, proxy } };
}

/** What an older version did not write down, the release with the traffic tells. */
function writtenRoute(state: State): State['route'] {
  const proxy = writtenProxy(state);
  return proxy === null ? null : { driver: proxy.driver, port: proxy.listen };
}

function writtenProxy({ live, slots }: State): z.output<typeof ProxySection> | null {
  const slot = isSlotName(live) ? slots[live] : null;
  return ProxySection.safeParse(slot?.config['proxy']).data ?? null;
}
