import type { PlaceholderValues } from '../fill-placeholders.ts';
import { envRootOf } from '../secrets.ts';
import type { World } from './world.ts';

/** The placeholders of a release. One that is being built is in no slot yet: its port is 0. */
export async function placeholderValues(
  { paths, environment }: World,
  release: { readonly sha: string; readonly version: string; readonly tree: string },
  port: number,
): Promise<PlaceholderValues & { readonly env_root: string }> {
  const { sha, version, tree } = release;
  const envRoot = (await envRootOf(paths.envRoot, version)) ?? '';
  return { port: `${port}`, version, sha, release: tree, env_root: envRoot, environment };
}
