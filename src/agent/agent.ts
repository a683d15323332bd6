import type { AgentConfig } from '../config/agent.ts';
import type { Trust } from '../deploy/admit.ts';
import type { JournalBody } from '../deploy/journal-entries.ts';
import type { Job } from '../model/job.ts';
import type { SigningKey } from '../model/keys.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journal } from '../ports/journal.ts';
import type { Ask } from '../ports/asker.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Log } from '../ports/log.ts';
import { Asks } from './asks.ts';
import { logEvents } from './event-log.ts';
import type { HostRules } from './decide.ts';
import type { AgentListener } from './events.ts';
import { LedgerSource } from './ledger-source.ts';
import { Notebook } from './notebook.ts';
import type { PlanStore } from './plan-store.ts';
import type { PolicyNow } from './policy-now.ts';
import { Poll } from './poll.ts';
import { Preparations } from './preparations.ts';
import { Reconcile } from './reconcile.ts';
import { Report } from './report.ts';
import { Run, type MakeTarget } from './run.ts';
import { tellOf, type AgentView } from './tell.ts';
import { Turns } from './turns.ts';
import type { VerifyUnit } from './verify.ts';
import { Waits } from './waits.ts';
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
  /** The rules of now. */
  readonly policyNow: PolicyNow;
  /** Asks whomever the policy's `require.external` names. */
  readonly ask: Ask;
  /** Where plans are kept for people. */
  readonly plans: Pick<PlanStore, 'save' | 'plansOf'>;
  /** Told of everything that happens, as it happens. */
  readonly listeners: readonly AgentListener[];
}

export interface RunningAgent {
  /** What it knows, for whoever asks. */
  readonly view: AgentView;
  /** Looks at the ledger now rather than at the next poll. */
  readonly wake: () => void;
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
  };
  const notebook = new Notebook(world.journal);
  const source = new LedgerSource(world);
  const pace = { intervalMs: world.pollMs, maxMs: longestPauseMs };
  const poll = new Poll({ source, clock, log, pace });
  const report = new Report({ ...world, host: rules.name, source, notebook, on, pace });
  const isLeaving = () => leaving.signal.aborted;
  const run = new Run({ ...world, notebook, report, on, isLeaving });
  const [waits, lock] = [new Waits(), new WorkLock()];
  const parts = { ...world, host: rules.name, notebook, source, poll, report, run, on, pace, lock };
  const asks = new Asks(world.ask, clock, world.pollMs);
  const turns = new Turns({ ...parts, asks, waits, preparations: new Preparations() });
  const reconcile = new Reconcile(parts);

  const reporting = report.run(ending.signal, () => poll.wake()).catch(ignoreAbort(ending.signal));
  const working = Promise.all([
    turns.run(leaving.signal, ending.signal),
    reconcile.run(leaving.signal, ending.signal),
  ]);
  log.info('the agent is running', { host: rules.name, environments: rules.environments.join() });

  const stop = async (flush: number): Promise<void> => {
    leaving.abort();
    await working;
    const enough = new AbortController();
    const late = clock.sleep(flush, enough.signal).catch(() => undefined);
    await Promise.race([report.flushed(enough.signal).catch(() => undefined), late]);
    enough.abort();
    ending.abort();
    await reporting;
    log.info('the agent has stopped', { unwritten: notebook.unwritten.length });
  };
  return {
    view: tellOf({ ...world, notebook, source, waits }),
    wake: () => poll.wake(),
    stop: () => stop(flushMs),
    abort: () => {
      ending.abort();
      return stop(0);
    },
  };
}

function ignoreAbort(signal: AbortSignal) {
  return (error: unknown): void => {
    if (!signal.aborted) throw error;
  };
}
