import { exitCodes, type ExitCode } from '../model/errors.ts';
import { agentConfigPath, readAgentConfig } from './agent-config.ts';
import { printJson } from './output.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

/** Serves until it is told to end; it then finishes the step in hand. */
export async function run({ options, json }: Args, world: World): Promise<ExitCode> {
  // Asked for before anything is awaited: from now on the first signal ends it gently.
  const { signal } = world;
  const path = typeof options['config'] === 'string' ? options['config'] : agentConfigPath;
  const config = await readAgentConfig(path, world);
  const part = await world.parts.agent();
  const agent = await part.open(config);
  if (json) printJson(world, { name: config.name, socket: agent.socket });
  if (!signal.aborted) {
    await new Promise<void>((done) => {
      signal.addEventListener('abort', () => done(), { once: true });
    });
  }
  await agent.stop();
  return exitCodes.done;
}
