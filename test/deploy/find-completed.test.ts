import { expect, test } from 'vitest';
import type { LoggedJob, LoggedRecord } from '../../src/deploy/admit.ts';
import { findCompleted } from '../../src/deploy/find-completed.ts';
import { foldEnvironment } from '../../src/deploy/fold-environment.ts';
import type { Operation } from '../../src/model/job.ts';
import type { UnitState } from '../../src/model/unit.ts';
import { jobOf, loggedJob, recorder } from '../support/jobs.ts';

const [a, b] = ['a'.repeat(40), 'b'.repeat(40)];
const hints = { nothing: '/deploy production', other: 'another' };
const oneHost = [{ name: 'web', kind: 'service', wave: 0, hosts: ['web-1'] }];

type Past = readonly [sha: string, end: UnitState, operation?: Operation, only?: 'web'];

/** The goal of a rollback where deployments 1, 2 … were of these commits and ended so. */
async function goal(past: readonly Past[], to: string | null): Promise<number> {
  const jobs: LoggedJob[] = [];
  const records: LoggedRecord[] = [];
  for (const [index, [sha, end, operation = 'deploy', only]] of past.entries()) {
    const targets = operation === 'lock' ? [] : oneHost;
    const draft = { targets, sha, operation, flags: only ? { only } : {} };
    const logged = await loggedJob(
      index + 1,
      jobOf(`cause ${index}`, jobs.at(-1)?.digest ?? null, draft),
    );
    const write = recorder(logged);
    jobs.push(logged);
    records.push(write.bound());
    if (targets.length === 0) continue;
    if (end !== 'planned') records.push(write.unit('web-1', 'applying'));
    if (end === 'rolled-back') records.push(write.unit('web-1', 'rolling-back'));
    records.push(write.unit('web-1', end));
  }
  const view = foldEnvironment('production', { jobs, records });
  return findCompleted('production', view, to, hints).deployment;
}

const both: readonly Past[] = [
  [a, 'done'],
  [b, 'done'],
];
const locked: Past = [a, 'done', 'lock'];
const planned: Past = [b, 'planned', 'plan'];
const alone: Past = [b, 'done', 'deploy', 'web'];

test.each<readonly [string, readonly Past[], string | null, number]>([
  ['to the commit before the last good one', both, null, 1],
  ['after a failure half-way to the last good one itself', [both[0]!, [b, 'failed']], null, 1],
  ['the same, though people locked it since', [...both, [a, 'failed'], locked], null, 2],
  ['after a deployment of one target to the last good one itself', [both[0]!, alone], null, 1],
  ['to a commit by its first digits', both, '@aaaaaaa', 1],
  ['to a commit', both, a, 1],
  ['to a deployment', both, '1', 1],
  ['to a deployment, as GitHub writes it', both, '#1', 1],
])('it goes %s', async (_name, past, to, deployment) => {
  expect(await goal(past, to)).toBe(deployment);
});

test.each<readonly [string, readonly Past[], string | null, string, string]>([
  ['nothing was deployed', [], null, 'nothing_to_roll_back_to', hints.nothing],
  ['one commit completed', [both[0]!], null, 'nothing_to_roll_back_to', hints.nothing],
  [
    'the commit did not complete',
    [both[0]!, [b, 'rolled-back']],
    b,
    'not_completed_here',
    hints.other,
  ],
  // Going back asks for no approval: whoever may ask for a plan must not come in by it.
  [
    'the commit was only looked at by a plan',
    [both[0]!, planned],
    b,
    'not_completed_here',
    hints.other,
  ],
  [
    'only one target of the commit completed',
    [both[0]!, alone],
    b,
    'not_completed_here',
    hints.other,
  ],
  ['the deployment is a plan', [both[0]!, planned], '2', 'not_completed_here', hints.other],
  [
    'the commit was only the branch’s while people locked it',
    [both[0]!, [b, 'done', 'lock']],
    b,
    'not_completed_here',
    hints.other,
  ],
])('it is refused when %s', async (_name, past, to, code, hint) => {
  await expect(goal(past, to)).rejects.toMatchObject({ code, hint });
});

test('without a view of the environment nothing has completed there', () => {
  expect(() => findCompleted('production', undefined, null, hints)).toThrow(
    expect.objectContaining({ code: 'nothing_to_roll_back_to' }),
  );
});
