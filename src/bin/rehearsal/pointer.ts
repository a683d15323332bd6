import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where other terminals of this user find the agent of a running `sallyport try`. */
export function pointerPath(env: Readonly<Record<string, string | undefined>>): string {
  return join(env['XDG_RUNTIME_DIR'] ?? tmpdir(), `sallyport-try-${process.getuid?.() ?? 0}.json`);
}

/** Points other terminals at this one; the newest `try` wins. */
export async function writePointer(path: string, socket: string): Promise<void> {
  await rm(path, { force: true });
  await writeFile(path, JSON.stringify({ socket, pid: process.pid }), { mode: 0o600, flag: 'wx' });
}
