import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { SallyportError } from '../../model/errors.ts';
import { Sha } from '../../model/job.ts';
import { writeAtomically } from '../../disk/write-atomically.ts';

const Floor = z.strictObject({
  /** The newest commit that was handled: deployed, or found to change nothing here. */
  floor: Sha.nullable(),
  /** Written before its job is issued, gone when it was. */
  issuing: Sha.nullable(),
  /** Counts how often a person began anew: the same commit is then another job. */
  generation: z.int().min(0),
});
export type Floor = z.output<typeof Floor>;

const Floors = z.strictObject({ version: z.literal(1), environments: z.record(z.string(), Floor) });

/** How far each environment has come, on the disk: it survives restarts and the loss of the ledger. */
export class WatchFloors {
  readonly #path: string;
  readonly #floors: Map<string, Floor>;
  #isSaved = true;

  private constructor(path: string, floors: Map<string, Floor>) {
    this.#path = path;
    this.#floors = floors;
  }

  /** Rejects with `floors_unreadable`: without them an older commit could come back. */
  static async open(state: string): Promise<WatchFloors> {
    const path = join(state, 'watch.json');
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw unreadable(path, error);
    });
    if (text === null) return new WatchFloors(path, new Map());
    try {
      const { environments } = Floors.parse(JSON.parse(text));
      return new WatchFloors(path, new Map(Object.entries(environments)));
    } catch (error) {
      throw unreadable(path, error);
    }
  }

  get(environment: string): Floor | null {
    return this.#floors.get(environment) ?? null;
  }

  /** On the disk only after `flush`. */
  set(environment: string, floor: Floor): void {
    this.#floors.set(environment, floor);
    this.#isSaved = false;
  }

  /** Resolves when all that was set is on the disk: one write for however many environments. */
  async flush(): Promise<void> {
    if (this.#isSaved) return;
    const environments = Object.fromEntries(this.#floors);
    await writeAtomically(this.#path, `${JSON.stringify({ version: 1, environments })}\n`);
    this.#isSaved = true;
  }
}

function unreadable(path: string, cause: unknown): SallyportError {
  return new SallyportError({
    code: 'floors_unreadable',
    message: `How far each environment has come cannot be read from ${path}: ${(cause as Error).message}`,
    hint: `Restore it from a backup; or look at what runs, and move it away: mv ${path} ${path}.broken`,
    cause,
  });
}
