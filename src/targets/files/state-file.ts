import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { SallyportError } from '../../model/errors.ts';
import { Sha } from '../../model/job.ts';
import { writeAtomically } from '../write-atomically.ts';

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
export class StateFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async read(): Promise<State> {
    const text = await readFile(this.#path, 'utf8').catch(absent);
    if (text === null) return empty;
    try {
      return State.parse(JSON.parse(text));
    } catch (cause) {
      throw new SallyportError({
        code: 'state_damaged',
        message: `${this.#path} is not what Sallyport wrote there`,
        hint: 'move it away and deploy again: the destination stays as it is until then',
        next: 'user',
        cause,
      });
    }
  }

  /** Changes parts of the state; on the disk when it resolves. */
  async change(part: Partial<Omit<State, 'schema'>>): Promise<void> {
    const next: State = { ...(await this.read()), ...part };
    await writeAtomically(this.#path, JSON.stringify(next, null, 2));
  }
}

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
