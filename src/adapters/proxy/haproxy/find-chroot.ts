import type { ProxyProblem } from '../../../ports/proxy.ts';
import { readText } from '../route-folder.ts';
import type { HaproxyOptions } from './layout.ts';

/** An HAProxy that locks itself into a folder, as Debian's does, finds no socket outside of it. */
export async function findChroot({ check }: HaproxyOptions): Promise<ProxyProblem | null> {
  for (const path of check.filter((_, at) => check[at - 1] === '-f')) {
    // A folder is ours, or one that cannot be read is not ours to judge.
    const text = (await readText(path).catch(() => null)) ?? '';
    const line = /^[ \t]*chroot[ \t].*$/m.exec(text)?.[0].trim();
    if (line === undefined) continue;
    return {
      message: `HAProxy finds no Unix sockets of slots, as ${path} says: ${line}`,
      hint: `take that line out of ${path}, then sudo systemctl restart haproxy; or let the program listen on a port`,
    };
  }
  return null;
}
