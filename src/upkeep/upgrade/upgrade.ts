import { SallyportError, exitCodes } from '../../model/errors.ts';
import type { PublicKey } from '../../model/keys.ts';
import type { Clock } from '../../ports/clock.ts';
import { isOlder } from './is-older.ts';
import { verify } from './signature.ts';
import type { Versions } from './versions.ts';

/** What the running agent says of itself. */
export interface AgentLook {
  readonly version: string;
  /** Whether its source of jobs answered it. */
  readonly connected: boolean;
}

export interface UpgradeWorld {
  readonly versions: Versions;
  readonly trusted: readonly PublicKey[];
  /** The text beside a package; `null` where there is none. */
  readonly signatureOf: (path: string) => Promise<string | null>;
  /** Has the agent ended and started again, as whatever counts by now; does not wait for it. */
  readonly restart: () => Promise<void>;
  /** `null` while it does not answer. */
  readonly look: () => Promise<AgentLook | null>;
  readonly clock: Clock;
  readonly tell: (line: string) => void;
}

export interface Upgraded {
  readonly from: string | null;
  readonly to: string;
  /** It was there already. */
  readonly unchanged: boolean;
}

/** So long may a new version take to report healthy. */
const patienceMs = 60_000;
/** So long may the one before go on answering: it finishes the step in hand. */
const endingMs = 120_000;
const pauseMs = 500;

/**
 * Brings a signed package into force: the agent is started anew from it, and goes back to the version
 * before where it does not report healthy within a minute. Services and the proxy are not touched.
 * Rejects with what the signature or the package is refused for, with `downgrade`, and with
 * `upgrade_failed` after it went back.
 */
export async function upgrade(
  path: string,
  allowsOlder: boolean,
  world: UpgradeWorld,
): Promise<Upgraded> {
  const { versions, tell } = world;
  const text = await world.signatureOf(path);
  if (text === null) throw unsigned(path);
  const copy = await versions.takeIn(path);
  try {
    const { version: to } = await verify(copy, text, world.trusted);
    tell(`${path} is signed as ${to}`);
    const from = await versions.current();
    if (to === from) return { from, to, unchanged: true };
    if (from !== null && !allowsOlder && isOlder(to, from)) throw downgrade(from, to);
    await versions.unpack(copy, to);
    return await bringIn(from, to, world);
  } finally {
    await versions.clear();
  }
}

/** To the version before. Rejects with `no_previous_version`, and as `upgrade` does. */
export async function goBack(world: UpgradeWorld): Promise<Upgraded> {
  const { versions } = world;
  const [from, to] = [await versions.current(), await versions.previous()];
  if (to !== null && to !== from) return await bringIn(from, to, world);
  throw new SallyportError({
    code: 'no_previous_version',
    message: 'There is no version before this one.',
    hint: 'Upgrade to a package: sallyport agent upgrade FILE --allow-downgrade',
    exit: exitCodes.notFound,
  });
}

async function bringIn(from: string | null, to: string, world: UpgradeWorld): Promise<Upgraded> {
  const { versions, tell } = world;
  const before = await world.look();
  const previous = await versions.previous();
  await versions.use(to);
  tell(`${to} counts now; the agent is started again`);
  const problem = await startAs(to, before?.connected === true, world);
  if (problem === null) {
    tell(`the agent reports healthy as ${to}`);
    await versions.prune(new Set([to, ...(from === null ? [] : [from])]));
    return { from, to, unchanged: false };
  }
  if (from === null) throw failed(to, problem, 'There was no version before it to go back to.');
  tell(`${problem}; going back to ${from}`);
  await versions.takeBack(from, previous);
  const again = await startAs(from, before?.connected === true, world);
  const outcome =
    again === null ? `${from} runs again.` : `${from} is in force again, but ${again}.`;
  throw failed(to, problem, outcome);
}

/** Starts the agent and waits until it is healthy; else why it is not. */
async function startAs(
  version: string,
  wasConnected: boolean,
  { restart, look, clock }: UpgradeWorld,
): Promise<string | null> {
  try {
    await restart();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const ended = clock.now() + endingMs;
  let end = clock.now() + patienceMs;
  for (;;) {
    const seen = await look();
    if (seen && seen.version !== version && clock.now() < ended) end = clock.now() + patienceMs;
    // Where nothing could be reached before, a new version cannot be asked to.
    if (seen?.version === version && (seen.connected || !wasConnected)) return null;
    if (clock.now() + pauseMs > end) return whyNot(version, seen);
    await clock.sleep(pauseMs);
  }
}

function whyNot(version: string, seen: AgentLook | null): string {
  const within = `within ${patienceMs / 1_000} s`;
  if (seen === null) return `the agent did not answer ${within}`;
  if (seen.version !== version) return `the agent that answers is still ${seen.version}`;
  return `the agent reached no source of jobs ${within}`;
}

function unsigned(path: string): SallyportError {
  return new SallyportError({
    code: 'signature_missing',
    message: `There is no ${path}.sig.`,
    hint: 'Put the signature that was published with the package beside it.',
    exit: exitCodes.refused,
  });
}

function downgrade(from: string, to: string): SallyportError {
  return new SallyportError({
    code: 'downgrade',
    message: `${to} is older than ${from}, which counts here.`,
    hint: 'Where that is meant: sallyport agent upgrade FILE --allow-downgrade',
    exit: exitCodes.refused,
  });
}

function failed(to: string, problem: string, outcome: string): SallyportError {
  return new SallyportError({
    code: 'upgrade_failed',
    message: `${to} was not kept: ${problem}. ${outcome}`,
    hint: 'See what the agent said: sallyport agent logs',
  });
}
