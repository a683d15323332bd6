import type { RunningAgent } from '../../src/agent/agent.ts';
import { firstLocal } from '../../src/agent/outage/local-number.ts';
import { writeAct } from '../../src/deploy/act.ts';
import type { Trust } from '../../src/deploy/admit.ts';
import { approvalsOf } from '../../src/deploy/approvals.ts';
import type { DeploymentView } from '../../src/deploy/fold-deployment.ts';
import { issueJob, type JobDraft } from '../../src/deploy/issue.ts';
import { LedgerReader } from '../../src/deploy/reader.ts';
import type { Ledger } from '../../src/ports/ledger.ts';
import { draftJob, hostKeys } from '../support/jobs.ts';
import { createMemoryWorld } from '../support/memory-ledger.ts';
import { createBench, type Bench } from './bench.ts';

const key = hostKeys['web-1']!;
const trust: Trust = { repository: 0, app: [{ key: key.public, environments: 'all' }] };
const targets = [{ name: 'web', kind: 'service', wave: 0, hosts: ['web-1'] }];
const roster = [{ name: 'web-1', key: key.public.text }];

/** A bench with people on its host: they have a ledger of their own beside GitHub's. */
export class OutageBench {
  readonly #world = createMemoryWorld(2);
  readonly bench: Bench = createBench((ms) => this.#world.clock.advance(ms));
  readonly #ledger = numberedFrom(firstLocal - 1, this.#world.connect());
  readonly #reader = new LedgerReader(this.#ledger, trust);

  start(): RunningAgent {
    const rules = {
      name: 'web-1',
      environments: ['production'],
      origins: ['app', 'operator'],
      kinds: ['service'],
    };
    return this.bench.start('web-1', { rules, local: { ledger: this.#ledger, trust } });
  }

  /** What a person on the host asks for. */
  async ask(cause: string, changes: Partial<JobDraft> = {}): Promise<number> {
    const draft = draftJob(cause, {
      operation: 'rollback',
      repository: 0,
      targets,
      roster,
      flags: { 'without-github': true },
      actor: { id: 1000, login: 'alice' },
      ...changes,
    });
    const { bench } = this;
    const clock = {
      now: () => bench.now(),
      sleep: (ms: number) => bench.pass(ms),
      random: () => 0.5,
    };
    const world = { ledger: this.#ledger, reader: this.#reader, key, clock };
    return (await issueJob(draft, world)).deployment;
  }

  async view(deployment: number): Promise<DeploymentView> {
    const { environments } = await this.#reader.refresh();
    const { deployments } = environments.get('production')!;
    return deployments.find((each) => each.deployment === deployment)!;
  }

  async approve(deployment: number, person: number): Promise<void> {
    const view = await this.view(deployment);
    const world = {
      ledger: this.#ledger,
      reader: this.#reader,
      key,
      now: () => this.bench.now(),
    };
    const plan = approvalsOf(view).digest;
    await writeAct({ view, state: 'approved', person, plan, words: 'approved' }, world);
  }

  /** What GitHub was told of people's hands, in the order of its ledger. */
  told(): readonly string[] {
    return this.bench.written
      .map(({ description }) => description)
      .filter((each) => /^web-1 (?:held|released)/.test(each));
  }

  /** Lets time pass until it is so; fails after two days of the bench. */
  async until(isSo: () => boolean | Promise<boolean>): Promise<void> {
    for (let hours = 0; hours < 480; hours += 1) {
      if (await isSo()) return;
      await this.bench.pass(60_000);
    }
    throw new Error(`it never came to be; told: ${this.told().join(' | ')}`);
  }
}

function numberedFrom(offset: number, ledger: Ledger): Ledger {
  const up = <Entry extends { readonly deployment: number }>(entry: Entry): Entry => ({
    ...entry,
    deployment: entry.deployment + offset,
  });
  return {
    jobs: async (...asked) => {
      const page = await ledger.jobs(...asked);
      return { ...page, jobs: page.jobs.map(up) };
    },
    records: async (deployment, signal) => {
      const page = await ledger.records(deployment - offset, signal);
      return { ...page, records: page.records.map(up) };
    },
    publish: async (...asked) => up(await ledger.publish(...asked)),
    append: async (record, signal) =>
      up(await ledger.append({ ...record, deployment: record.deployment - offset }, signal)),
    show: async () => undefined,
  };
}
