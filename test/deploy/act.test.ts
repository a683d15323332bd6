import { expect, test, vi } from 'vitest';
import { stateDraft, supersedeOlder, writeAct } from '../../src/deploy/act.ts';
import { issueJob } from '../../src/deploy/issue.ts';
import { LedgerReader } from '../../src/deploy/reader.ts';
import { digestOf } from '../../src/model/digest.ts';
import type { UnitState } from '../../src/model/unit.ts';
import { appKey, draftJob, tokenOf, trust } from '../support/jobs.ts';
import { createMemoryWorld } from '../support/memory-ledger.ts';

/** A ledger with deployments of these causes, and the App on it. */
async function appWith(...causes: readonly string[]) {
  const memory = createMemoryWorld(1);
  const ledger = memory.connect();
  const reader = new LedgerReader(ledger, trust, { history: 50 });
  const append = vi.spyOn(ledger, 'append');
  const app = {
    ledger,
    reader,
    key: appKey,
    clock: memory.clock,
    now: () => memory.clock.now(),
  };
  for (const cause of causes) await issueJob(draftJob(cause), app);
  const view = async () => (await reader.refresh()).environments.get('production')!;
  return { app, view, written: () => append.mock.calls.at(-1)![0] };
}

test('a person’s word stands in the ledger once, with the state that it leads to', async () => {
  const { app, view, written } = await appWith('comment:1:1:0');
  const deployment = (await view()).running!;
  const words = 'rejected by ada: not today';
  const act = { view: deployment, state: 'rejected', person: 7, plan: null, words } as const;
  await writeAct(act, app);
  await writeAct(act, app);
  const [after] = (await view()).deployments;
  expect(after).toMatchObject({ state: 'rejected', reason: 'rejected', over: true });
  expect(after!.acts).toMatchObject([{ state: 'rejected', person: 7, words }]);
  expect(written()).toMatchObject({ state: 'inactive', description: words });
});

test('an approval names the plan', async () => {
  const { app, view } = await appWith('comment:1:1:0');
  const plan = digestOf('a plan');
  const act = { state: 'approved', person: 7, plan, words: 'approved by ada' } as const;
  await writeAct({ ...act, view: (await view()).running! }, app);
  const { running } = await view();
  expect(running).toMatchObject({ over: false, state: 'pending' });
  expect(plan.startsWith(running!.acts[0]!.plan!)).toBe(true);
});

test.each<[string, UnitState, readonly string[]]>([
  ['has planned', 'planned', ['superseded', 'superseded', 'pending']],
  ['is being applied', 'applying', ['applying', 'superseded', 'pending']],
])('a newer job ends the older ones, but not one that %s already', async (_n, state, expected) => {
  const { app, view } = await appWith('comment:1:1:0', 'comment:1:2:0', 'comment:1:3:0');
  const { deployments } = await view();
  const [first, , newest] = deployments;
  const base = { job: first!.digest, reason: 'none', at: 0, plan: null } as const;
  const token = tokenOf({ ...base, kind: 'unit', state, target: 0, host: 0, attempt: 1 }, 'web-1');
  const write = { deployment: 1, token, environment: 'production', description: '' } as const;
  app.reader.note(await app.ledger.append({ ...write, state: 'in_progress' }));
  const ended = await supersedeOlder(await view(), newest!, app);
  expect((await view()).deployments.map((each) => each.state)).toEqual(expected);
  expect(ended).toHaveLength(expected.filter((each) => each === 'superseded').length);
  expect(await supersedeOlder(await view(), newest!, app)).toEqual([]);
});

test('a newer job says of an older one that its approvals count no more', async () => {
  const { app, view, written } = await appWith('comment:1:1:0', 'comment:1:2:0');
  const approved = { state: 'approved', person: 7, plan: digestOf('a plan'), words: '' } as const;
  await writeAct({ ...approved, view: (await view()).running! }, app);
  await supersedeOlder(await view(), (await view()).deployments[1]!, app);
  expect(written()).toMatchObject({
    description: 'superseded by deployment 2; its approvals count no more',
  });
});

test('a lock ends nothing, and is over as soon as it is bound', async () => {
  const { app, view, written } = await appWith('comment:1:1:0');
  const { job, policy } = { job: draftJob('x'), policy: 'b'.repeat(40) };
  const { environment, sha, actor, repository, reply } = job;
  const ask = { environment, sha, actor, repository, reply, policy };
  const cause = 'comment:1:2:0';
  const params = { reason: 'holidays' };
  await issueJob(stateDraft({ ...ask, operation: 'lock', cause, params }), app);
  const { facts, deployments, running } = await view();
  expect(await supersedeOlder(await view(), deployments[1]!, app)).toEqual([]);
  expect(facts.lock).toMatchObject({ by: 'ada', reason: 'holidays' });
  expect(running?.deployment).toBe(1);
  expect(written()).toMatchObject({ state: 'success', description: 'lock by ada: holidays' });
});
