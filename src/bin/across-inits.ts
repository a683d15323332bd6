import type { Init, ServiceSpec, ServiceStatus } from '../ports/init.ts';

/** An older program of the same name has this long to end before a new one is started. */
const replaceGraceMs = 5_000;

/**
 * The init that a configuration names. A program that another one started, before the configuration
 * changed, runs on there until it is stopped or started anew: nothing ever runs twice. `others` are the inits
 * that started a program of that name and did not stop it since.
 */
export function acrossInits(own: Init, others: (name: string) => Promise<readonly Init[]>): Init {
  async function keeperOf(name: string): Promise<Init> {
    const found = await others(name);
    if (found.length === 0 || (await own.status(name)).running) return own;
    for (const init of found) if ((await init.status(name)).running) return init;
    return own;
  }

  async function stopElsewhere(name: string, graceMs: number): Promise<void> {
    for (const init of await others(name)) await init.stop(name, graceMs);
  }

  return {
    async start(spec: ServiceSpec) {
      await stopElsewhere(spec.name, replaceGraceMs);
      await own.start(spec);
    },
    async stop(name, graceMs) {
      await own.stop(name, graceMs);
      await stopElsewhere(name, graceMs);
    },
    signal: async (name, signalName) => await (await keeperOf(name)).signal(name, signalName),
    status: async (name): Promise<ServiceStatus> => await (await keeperOf(name)).status(name),
    lines: async (name, log, count) => await (await keeperOf(name)).lines(name, log, count),
    check: () => own.check(),
  };
}
