import { expect, test } from 'vitest';
import type { LoggedRecord } from '../../src/deploy/admit.ts';
import { foldEnvironment } from '../../src/deploy/fold-environment.ts';
import { digestOf } from '../../src/model/digest.ts';
import { hostNotes } from '../../src/notify/host-notes.ts';
import { notesOf } from '../../src/notify/notes-of.ts';
import { hostNames, jobOf, loggedJob, recorder } from '../support/jobs.ts';

const targets = [{ name: 'web', kind: 'service', wave: 0, hosts: [...hostNames] }];
const job = await loggedJob(1, jobOf('comment:1:1:0', null, { targets }));
const place = { repository: { name: 'acme/shop', url: null }, linkOf: () => null };
const plan = digestOf('a plan');

type Say = ReturnType<typeof recorder>;
type Make = (say: Say) => readonly LoggedRecord[];

function environmentOf(make: Make, on = job) {
  const say = recorder(on);
  return foldEnvironment('production', { jobs: [on], records: [say.bound(), ...make(say)] });
}

function told(make: Make, on = job) {
  const [view] = environmentOf(make, on).deployments;
  return notesOf(view!, 'web-1 failed: disk', place);
}

const everywhere = (say: Say, state: 'done' | 'applying') =>
  hostNames.map((host) => say.unit(host, state));
const asks = (say: Say) =>
  hostNames.map((host) => say.unit(host, 'planned', { reason: 'awaiting_approval', plan }));

test.each<[string, Make, readonly string[]]>([
  ['nothing of what only waits', () => [], []],
  ['nothing while it only plans', (say) => [say.unit('web-1', 'planned', { plan })], []],
  ['that it has begun', (say) => [say.unit('web-1', 'applying')], ['started']],
  ['that all of it is done', (say) => everywhere(say, 'done'), ['started', 'completed']],
  ['that people are asked, once all plans are there', asks, ['awaiting-approval']],
  ['nothing before', (say) => asks(say).slice(0, 1), []],
  [
    'that it failed',
    (say) => [say.unit('web-1', 'applying'), say.unit('web-1', 'failed')],
    ['started', 'failed'],
  ],
  [
    'that it went back',
    (say) => [say.unit('web-1', 'applying'), say.unit('web-1', 'rolled-back')],
    ['started', 'rolled-back'],
  ],
  ['nothing of what people took back', (say) => [say.act('cancelled')], []],
])('tells %s', (_, make, events) => {
  expect(told(make).map(({ event }) => event)).toEqual(events);
});

test.each(['lock', 'plan'] as const)('tells nothing of a job that is a %s', async (operation) => {
  const other = await loggedJob(1, jobOf('comment:1:1:0', null, { targets, operation }));
  expect(told((say) => [say.unit('web-1', 'planned', { plan })], other)).toEqual([]);
});

test.each([
  ['build_failed', 'build'],
  ['disk_full', 'apply'],
  ['not_allowed_here', null],
] as const)('names the step of %s: %s', (reason, step) => {
  const begins = (say: Say) => (step === null ? [] : [say.unit('web-1', 'applying')]);
  const notes = told((say) => [...begins(say), say.unit('web-1', 'failed', { reason })]);
  expect(notes.at(-1)).toMatchObject({
    event: 'failed',
    step,
    reason,
    message: 'web-1 failed: disk',
  });
});

test('a plan that took the place of another is asked about anew', () => {
  const idOf = (make: Make) => told(make).at(-1)?.id;
  const again = (say: Say) =>
    hostNames.map((host) =>
      say.unit(host, 'planned', {
        reason: 'awaiting_approval',
        plan: digestOf('another'),
        attempt: 2,
      }),
    );
  expect(idOf(asks)).toBe(idOf(asks));
  expect(idOf((say) => [...asks(say), ...again(say)])).not.toBe(idOf(asks));
});

test.each([
  ['drifted', 'drifted'],
  ['held', 'operator'],
] as const)('a host that is %s is out of sync', (state, reason) => {
  const environment = environmentOf((say) => [
    ...everywhere(say, 'done'),
    say.host('web-2', state, 1),
  ]);
  const notes = hostNotes(environment, place);
  expect(notes).toMatchObject([{ event: 'out-of-sync', hosts: ['web-2'], reason }]);
});

test('a host that was mended or given back is not', () => {
  const environment = environmentOf((say) => [
    ...everywhere(say, 'done'),
    say.host('web-2', 'drifted', 1),
    say.host('web-2', 'healed', 2),
  ]);
  expect(hostNotes(environment, place)).toEqual([]);
});
