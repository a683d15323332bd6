import type { ProgramSpec } from '../../ports/programs.ts';
import { buildEnvironment } from '../environment.ts';
import { fillCommand } from '../fill-placeholders.ts';
import { paramVariables } from '../param-variables.ts';
import { envRootOf } from '../secrets.ts';
import { logOf, type World } from './world.ts';

/** A program that reloads or verifies, ready to be run in the directory. It gets no secrets. */
export async function prepareProgram(
  world: World,
  program: { readonly command: readonly [string, ...string[]]; readonly timeout: number },
  directory: string,
  name: 'reload' | 'verify',
): Promise<ProgramSpec> {
  const { sha, environment, paths } = world;
  const version = world.version ?? sha.slice(0, 7);
  const envRoot = await envRootOf(paths.envRoot, version);
  const values = {
    sha,
    version,
    environment,
    release: directory,
    env_root: envRoot ?? '',
    port: '0',
  };
  return {
    command: fillCommand(program.command, values),
    directory,
    env: buildEnvironment({
      inherited: world.inherited,
      clear: {},
      secrets: {},
      version,
      sha,
      envRoot,
      own: paramVariables(world.params),
    }),
    secrets: [],
    log: logOf(world, name),
    timeoutMs: program.timeout,
  };
}
