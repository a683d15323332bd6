import { z } from 'zod';
import { Hooks } from './hooks.ts';
import { Params } from './params.ts';
import { Name } from './words.ts';

/** Keys that a target of every kind has: when, on which hosts, and what people may give it. */
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
  params: Params.prefault({}),
  hooks: Hooks.optional(),
};
