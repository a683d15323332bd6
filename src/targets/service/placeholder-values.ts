import type { PlaceholderValues } from '../fill-placeholders.ts';
import { envRootOf } from '../secrets.ts';
import type { Slot } from './state-file.ts';
import type { World } from './world.ts';

/** The placeholders of a release. One that is being built is in no slot yet: its port is 0. */
export async function placeholderValues(
  { paths, environment }: World,
  release: { readonly sha: string; readonly version: string; readonly tree: string },
  { port, socket }: Pick<Slot, 'port' | 'socket'>,
): Promise<PlaceholderValues & { readonly env_root: string }> {
  const { sha, version, tree } = release;
  const env_root = (await envRootOf(paths.envRoot, version)) ?? '';
  const place = { port: `${port}`, socket: socket ?? '' };
  return { ...place, version, sha, release: tree, env_root, environment };
}
