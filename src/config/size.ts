import { z } from 'zod';

const units = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 } as const;
const pattern = /^([1-9]\d{0,5})(K|M|G|T)$/;

/** A size in a file: `512M`, `5G`, in powers of 1024. Once parsed it is a number of **bytes**. */
export const Size = z
  .codec(z.string({ error: 'a size such as 512M or 5G' }).regex(pattern), z.number(), {
    decode(text) {
      const [, count = '1', unit = 'M'] = pattern.exec(text) ?? [];
      return Number(count) * units[unit as keyof typeof units];
    },
    encode: (bytes) => `${Math.round(bytes / units.K)}K`,
  })
  .describe('A size: a whole number and K, M, G or T (powers of 1024), such as 512M.');

/** `5%`; once parsed it is a **fraction**: 0.05. */
export const Percent = z
  .codec(
    z.string({ error: 'a percentage such as 5%' }).regex(/^(100|[1-9]?\d)(\.\d{1,2})?%$/),
    z.number().min(0).max(1),
    {
      decode: (text) => Number.parseFloat(text) / 100,
      encode: (fraction) => `${Number((fraction * 100).toFixed(2))}%`,
    },
  )
  .describe('A percentage, such as 5%.');
