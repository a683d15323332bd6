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
import { Upstream } from '../../../model/upstream.ts';

const Port = z.int().min(1).max(65535);
const SlotName = z.string().min(1).max(200);

export const Tls = z.strictObject({ certificate: z.string(), key: z.string() });
export type Tls = Readonly<z.infer<typeof Tls>>;

export const Preview = z.strictObject({ header: z.string(), cookie: z.string() });

export const CanaryState = z.strictObject({
  slot: SlotName,
  upstream: Upstream,
  share: z.number().gt(0).lt(1),
  sticky: z.boolean(),
});

/** A route as it stands on the disk. What may be absent is, so that an older program reads the rest. */
export const RouteState = z.strictObject({
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
  tls: Tls.optional(),
  serverNames: z.array(z.string()).optional(),
  preview: Preview.optional(),
  /** Slots that a preview may show, by name. */
  others: z.record(SlotName, Upstream).optional(),
  canary: CanaryState.optional(),
  maintenance: z.string().optional(),
});
export type RouteState = Readonly<z.infer<typeof RouteState>>;

export function upstreamOf(target: NonNullable<RouteState['target']>): Upstream {
  return 'socket' in target ? { socket: target.socket } : { host: target.host, port: target.port };
}

export function isSameState(a: RouteState, b: RouteState | undefined): boolean {
  return b !== undefined && checksum([a]) === checksum([b]);
}

/** What the process does beside its routes. */
export const ProcessSettings = z.strictObject({
  /** One line a request. */
  accessLog: z.boolean(),
  /** The port of 127.0.0.1 for Prometheus. */
  metrics: Port.nullable(),
});
export type ProcessSettings = Readonly<z.infer<typeof ProcessSettings>>;

export const quiet: ProcessSettings = { accessLog: false, metrics: null };

const StateFile = z.strictObject({
  schema: z.literal(1),
  checksum: z.string(),
  routes: z.array(RouteState),
  settings: ProcessSettings.optional(),
});

export interface LoadedState {
  readonly routes: readonly RouteState[];
  /** Why the routes have no targets, where the file was damaged. */
  readonly fault: string | null;
  readonly settings: ProcessSettings;
}

/**
 * The routes as of the last write. Of a damaged file only the ports are taken over, from
 * the write before it: to answer there that something is wrong is all that is safe.
 */
export function loadState(folder: string): LoadedState {
  const current = readState(join(folder, 'state.json'));
  if (current === 'missing') return { routes: [], fault: null, settings: quiet };
  if (current !== 'damaged') return { ...current, fault: null };
  const previous = readState(join(folder, 'state.previous.json'));
  const { routes, settings } =
    typeof previous === 'string' ? { routes: [], settings: quiet } : previous;
  return {
    routes: routes.map(({ canary: _canary, others: _others, ...route }) => ({
      ...route,
      target: null,
    })),
    settings,
    fault: `${join(folder, 'state.json')} is damaged, so the proxy does not know which slot has the traffic`,
  };
}

/**
 * Resolves when the routes are on the disk; a crash at any moment leaves the old ones or
 * the new ones. Only waiting for the disk gives way to requests: each further `await`
 * would cost a switch a turn behind everything that a busy proxy has to do.
 */
export async function saveState(
  folder: string,
  routes: readonly RouteState[],
  settings: ProcessSettings = quiet,
): Promise<void> {
  const [state, previous, next] = ['state.json', 'state.previous.json', 'state.next.json'].map(
    (name) => join(folder, name),
  ) as [string, string, string];
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const more = settings.accessLog || settings.metrics !== null ? { settings } : {};
  const sum = checksum(routes, more.settings);
  const text = JSON.stringify({ schema: 1, checksum: sum, routes, ...more });
  writeFileSync(next, `${text}\n`, { mode: 0o600 });
  await syncToDisk(next);
  if (typeof readState(state) !== 'string') {
    rmSync(previous, { force: true });
    linkSync(state, previous);
  }
  renameSync(next, state);
  await syncToDisk(folder);
}

function readState(path: string): Omit<LoadedState, 'fault'> | 'missing' | 'damaged' {
  try {
    const file = StateFile.parse(JSON.parse(readFileSync(path, 'utf8')));
    if (file.checksum !== checksum(file.routes, file.settings)) return 'damaged';
    return { routes: file.routes, settings: file.settings ?? quiet };
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'missing' : 'damaged';
  }
}

/** Keys are in the schema's order on both sides: writing goes through the same objects. */
function checksum(routes: readonly RouteState[], settings?: ProcessSettings): string {
  const plain = z.array(RouteState).parse(routes);
  const hash = createHash('sha256').update(JSON.stringify(plain));
  if (settings) hash.update(JSON.stringify(ProcessSettings.parse(settings)));
  return hash.digest('hex');
}

async function syncToDisk(path: string): Promise<void> {
  const file = openSync(path, 'r');
  try {
    await promisify(fsync)(file);
  } finally {
    closeSync(file);
  }
}
