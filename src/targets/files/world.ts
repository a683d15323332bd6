import { basename, dirname, join, normalize } from 'node:path';
import type { FilesConfig } from '../../config/files.ts';
import type { TargetContext } from '../context.ts';
import { fillPlaceholders } from '../fill-placeholders.ts';
import { routeOf } from '../route.ts';
import { keptOf, type Kept } from './kept.ts';
import type { StateFile } from '../state-file.ts';
import { openState, type State } from './state-file.ts';

/** The context of files, with the names and places that follow from it. */
export interface World extends TargetContext<FilesConfig> {
  readonly state: StateFile<State>;
  /** Name of this target on this host: `production.map-config`. */
  readonly route: string;
  /** What people call the place; a symbolic link once Sallyport has switched it. */
  readonly destination: string;
  /** Beside it: the directories that it may lead to, and what is kept in all of them. */
  readonly store: string;
  /** The directory that this deployment makes. */
  readonly directory: string;
  /** Where the ids of what is there are remembered. */
  readonly index: string;
  readonly kept: Kept;
}

export function worldOf(context: TargetContext<FilesConfig>): World {
  const { config, deployment, heal, sha, paths } = context;
  const route = routeOf(context.environment, context.target);
  const destination = normalize(fill(context, config.destination)).replace(/(.)\/$/, '$1');
  const store = join(dirname(destination), `.${basename(destination)}.sallyport`);
  return {
    ...context,
    route,
    destination,
    store,
    state: openState(join(paths.state, 'files', `${route}.json`)),
    directory: join(store, `${deployment}-${sha.slice(0, 7)}${heal === 0 ? '' : `-${heal}`}`),
    index: join(paths.state, 'files', `${route}.index`),
    kept: keptOf(config.keep),
  };
}

/** Words of a configuration; what is in their braces is known before anything is read. */
export function fill({ environment, sha, version }: TargetContext, word: string): string {
  return fillPlaceholders(word, { environment, sha, version: version ?? sha.slice(0, 7) });
}

/** Where programs of this target print to. */
export function logOf({ paths, route }: World, name: string): string {
  return join(paths.state, 'logs', `${route}.${name}.log`);
}
