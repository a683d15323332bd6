import type { ProgramSpec } from '../../ports/programs.ts';
import { buildEnvironment } from '../environment.ts';
import { fillCommand } from '../fill-placeholders.ts';
import { outputVariables } from '../output-variables.ts';
import { paramVariables } from '../param-variables.ts';
import { programFolder } from '../program-folder.ts';
import { loadSecrets } from '../secrets.ts';
import { placeholderValues } from './placeholder-values.ts';
import type { SlotName } from './slots.ts';
import type { SlotConfig } from './state-file.ts';
import type { World } from './world.ts';

/** A release on this host, as far as its programs are concerned. */
export interface Installed {
  readonly sha: string;
  readonly version: string;
  readonly tree: string;
  readonly config: SlotConfig;
  readonly params: Readonly<Record<string, string>>;
}

/** Where one of its programs runs, or which slot it checks. */
export interface Place {
  readonly slot?: {
    readonly name: SlotName;
    readonly port: number;
    readonly socket: string | null;
  };
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
  const { sha, version, tree, config, params } = installed;
  const secrets = await loadSecrets(world.paths.envRoot, version, config.env.secret);
  const values = await placeholderValues(world, installed, place.slot ?? { port: 0, socket: null });
  const directory = await programFolder(tree, config.path);
  return {
    command: fillCommand(command, values),
    directory,
    env: buildEnvironment({
      inherited: world.inherited,
      clear: config.env.clear,
      secrets,
      version,
      sha,
      envRoot: values.env_root || null,
      own: { ...outputVariables(world.outputs), ...paramVariables(params) },
      ...place,
    }),
    secrets: Object.values(secrets),
  };
}
