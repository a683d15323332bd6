import { open, mkdir, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { createRedactor } from '../../../model/redact.ts';
import type { Capture } from './capture.ts';
import type { Tail } from './tail.ts';

/** A program that prints without end does not fill the disk. */
const maxLogBytes = 64 * 1024 * 1024;

/** What else becomes of a stream. */
interface Taking {
  readonly captured: Capture | null;
  /** It does not get into the log. */
  readonly unlogged: boolean;
}

/** A log file that a program's output goes to, redacted. */
export class OutputLog {
  readonly #file: FileHandle;
  readonly #tail: Tail;
  readonly #secrets: readonly string[];
  #room = maxLogBytes;

  private constructor(file: FileHandle, tail: Tail, secrets: readonly string[]) {
    this.#file = file;
    this.#tail = tail;
    this.#secrets = secrets;
  }

  static async open(path: string, tail: Tail, secrets: readonly string[]): Promise<OutputLog> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    return new OutputLog(await open(path, 'a', 0o600), tail, secrets);
  }

  /** Takes a stream in until it ends or is cut off. Each stream has a redactor of its own, since they interleave anywhere. */
  async take(
    stream: Readable,
    { captured, unlogged }: Taking = { captured: null, unlogged: false },
  ): Promise<void> {
    const decoder = new StringDecoder('utf8');
    const redactor = createRedactor(this.#secrets);
    try {
      for await (const chunk of stream) {
        captured?.push(chunk as Buffer);
        if (!unlogged) await this.#write(redactor.push(decoder.write(chunk as Buffer)));
      }
    } catch (error) {
      if (!isCutOff(error)) throw error;
    }
    await this.#write(redactor.push(decoder.end()) + redactor.end());
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #write(text: string): Promise<void> {
    this.#tail.push(text);
    if (text === '' || this.#room <= 0) return;
    this.#room -= Buffer.byteLength(text);
    const ending = this.#room <= 0 ? '\n[the log ends here: it reached 64 MiB]\n' : '';
    await this.#file.appendFile(text + ending);
  }
}

function isCutOff(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ABORT_ERR';
}
