import { z } from 'zod';
import type { Line } from '../../journal/file/line.ts';

const JobBody = z.object({
  kind: z.literal('job'),
  deployment: z.int().min(1),
  token: z.string(),
});

const RecordBody = z.object({
  kind: z.literal('record'),
  id: z.int().min(1),
  deployment: z.int().min(1),
  token: z.string(),
  description: z.string().default(''),
});

/**
 * What the ledger reads of a line in its file. Lines hold more (commit, environment), for people who
 * look at the file.
 */
const Body = z.discriminatedUnion('kind', [JobBody, RecordBody]);

/** An entry of the file, and when it was written by the writer's clock. */
export type FileEntry = z.infer<typeof Body> & { readonly at: number };

/** The entry in a line; `null` for a kind that only a later version knows. */
export function readEntry({ at, body }: Line): FileEntry | null {
  const { data } = Body.safeParse(body);
  return data ? { ...data, at } : null;
}
