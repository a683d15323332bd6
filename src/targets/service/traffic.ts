import { isSameUpstream, type Upstream } from '../../model/upstream.ts';
import type { ProxyRoute, ProxyStatus } from '../../ports/proxy.ts';
import { socketOf } from './slot-socket.ts';
import { isSlotName, slotNames, type SlotName } from './slots.ts';
import { upstreamOf, type Slot, type State } from './state-file.ts';
import type { World } from './world.ts';

/** Who has the traffic, or shall have it. */
export interface Traffic {
  readonly slot: string;
  readonly upstream: Upstream;
  /** `false`: the proxy has forgotten it, and it is known from the file only. */
  readonly inForce: boolean;
}

/** The proxy's own word; where it has forgotten, what was written down. */
export function trafficOf(status: ProxyStatus | null, { live, slots }: State): Traffic | null {
  if (status !== null && status.slot !== null && status.upstream !== null) {
    return { slot: status.slot, upstream: status.upstream, inForce: true };
  }
  const slot = live === null ? null : slots[live];
  if (live === null || slot === null) return null;
  return { slot: live, upstream: upstreamOf(slot), inForce: false };
}

export interface Live {
  readonly name: SlotName;
  readonly slot: Slot;
  readonly inForce: boolean;
}

/** What the slot with the traffic holds; `null` where nobody has it, or nobody knows what it is. */
export async function findLive(world: World): Promise<Live | null> {
  const status = await world.ports.proxy.current(world.route);
  const state = await world.state.read();
  const traffic = trafficOf(status, state);
  if (traffic === null || !isSlotName(traffic.slot)) return null;
  const slot = state.slots[traffic.slot];
  if (slot === null || !isSameUpstream(traffic.upstream, upstreamOf(slot))) return null;
  return { name: traffic.slot, slot, inForce: traffic.inForce };
}

/** The route as the configuration has it. */
export function proxyRouteOf(world: World): ProxyRoute {
  const { route, config } = world;
  const { listen, tls, server_names: serverNames } = config.proxy;
  const upstreams = fixedUpstreams(world);
  return { name: route, listen, tls, serverNames, upstreams, preview: config.preview };
}

/** Where slots listen always: on their sockets, or on the ports that are not chosen anew. */
function fixedUpstreams(world: World): readonly Upstream[] {
  const { socket, ports } = world.config;
  if (socket) return slotNames.map((slot) => ({ socket: socketOf(world, slot) }));
  return Object.values(ports).flatMap((port) =>
    port === undefined || port === 0 ? [] : [upstreamOf({ port, socket: null })],
  );
}

/** Where people find the service on this host. */
export function publicUrl({ config }: World, port: number): string {
  return `${config.proxy.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
}
