import { mkdir, rm } from 'node:fs/promises';
import { keepLock, takeLock, type HeldLock } from '../../journal/file/lock.ts';
import { proxyFiles } from './control-messages.ts';
import { serveControl, type Desk } from './control-server.ts';
import { Elder } from './elder.ts';
import { aborted, leave } from './leave.ts';
import { RouteTable } from './route-table.ts';
import { say } from './say.ts';
import { defaultTimes } from './slot.ts';
import { loadState } from './state.ts';
import { Succession } from './succession.ts';

/** How long requests may take to end when the process is told to. */
const graceMs = 5_000;

/**
 * The proxy process: serves the routes of a state folder until SIGTERM, or until it has handed over to
 * another one and its last connection is gone. Resolves at once where another one serves already. An heir
 * takes over from the process that started it.
 */
export async function runProxy(state: string, version: string, isHeir = false): Promise<void> {
  const { folder, socket, lock } = proxyFiles(state);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const elder = isHeir ? new Elder() : null;
  const inherited = (await elder?.takes()) ?? null;
  const loaded = loadState(folder);
  if (elder?.isGone === false && loaded.fault !== null) {
    elder.say({ kind: 'failed', message: loaded.fault });
    return;
  }
  const held = elder ? await inherit(elder, lock) : await takeLock(lock);
  if (!held) return;
  const stop = stopSignal();
  const routes = new RouteTable({
    folder,
    times: defaultTimes,
    say: (message) => say({ level: 'error', message }),
    elder,
  });
  if (loaded.fault !== null) say({ level: 'error', message: loaded.fault });
  await routes.restore(loaded, stop, inherited);
  const succession = new Succession({ state, lock, routes, stop, answerAgain });
  const desk: Desk = {
    routes,
    version,
    handOver: (asked) => succession.begin(asked),
    problems: () => succession.problems,
  };
  let control = await serveControl(socket, desk);
  process.on('uncaughtException', keepServing);
  say({ level: 'info', message: `serving ${loaded.routes.length} routes`, pid: process.pid });
  elder?.say({ kind: 'serving' });
  void elder?.gone().then(() => routes.observe().catch(() => {}));

  async function answerAgain(): Promise<void> {
    const before = control;
    control = await serveControl(socket, desk);
    before.close();
  }

  const heir = await Promise.race([succession.done, aborted(stop).then(() => null)]);
  control.close();
  if (heir) await leave(routes, heir, { stop, ended: succession.ended, elder });
  process.off('uncaughtException', keepServing);
  control.closeAllConnections();
  const elderEnds = heir ? null : elder?.tell({ op: 'end' });
  await routes.close(graceMs);
  if (heir) return;
  await elderEnds;
  await rm(socket, { force: true });
  await held.release();
}

/** The lock that the process before this one passes on; where it died instead, whichever is there to be had. */
async function inherit(elder: Elder, lock: string): Promise<HeldLock | null> {
  const isLet = await elder.lets();
  const mine = await keepLock(lock);
  return mine ?? (isLet ? null : await takeLock(lock));
}

function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => stop.abort());
  // It belongs to no terminal.
  process.on('SIGHUP', () => {});
  return stop.signal;
}

/** One connection's surprise must not cut off all the others. Before and after serving, it ends the process. */
function keepServing(error: Error): void {
  say({ level: 'error', message: error.message, stack: error.stack ?? '' });
}
