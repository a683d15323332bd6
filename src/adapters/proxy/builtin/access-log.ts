import { open, rename, type FileHandle } from 'node:fs/promises';
import type { Outcome } from './traffic.ts';

/** Lines wait so long for others before they are written together, in ms. */
const gatherMs = 200;
/** What waits for the disk; lines beyond it are lost rather than requests held up. */
const mostWaiting = 1024 * 1024;

export interface AccessLogLimits {
  /** A file that reached it is put aside, in bytes. */
  readonly size: number;
  /** So many are kept beside the one that is written. */
  readonly kept: number;
}

const usual: AccessLogLimits = { size: 64 * 1024 * 1024, kept: 4 };

/** One JSON line a request. Nobody waits for it: what the disk does not take is counted, and gone. */
export class AccessLog {
  readonly #path: string;
  readonly #limits: AccessLogLimits;
  #lines: string[] = [];
  #waiting = 0;
  #lost = 0;
  #now = { at: 0, text: '' };
  #fault: string | null = null;
  #file: { readonly handle: FileHandle; size: number } | null = null;
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string, limits = usual) {
    this.#path = path;
    this.#limits = limits;
  }

  note(route: string, outcome: Outcome): void {
    if (this.#waiting > mostWaiting) {
      this.#lost += 1;
      return;
    }
    const line = lineOf(this.#time(), route, outcome);
    this.#lines.push(line);
    this.#waiting += line.length;
    this.#timer ??= setTimeout(() => this.#writeSoon(), gatherMs).unref();
  }

  /** Lines that are in no file. */
  get lost(): number {
    return this.#lost;
  }

  /** Why the last lines are in no file. */
  get fault(): string | null {
    return this.#fault;
  }

  /** Resolves when all lines so far are written, or lost. */
  async close(): Promise<void> {
    this.#writeSoon();
    await this.#writing;
    await this.#file?.handle.close().catch(() => {});
    this.#file = null;
  }

  /** Many lines are of one millisecond. */
  #time(): string {
    const at = Date.now();
    if (at !== this.#now.at) this.#now = { at, text: new Date(at).toISOString() };
    return this.#now.text;
  }

  #writeSoon(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#writing = this.#writing.then(() => this.#write());
  }

  async #write(): Promise<void> {
    const lines = this.#lines;
    if (lines.length === 0) return;
    this.#lines = [];
    const text = lines.join('');
    try {
      this.#file ??= await openToAppend(this.#path);
      await this.#file.handle.appendFile(text);
      this.#file.size += Buffer.byteLength(text);
      this.#fault = null;
      if (this.#file.size >= this.#limits.size) await this.#putAside();
    } catch (error) {
      this.#lost += lines.length;
      this.#fault = (error as Error).message;
      // The next lines try a file of their own: this one may be gone for good.
      await this.#file?.handle.close().catch(() => {});
      this.#file = null;
    } finally {
      this.#waiting -= lines.reduce((sum, line) => sum + line.length, 0);
    }
  }

  async #putAside(): Promise<void> {
    await this.#file?.handle.close();
    this.#file = null;
    const name = (count: number) => (count === 0 ? this.#path : `${this.#path}.${count}`);
    for (let count = this.#limits.kept - 1; count >= 0; count -= 1) {
      await rename(name(count), name(count + 1)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      });
    }
  }
}

async function openToAppend(path: string): Promise<{ handle: FileHandle; size: number }> {
  const handle = await open(path, 'a', 0o600);
  const { size } = await handle.stat();
  return { handle, size };
}

/** By hand: this is done for every request, and most of it needs no escaping. */
function lineOf(
  time: string,
  route: string,
  { slot, method, target, status, bytes, ms, peer }: Outcome,
): string {
  // What stands behind the path may be a secret.
  const end = target.search(/[?#]/);
  const path = (end < 0 ? target : target.slice(0, end)).slice(0, 2_000);
  const name = slot === null ? 'null' : quoted(slot);
  const from = peer === undefined ? 'null' : quoted(peer);
  return `{"time":"${time}","route":${quoted(route)},"slot":${name},"method":${quoted(method.slice(0, 32))},"path":${quoted(path)},"status":${status},"bytes":${bytes},"ms":${Math.round(ms * 10) / 10},"peer":${from}}\n`;
}

function quoted(text: string): string {
  return /^[\w ./:~%+,@=*!()-]*$/.test(text) ? `"${text}"` : JSON.stringify(text);
}
