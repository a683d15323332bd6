import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ProxyProblem } from '../../ports/proxy.ts';
import { targetOf } from './links.ts';
import type { Person } from './person-of.ts';

/** A proxy that follows our links must come through every folder on the way, and to every socket. Only looks. */
export async function itsWays(
  who: string,
  top: string,
  workers: readonly Person[],
): Promise<readonly ProxyProblem[]> {
  const problems: ProxyProblem[] = [];
  const sockets = await socketsBelow(top);
  const ways = await Promise.all([top, ...sockets.map((path) => dirname(path))].map(withParents));
  const folders = new Map(ways.flat().map((folder) => [folder.path, folder]));
  for (const folder of folders.values()) {
    if (workers.every((worker) => may(worker, folder.stats, 0o1))) continue;
    const message = `${who} cannot go through ${folder.path}`;
    problems.push({ message, hint: `sudo chmod o+x ${folder.path}` });
  }
  for (const socket of sockets) {
    const stats = await stat(socket).catch(() => null);
    if (!stats || workers.every((worker) => may(worker, stats, 0o2))) continue;
    const message = `${who} may not connect to ${socket}`;
    problems.push({ message, hint: `sudo chmod o+w ${socket}` });
  }
  return problems;
}

async function withParents(path: string): Promise<{ path: string; stats: Stats }[]> {
  const stats = await stat(path).catch(() => null);
  const above = path === '/' ? [] : await withParents(dirname(path));
  return stats ? [...above, { path, stats }] : above;
}

/** The sockets of the slots that have, or had, the traffic. */
async function socketsBelow(top: string): Promise<readonly string[]> {
  const routes = await readdir(top).catch(() => []);
  const links = await Promise.all(
    routes.map(async (route) => {
      const known = await readdir(join(top, route, 'known')).catch(() => []);
      return known.map((slot) => join(top, route, 'known', slot));
    }),
  );
  const targets = await Promise.all(links.flat().map(async (link) => await targetOf(link)));
  return targets.flatMap((target) =>
    target && 'socket' in target.upstream ? [target.upstream.socket] : [],
  );
}

/** As the kernel decides it, without access lists. */
function may({ uid, groups }: Person, { uid: owner, gid, mode }: Stats, bit: number): boolean {
  if (uid === 0) return true;
  if (uid === owner) return (mode & (bit << 6)) !== 0;
  if (groups.includes(gid)) return (mode & (bit << 3)) !== 0;
  return (mode & bit) !== 0;
}
