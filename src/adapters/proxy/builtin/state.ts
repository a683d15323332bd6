import { createHash } from 'node:crypto';
import {
  closeSync,
  fsync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Upstream } from '../../../model/upstream.ts';

const Port = z.int().min(1).max(65535);

/** A route as it stands on the disk. */
const RouteState = z.strictObject({
  name: z.string().min(1).max(200),
  /** As it was asked for: 0 is "any". */
  listen: z.int().min(0).max(65535),
  /** The address to listen on; `null` is all of them. */
  host: z.string().nullable(),
  /** The port in use. */
  port: Port,
  target: z
    .union([
      z.strictObject({ slot: z.string(), host: z.string(), port: Port }),
      z.strictObject({ slot: z.string(), socket: z.string() }),
    ])
    .nullable(),
});
export type RouteState = z.infer<typeof RouteState>;

export function upstreamOf(target: NonNullable<RouteState['target']>): Upstream {
  return 'socket' in target ? { socket: target.socket } : { host: target.host, port: target.port };
}

const StateFile = z.strictObject({
  schema: z.literal(1),
  checksum: z.string(),
  routes: z.array(RouteState),
});

export interface LoadedState {
  readonly routes: readonly RouteState[];
  /** Why the routes have no targets, where the file was damaged. */
  readonly fault: string | null;
}

/**
 * The routes as of the last write. Of a damaged file only the ports are taken over, from
 * the write before it: to answer there that something is wrong is all that is safe.
 */
export function loadState(folder: string): LoadedState {
  const current = readRoutes(join(folder, 'state.json'));
  if (Array.isArray(current)) return { routes: current, fault: null };
  if (current === 'missing') return { routes: [], fault: null };
  const previous = readRoutes(join(folder, 'state.previous.json'));
  const routes = Array.isArray(previous) ? previous : [];
  return {
    routes: routes.map((route) => ({ ...route, target: null })),
    fault: `${join(folder, 'state.json')} is damaged, so the proxy does not know which slot has the traffic`,
  };
}

/**
 * Resolves when the routes are on the disk; a crash at any moment leaves the old ones or
 * the new ones. Only waiting for the disk gives way to requests: each further `await`
 * would cost a switch a turn behind everything that a busy proxy has to do.
 */
export async function saveState(folder: string, routes: readonly RouteState[]): Promise<void> {
  const [state, previous, next] = ['state.json', 'state.previous.json', 'state.next.json'].map(
    (name) => join(folder, name),
  ) as [string, string, string];
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const text = JSON.stringify({ schema: 1, checksum: checksum(routes), routes });
  writeFileSync(next, `${text}\n`, { mode: 0o600 });
  await syncToDisk(next);
  if (Array.isArray(readRoutes(state))) {
    rmSync(previous, { force: true });
    linkSync(state, previous);
  }
  renameSync(next, state);
  await syncToDisk(folder);
}

function readRoutes(path: string): RouteState[] | 'missing' | 'damaged' {
  try {
    const file = StateFile.parse(JSON.parse(readFileSync(path, 'utf8')));
    return file.checksum === checksum(file.routes) ? file.routes : 'damaged';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'missing' : 'damaged';
  }
}

/** Keys are in the schema's order on both sides: writing goes through the same objects. */
function checksum(routes: readonly RouteState[]): string {
  const plain = z.array(RouteState).parse(routes);
  return createHash('sha256').update(JSON.stringify(plain)).digest('hex');
}

async function syncToDisk(path: string): Promise<void> {
  const file = openSync(path, 'r');
  try {
    await promisify(fsync)(file);
  } finally {
    closeSync(file);
  }
}
