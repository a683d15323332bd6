import type { AgentConfig } from '../config/agent.ts';
import type { Trust } from '../deploy/admit.ts';
import type { JournalBody } from '../deploy/journal-entries.ts';
import type { Reading } from '../deploy/reader.ts';
import type { Job } from '../model/job.ts';
import type { SigningKey } from '../model/keys.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journal } from '../ports/journal.ts';
import type { Ask } from '../ports/asker.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Log } from '../ports/log.ts';
import { Asks } from './asks.ts';
import { cancelledBy } from './cancelled-by.ts';
import { logEvents } from './event-log.ts';
import { Keep } from './keep/keep.ts';
import type { HostRules } from './decide.ts';
import type { DiskRoom } from './disk-room.ts';
import type { AgentListener } from './events.ts';
import { openLane, turnsOf, type Lane, type LaneWorld } from './lane.ts';
import { Notebook } from './notebook.ts';
import type { OnReading } from './notify.ts';
import { Beside } from './outage/beside.ts';
import { isLocal } from './outage/local-number.ts';
import { tellHands } from './outage/tell-hands.ts';
import type { PlanStore } from './plan-store.ts';
import type { PolicyNow } from './policy-now.ts';
import { Reconcile, type Compared } from './reconcile.ts';
import type { Report } from './report.ts';
import { Run, type MakeTarget } from './run.ts';
import { createStopTraffic, type StopTraffic } from './stop-traffic.ts';
import { tellOf, type AgentView } from './tell.ts';
import type { VerifyUnit } from './verify.ts';
import type { Pulse } from './watchdog.ts';
import { UnitLock } from './unit-lock.ts';
import { WorkLock } from './work-lock.ts';

/** All that an agent needs of the world. */
export interface AgentWorld {
  readonly rules: HostRules;
  readonly key: SigningKey;
  readonly ledger: Ledger;
  /** Whose jobs count; asked again until it is known. */
  readonly trust: (signal?: AbortSignal) => Promise<Trust>;
  /** Holds a unit against Git and the policy before it may begin. */
  readonly verify: VerifyUnit;
  readonly journal: Journal<JournalBody>;
  readonly clock: Clock;
  readonly log: Log;
  readonly makeTarget: MakeTarget;
  /** Where people read on about a job. */
  readonly linkOf: (job: Job) => string | null;
  /** Between two polls, in ms. */
  readonly pollMs: number;
  /** Between two comparisons of what is there with what was deployed, in ms. */
  readonly reconcileMs: number;
  /** Between two looks whether what was deployed is as it should be, in ms. */
  readonly livenessMs: number;
  /** The rules of now. */
  readonly policyNow: PolicyNow;
  /** Asks whomever the policy's `require.external` names. */
  readonly ask: Ask;
  /** Where plans are kept for people. */
  readonly plans: Pick<PlanStore, 'save' | 'plansOf'>;
  /** What the ledger said before this start. */
  readonly remembered?: Reading | null;
  /** Where people on the host work while GitHub cannot be reached; absent: nowhere. */
  readonly local?: { readonly ledger: Ledger; readonly trust: Trust } | undefined;
  /** What room there is on the disk for anything new; absent: enough. */
  readonly room?: (() => Promise<DiskRoom>) | undefined;
  /** Told of what GitHub's ledger, or the only one, says; absent: an App tells people. */
  readonly onReading?: OnReading | undefined;
  /** Told of everything that happens, as it happens. */
  readonly listeners: readonly AgentListener[];
}

export interface RunningAgent {
  /** What it knows, for whoever asks. */
  readonly view: AgentView;
  /** Looks at the ledger now rather than at the next poll. */
  readonly wake: () => void;
  /** Compares what is here with what was deployed, now rather than at the next turn. Rejects once it ends. */
  readonly reconcile: () => Promise<readonly Compared[]>;
  /** What the loops that poll are at, for a watchdog. */
  readonly pulses: () => readonly Pulse[];
  /** What the ledgers tell together. */
  readonly beside: Pick<Beside, 'of' | 'forPeople'>;
  /** People give the host back; tells whether they held it there. Rejects where the journal cannot be written. */
  release(environment: string, by: string): Promise<boolean>;
  /** People stop the traffic of services here, or let it go. */
  readonly stopTraffic: StopTraffic;
  /** Finishes the step in hand, writes what it has to say where that goes quickly, and ends. */
  stop(): Promise<void>;
  /** Ends the step in hand too, as a kill would; the next start goes on. */
  abort(): Promise<void>;
}

/** Starts an agent on the real world, as its configuration says. */
export interface AgentOpener {
  open(config: AgentConfig): Promise<{ readonly socket: string; stop(): Promise<void> }>;
}

/** The longest pause after errors, in ms. */
const longestPauseMs = 300_000;
/** How long a stop waits for records to be written, in ms; what is left is written after the next start. */
const flushMs = 5_000;

