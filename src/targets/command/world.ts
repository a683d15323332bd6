import { join } from 'node:path';
import type { CommandConfig } from '../../config/command.ts';
import type { TargetContext } from '../context.ts';
import { ReleaseFolder } from '../release.ts';
import { routeOf } from '../route.ts';
import type { StateFile } from '../state-file.ts';
import type { State } from './state-file.ts';
import { stateOf } from './state-of.ts';

/** The context of a target with programs, with the names and places that follow from it. */
export interface World extends Omit<TargetContext<CommandConfig>, 'version'> {
  readonly version: string;
  readonly state: StateFile<State>;
  /** Folder of all releases of this target in this environment. */
  readonly releases: string;
  /** Where this deployment's commit is laid out. */
  readonly release: ReleaseFolder;
  /** Folder of the plans, one folder each: by the deployment's number, `look`, `left`. */
  readonly plans: string;
  /** Folder of what the programs print, a file a deployment. */
  readonly logs: string;
}

export function worldOf(context: TargetContext<CommandConfig>): World {
  const { environment, target, paths, sha, config, params } = context;
  const route = routeOf(environment, target);
  const releases = join(paths.state, 'releases', environment, target);
  const { path, prepare, env } = config;
  const given = Object.keys(params).length > 0 ? { params } : {};
  return {
    ...context,
    version: context.version ?? sha.slice(0, 7),
    state: stateOf(paths.state, environment, target),
    releases,
    release: new ReleaseFolder(releases, sha, { path, prepare, env, ...given }),
    plans: join(paths.state, 'plans-command', route),
    logs: join(paths.state, 'logs', route),
  };
}
