import { join } from 'node:path';
import { systemClock } from '../adapters/clock/system.ts';
import { openJournal } from '../adapters/journal/file/open-journal.ts';
import { startAgent, type RunningAgent } from '../agent/agent.ts';
import { serveControl, socketPath } from '../agent/control.ts';
import type { AgentListener } from '../agent/events.ts';
import { readHostKey } from '../agent/host-key.ts';
import { aboutAgent } from '../agent/local/about.ts';
import { Connection } from '../agent/local/connection.ts';
import { createIssueHere } from '../agent/local/issue-here.ts';
import { OrderlyReader } from '../agent/local/orderly-reader.ts';
import { openRoom } from '../agent/open-room.ts';
import { PlanStore } from '../agent/plan-store.ts';
import { readPolicyNow } from '../agent/policy-now.ts';
import { unitLogger } from '../agent/unit-log.ts';
import { verifyUnit } from '../agent/verify.ts';
import { version } from '../cli/version.ts';
import { originsOf, pollOf, type AgentConfig } from '../config/agent.ts';
import type { JournalBody } from '../deploy/journal-entries.ts';
import type { Ask } from '../ports/asker.ts';
import type { Log } from '../ports/log.ts';
import { openAgentNotes } from './agent-notes.ts';
import { openToPeople } from './agent-people.ts';
import { openLocalLedger } from './local-ledger.ts';
import { rememberGithub } from './remember-github.ts';
import { createMakeTarget, type TargetSettings } from './agent-targets.ts';
import { openWatch } from './agent-watch.ts';
import { openSource } from './open-source.ts';
import { sharedOnce } from './shared-once.ts';

export interface AgentOptions extends Pick<TargetSettings, 'proxyEntry' | 'proxyHost'> {
  readonly config: AgentConfig;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** Told of everything that happens, as it happens. */
  readonly listeners?: readonly AgentListener[];
}

export interface OpenAgent extends Omit<
  RunningAgent,
  'beside' | 'release' | 'reconcile' | 'stopTraffic'
> {
  /** Where it answers people on this host. */
  readonly socket: string;
}

/** How many deployments people may go back to. */
const longMemory = 10_000;

/** Starts an agent on the real world: GitHub or Git, this host's disk and programs. */
export async function openAgent(options: AgentOptions): Promise<OpenAgent> {
  const { config, env, log } = options;
  const { state, name, environments, allow } = config;
  const [clock, since, pollMs] = [systemClock, systemClock.now(), pollOf(config)];
  const origins = originsOf(config);
  const key = await readHostKey(state);
  const opened = await openSource({ config, env, clock, key });
  const connection = new Connection(clock);
  const disk = await openRoom(config);
  const journal = disk.journal(
    await openJournal<JournalBody>(join(state, 'journal', 'agent'), { clock }),
  );
  const { isOnGithub } = opened;
  const github = isOnGithub
    ? await rememberGithub(opened, connection, { state, clock, log }).catch(async (error) => {
        await journal.close();
        throw error;
      })
    : null;
  const source = github?.source ?? opened;
  const { git, trust, branch, linkOf } = source;
  const hasOperators = github && origins.includes('operator');
  const local = hasOperators ? openLocalLedger(state, key, github.clock) : undefined;
  const logFailed = (error: unknown): void =>
    log.warn('the log of a deployment cannot be written', { message: String(error) });
  const policyNow = readPolicyNow({ git, branch, clock, log, maxAgeMs: pollMs });
  const ask = lazyAsk(state, env);
  const tells = config.notify ?? !isOnGithub;
  const notes = tells ? await openAgentNotes({ config, env, clock, log, source, policyNow }) : null;

  const agent = startAgent({
    rules: { name, environments, ...allow, origins },
    key,
    ledger: source.ledger,
    trust,
    remembered: github?.reading ?? null,
    local,
    verify: async (job, unit, signal) => verifyUnit(job, unit, signal, await git()),
    journal,
    clock,
    log,
    makeTarget: createMakeTarget({ ...options, clock, git }),
    linkOf,
    pollMs,
    reconcileMs: config.reconcile,
    livenessMs: config.liveness,
    policyNow,
    ask,
    plans: new PlanStore(join(state, 'plans')),
    onReading: notes?.onReading,
    room: disk.room,
    listeners: [disk.listener, unitLogger(state, clock, logFailed), ...(options.listeners ?? [])],
  });
  const ledger = local?.ledger ?? source.ledger;
  const depth = isOnGithub && !local ? {} : { history: longMemory };
  const reader = sharedOnce(
    async () => new OrderlyReader(ledger, local?.trust ?? (await trust()), depth),
  );
  const lastGood = (environment: string) => agent.beside.of(environment).lastGood?.job.sha ?? null;
  const beside = local && {
    of: (...asked: Parameters<typeof agent.beside.of>) => agent.beside.of(...asked),
    forPeople: () => agent.beside.forPeople(),
    isAnswering: () => connection.view().connected,
  };
  // People act by the time of the ledger that they write to.
  const time = github?.clock ?? clock;
  const base = { host: name, environments, key, ledger, reader, clock: time, git, policyNow };
  const here = local ? { ...base, lastGood } : base;
  const issue = createIssueHere(here);
  const isWatching = !isOnGithub && origins.includes('git');
  const watch = isWatching
    ? openWatch({
        ...here,
        issue,
        branch: await branch(),
        state,
        log,
        connection,
        pollMs,
        wake: agent.wake,
      })
    : null;
  const wake = (): void => {
    agent.wake();
    watch?.wake();
  };
  const about = () =>
    aboutAgent({
      host: name,
      version,
      since,
      source: source.label,
      connection: connection.view(),
      watch: watch?.view() ?? null,
      pollMs,
    });
  const people = openToPeople({
    ...here,
    state,
    origins,
    isOnGithub,
    branch,
    issue,
    beside,
    deployed: (environment, sha) => watch?.accept(environment, sha),
    about,
    ask,
    release: (environment, by) => agent.release(environment, by),
    stopTraffic: agent.stopTraffic,
    view: agent.view,
    wakeAgent: agent.wake,
    reconcile: agent.reconcile,
    wake,
    pollMs,
  });

  let control: Awaited<ReturnType<typeof serveControl>> | null = null;
  const close = async (): Promise<void> => {
    await control?.close();
    await watch?.stop();
    await notes?.stop();
    await github?.close();
    await journal.close();
  };
  try {
    control = await serveControl(people);
  } catch (error) {
    await agent.stop();
    await close();
    throw error;
  }
  return {
    view: agent.view,
    wake,
    pulses: agent.pulses,
    socket: socketPath(state),
    stop: () => agent.stop().then(close),
    abort: () => agent.abort().then(close),
  };
}

/** Most policies ask nobody: what it takes is not loaded before. */
function lazyAsk(state: string, inherited: AgentOptions['env']): Ask {
  const made = sharedOnce(async () => {
    const [{ createAsk }, { ExecaPrograms }, { HttpProbe }] = await Promise.all([
      import('../adapters/asker/ask-external.ts'),
      import('../adapters/programs/execa/execa-programs.ts'),
      import('../adapters/probe/http/http-probe.ts'),
    ]);
    const [programs, probe] = [new ExecaPrograms(), new HttpProbe()];
    return createAsk({ programs, probe, state, inherited });
  });
  return async (...asked) => (await made())(...asked);
}
