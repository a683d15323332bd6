import type { SlotCounters } from '../../ports/proxy.ts';
import { StepFailure } from '../target.ts';
import { answeringIn, look } from './check-health.ts';
import { newWindow, observe } from './health-window.ts';
import {
  countsText,
  judgeCounts,
  noCounts,
  startTally,
  tallyOf,
  type CountRule,
  type Tally,
} from './judge-counts.ts';
import { printed } from './run-slot.ts';
import type { SlotName } from './slots.ts';
import type { Slot, Watched } from './state-file.ts';
import { attemptOf } from './wanted.ts';
import { unitOf, type World } from './world.ts';

export interface Watching {
  readonly name: SlotName;
  readonly slot: Slot;
  /** `for` in ms. */
  readonly rule: CountRule & { readonly for: number };
  readonly watched: Watched;
}

/** Writes down when it began, and from what it counts; taken up again, it goes on from there. */
export async function beginWatch(
  world: World,
  step: Watched['step'],
  name: SlotName,
): Promise<Watched> {
  const attempt = attemptOf(world, await world.state.read());
  if (attempt.watched?.step === step) return attempt.watched;
  const watched = { step, began: world.ports.clock.now(), counts: await countsOf(world, name) };
  await world.state.change({ attempt: { ...attempt, watched } });
  return watched;
}

/** Probes a slot and reads what it answered until its time is over. Rejects with `watch_failed` as soon as it is too bad. */
export async function watchTraffic(
  world: World,
  { name, slot, rule, watched }: Watching,
  signal: AbortSignal,
): Promise<void> {
  const { clock } = world.ports;
  const { health } = slot.config;
  const end = watched.began + rule.for;
  let tally = startTally(watched.counts);
  let window = newWindow(false);
  for (;;) {
    const ended = await endOf(world, name);
    if (ended !== null) throw await failure(world, name, slot, ended, ended, tally);
    const seen = await look(world, answeringIn(slot), signal);
    signal.throwIfAborted();
    const why = seen.kind === 'good' ? null : seen.why;
    window = observe(window, why === null, health);
    tally = tallyOf(tally, await countsOf(world, name));
    const verdict = judgeCounts(rule, tally.total);
    if (verdict.kind === 'bad') throw await failure(world, name, slot, verdict.why, why, tally);
    if (why !== null && window.bad >= health.fall) {
      throw await failure(world, name, slot, why, why, tally);
    }
    const left = end - clock.now();
    if (left <= 0) break;
    await clock.sleep(Math.min(left, health.interval), signal);
  }
  world.progress(`slot ${name}: watched for ${rule.for} ms, ${countsText(tally.total)}`);
}

/** How the program ended; `null` while it runs. */
async function endOf(world: World, name: SlotName): Promise<string | null> {
  const { running, ended } = await world.ports.init.status(unitOf(world, name));
  return running ? null : `its program ended${ended === null ? '' : ` with ${ended}`}`;
}

/** A proxy that is away for a moment has not counted anything. */
async function countsOf({ ports, route }: World, name: SlotName): Promise<SlotCounters | null> {
  const counters = await ports.proxy.counters(route).catch(() => null);
  return counters && (counters[name] ?? noCounts);
}

async function failure(
  world: World,
  name: SlotName,
  slot: Slot,
  why: string,
  probe: string | null,
  { last, total }: Tally,
): Promise<StepFailure> {
  const details = [
    `probe of slot ${name}: ${probe ?? 'good'}`,
    last === null ? 'the proxy does not count' : `slot ${name}: ${countsText(total)}`,
    ...(await printed(world, name, slot)).filter((line) => line !== ''),
  ];
  return new StepFailure('watch_failed', `slot ${name}: ${why}`, details);
}
