import { expect, test } from 'vitest';
import { cancelledBy } from '../../src/agent/cancelled-by.ts';
import type { LoggedRecord } from '../../src/deploy/admit.ts';
import { foldDeployment } from '../../src/deploy/fold-deployment.ts';
import type { JournalBody } from '../../src/deploy/journal-entries.ts';
import { supersedes } from '../../src/deploy/order.ts';
import { advance, startingAt } from '../../src/deploy/resume.ts';
import { runSteps } from '../../src/deploy/run-steps.ts';
import { hostNames, jobOf, loggedJob, recorder } from '../support/jobs.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { unitOf } from './unit-of.ts';

const deploy = { operation: 'deploy', ref: 'main', flags: {} } as const;
const feature = { ...deploy, ref: 'feature' };
const ofPull = { ...deploy, ref: 'abc1234', flags: { pull: '3' } };
const auto = { ...deploy, flags: { auto: true } };

test.each([
  ['the same branch', deploy, deploy, true],
  ['another branch', feature, deploy, false],
  ['the same pull request', { ...feature, flags: { pull: '3' } }, ofPull, true],
  ['another pull request', { ...feature, flags: { pull: '4' } }, ofPull, false],
  ['what came by itself', feature, auto, true],
  ['a person’s, by what comes by itself', { ...auto, ref: 'v2' }, deploy, false],
  ['any, by a rollback', { ...feature, operation: 'rollback' as const }, deploy, true],
  ['a rollback, by another branch', feature, { ...deploy, operation: 'rollback' as const }, false],
])('a newer deployment takes the place of %s', (_words, newer, older, expected) => {
  expect(supersedes(newer, older)).toBe(expected);
});

const rules = { onFailure: 'stop', retry: null } as const;

/** Runs a unit that is cancelled while this step runs. */
async function cancelledAt(step: string) {
  const ran: string[] = [];
  const entries: JournalBody[] = [];
  let by: string | null = null;
  const unit = unitOf((name) => {
    ran.push(name);
    if (name === step) by = 'cancelled by ada';
  }, []);
  const steps = unit.steps.map((each) => ({ ...each, noReturn: each.name === 'switch' }));
  const outcome = await runSteps(startingAt('forward'), { ...unit, steps }, rules, {
    note: async (entry) => void entries.push(entry),
    clock: new VirtualClock(),
    on: () => undefined,
    isLeaving: () => false,
    cancelledBy: () => by,
    signal: new AbortController().signal,
  });
  const kept = entries.reduce(advance, startingAt('forward'));
  return { outcome, ran, kept };
}

test.each([
  ['fetch', 'failed', 'back-up'],
  ['back-up', 'failed', 'build'],
  ['build', 'rolled-back', 'start'],
  ['start', 'rolled-back', 'switch'],
])(
  'cancelled during %s it is %s before %s, whatever is to happen to failures',
  async (at, state, step) => {
    const { outcome, ran, kept } = await cancelledAt(at);
    const failure = {
      reason: 'cancelled',
      step,
      message: 'stopped before this step, cancelled by ada',
    };
    expect(outcome).toMatchObject({ state, failure });
    expect(ran).not.toContain(step);
    expect(ran.includes('switch-back')).toBe(state === 'rolled-back');
    expect(kept.failure).toMatchObject({ reason: 'cancelled', step });
  },
);

test('cancelled once the switch has begun it comes to its end', async () => {
  const { outcome, ran } = await cancelledAt('switch');
  expect(outcome).toEqual({ state: 'done' });
  expect(ran).not.toContain('switch-back');
});

const job = await loggedJob(
  1,
  jobOf('comment:1:1:0', null, {
    targets: [{ name: 'web', kind: 'service', wave: 0, hosts: [...hostNames] }],
  }),
);

function viewOf(say: (records: ReturnType<typeof recorder>) => readonly LoggedRecord[]) {
  const records = recorder(job);
  return foldDeployment(job, [records.bound(), ...say(records)]);
}

test.each<[string, string, boolean, (say: ReturnType<typeof recorder>) => LoggedRecord[]]>([
  ['before it begins', 'cancelled', true, (say) => [say.act('cancelled')]],
  ['under way', 'applying', false, (say) => [say.unit('web-1', 'applying'), say.act('cancelled')]],
  [
    'and the first host ends all the same',
    'rolling-back',
    false,
    (say) => [say.unit('web-1', 'applying'), say.act('cancelled'), say.unit('web-1', 'done')],
  ],
  [
    'and the host goes back',
    'rolled-back',
    true,
    (say) => [
      say.unit('web-1', 'applying'),
      say.act('cancelled'),
      say.unit('web-1', 'rolled-back'),
    ],
  ],
  [
    'when all hosts have ended',
    'completed',
    true,
    (say) => [...hostNames.map((host) => say.unit(host, 'done')), say.act('cancelled')],
  ],
])('cancelled %s a deployment is %s', (_words, state, over, say) => {
  const view = viewOf(say);
  expect(view).toMatchObject({ state, over });
});

test('a host reads of its unit that it was cancelled, and not of one that it mends', () => {
  const view = viewOf((say) => [say.unit('web-1', 'applying'), say.act('cancelled')]);
  const environments = new Map([['production', { deployments: [view] }]]);
  const readings = [null, { environments }] as unknown as Parameters<typeof cancelledBy>[1];
  const work = { deployment: 1, job: job.job };
  expect(cancelledBy(work, readings)).toBe('cancelled');
  expect(cancelledBy({ ...work, heal: 1 }, readings)).toBeNull();
  expect(cancelledBy({ ...work, deployment: 2 }, readings)).toBeNull();
});
