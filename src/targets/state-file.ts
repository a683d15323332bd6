import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { SallyportError } from '../model/errors.ts';
import { InTurn } from '../model/in-turn.ts';
import { writeAtomically } from '../disk/write-atomically.ts';

/** What every kind writes down; `schema` tells a later version what it reads. */
interface Written {
  readonly schema: 1;
}

/** What Sallyport knows of one target on this host: a file that is wholly old or wholly new. */
export class StateFile<State extends Written> {
  readonly #path: string;
  readonly #schema: z.ZodType<State>;
  readonly #empty: State;
  readonly #stays: string;

  /** `stays`: what a damaged file leaves as it is, for people. */
  constructor(path: string, schema: z.ZodType<State>, empty: State, stays: string) {
    this.#path = path;
    this.#schema = schema;
    this.#empty = empty;
    this.#stays = stays;
  }

  async read(): Promise<State> {
    const text = await readFile(this.#path, 'utf8').catch(absent);
    if (text === null) return this.#empty;
    try {
      return this.#schema.parse(JSON.parse(text));
    } catch (cause) {
      throw new SallyportError({
        code: 'state_damaged',
        message: `${this.#path} is not what Sallyport wrote there`,
        hint: `move it away and deploy again: ${this.#stays}`,
        next: 'user',
        cause,
      });
    }
  }

  /** Changes parts of the state; on the disk when it resolves. */
  async change(part: Partial<Omit<State, 'schema'>>): Promise<void> {
    await turnOf(this.#path).run(async () => {
      const next: State = { ...(await this.read()), ...part };
      await writeAtomically(this.#path, JSON.stringify(next, null, 2));
    });
  }
}

/** A deployment and a look beside it change parts of one file. */
const turns = new Map<string, InTurn>();

function turnOf(path: string): InTurn {
  const turn = turns.get(path) ?? new InTurn();
  turns.set(path, turn);
  return turn;
}

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
