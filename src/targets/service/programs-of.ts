import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fillArgv } from './placeholders.ts';
import type { ProgramSpec } from '../../ports/programs.ts';
import { StepFailure } from '../target.ts';
import { buildEnvironment } from './environment.ts';
import { envRootOf, loadHostVariables } from './secrets.ts';
import type { SlotName } from './slots.ts';
import type { SlotConfig } from './state-file.ts';
import type { World } from './world.ts';

/** A release on this host, as far as its programs are concerned. */
export interface Installed {
  readonly sha: string;
  readonly version: string;
  readonly tree: string;
  readonly config: SlotConfig;
}

/** Where one of its programs runs, or which slot it checks. */
export interface Place {
  readonly slot?: { readonly name: SlotName; readonly port: number };
  readonly url?: string;
}

/** A program of a release, ready to be run or started. */
export type PreparedProgram = Pick<ProgramSpec, 'command' | 'directory' | 'env' | 'secrets'>;

/** Fills in what the program is told: its words, its environment, its secrets from the host. */
export async function prepareProgram(
  world: World,
  installed: Installed,
  command: readonly [string, ...string[]],
  place: Place = {},
): Promise<PreparedProgram> {
  const { sha, version, tree, config } = installed;
  const secrets = await loadSecrets(world, version, config.env.secret);
  const envRoot = await envRootOf(world.paths.envRoot, version);
  const { inherited, environment } = world;
  const values = {
    version,
    sha,
    environment,
    release: tree,
    ...(place.slot === undefined ? {} : { port: String(place.slot.port) }),
    ...(envRoot === null ? {} : { env_root: envRoot }),
  };
  const directory = join(tree, config.path);
  await assertFolder(directory, config.path);
  return {
    command: fillArgv(command, values),
    directory,
    env: buildEnvironment({
      inherited,
      clear: config.env.clear,
      secrets,
      version,
      sha,
      envRoot,
      ...place,
    }),
    secrets: Object.values(secrets),
  };
}

/** The values of these names; refuses with `secret_missing` where the host lacks one. */
export async function loadSecrets(
  world: World,
  version: string,
  names: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  if (names.length === 0) return {};
  const { envRoot } = world.paths;
  const variables = await loadHostVariables(envRoot, version);
  const missing = names.filter((name) => !variables.has(name));
  if (missing.length > 0) throw secretMissing(missing, envRoot);
  return Object.fromEntries(names.map((name) => [name, variables.get(name)!]));
}

async function assertFolder(directory: string, path: string): Promise<void> {
  const facts = await stat(directory).catch(() => null);
  if (facts?.isDirectory() === true) return;
  throw new StepFailure('config_invalid', `there is no folder ${path} in the release`, [
    'correct `path` of the target',
  ]);
}

function secretMissing(missing: readonly string[], envRoot: string | null): StepFailure {
  const names = missing.join(', ');
  return envRoot === null
    ? new StepFailure('secret_missing', `this host has no env_root, so it has no ${names}`, [
        'set `env_root` in agent.yml to a folder with .env files',
      ])
    : new StepFailure('secret_missing', `no .env file in ${envRoot} sets ${names}`, [
        `add ${names} to a file such as ${join(envRoot, 'secrets.env')}`,
      ]);
}
