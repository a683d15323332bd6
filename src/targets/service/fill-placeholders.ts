import { envRootOf } from './secrets.ts';
import type { World } from './world.ts';

/** What stands for `{name}` in the words of a release, by name. */
type PlaceholderValues = Readonly<Record<string, string>>;

/** Replaces placeholders; other braces are text. A value is never looked at again. */
export function fillPlaceholders(word: string, values: PlaceholderValues): string {
  return word.replace(/\{([a-z_]+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? values[name]! : whole,
  );
}

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
