import type { z } from 'zod';
import { startAgent, type AgentWorld, type RunningAgent } from '../../src/agent/agent.ts';
import type { AgentEvent } from '../../src/agent/events.ts';
import type { MakeTarget } from '../../src/agent/run.ts';
import type { Verified } from '../../src/agent/verify.ts';
import { Environment } from '../../src/config/environment.ts';
import { RepositoryConfig } from '../../src/config/repository.ts';
import { ServiceConfig } from '../../src/config/service.ts';
import { writeAct } from '../../src/deploy/act.ts';
import { approvalsOf } from '../../src/deploy/approvals.ts';
import type { DeploymentView } from '../../src/deploy/fold-deployment.ts';
import { issueJob, type JobDraft } from '../../src/deploy/issue.ts';
import type { JournalBody } from '../../src/deploy/journal-entries.ts';
import { LedgerReader } from '../../src/deploy/reader.ts';
import { digestOf } from '../../src/model/digest.ts';
import { planOf, type Change } from '../../src/model/plan.ts';
import type { ExternalAnswer } from '../../src/ports/asker.ts';
import type { Journal, JournalEntry } from '../../src/ports/journal.ts';
import type { Ledger, RecordWrite } from '../../src/ports/ledger.ts';
import type { Target } from '../../src/targets/target.ts';
import type { UnitPlan } from '../../src/report/views.ts';
import { unitOf } from '../deploy/unit-of.ts';
import { appKey, draftJob, hostKeys, trust } from '../support/jobs.ts';
import { createMemoryWorld } from '../support/memory-ledger.ts';
import { JumpingClock } from './jumping-clock.ts';

const config = ServiceConfig.parse({
  kind: 'service',
  run: ['node', 'server.js'],
  ports: { blue: 1, green: 2 },
  proxy: { listen: 80 },
});

/** A journal that outlives the agents that write it. */
export class MemoryJournal implements Journal<JournalBody> {
  readonly kept: JournalEntry<JournalBody>[] = [];

  append(body: JournalBody): Promise<JournalEntry<JournalBody>> {
    const entry = { seq: this.kept.length + 1, at: 0, body };
    this.kept.push(entry);
    return Promise.resolve(entry);
  }

