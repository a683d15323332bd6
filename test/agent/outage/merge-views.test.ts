import { expect, test } from 'vitest';
import type { Hold } from '../../../src/agent/outage/holds.ts';
import { factsBeside, mergeViews } from '../../../src/agent/outage/merge-views.ts';
import { foldEnvironment, type EnvironmentView } from '../../../src/deploy/fold-environment.ts';
import type { JobDraft } from '../../../src/deploy/issue.ts';
import { jobOf, loggedJob, recorder } from '../../support/jobs.ts';

const own = (hold?: Hold | null) => ({ host: 'web-1', hold });
const targets = [{ name: 'web', kind: 'service', wave: 0, hosts: ['web-1'] }];
const hold = { by: 'alice', since: 30, work: {} as Hold['work'] };

/** Jobs in order, each taken at the time that is its number and, where it changes anything, completed. */
async function ledger(...asked: readonly (readonly [number, Partial<JobDraft>])[]) {
  let view: EnvironmentView = foldEnvironment('production', { jobs: [], records: [] });
  const [jobs, records] = [[] as Awaited<ReturnType<typeof loggedJob>>[], [] as object[]];
  for (const [at, changes] of asked) {
    const isState = changes.targets?.length === 0;
    const job = await loggedJob(at, jobOf(`job ${at}`, view.head, { targets, ...changes }));
    jobs.push(job);
    const say = recorder(job, at);
    records.push(say.bound(), ...(isState ? [] : [say.unit('web-1', 'done')]));
    view = foldEnvironment('production', { jobs, records: records as never });
  }
  return view;
}

const state = (operation: JobDraft['operation']) => ({ operation, targets: [], roster: [] });
const commit = (digit: string) => ({ sha: digit.repeat(40) });

test.each([
  ['GitHub alone', ['lock'], [], 'GitHub'],
  ['people alone', [], ['lock'], 'people'],
  ['both', ['lock'], ['lock'], 'people'],
  ['people, who took it back', [], ['lock', 'unlock'], null],
  ['GitHub, and people took it back', ['lock'], ['unlock'], null],
  ['GitHub took back its own', ['lock', 'unlock'], [], null],
  ['GitHub took back its own, people did not', ['lock', 'unlock'], ['lock'], 'people'],
] as const)('a lock of %s', async (_, github, local, whose) => {
  const there = await ledger(
    ...github.map((operation, place) => [place + 1, state(operation)] as const),
  );
  const here = await ledger(
    ...local.map((operation, place) => [place + 10, state(operation)] as const),
  );
  const { lock } = factsBeside(there.facts, here, own());
  expect(lock && (lock.since >= 10 ? 'people' : 'GitHub')).toBe(whose);
});

test('a lock of GitHub that came after people unlocked holds', async () => {
  const there = await ledger([20, state('lock')]);
  const here = await ledger([10, state('unlock')]);
  expect(factsBeside(there.facts, here, own()).lock).not.toBeNull();
});

test('of its own hold the host knows best, of others GitHub', async () => {
  const there = await ledger([1, {}]);
  const held = [
    { host: 'web-1', since: 1 },
    { host: 'web-2', since: 2 },
  ];
  const facts = { ...there.facts, held };
  expect(factsBeside(facts, undefined, own()).held).toEqual(held);
  expect(factsBeside(facts, undefined, own(null)).held).toEqual([held[1]]);
  expect(factsBeside(facts, undefined, own(hold)).held).toEqual([
    held[1],
    { host: 'web-1', since: 30, by: 'alice' },
  ]);
});

test('what runs is what completed last, whichever ledger it stands in', async () => {
  const there = await ledger([1, commit('1')], [2, commit('2')]);
  const here = await ledger([10, { ...commit('1'), operation: 'rollback' }]);
  const view = mergeViews('production', there, here, own(hold));
  expect(view.deployments.map(({ deployment }) => deployment)).toEqual([1, 2, 10]);
  expect(view).toMatchObject({
    lastGood: { deployment: 10 },
    previousGood: { deployment: 2 },
    desired: { deployment: 10 },
  });
  const later = await ledger([1, commit('1')], [20, commit('3')]);
  expect(mergeViews('production', later, here, own(null))).toMatchObject({
    lastGood: { deployment: 20 },
    desired: { deployment: 20 },
  });
});

test('without a ledger of people it is what GitHub tells; without both there is nothing', async () => {
  const there = await ledger([1, commit('1')]);
  expect(mergeViews('production', there, undefined, own())).toEqual(there);
  expect(mergeViews('production', undefined, undefined, own()).deployments).toEqual([]);
});
