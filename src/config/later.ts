import { z } from 'zod';

const laterKeys = z.registry<{ readonly keys: readonly string[] }>();

/**
 * A map with exactly these keys. `later` are keys that the documentation knows and this
 * version does not act on yet: they are refused with that word rather than silently accepted.
 */
export function section<T extends z.core.$ZodLooseShape>(
  shape: T,
  later: readonly string[] = [],
): z.ZodObject<T, z.core.$strict> {
  const schema = z.strictObject(shape);
  laterKeys.add(schema, { keys: later });
  return schema;
}

/** The keys of a section that a later version brings. */
export function laterKeysOf(schema: z.core.$ZodType): readonly string[] {
  return laterKeys.get(schema)?.keys ?? [];
}
