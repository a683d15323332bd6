import type { ProxyProblem } from '../../../ports/proxy.ts';
import { asSallyportError } from '../../../model/errors.ts';
import { configProblems, folderProblems } from '../config-file.ts';
import { proofOf, startedWith } from './apply-snippet.ts';
import { askHaproxy, socketLine } from './ask-haproxy.ts';
import { findChroot } from './find-chroot.ts';
import { routeFiles, type HaproxyOptions } from './layout.ts';
import { allHeads } from './snippet-head.ts';

/** What keeps HAProxy from serving our routes, in the order in which one mends it. Only looks. */
export async function checkHost(options: HaproxyOptions): Promise<readonly ProxyProblem[]> {
  const silent = await itsSocket(options);
  return [
    ...silent,
    ...(await folderProblems('haproxy', options.folder)),
    ...(await configProblems('haproxy', options)),
    ...(await itsChroot(options)),
    ...(silent.length > 0 ? [] : await itsRoutes(options)),
  ];
}

async function itsSocket({ socket }: HaproxyOptions): Promise<readonly ProxyProblem[]> {
  try {
    // Only an administrator may; it finds no such server.
    const said = await askHaproxy(socket, ['set server sallyport/none state ready']);
    if (!/permission denied/i.test(said)) return [];
    return [{ message: `${socket} lets the agent look only`, hint: socketLine(socket) }];
  } catch (error) {
    const { code, message, hint = '' } = asSallyportError(error);
    if (code !== 'proxy_not_answering') return [{ message, hint }];
    return [{ message, hint: `${hint}; where it runs, ${socketLine(socket)}` }];
  }
}

async function itsChroot(options: HaproxyOptions): Promise<readonly ProxyProblem[]> {
  const heads = await allHeads(options.folder);
  const sockets = heads
    .flatMap(({ servers }) => servers)
    .filter(({ upstream }) => 'socket' in upstream);
  if (sockets.length === 0) return [];
  const found = await findChroot(options);
  return found === null ? [] : [found];
}

async function itsRoutes(options: HaproxyOptions): Promise<readonly ProxyProblem[]> {
  const problems: ProxyProblem[] = [];
  for (const { route, proof } of await allHeads(options.folder)) {
    const files = routeFiles(options, route.name);
    if ((await proofOf(options, files).catch(() => null)) === proof) continue;
    const message = `HAProxy has not loaded ${files.snippet}`;
    problems.push({ message, hint: startedWith(options) });
  }
  return problems;
}
