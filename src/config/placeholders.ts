/** What `{name}` may stand for in any argv; filled in on the host. */
export const placeholders = [
  'port',
  'version',
  'sha',
  'release',
  'env_root',
  'environment',
] as const;

/** What it may stand for in the programs of a `command` target. */
export const commandPlaceholders = [
  'plan_file',
  'version',
  'sha',
  'release',
  'previous_sha',
  'previous_release',
  'env_root',
  'environment',
] as const;

/**
 * Names in braces that stand for nothing that is known. Braces around anything that is not one
 * lower-case word (`{a,b}`, `{"json": 1}`) are text.
 */
export function unknownPlaceholders(text: string, known: readonly string[]): readonly string[] {
  return [...text.matchAll(/\{([a-z][a-z_]{0,40})\}/g)]
    .map(([, name]) => name!)
    .filter((name) => !known.includes(name));
}