/** Starts an agent. It goes on with what an earlier one was in the middle of, then waits for jobs. */
export function startAgent(world: AgentWorld): RunningAgent {
  const { clock, log, rules } = world;
  const leaving = new AbortController();
  const ending = new AbortController();
  const on: AgentListener = (event) => {
    for (const listener of [...world.listeners, logEvents(log)]) listener(event);
    if (event.kind === 'unit-ended' || event.kind === 'unit-unchanged') keep.wake();
  };
  const notebook = new Notebook(world.journal);
  const host = rules.name;
  const pace = { intervalMs: world.pollMs, maxMs: longestPauseMs };
  const shared = { ...world, host, notebook, on, pace };
  const main = openLane({ ...shared, isOwn: (deployment) => !world.local || !isLocal(deployment) });
  const local = world.local && openLocalLane(shared, world.local);
  const lanes = local ? [local, main] : [main];
  const { source } = main;
  const beside = new Beside({
    host,
    environments: rules.environments,
    notebook,
    source,
    local: local?.source,
  });
  const report = {
    say: (...[work, ...said]: Parameters<Report['say']>) =>
      (local && isLocal(work.deployment) ? local : main).report.say(work, ...said),
  };
  const units = new UnitLock();
  const run = new Run({
    ...shared,
    units,
    report,
    isLeaving: () => leaving.signal.aborted,
    cancelledBy: (work) =>
      cancelledBy(
        work,
        lanes.map((lane) => lane.source.last),
      ),
  });
  const asks = new Asks(world.ask, clock, world.pollMs);
  const parts = { ...shared, run, asks, units, lock: new WorkLock() };
  const turns = [
    turnsOf(main, {
      ...parts,
      views: () => beside.forGithub(),
      isHeld: (environment) => !!notebook.holds.of(environment),
      onRead: async () => {
        if (main.source.last) world.onReading?.(main.source.last);
        if (local) await tellHands({ ...shared, ...rules, ...main, local: local.source });
      },
    }),
  ];
  if (local && world.local) {
    const { ledger } = world.local;
    const views = () => beside.forLocal();
    turns.push(
      turnsOf(local, {
        ...parts,
        ledger,
        views,
        isHeld: () => false,
        onRead: async () => undefined,
      }),
    );
  }
  const keep: Keep = new Keep({
    ...parts,
    ...rules,
    onFellBack: () => void reconcile.once(leaving.signal, ending.signal).catch(() => undefined),
  });
  const hasFallenBack = (environment: string) => keep.hasFallenBack(environment);
  const reconcile = new Reconcile({ ...parts, ...main, beside, hasFallenBack });

  const wake = (): void => lanes.forEach(({ poll }) => poll.wake());
  const reporting = Promise.all(
    lanes.map((lane) =>
      lane.report.run(ending.signal, () => lane.poll.wake()).catch(ignoreAbort(ending.signal)),
    ),
  );
  const working = Promise.all([
    // Before the turns: after a reboot people are served before anything else is done.
    keep.run(leaving.signal),
    ...turns.map((each) => each.run(leaving.signal, ending.signal)),
    reconcile.run(leaving.signal, ending.signal),
  ]);
  log.info('the agent is running', { host: rules.name, environments: rules.environments.join() });

  const stop = async (flush: number): Promise<void> => {
    leaving.abort();
    await working;
    const enough = new AbortController();
    const late = clock.sleep(flush, enough.signal).catch(() => undefined);
    const flushed = lanes.map((lane) => lane.report.flushed(enough.signal).catch(() => undefined));
    await Promise.race([Promise.all(flushed), late]);
    enough.abort();
    ending.abort();
    await reporting;
    log.info('the agent has stopped', { unwritten: notebook.unwritten.length });
  };
  return {
    view: tellOf({
      ...world,
      notebook,
      beside,
      keep,
      sources: lanes.map((lane) => lane.source),
      waits: lanes.map((lane) => lane.waits),
    }),
    wake,
    pulses: () => lanes.map(({ poll }) => poll.pulse),
    reconcile: () => reconcile.once(leaving.signal, ending.signal),
    beside,
    async release(environment, by) {
      const isHeld = beside.of(environment).facts.held.some((each) => each.host === host);
      if (!isHeld) return false;
      await notebook.write({ kind: 'host-released', environment, by });
      wake();
      return true;
    },
    stopTraffic: createStopTraffic(shared),
    stop: () => stop(flushMs),
    abort: () => {
      ending.abort();
      return stop(0);
    },
  };
}

/** The ledger of people on the host: nobody else reads it, so that its links lead nowhere. */
function openLocalLane(
  shared: Omit<LaneWorld, 'isOwn'>,
  { ledger, trust }: NonNullable<AgentWorld['local']>,
): Lane {
  return openLane({
    ...shared,
    ledger,
    trust: async () => trust,
    remembered: null,
    linkOf: () => null,
    isOwn: isLocal,
  });
}

function ignoreAbort(signal: AbortSignal) {
  return (error: unknown): void => {
    if (!signal.aborted) throw error;
  };
}
