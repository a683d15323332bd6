import { z } from 'zod';
import { Follow } from './follow.ts';

const id = z.int();

/** From the process that serves to its successor. */
export const ToHeir = z.discriminatedUnion('kind', [
  /** With the open socket of a route. */
  z.object({ kind: z.literal('door'), name: z.string() }),
  /** That was the last socket; these slots were seen to answer, by route. Nothing changes from now on. */
  z.object({ kind: z.literal('take'), proven: z.record(z.string(), z.array(z.string())) }),
  /** The lock is yours: serve. */
  z.object({ kind: z.literal('go') }),
  z.object({ kind: z.literal('told'), id, value: z.unknown() }),
]);
export type ToHeir = z.infer<typeof ToHeir>;

/** From the successor to the process that serves. */
export const FromHeir = z.discriminatedUnion('kind', [
  /** Loaded, and nothing taken yet. */
  z.object({ kind: z.literal('up') }),
  /** Has read the state, and could serve. */
  z.object({ kind: z.literal('ready') }),
  /** Listens everywhere, and answers the agent. */
  z.object({ kind: z.literal('serving') }),
  z.object({ kind: z.literal('failed'), message: z.string() }),
  z.object({ kind: z.literal('tell'), id, asked: Follow }),
]);
export type FromHeir = z.infer<typeof FromHeir>;
