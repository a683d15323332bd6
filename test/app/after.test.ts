import { expect, test } from 'vitest';
import { closingsAfter } from '../../src/app/closings.ts';
import { foldEnvironment } from '../../src/deploy/fold-environment.ts';
import type { LoggedJob, LoggedRecord } from '../../src/deploy/admit.ts';
import type { UnitState } from '../../src/model/unit.ts';
import { jobOf, loggedJob, recorder } from '../support/jobs.ts';

const [a, b] = ['a'.repeat(40), 'b'.repeat(40)];
const oneHost = {
  targets: [{ name: 'web', kind: 'service', wave: 0, hosts: ['web-1'] }],
};

/** An environment whose deployments, 1, 2 …, deployed these commits and ended so. */
async function environment(
  ...ends: readonly (readonly [sha: string, end: UnitState | null, only?: string])[]
) {
  const jobs: LoggedJob[] = [];
  const records: LoggedRecord[] = [];
  for (const [index, [sha, end, only]] of ends.entries()) {
    const flags = only === undefined ? {} : { only };
    const job = jobOf(`cause ${index}`, jobs.at(-1)?.digest ?? null, { ...oneHost, sha, flags });
    const logged = await loggedJob(index + 1, job);
    const write = recorder(logged);
    jobs.push(logged);
    records.push(write.bound());
    if (end) records.push(write.unit('web-1', 'applying'));
    if (end === 'rolled-back') records.push(write.unit('web-1', 'rolling-back'));
    if (end) records.push(write.unit('web-1', end));
  }
  return foldEnvironment('production', { jobs, records });
}

test('a deployment that completed replaces the one before, and no state is shown twice', async () => {
  const view = await environment([a, 'done'], [b, 'done']);
  const [first, second] = view.deployments;
  expect(closingsAfter(second!, view, 'success')).toEqual([
    { deployment: 1, state: 'inactive', description: 'replaced by deployment 2' },
  ]);
  expect(closingsAfter(first!, view, 'inactive')).toEqual([]);
});

test('one target alone stands beside the whole, and both give way to the next whole one', async () => {
  const [first, second] = [[a, 'done'] as const, [b, 'done', 'web'] as const];
  const partly = await environment(first, second);
  expect(closingsAfter(partly.deployments[1]!, partly, 'success')).toEqual([]);
  const whole = await environment(first, second, [b, 'done']);
  const closed = closingsAfter(whole.deployments[2]!, whole, 'success');
  expect(closed.map(({ deployment }) => deployment)).toEqual([1, 2]);
});

test('a state that GitHub was not told is told', async () => {
  const view = await environment([a, 'rolled-back']);
  expect(closingsAfter(view.deployments[0]!, view, 'in_progress')).toEqual([
    { deployment: 1, state: 'failure', description: 'rolled-back' },
  ]);
});

test('what is under way is left to its hosts', async () => {
  const view = await environment([a, null]);
  expect(closingsAfter(view.deployments[0]!, view, 'in_progress')).toEqual([]);
});

test('a plan that is ready replaces nothing, and nothing replaces it', async () => {
  const first = await loggedJob(1, jobOf('first', null, oneHost));
  const plan = { ...oneHost, operation: 'plan' } as const;
  const second = await loggedJob(2, jobOf('second', first.digest, plan));
  const [deployed, planned] = [recorder(first), recorder(second)];
  const records = [
    deployed.bound(),
    deployed.unit('web-1', 'applying'),
    deployed.unit('web-1', 'done'),
    planned.bound(),
    planned.unit('web-1', 'planned'),
  ];
  const view = foldEnvironment('production', { jobs: [first, second], records });
  expect(closingsAfter(view.deployments[1]!, view, 'pending')).toEqual([
    { deployment: 2, state: 'success', description: 'completed' },
  ]);
});
