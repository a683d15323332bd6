import { open, mkdir, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { createRedactor } from '../../../model/redact.ts';
import type { Capture } from './capture.ts';
import { Lines } from './lines.ts';
import type { Tail } from './tail.ts';

/** A program that prints without end does not fill the disk. */
const maxLogBytes = 64 * 1024 * 1024;

/** What else becomes of a stream. */
interface Taking {
  readonly captured: Capture | null;
  /** It does not get into the log. */
  readonly unlogged: boolean;
}

interface LogSpec {
  readonly path: string;
  readonly secrets: readonly string[];
  /** Told each line as it comes. */
  readonly tell?: ((line: string) => void) | undefined;
}

/** A log file that a program's output goes to, redacted. */
export class OutputLog {
  readonly #file: FileHandle;
  readonly #tail: Tail;
  readonly #spec: LogSpec;
  #room = maxLogBytes;

  private constructor(file: FileHandle, tail: Tail, spec: LogSpec) {
    this.#file = file;
    this.#tail = tail;
    this.#spec = spec;
  }

  static async open(spec: LogSpec, tail: Tail): Promise<OutputLog> {
    await mkdir(dirname(spec.path), { recursive: true, mode: 0o700 });
    return new OutputLog(await open(spec.path, 'a', 0o600), tail, spec);
  }

  /** Takes a stream in until it ends or is cut off. Each stream has a redactor of its own, since they interleave anywhere. */
  async take(
    stream: Readable,
    { captured, unlogged }: Taking = { captured: null, unlogged: false },
  ): Promise<void> {
    const decoder = new StringDecoder('utf8');
    const redactor = createRedactor(this.#spec.secrets);
    const lines = new Lines(this.#spec.tell ?? (() => undefined));
    const write = async (text: string): Promise<void> => {
      lines.push(text);
      await this.#write(text);
    };
    try {
      for await (const chunk of stream) {
        captured?.push(chunk as Buffer);
        if (!unlogged) await write(redactor.push(decoder.write(chunk as Buffer)));
      }
    } catch (error) {
      if (!isCutOff(error)) throw error;
    }
    await write(redactor.push(decoder.end()) + redactor.end());
    lines.end();
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
