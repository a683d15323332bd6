import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentConfig } from '../config/agent.ts';
import type { ServiceConfig } from '../config/service.ts';
import { systemUnitsFolder } from '../config/systemd-access.ts';
import type { Init } from '../ports/init.ts';

export type InitName = ServiceConfig['init'];

interface InitDriver {
  open(agent: AgentConfig): Promise<Init>;
  /** Whether it started a program of this name and did not stop it since. Asks nobody. */
  started(name: string, agent: AgentConfig): Promise<boolean>;
}

/** What starts programs, by the name that `init:` has in a configuration; loaded when it is needed first. */
const inits: { readonly [Name in InitName]: InitDriver } = {
  process: {
    async open({ state }) {
      const { ProcessInit } = await import('../adapters/init/process/process-init.ts');
      return new ProcessInit(runFolder(state));
    },
    async started(name, { state }) {
      const path = join(runFolder(state), `${name}.json`);
      if ((await readFile(path).catch(() => null)) === null) return false;
      const { readRunFile } = await import('../adapters/init/process/run-file.ts');
      const run = readRunFile(path);
      return run !== null && run.nonce !== null;
    },
  },
  systemd: systemd('system', () => systemUnitsFolder),
  'systemd-user': systemd('user', ({ state }) => join(state, 'units')),
};

export async function openInit(name: InitName, agent: AgentConfig): Promise<Init> {
  return await inits[name].open(agent);
}

/** The other inits than this one that started a program and did not stop it since. */
export async function otherInits(
  own: InitName,
  program: string,
  agent: AgentConfig,
): Promise<readonly InitName[]> {
  const names = (Object.keys(inits) as InitName[]).filter((name) => name !== own);
  const started = await Promise.all(names.map((name) => inits[name].started(program, agent)));
  return names.filter((_, at) => started[at]);
}

function systemd(scope: 'system' | 'user', folderIn: (agent: AgentConfig) => string): InitDriver {
  return {
    async open(agent) {
      const { openSystemd } = await import('../adapters/init/systemd/open-systemd.ts');
      return await openSystemd(scope, folderIn(agent));
    },
    async started(name, agent) {
      const { UnitFiles } = await import('../adapters/init/systemd/unit-files.ts');
      return await new UnitFiles(folderIn(agent)).hasEnvironment(name);
    },
  };
}

function runFolder(state: string): string {
  return join(state, 'slots');
}
