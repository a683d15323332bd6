import { join } from 'node:path';
import type { AgentConfig } from '../config/agent.ts';
import type { ServiceConfig } from '../config/service.ts';
import type { Init } from '../ports/init.ts';
import { StepFailure } from '../targets/target.ts';

export type InitName = ServiceConfig['init'];

/** What starts programs, by the name that `init:` has in a configuration; loaded when it is needed first. */
const inits: { readonly [Name in InitName]?: (agent: AgentConfig) => Promise<Init> } = {
  process: async ({ state }) => {
    const { ProcessInit } = await import('../adapters/init/process/process-init.ts');
    return new ProcessInit(join(state, 'slots'));
  },
};

export async function openInit(name: InitName, agent: AgentConfig): Promise<Init> {
  const open = inits[name];
  if (open) return await open(agent);
  throw new StepFailure('config_invalid', `init: ${name} is not supported yet; use process`);
}
