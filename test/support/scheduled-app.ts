import { supersedeOlder, writeAct } from '../../src/deploy/act.ts';
import type { Admitter } from '../../src/deploy/admit.ts';
import { approvalsOf } from '../../src/deploy/approvals.ts';
import { issueJob, type IssueWorld, type JobDraft } from '../../src/deploy/issue.ts';
import { LedgerReader } from '../../src/deploy/reader.ts';
import { reissueLost } from '../../src/deploy/reissue.ts';
import { appKey } from './jobs.ts';
import type { MemoryWorld } from './memory-ledger.ts';
import { asks, nameOf, type Plans } from './scheduled-agent.ts';

export interface AppOptions {
  readonly world: MemoryWorld;
  readonly admitter: Admitter;
  /** What it is told of, in this order. */
  readonly drafts: readonly JobDraft[];
  readonly plans: Plans;
  readonly until: () => boolean;
}

/** An App of a schedule: issues jobs, looks after lost ones, and is the mouth of people who approve, reject and lose patience. */
export async function runApp({ world, admitter, drafts, plans, until }: AppOptions): Promise<void> {
  const { clock } = world;
  const ledger = world.connect();
  const reader = new LedgerReader(ledger, admitter);
  const app = { ledger, reader, key: appKey, clock, now: () => clock.now() };
  const left = [...drafts];
  while (!until()) {
    const [draft] = left;
    const step = draft ? issue(draft, app) : reissueLost(app);
    await step.then(() => left.shift()).catch(() => undefined);
    await judge(app, plans).catch(() => undefined);
    await clock.sleep(20_000 * (left.length > 0 ? clock.random() : 1));
  }
}

type App = IssueWorld & { now(): number };

/** Now and then the newer job ends the older ones. */
async function issue(draft: JobDraft, app: App): Promise<void> {
  const issued = await issueJob(draft, app);
  if (app.clock.random() > 0.3) return;
  const view = (await app.reader.refresh()).environments.get('production')!;
  await supersedeOlder(view, issued, app);
}

async function judge(app: App, plans: Plans): Promise<void> {
  const view = (await app.reader.refresh()).environments.get('production')?.running;
  if (view && app.clock.random() < 0.02) {
    const cancelled = { state: 'cancelled', person: 7, plan: null, words: 'cancelled' } as const;
    await writeAct({ view, ...cancelled }, app);
    return;
  }
  if (!view || !asks(view.job)) return;
  const { digest, approvals } = approvalsOf(view);
  const chance = app.clock.random();
  if (chance < 0.03) {
    await writeAct({ view, state: 'rejected', person: 7, plan: null, words: 'rejected' }, app);
  } else if (digest && approvals.length === 0 && chance < 0.7) {
    for (const unit of view.units) plans.approve(nameOf(view, unit), unit.plan);
    await writeAct({ view, state: 'approved', person: 7, plan: digest, words: 'approved' }, app);
  }
}
