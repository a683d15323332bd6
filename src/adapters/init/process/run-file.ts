import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

/** What is known of a program by name, kept on disk so that a new agent finds it again. */
const RunFile = z.object({
  name: z.string(),
  /** Stands in the program's environment; `null` after it was stopped. */
  nonce: z.string().nullable(),
  boot: z.string(),
  /** `null` from the intent to start it until it was started. */
  pid: z.number().nullable(),
  start: z.number().nullable(),
  ended: z.union([z.number(), z.string()]).nullable(),
});
export type RunFile = z.infer<typeof RunFile>;

/** `null` where there is none, or where it cannot be read: nothing is signalled on the word of a damaged file. */
export function readRunFile(path: string): RunFile | null {
  try {
    return RunFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}

/** Atomic, and on the disk when it returns. */
export function writeRunFile(path: string, run: RunFile): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = openSync(`${path}.new`, 'w', 0o600);
  try {
    writeSync(file, JSON.stringify(run));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.new`, path);
}
