import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { enrolment, hostKeyPath, makeHostKey } from '../agent/host-key.ts';
import { exitCodes, type ExitCode } from '../model/errors.ts';
import { agentConfigPath, readAgentConfig } from './agent-config.ts';
import { printJson } from './output.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

/** Makes the key of this host, and prints what enrols it. */
export async function run({ options, json }: Args, world: World): Promise<ExitCode> {
  const place = await findPlace(options, world);
  const name = typeof options['name'] === 'string' ? options['name'] : place.name;
  const key = await makeHostKey(place.state, options['force'] === true);
  const line = enrolment(name, key, place.environments);
  const path = hostKeyPath(place.state);
  if (json) {
    printJson(world, { path, name, key: key.public.text, agents: line });
    return exitCodes.done;
  }
  world.stdout.write(
    [
      `The key of this host is in ${path} (mode 0600). It never leaves this host.`,
      '',
      'Enrol the host with a pull request to .github/sallyport.yml:',
      'agents:',
      `  ${line}`,
      '',
    ].join('\n'),
  );
  return exitCodes.done;
}

interface Place {
  readonly state: string;
  readonly name: string;
  readonly environments: readonly string[];
}

/** Where the key goes: the folder that was given, else that of the configuration. */
async function findPlace(options: Args['options'], world: World): Promise<Place> {
  const { state, config } = options;
  if (typeof state === 'string' && typeof config !== 'string') {
    return { state: resolve(world.cwd, state), name: hostname(), environments: ['production'] };
  }
  const path = typeof config === 'string' ? config : agentConfigPath;
  const read = await readAgentConfig(path, world);
  return {
    state: typeof state === 'string' ? resolve(world.cwd, state) : read.state,
    name: read.name,
    environments: read.environments,
  };
}
