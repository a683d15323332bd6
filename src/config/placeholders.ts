/** What `{name}` may stand for in any argv; filled in on the host. */
export const placeholders = [
  'port',
  'version',
  'sha',
  'release',
  'env_root',
  'environment',
] as const;

/**
 * Names in braces that stand for nothing. Braces around anything that is not one lower-case
 * word (`{a,b}`, `{"json": 1}`) are text.
 */
export function unknownPlaceholders(text: string): readonly string[] {
  return [...text.matchAll(/\{([a-z][a-z_]{0,40})\}/g)]
    .map(([, name]) => name!)
    .filter((name) => !(placeholders as readonly string[]).includes(name));
}
