import { redact } from '../../model/redact.ts';
import type { ProbeResult } from '../../ports/probe.ts';
import { fillPlaceholders } from '../fill-placeholders.ts';
import { loadSecrets } from '../secrets.ts';
import { newWindow, observe, type HealthWindow } from './health-window.ts';
import { placeholderValues } from './placeholder-values.ts';
import type { SlotName } from './slots.ts';
import type { Slot } from './state-file.ts';
import { unitOf, type World } from './world.ts';

/** One look at a release that answers somewhere. */
type Look =
  | { readonly kind: 'good' }
  | { readonly kind: 'bad'; readonly why: string }
  /** Healthy, but it is another release that answers. */
  | { readonly kind: 'stranger'; readonly why: string };

/** What a slot holds, and where it answers: `http://127.0.0.1:8001`, or over its socket. */
export type Answering = Slot & { readonly url: string; readonly host?: string | undefined };

/** Asks once whether it is healthy, and the release that it should be. */
export async function look(world: World, at: Answering, signal: AbortSignal): Promise<Look> {
  const { health } = at.config;
  const answer = await ask(world, at, health.path, signal);
  if (answer.status !== health.status) {
    return { kind: 'bad', why: `GET ${health.path}: ${answer.status ?? answer.error}` };
  }
  if (health.version === undefined) return { kind: 'good' };
  return lookAtVersion(world, at, health.version, signal);
}

export interface Watch {
  /** `slot green`, `the proxy`. */
  readonly name: string;
  /** Whether it may still be starting, so that it may fail until it first answers. */
  readonly starting: boolean;
  /** Asked before each look; throws when there is no use in looking on. */
  readonly before: () => Promise<void>;
}

export type WatchResult =
  { readonly kind: 'healthy' } | { readonly kind: 'unhealthy' | 'stranger'; readonly why: string };

/** Looks again and again until it is healthy, or surely not. */
export async function watch(
  world: World,
  at: Answering,
  { name, starting, before }: Watch,
  signal: AbortSignal,
): Promise<WatchResult> {
  const { clock } = world.ports;
  const { health } = at.config;
  const end = clock.now() + health.deadline;
  let window: HealthWindow = newWindow(starting);
  let said = '';
  for (;;) {
    signal.throwIfAborted();
    await before();
    const seen = await look(world, at, signal);
    signal.throwIfAborted();
    if (seen.kind === 'stranger') return seen;
    window = observe(window, seen.kind === 'good', health);
    const line = seen.kind === 'bad' ? seen.why : `${window.good} of ${health.rise} probes`;
    if (line !== said) world.progress(`${name}: ${line}`);
    said = line;
    if (window.verdict === 'healthy') return { kind: 'healthy' };
    const why = seen.kind === 'bad' ? seen.why : 'not healthy for long enough';
    if (window.verdict === 'unhealthy') return { kind: 'unhealthy', why };
    if (clock.now() + health.interval > end) {
      return { kind: 'unhealthy', why: `not healthy after ${health.deadline} ms; last: ${why}` };
    }
    await clock.sleep(health.interval, signal);
  }
}

/** Whether the program in a slot runs, and one look at it is good. */
export async function isHealthyNow(
  world: World,
  { name, slot }: { readonly name: SlotName; readonly slot: Slot },
  signal: AbortSignal,
): Promise<boolean> {
  const { running } = await world.ports.init.status(unitOf(world, name));
  return running && (await look(world, answeringIn(slot), signal)).kind === 'good';
}

/** A release in its slot, asked directly. */
export function answeringIn(slot: Slot): Answering {
  return { ...slot, url: urlOf(slot) };
}

/** Where a slot answers; one on a socket is asked over that. */
export function urlOf({ port, socket }: Pick<Slot, 'port' | 'socket'>): string {
  return socket === null ? `http://127.0.0.1:${port}` : 'http://localhost';
}

function ask(
  world: World,
  { url, socket, host, config }: Answering,
  path: string,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const { timeout: timeoutMs } = config.health;
  const where = { url: url + path, socket: socket ?? undefined, host };
  return world.ports.probe.send({ method: 'GET', timeoutMs, ...where }, signal);
}

async function lookAtVersion(
  world: World,
  at: Answering,
  { path, equals }: { readonly path: string; readonly equals: string },
  signal: AbortSignal,
): Promise<Look> {
  const answer = await ask(world, at, path, signal);
  if (answer.status === null || answer.status < 200 || answer.status > 299) {
    return { kind: 'bad', why: `GET ${path}: ${answer.status ?? answer.error}` };
  }
  const expected = fillPlaceholders(equals, await placeholderValues(world, at, at));
  const answered = answer.body.trim();
  if (answered === expected) return { kind: 'good' };
  const secrets = await loadSecrets(world.paths.envRoot, at.version, at.config.env.secret);
  const told = redact(answered, Object.values(secrets));
  return { kind: 'stranger', why: `GET ${path} says "${told.slice(0, 80)}", not "${expected}"` };
}
