import { ReleaseFolder } from '../release.ts';
import type { World } from './world.ts';

/** The release that this deployment makes, or made before. */
export function releaseOf({ releases, sha, config }: World, version: string): ReleaseFolder {
  const { path, build, test, env } = config;
  return new ReleaseFolder(releases, sha, { version, path, build, test, env });
}
