import { SallyportError, exitCodes } from '../../model/errors.ts';
import type { StopAsk, TrafficStop } from '../../model/traffic-stop.ts';
import type { Proxy, ProxyStatus } from '../../ports/proxy.ts';
import type { TargetStops } from '../target.ts';
import { routeElsewhere } from './place-route.ts';
import type { State } from './state-file.ts';
import type { World } from './world.ts';

/**
 * Stops a service's traffic by hand and lets it go. Whether it is stopped, the proxy says; who did it is
 * written down beside, and a proxy that takes the route over is told of a maintenance from there.
 */
export function createStops(world: World): TargetStops {
  const { state, route } = world;
  return {
    async check(kind) {
      const proxies = await proxiesInUse(world);
      if (kind === 'hold' && proxies.some((proxy) => !proxy.pause)) cannotHold(world);
    },
    async set(asked, by) {
      for (const proxy of await proxiesInUse(world)) await stop(proxy, route, asked);
      const at = { by, since: world.ports.clock.now() };
      await state.change(
        asked.kind === 'hold'
          ? { hold: { ...at, forMs: asked.forMs } }
          : { maintenance: { ...at, text: asked.text } },
      );
    },
    async lift(kind) {
      const proxies = await proxiesInUse(world);
      // Nothing may bring back later what was lifted, so the word goes first.
      await state.change({ [kind]: null });
      for (const proxy of proxies) {
        await (kind === 'hold' ? proxy.resume?.(route) : proxy.maintenance(route, null));
      }
    },
  };
}

/** What is in force by the proxy's own word, and who did it where that is known. */
export function stopsOf(status: ProxyStatus | null, state: State): readonly TrafficStop[] {
  const { maintenance, hold } = state;
  const text = status?.maintenance ?? null;
  const by = maintenance?.text === text ? maintenance : null;
  const isHeld = status?.holding === true;
  return [
    ...(text === null ? [] : [{ kind: 'maintenance', text, ...whoOf(by) } as const]),
    ...(isHeld ? [{ kind: 'hold', forMs: hold?.forMs ?? 0, ...whoOf(hold) } as const] : []),
  ];
}

function whoOf(known: { readonly by: string; readonly since: number } | null) {
  return { by: known?.by ?? null, since: known?.since ?? null };
}

async function stop(proxy: Proxy, route: string, asked: StopAsk): Promise<void> {
  await (asked.kind === 'hold'
    ? proxy.pause?.(route, asked.forMs)
    : proxy.maintenance(route, asked.text));
}

/** All that have the route: two while a deployment takes it from one to the other. */
async function proxiesInUse(world: World): Promise<readonly Proxy[]> {
  const { ports, route } = world;
  const elsewhere = routeElsewhere(world, await world.state.read());
  const proxies = [ports.proxy, ...(elsewhere ? [await ports.proxyOf(elsewhere.driver)] : [])];
  const known = await Promise.all(
    proxies.map(async (proxy) => ((await proxy.current(route)) === null ? [] : [proxy])),
  );
  const inUse = known.flat();
  if (inUse.length === 0) throw noRoute(world);
  return inUse;
}

function cannotHold({ config, environment, target }: World): never {
  throw new SallyportError({
    code: 'not_supported',
    message: `The proxy of ${target} (${config.proxy.driver}) cannot hold requests; only builtin can.`,
    hint: `Answer for it instead: sallyport maintenance ${environment} ${target} --on`,
    exit: exitCodes.refused,
  });
}

function noRoute({ environment, target, config }: World): SallyportError {
  return new SallyportError({
    code: 'route_missing',
    message: `The proxy (${config.proxy.driver}) has no route for ${target} in ${environment}.`,
    hint: `It gets one with a deployment: sallyport status ${environment}`,
    exit: exitCodes.notFound,
  });
}
