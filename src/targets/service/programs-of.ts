import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProgramSpec } from '../../ports/programs.ts';
import { StepFailure } from '../target.ts';
import { buildEnvironment } from './environment.ts';
import { fillPlaceholders, placeholderValues } from './fill-placeholders.ts';
import { loadHostVariables } from './secrets.ts';
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
  const values = await placeholderValues(world, installed, place.slot?.port ?? 0);
  const fill = (word: string): string => fillPlaceholders(word, values);
  const [program, ...rest] = command;
  const directory = join(tree, config.path);
  await assertFolder(directory, config.path);
  return {
    command: [fill(program), ...rest.map(fill)],
    directory,
    env: buildEnvironment({
      inherited: world.inherited,
      clear: config.env.clear,
      secrets,
      version,
      sha,
      envRoot: values.env_root || null,
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
