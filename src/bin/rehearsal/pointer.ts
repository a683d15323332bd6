import { readFile, rm, writeFile } from 'node:fs/promises';
import { pointerPaths } from '../../sandbox/rehearsal/pointer-paths.ts';

/**
 * Points other terminals of this user at this rehearsal; the newest one wins. Gives what takes the
 * pointer away again, unless a newer one has taken its place; `null` where none could be left.
 */
export async function leavePointer(
  env: Readonly<Record<string, string | undefined>>,
  socket: string,
): Promise<(() => Promise<void>) | null> {
  const text = JSON.stringify({ socket, pid: process.pid });
  for (const path of pointerPaths(env, process.getuid?.() ?? 0)) {
    try {
      await rm(path, { force: true });
      await writeFile(path, text, { mode: 0o600, flag: 'wx' });
    } catch {
      continue;
    }
    return async () => {
      const isOurs = (await readFile(path, 'utf8').catch(() => '')) === text;
      if (isOurs) await rm(path, { force: true });
    };
  }
  return null;
}
