import { join } from 'node:path';
import { z } from 'zod';
import type { ServiceConfig } from '../config/service.ts';
import type { Machine } from '../ports/machine.ts';

export interface KnownSlot {
  /** As its init calls it: `production.web.blue`. */
  readonly name: string;
  /** `null` where it listens on a socket. */
  readonly port: number | null;
}

/** A service as this host's state folder knows it. */
export interface KnownService {
  /** `production.web`. */
  readonly route: string;
  readonly slots: readonly KnownSlot[];
  readonly init: ServiceConfig['init'];
  readonly driver: ServiceConfig['proxy']['driver'];
}

const Hosting = z.looseObject({
  init: z.enum(['process', 'systemd', 'systemd-user']).catch('process'),
  proxy: z
    .looseObject({ driver: z.enum(['builtin', 'nginx', 'haproxy', 'caddy']).catch('builtin') })
    .catch({ driver: 'builtin' }),
});
const Slot = z
  .looseObject({ port: z.int(), socket: z.string().nullish(), config: Hosting })
  .nullish();
const SlotsFile = z.looseObject({ slots: z.record(z.string(), Slot) });

/** The services that were deployed here; the folder holds other files too. */
export async function findServices(
  state: string,
  machine: Machine,
): Promise<readonly KnownService[]> {
  const folder = join(state, 'slots');
  const names = (await machine.names(folder)) ?? [];
  const found = await Promise.all(
    names
      .filter((name) => name.endsWith('.json'))
      .map(async (name) => {
        const text = await machine.read(join(folder, name));
        return text === null ? [] : serviceIn(text, name.slice(0, -'.json'.length));
      }),
  );
  return found.flat();
}

function serviceIn(text: string, route: string): readonly KnownService[] {
  const read = SlotsFile.safeParse(jsonOf(text));
  if (!read.success) return [];
  const filled = Object.entries(read.data.slots).flatMap(([name, slot]) =>
    slot ? [{ name, slot }] : [],
  );
  const [first] = filled;
  if (!first) return [];
  const { init, proxy } = first.slot.config;
  const slots = filled.map(({ name, slot: { port, socket } }) => ({
    name: `${route}.${name}`,
    port: socket ? null : port,
  }));
  return [{ route, slots, init, driver: proxy.driver }];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
