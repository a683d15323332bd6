import { mkdir, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { takeLock } from '../../journal/file/lock.ts';
import { proxyFiles } from './control-messages.ts';
import { serveControl } from './control-server.ts';
import { RouteTable } from './route-table.ts';
import { defaultTimes } from './slot.ts';
import { loadState } from './state.ts';

/** How long requests may take to end when the process is told to. */
const graceMs = 5_000;

/**
 * The proxy process: serves the routes of a state folder until SIGTERM. Resolves at once
 * where another one serves them already.
 */
export async function runProxy(state: string): Promise<void> {
  const { folder, socket, lock } = proxyFiles(state);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const held = await takeLock(lock);
  if (!held) return;
  const stop = stopSignal();
  const routes = new RouteTable({
    folder,
    times: defaultTimes,
    say: (message) => say({ level: 'error', message }),
  });
  const loaded = loadState(folder);
  if (loaded.fault !== null) say({ level: 'error', message: loaded.fault });
  await routes.restore(loaded, stop);
  const control = await serveControl(socket, routes);
  process.on('uncaughtException', keepServing);
  say({ level: 'info', message: `serving ${loaded.routes.length} routes`, pid: process.pid });

  if (!stop.aborted) await once(stop, 'abort');
  process.off('uncaughtException', keepServing);
  control.close();
  control.closeAllConnections();
  await routes.close(graceMs);
  await rm(socket, { force: true });
  await held.release();
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

function say(facts: Readonly<Record<string, string | number>>): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...facts })}\n`);
}