  entries(): readonly JournalEntry<JournalBody>[] {
    return [...this.kept];
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

export interface Bench {
  readonly events: AgentEvent[];
  /** Names of steps, in the order in which they ran. */
  readonly ran: string[];
  readonly journal: MemoryJournal;
  /** What GitHub would show: writes and closing states, in order. */
  readonly shown: string[];
  readonly written: RecordWrite[];
  /** Steps that fail. */
  readonly broken: string[];
  /** Set: no call to the ledger has an answer. */
  cutOff: boolean;
  /** So many writes are taken without the writer being told. */
  losesAnswers: number;
  verdict: Verified;
  /** The rules of an environment, by name; `null`: they cannot be read. */
  policies: Record<string, z.input<typeof Environment> | null>;
  /** What each target would change now, and towards what. */
  changes: readonly Change[];
  wanted: string;
  /** What differs from what was deployed, where somebody compares. */
  drift: readonly Change[];
  /** What planning fails with. */
  planFails: Error | null;
  /** How often something was planned. */
  planned: number;
  /** What whoever is asked says. */
  answer: ExternalAnswer | null;
  /** How often they were asked. */
  asked: number;
  /** What the plan store holds. */
  readonly plans: Map<number, readonly UnitPlan[]>;
  /** Called as each step begins. */
  onStep: (name: string) => void | Promise<void>;
  readonly makeTarget: MakeTarget;
  /** The time, in ms since 1970. */
  now(): number;
  /** Lets time pass. */
  pass(ms: number): Promise<void>;
  issue(cause: string, changes?: Partial<JobDraft>): Promise<number>;
  /** A deployment as everybody reads it now. */
  view(deployment: number): Promise<DeploymentView>;
  /** Somebody's word on a deployment; `approved` is for what is planned now. */
  act(
    deployment: number,
    state: 'approved' | 'rejected' | 'cancelled',
    person?: number,
  ): Promise<void>;
  start(name?: string, changes?: Partial<AgentWorld>): RunningAgent;
  /** Resolves with the first event, from now on, of this kind. */
  until<Kind extends AgentEvent['kind']>(
    kind: Kind,
    fits?: (event: Extract<AgentEvent, { kind: Kind }>) => boolean,
  ): Promise<Extract<AgentEvent, { kind: Kind }>>;
}

/** A ledger, an App's hand, and agents whose targets are lists of named steps. `onPass` goes with the time. */
export function createBench(onPass: (ms: number) => void = () => undefined): Bench {
  const world = createMemoryWorld(1);
  const clock = new JumpingClock(world.clock.now(), (ms) => {
    world.clock.advance(ms);
    onPass(ms);
  });
  const reader = new LedgerReader(world.connect(), trust);
  const listeners = new Set<(event: AgentEvent) => void>();
  const bench: Bench = {
    events: [],
    ran: [],
    journal: new MemoryJournal(),
    shown: [],
    written: [],
    broken: [],
    cutOff: false,
    losesAnswers: 0,
    verdict: { ok: true, config, version: null },
    policies: {},
    changes: [{ action: 'modify', resource: 'Service/web', breaking: false }],
    wanted: 'a tree',
    drift: [],
    planFails: null,
    planned: 0,
    answer: { open: true, message: 'fine' },
    asked: 0,
    plans: new Map(),
    onStep: () => undefined,
    makeTarget: async () => targetOf(),
    now: () => clock.now(),
    pass: (ms) => clock.sleep(ms),
    async issue(cause, changes = {}) {
      const draft = draftJob(cause, { ...oneHost, ...changes });
      const issuing = { ledger: world.connect(), reader, key: appKey, clock };
      return (await issueJob(draft, issuing)).deployment;
    },
    async view(deployment) {
      const { environments } = await reader.refresh();
      const views = [...environments.values()].flatMap(({ deployments }) => deployments);
      return views.find((each) => each.deployment === deployment)!;
    },
    async act(deployment, state, person = 7) {
      const view = await bench.view(deployment);
      const plan = state === 'approved' ? approvalsOf(view).digest : null;
      const acting = { ledger: world.connect(), reader, key: appKey, now: () => clock.now() };
      await writeAct({ view, state, person, plan, words: state }, acting);
    },
    start(name = 'web-1', changes = {}) {
      return startAgent({
        rules: { name, environments: ['production'], origins: ['app'], kinds: ['service'] },
        key: hostKeys[name]!,
        ledger: watch(world.connect()),
        trust: async () => trust,
        verify: async () => bench.verdict,
        journal: bench.journal,
        clock,
        log: { info: () => undefined, warn: () => undefined, error: () => undefined },
        makeTarget: bench.makeTarget,
        linkOf: () => null,
        pollMs: 10_000,
        reconcileMs: 300_000,
        livenessMs: 5_000,
        policyNow: async (environment) => policyOf(environment),
        ask: async () => {
          bench.asked += 1;
          return bench.answer;
        },
        plans: {
          save: async (deployment, plan) => void bench.plans.set(deployment, [plan]),
          plansOf: async (deployment) => bench.plans.get(deployment) ?? [],
        },
        listeners: [(event) => listeners.forEach((listener) => listener(event))],
        ...changes,
      });
    },
    until: (kind, fits = () => true) =>
      new Promise((resolve) => {
        const listener = (event: AgentEvent): void => {
          if (event.kind !== kind || !fits(event as never)) return;
          listeners.delete(listener);
          resolve(event as never);
        };
        listeners.add(listener);
      }),
  };
  listeners.add((event) => bench.events.push(event));

  function policyOf(name: string) {
    const policy = bench.policies[name] ?? {};
    if (bench.policies[name] === null) throw new Error('line 3: it is not YAML');
    return {
      sha: 'b'.repeat(40),
      environment: Environment.parse(policy),
      config: RepositoryConfig.parse({ version: 1 }),
    };
  }

  function targetOf(): Target {
    const unit = unitOf(async (step) => {
      bench.ran.push(step);
      await bench.onStep(step);
    }, bench.broken);
    return {
      ...unit,
      plan: async (_signal, fresh) => {
        const wanted = digestOf(bench.wanted);
        if (fresh) return planOf({ changes: bench.drift, wanted });
        bench.planned += 1;
        if (bench.planFails) throw bench.planFails;
        return planOf({ changes: bench.changes, wanted });
      },
      status: async () => ({
        name: 'web',
        kind: 'service',
        health: 'healthy',
        slot: 'blue',
        version: 'v1',
        sha: null,
        url: null,
      }),
    };
  }

  function watch(ledger: Ledger): Ledger {
    const check = (): void => {
      if (bench.cutOff) throw new Error('GitHub cannot be reached');
    };
    return {
      jobs: async (...args) => (check(), ledger.jobs(...args)),
      records: async (...args) => (check(), ledger.records(...args)),
      publish: async (...args) => (check(), ledger.publish(...args)),
      append: async (write, signal) => {
        check();
        const entry = await ledger.append(write, signal);
        // The same token twice is one entry.
        if (!bench.written.some(({ token }) => token === write.token)) bench.written.push(write);
        bench.shown.push(`${write.deployment} ${write.state}`);
        if (bench.losesAnswers > 0) {
          bench.losesAnswers -= 1;
          throw new Error('GitHub did not answer in time');
        }
        return entry;
      },
      show: async (deployment, state) => {
        check();
        bench.shown.push(`${deployment} ${state}`);
      },
    };
  }
  return bench;
}

const oneHost: Partial<JobDraft> = {
  targets: [{ name: 'web', kind: 'service', wave: 0, hosts: ['web-1'] }],
};
