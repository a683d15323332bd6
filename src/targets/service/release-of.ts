import { ReleaseFolder } from '../release.ts';
import type { World } from './world.ts';

/** The release that this deployment makes, or made before. */
export function releaseOf(
  { releases, sha, config, params }: World,
  version: string,
): ReleaseFolder {
  const { path, build, test, env } = config;
  // Programs that build may make something else of the commit with other parameters.
  const given = Object.keys(params).length > 0 ? { params } : {};
  return new ReleaseFolder(releases, sha, { version, path, build, test, env, ...given });
}
