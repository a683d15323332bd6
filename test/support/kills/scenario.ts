import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../random.ts';
import { faultKinds, type FaultKind } from './fault-plan.ts';
import { KilledHost } from './host.ts';
import { expectNothingLeft, expectWhole, settle } from './checks.ts';
import { visitBothWays } from './visits.ts';

const operations = ['deploy', 'broken', 'stage', 'switch', 'rollback'] as const;
export type Operation = (typeof operations)[number];

/** One moment at which the agent is killed, or its disk has no room. */
export interface Point {
  readonly operation: Operation;
  /** `any`: SIGKILL from outside, after so many ms. */
  readonly fault:
    | { readonly kind: 'any'; readonly afterMs: number }
    | { readonly kind: FaultKind; readonly at: number };
  /** Once more while the agent that comes after it finds its way: the moment; `null`: not. */
  readonly again: number | null;
}

/** An operation changes its files about so many times. */
const moments = 150;
/** From its start to its end one takes about so long, in ms. */
const usualMs = 1500;
const waiting = ['--wait', '--timeout', '20s'];
/** How long an agent without room on its disk is left to itself. */
const withoutRoomMs = 1500;

/** What a scenario does, by its seed. */
export function pointsOf(seed: number, count: number): readonly Point[] {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  return Array.from({ length: count }, () => {
    const operation = operations[below(operations.length)]!;
    const afterMs = below(usualMs);
    // Early moments are in every operation, late ones only in long ones.
    const at = 1 + Math.floor(random() ** 1.5 * moments);
    const kind = random() < 0.25 ? 'any' : faultKinds[below(faultKinds.length)]!;
    const again = random() < 0.2 ? 1 + below(20) : null;
    return { operation, fault: kind === 'any' ? { kind, afterMs } : { kind, at }, again };
  });
}

/** Runs a scenario on a host of its own, with people who use its service all the time. Gives how many points hit. */
export async function runScenario(seed: number, points: readonly Point[]): Promise<number> {
  const host = await KilledHost.open();
  const done: string[] = [];
  let hits = 0;
  try {
    await deployCleanly(host);
    const visits = visitBothWays(host.port);
    try {
      await deployCleanly(host);
      for (const point of points) {
        done.push(JSON.stringify(point));
        const before = await host.version();
        const { wanted, hit } = await strike(host, point);
        if (hit !== null) hits += 1;
        done.push(`  ${hit ?? 'it ended before'}`);
        await settle(host);
        await expectWhole(host, { before, wanted });
        await deployCleanly(host);
        await expectNothingLeft(host);
        const { failed } = visits.seen();
        if (failed.length > 0) throw new Error(`failed requests: ${failed.slice(0, 5).join('\n')}`);
      }
    } finally {
      await visits.stop();
    }
  } catch (error) {
    const how = `again with SALLYPORT_SEED=${seed}\n${done.join('\n')}`;
    const story = host.agent.output.slice(-6000);
    throw new Error(
      `${String(error)}\n${how}\n${await historyOf(host)}\n${host.logs()}\n${story}`,
      {
        cause: error,
      },
    );
  } finally {
    await host.remove();
  }
  return hits;
}

/** Asks for the operation, lets the fault happen, and starts the agent again. Gives the release that may be live then. */
async function strike(
  host: KilledHost,
  { operation, fault, again }: Point,
): Promise<{ readonly wanted: string | null; readonly hit: string | null }> {
  const isOfFiles = fault.kind !== 'any';
  if (operation === 'stage') await stage(host);
  host.plan(isOfFiles ? fault : null);
  const asked = ask(host, operation);
  if (!isOfFiles) await sleep(fault.afterMs);
  else await untilHit(host, asked);
  if (fault.kind === 'full' || fault.kind === 'full-once') await sleep(withoutRoomMs);
  const hits = host.hits();
  await host.agent.end('SIGKILL');
  if (again !== null) {
    host.plan({ kind: 'lost', at: again });
    await host.agent.start().catch(() => undefined);
    await sleep(500);
    await host.agent.end('SIGKILL');
  }
  host.plan(null);
  await host.agent.start();
  // A command that waits asks again until the agent answers.
  const wanted = await asked;
  const hit = isOfFiles ? hits || null : `SIGKILL after ${fault.afterMs} ms`;
  return { wanted, hit };
}

/** Until it went wrong, or the operation ended without coming to that moment. */
async function untilHit(host: KilledHost, asked: Promise<unknown>): Promise<void> {
  let isOver = false;
  void asked.finally(() => (isOver = true)).catch(() => undefined);
  while (host.hits() === '' && host.agent.isRunning && !isOver) await sleep(10);
}

async function stage(host: KilledHost): Promise<void> {
  const { sha } = host.release('good');
  const { code, text } = await host.type(
    'deploy',
    'production',
    '--ref',
    sha,
    '--stage',
    ...waiting,
  );
  if (code !== 0) throw new Error(`it could not be staged: ${text}`);
}

/** Resolves when the command ends, however it does. */
async function ask(host: KilledHost, operation: Operation): Promise<string | null> {
  switch (operation) {
    case 'deploy': {
      const { sha, version } = host.release('good');
      await host.type('deploy', 'production', '--ref', sha, ...waiting);
      return version;
    }
    case 'broken':
      await host.type('deploy', 'production', '--ref', host.release('broken').sha, ...waiting);
      // What comes next goes past it.
      return null;
    case 'stage':
    case 'switch':
      await host.type('switch', 'production', ...waiting);
      return 'any';
    case 'rollback':
      await host.type('rollback', 'production', ...waiting);
      return 'any';
  }
}

/** The next deployment works: another release, live at once. */
async function deployCleanly(host: KilledHost): Promise<void> {
  const { sha, version } = host.release('good');
  const { code, text } = await host.type('deploy', 'production', '--ref', sha, ...waiting);
  if (code !== 0) throw new Error(`the next deployment failed: ${text}`);
  const live = await host.version();
  if (live !== version) throw new Error(`${live} is live after ${version} was deployed`);
}

async function historyOf(host: KilledHost): Promise<string> {
  const entries = await host.history().catch(() => []);
  return entries.map((entry) => JSON.stringify(entry).slice(0, 300)).join('\n');
}
