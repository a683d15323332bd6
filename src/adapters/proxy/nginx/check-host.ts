import { constants, type Stats } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ProxyProblem } from '../../../ports/proxy.ts';
import { askNginx } from './ask-nginx.ts';
import type { NginxOptions } from './layout.ts';
import { targetOf } from './links.ts';
import { listWorkers, type Worker } from './nginx-workers.ts';
import { runCommand } from './run-command.ts';
import { readHead } from './snippet-head.ts';

/** What keeps nginx from serving our routes, in the order in which one mends it. Only looks. */
export async function checkHost(options: NginxOptions): Promise<readonly ProxyProblem[]> {
  const workers = await listWorkers();
  return [
    ...(workers.length > 0 ? [] : [notRunning]),
    ...(await ourFolder(options)),
    ...(await itsConfiguration(options)),
    ...(await itsWays(options, workers)),
    ...(await itsRoutes(options)),
  ];
}

const notRunning: ProxyProblem = {
  message: 'nginx does not run',
  hint: 'sudo systemctl enable --now nginx',
};

async function ourFolder({ folder }: NginxOptions): Promise<readonly ProxyProblem[]> {
  try {
    await access(folder, constants.W_OK | constants.X_OK);
    return [];
  } catch {
    const message = `the agent may not write to ${folder}, where nginx reads its routes`;
    return [{ message, hint: `sudo install -d -o ${process.getuid?.() ?? 0} ${folder}` }];
  }
}

async function itsConfiguration({ check }: NginxOptions): Promise<readonly ProxyProblem[]> {
  const words = await runCommand(check);
  if (words === null) return [];
  return [{ message: `nginx refuses its configuration: ${words}`, hint: check.join(' ') }];
}

/** nginx follows our links for every request: its workers must come through every folder on the way. */
async function itsWays(
  { state }: NginxOptions,
  workers: readonly Worker[],
): Promise<readonly ProxyProblem[]> {
  const problems: ProxyProblem[] = [];
  const top = join(state, 'nginx');
  const sockets = await socketsBelow(top);
  const ways = await Promise.all([top, ...sockets.map((path) => dirname(path))].map(withParents));
  const folders = new Map(ways.flat().map((folder) => [folder.path, folder]));
  for (const folder of folders.values()) {
    if (workers.every((worker) => may(worker, folder.stats, 0o1))) continue;
    const message = `nginx' workers cannot go through ${folder.path}`;
    problems.push({ message, hint: `sudo chmod o+x ${folder.path}` });
  }
  for (const socket of sockets) {
    const stats = await stat(socket).catch(() => null);
    if (!stats || workers.every((worker) => may(worker, stats, 0o2))) continue;
    const message = `nginx' workers may not connect to ${socket}`;
    problems.push({ message, hint: `sudo chmod o+w ${socket}` });
  }
  return problems;
}

async function itsRoutes({ folder, address }: NginxOptions): Promise<readonly ProxyProblem[]> {
  const names = await readdir(folder).catch(() => []);
  const problems: ProxyProblem[] = [];
  for (const name of names.filter((one) => /^sallyport-.*\.conf$/.test(one))) {
    const head = await readHead(join(folder, name));
    if (!head || (await askNginx(head, address)) === 'loaded') continue;
    problems.push({
      message: `nginx has not loaded ${join(folder, name)}`,
      hint: `put this inside http { } of /etc/nginx/nginx.conf, then sudo systemctl reload nginx: include ${folder}/*.conf;`,
    });
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
function may({ uid, groups }: Worker, { uid: owner, gid, mode }: Stats, bit: number): boolean {
  if (uid === 0) return true;
  if (uid === owner) return (mode & (bit << 6)) !== 0;
  if (groups.includes(gid)) return (mode & (bit << 3)) !== 0;
  return (mode & bit) !== 0;
}
