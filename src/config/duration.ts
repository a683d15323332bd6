import { z } from 'zod';

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const pattern = /^(0|[1-9]\d{0,8})(ms|s|m|h|d)$/;

/**
 * A length of time in a file: `500ms`, `30s`, `2m`, `8h`, `1d`. Once parsed it is a number
 * of **milliseconds under the same name**; that holds for every duration of every configuration.
 */
export const Duration = z
  .codec(z.string({ error: 'a duration such as 30s, 2m, 8h or 1d' }).regex(pattern), z.number(), {
    decode: toMs,
    encode: (ms) => `${ms}ms`,
  })
  .describe('A duration: a whole number and ms, s, m, h or d, such as 30s.');

/** A duration that is not below, nor above, these lengths. */
export function durationBetween(least: string, most: string): typeof Duration {
  const within = (ms: number) => ms >= toMs(least) && ms <= toMs(most);
  return Duration.refine(within, { error: `must be from ${least} to ${most}` });
}

function toMs(text: string): number {
  const [, count = '0', unit = 's'] = pattern.exec(text) ?? [];
  return Number(count) * units[unit as keyof typeof units];
}
