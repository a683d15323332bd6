import { z } from 'zod';
import { Name } from './words.ts';

/** Keys that a target of every kind has: when, and on which hosts. */
export const placed = {
  wave: z
    .int()
    .min(-1000)
    .max(1000)
    .default(0)
    .describe('Targets of a lower wave are done before those of a higher one begin.'),
  roles: z
    .array(Name)
    .default([])
    .describe('Only hosts with one of these roles run it; empty: all hosts.'),
};
