import type { ZodType } from 'zod';
import { SallyportError } from '../../../model/errors.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Journal, JournalEntry } from '../../../ports/journal.ts';
import { type Files, type OpenFile, systemFiles } from './files.ts';
import { InTurn } from '../../../model/in-turn.ts';
import { damaged, encodeLine, type Line, type LineEnd, scanLines, startOfFile } from './line.ts';
import { type HeldLock, holderOf, takeLock } from './lock.ts';
import { cutRests, writeLine } from './write-line.ts';

export interface JournalOptions<Body> {
  readonly clock: Clock;
  /** What every body must be; one that is not counts as damage. */
  readonly schema?: ZodType<Body>;
  readonly files?: Files;
}

/**
 * Opens the journal at `path`, making it where there is none, for this process alone: a second
 * one is refused (`journal_in_use`). Errors: `journal_damaged`, which changes nothing on the disk.
 */
export async function openJournal<Body>(
  path: string,
  options: JournalOptions<Body>,
): Promise<Journal<Body>> {
  const lock = await takeLock(`${path}.lock`);
  if (!lock) throw await inUse(path);
  let file: OpenFile | null = null;
  try {
    file = await (options.files ?? systemFiles).open(path);
    const { lines, end, torn } = scanLines(await file.read(0), startOfFile, path);
    const entries = lines.map((line) => readEntry(line, options.schema, path));
    if (torn > 0) await file.truncate(end.offset);
    return new FileJournal({ path, clock: options.clock, file, lock, entries, end });
  } catch (error) {
    await file?.close();
    await lock.release();
    throw error;
  }
}

interface OpenedJournal<Body> {
  readonly path: string;
  readonly clock: Clock;
  readonly file: OpenFile;
  readonly lock: HeldLock;
  readonly entries: JournalEntry<Body>[];
  readonly end: LineEnd;
}

class FileJournal<Body> implements Journal<Body> {
  readonly #opened: OpenedJournal<Body>;
  #end: LineEnd;
  readonly #appends = new InTurn();
  /** The last write failed, so there may be rests of it behind the end. */
  #dirty = false;

  constructor(opened: OpenedJournal<Body>) {
    this.#opened = opened;
    this.#end = opened.end;
  }

  append(body: Body): Promise<JournalEntry<Body>> {
    return this.#appends.run(() => this.#appendNow(body));
  }

  entries(): readonly JournalEntry<Body>[] {
    return this.#opened.entries;
  }

  async close(): Promise<void> {
    await this.#appends.idle();
    await this.#opened.file.close();
    await this.#opened.lock.release();
  }

  async #appendNow(body: Body): Promise<JournalEntry<Body>> {
    const { path, clock, file, entries } = this.#opened;
    const { bytes, line, end } = encodeLine(this.#end, clock.now(), body);
    if (this.#dirty) await cutRests(file, this.#end.offset, path);
    this.#dirty = true;
    await writeLine(file, this.#end.offset, bytes, path);
    this.#dirty = false;
    this.#end = end;
    const entry = line as JournalEntry<Body>;
    entries.push(entry);
    return entry;
  }
}

function readEntry<Body>(
  line: Line,
  schema: ZodType<Body> | undefined,
  path: string,
): JournalEntry<Body> {
  if (!schema) return line as JournalEntry<Body>;
  const parsed = schema.safeParse(line.body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw damaged(path, line.seq, `${issue?.path.join('.') || 'its body'}: ${issue?.message}`);
  }
  return { ...line, body: parsed.data };
}

async function inUse(path: string): Promise<SallyportError> {
  const pid = await holderOf(`${path}.lock`);
  return new SallyportError({
    code: 'journal_in_use',
    message: `${path} is in use by process ${pid ?? 'unknown'}.`,
    hint: `Look what it is: ps -p ${pid ?? '<pid>'} -o args`,
    next: 'stalled',
  });
}
