import { z } from 'zod';
import { laterKeysOf, section } from './later.ts';

/** The same value with any of its parts left out, at every depth. Lists are given whole. */
export type DeepPartial<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [K in keyof T]?: DeepPartial<T[K]> | undefined }
    : T;

/** A schema that takes any part of what `schema` takes, without filling in defaults. */
export function deepPartial<T extends z.ZodObject>(
  schema: T,
): z.ZodType<DeepPartial<z.input<T>>, DeepPartial<z.input<T>>> {
  return partial(schema) as z.ZodType<DeepPartial<z.input<T>>, DeepPartial<z.input<T>>>;
}

function partial(schema: z.core.$ZodType): z.ZodType {
  if (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional
  ) {
    return partial(schema.unwrap());
  }
  if (schema instanceof z.ZodObject) {
    const shape = Object.entries(schema.shape).map(([key, value]) => [
      key,
      partial(value).optional(),
    ]);
    return section(Object.fromEntries(shape) as Record<string, z.ZodType>, laterKeysOf(schema));
  }
  if (schema instanceof z.ZodCodec) return partial(schema.def.in);
  return schema as z.ZodType;
}
