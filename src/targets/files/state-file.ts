import { z } from 'zod';
import { Sha } from '../../model/job.ts';
import { StateFile } from '../state-file.ts';

/** What the destination led to before a deployment. */
const Backup = z.object({
  /** Where it is, or will be once it is adopted; absolute. */
  directory: z.string(),
  /** It was a directory of somebody else's at the destination itself. */
  adopted: z.boolean(),
  sha: Sha.nullable(),
  /** Of the list of what was in it; `null` where nothing was to be changed. */
  digest: z.string().nullable(),
});
export type Backup = z.infer<typeof Backup>;

/** What a deployment set out to do, and what was there before it. */
const Attempt = z.object({
  deployment: z.number(),
  heal: z.number().default(0),
  sha: Sha,
  unchanged: z.boolean(),
  /** `null` where nothing was there. */
  before: Backup.nullable(),
  /** The destination leads to the new directory, or is about to. */
  switched: z.boolean(),
  /** It was rolled back to the end. */
  undone: z.boolean(),
});
export type Attempt = z.infer<typeof Attempt>;

const State = z.object({
  schema: z.literal(1),
  /** Which commit a directory holds, by its path. */
  commits: z.record(z.string(), Sha),
  attempt: Attempt.nullable(),
});
export type State = z.infer<typeof State>;

const empty: State = { schema: 1, commits: {}, attempt: null };

/** What Sallyport knows of a destination on this host. What is live, only the destination says. */
export function openState(path: string): StateFile<State> {
  return new StateFile(path, State, empty, 'the destination stays as it is until then');
}
