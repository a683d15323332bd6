import { z } from 'zod';
import { Sha } from '../../model/job.ts';
import { StateFile } from '../state-file.ts';

/** What was applied, and what it gave. */
const Applied = z.object({
  deployment: z.number(),
  sha: Sha,
  version: z.string(),
  /** The commit's tree on this host. */
  tree: z.string(),
  outputs: z.record(z.string(), z.unknown()),
});
export type Applied = z.infer<typeof Applied>;

/** What a deployment set out to do, and what was there before it. */
const Attempt = z.object({
  deployment: z.number(),
  /** The folder of the plan that it applies. */
  plan: z.string(),
  /** The plan has nothing in it. */
  unchanged: z.boolean(),
  /** What was applied before; `null` where nothing was, by Sallyport. */
  before: Applied.nullable(),
  /** The program that applies was started, so that anything may have changed. */
  began: z.boolean(),
  /** It came to its end, and ended well. */
  ended: z.boolean(),
  /** It was rolled back to the end. */
  undone: z.boolean(),
});
export type Attempt = z.infer<typeof Attempt>;

const State = z.object({
  schema: z.literal(1),
  applied: Applied.nullable(),
  attempt: Attempt.nullable(),
  /** What the last `verify` said of what is there; where there is none, that it was applied. */
  health: z.enum(['healthy', 'unhealthy', 'unknown']),
});
export type State = z.infer<typeof State>;

const empty: State = { schema: 1, applied: null, attempt: null, health: 'unknown' };

/** What Sallyport knows of what its programs manage. What is really there, only they can say. */
export function openState(path: string): StateFile<State> {
  return new StateFile(path, State, empty, 'what the programs manage stays as it is until then');
}
