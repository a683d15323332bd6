import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { SallyportError } from '../../model/errors.ts';
import { Sha } from '../../model/job.ts';
import { writeAtomically } from '../write-atomically.ts';

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
        hint: 'move it away and deploy again: what the programs manage stays as it is until then',
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
