import { join } from 'node:path';
import { z } from 'zod';
import { Upstream } from '../../../model/upstream.ts';
import { SallyportError } from '../../../model/errors.ts';
import { CanaryState, Preview, ProcessSettings, Tls } from './state.ts';

const Port = z.int().min(1).max(65535);
const name = z.string().min(1).max(200);

const EnsureRequest = z.object({
  op: z.literal('ensure'),
  name,
  listen: z.int().min(0).max(65535),
  host: z.string().nullable(),
  tls: Tls.optional(),
  serverNames: z.array(z.string()).optional(),
  preview: Preview.optional(),
  settings: ProcessSettings.optional(),
});
export type EnsureRequest = z.infer<typeof EnsureRequest>;

const Path = z.string().startsWith('/').max(4_000);

/** The program that shall serve from now on. */
const HandOverRequest = z.object({
  op: z.literal('hand-over'),
  node: Path,
  entry: z.tuple([Path], z.string()),
});
export type HandOverRequest = z.infer<typeof HandOverRequest>;

/** What the agent may ask of the proxy process, one JSON document a request. */
export const ControlRequest = z.discriminatedUnion('op', [
  z.object({ op: z.literal('ping') }),
  HandOverRequest,
  EnsureRequest,
  z.object({ op: z.literal('switch'), name, slot: name, upstream: Upstream }),
  z.object({ op: z.literal('clear'), name }),
  z.object({ op: z.literal('drain'), name, slot: name, timeoutMs: z.number().min(0) }),
  z.object({ op: z.literal('status'), name }),
  z.object({ op: z.literal('weights'), name, canary: CanaryState.nullable() }),
  z.object({ op: z.literal('offer'), name, slot: name, upstream: Upstream.nullable() }),
  z.object({ op: z.literal('maintenance'), name, text: z.string().max(10_000).nullable() }),
  z.object({ op: z.literal('pause'), name, holdMs: z.number().min(0).max(600_000) }),
  z.object({ op: z.literal('resume'), name }),
  z.object({ op: z.literal('counters'), name }),
  z.object({ op: z.literal('check') }),
  z.object({ op: z.literal('remove'), name }),
]);
export type ControlRequest = z.infer<typeof ControlRequest>;

export const ControlAnswer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({
    ok: z.literal(false),
    error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }),
  }),
]);

export const StatusValue = z.object({
  name,
  port: Port,
  slot: z.string().nullable(),
  upstream: Upstream.nullable(),
  active: z.record(z.string(), z.int()),
  canary: CanaryState.exactOptional(),
  maintenance: z.string().exactOptional(),
  holding: z.boolean().exactOptional(),
});

/** Who answers. */
export const PingValue = z.object({ pid: z.int(), version: z.string() });
export type PingValue = z.infer<typeof PingValue>;

export const CountersValue = z.record(
  z.string(),
  z.object({ requests: z.int(), errors: z.int(), durationMs: z.number() }),
);

export const ProblemsValue = z.array(z.object({ message: z.string(), hint: z.string() }));

/** The folder of a proxy in an agent's state, and what is in it. */
export function proxyFiles(state: string) {
  const folder = join(state, 'proxy');
  const socket = join(folder, 'control.sock');
  // The kernel's own limit of an address; what is longer would be cut off silently.
  if (Buffer.byteLength(socket) > 103) {
    throw new SallyportError({
      code: 'state_path_too_long',
      message: `${socket} is too long for a socket: ${Buffer.byteLength(socket)} bytes of 103`,
      hint: 'choose a shorter state folder',
    });
  }
  return { folder, socket, lock: join(folder, 'lock'), log: join(folder, 'proxy.log') };
}
