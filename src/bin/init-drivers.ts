import { join } from 'node:path';
import type { AgentConfig } from '../config/agent.ts';
import type { ServiceConfig } from '../config/service.ts';
import { systemUnitsFolder } from '../config/systemd-access.ts';
import type { Init } from '../ports/init.ts';

export type InitName = ServiceConfig['init'];

/** What starts programs, by the name that `init:` has in a configuration; loaded when it is needed first. */
const inits: { readonly [Name in InitName]: (agent: AgentConfig) => Promise<Init> } = {
  process: async ({ state }) => {
    const { ProcessInit } = await import('../adapters/init/process/process-init.ts');
    return new ProcessInit(join(state, 'slots'));
  },
  systemd: async () => {
    const { openSystemd } = await import('../adapters/init/systemd/open-systemd.ts');
    return await openSystemd('system', systemUnitsFolder);
  },
  'systemd-user': async ({ state }) => {
    const { openSystemd } = await import('../adapters/init/systemd/open-systemd.ts');
    return await openSystemd('user', join(state, 'units'));
  },
};

export async function openInit(name: InitName, agent: AgentConfig): Promise<Init> {
  return await inits[name](agent);
}
