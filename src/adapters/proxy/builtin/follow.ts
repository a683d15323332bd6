import { z } from 'zod';
import { RouteState } from './state.ts';

const name = z.string();

/**
 * What a proxy that has handed over is told by its successor, for as long as it has connections: they
 * follow every change as if there were one process.
 */
export const Follow = z.discriminatedUnion('op', [
  z.object({ op: z.literal('apply'), state: RouteState }),
  z.object({ op: z.literal('forget'), name }),
  z.object({ op: z.literal('drain'), name, slot: name, timeoutMs: z.number() }),
  z.object({ op: z.literal('active'), name }),
  z.object({ op: z.literal('pause'), name, holdMs: z.number() }),
  z.object({ op: z.literal('resume'), name }),
  z.object({ op: z.literal('end') }),
]);
export type Follow = z.infer<typeof Follow>;

/** A process that serves what came in before this one. */
export interface Predecessor {
  /** Resolves when it has done so, with its answer; with `null` where it is gone, or says nothing. */
  tell(asked: Follow): Promise<unknown>;
}
