import { applyOverride } from '../config/override.ts';
import type { RepositoryConfig, TargetConfig } from '../config/repository.ts';

const configPath = '.github/sallyport.yml';

/** Why a change concerns an environment. */
export interface Touch {
  /** `null`: the configuration itself changed, which may concern every target. */
  readonly target: string | null;
  /** One of the paths that changed. */
  readonly path: string;
}

/**
 * The environments that changed paths concern, with one reason for each: a path below what a target
 * that is permitted there is made of, or the configuration. `policy` says what is permitted where,
 * `commit` what the targets are.
 */
export function touchedEnvironments(asked: {
  readonly policy: Pick<RepositoryConfig, 'environments'>;
  readonly commit: Pick<RepositoryConfig, 'targets'>;
  readonly paths: readonly string[];
}): ReadonlyMap<string, Touch> {
  const { policy, commit, paths } = asked;
  const folders = foldersOf(paths);
  const touched = new Map<string, Touch>();
  for (const [name, environment] of Object.entries(policy.environments)) {
    if (folders.has(configPath)) {
      touched.set(name, { target: null, path: configPath });
      continue;
    }
    const permitted = environment.targets?.map((target) => target.name);
    for (const [target, config] of Object.entries(commit.targets)) {
      if (permitted && !permitted.includes(target)) continue;
      const merged = applyOverride(config, environment.override[target]);
      const path = sourcesOf(merged.ok ? merged.config : config, name)
        .map((folder) => folders.get(folder))
        .find((found) => found !== undefined);
      if (path === undefined) continue;
      touched.set(name, { target, path });
      break;
    }
  }
  return touched;
}

/** What a target is made of: folders or files of the repository, '' being all of it. */
function sourcesOf(target: TargetConfig, environment: string): readonly string[] {
  const folders =
    target.kind === 'files'
      ? [target.source, ...(target.common === undefined ? [] : [target.common])]
      : [target.path];
  return folders.map((folder) => plain(folder.replaceAll('{environment}', environment)));
}

/** Every path and each folder above it, with one changed path below. */
function foldersOf(paths: readonly string[]): ReadonlyMap<string, string> {
  const folders = new Map<string, string>();
  for (const path of paths) {
    for (let folder = path; !folders.has(folder); folder = above(folder)) {
      folders.set(folder, path);
      if (folder === '') break;
    }
  }
  return folders;
}

function above(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

/** The path without `.` and double slashes; the schema lets no `..` in. */
function plain(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}
