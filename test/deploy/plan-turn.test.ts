import { expect, test } from 'vitest';
import type { LoggedJob, LoggedRecord } from '../../src/deploy/admit.ts';
import { foldEnvironment } from '../../src/deploy/fold-environment.ts';
import { whoseTurn } from '../../src/deploy/whose-turn.ts';
import { shortDigest } from '../../src/deploy/record-codec.ts';
import { digestOf } from '../../src/model/digest.ts';
import { hostNames, jobOf, loggedJob, recorder } from '../support/jobs.ts';

const onWeb = { targets: [{ name: 'web', kind: 'files', wave: 0, hosts: [...hostNames] }] };
const job = await loggedJob(1, jobOf('comment:1:1:0', null, onWeb));
const look = await loggedJob(
  2,
  jobOf('comment:1:2:0', job.digest, { ...onWeb, operation: 'plan' }),
);
const plan = shortDigest(digestOf('a plan'));
const asking = { reason: 'awaiting_approval', plan } as const;

type Say = ReturnType<typeof recorder>;

/** What each host is told, in the order of the roster. */
function turns(
  jobs: readonly LoggedJob[],
  planFirst: boolean,
  make: (first: Say, second: Say) => readonly LoggedRecord[],
): readonly string[] {
  const [first, second] = [recorder(job), recorder(look)];
  const bound = jobs.map((each) => (each === job ? first : second).bound());
  const view = foldEnvironment('production', { jobs, records: [...bound, ...make(first, second)] });
  return hostNames.map((host) => {
    const turn = whoseTurn(view, host, { planFirst, now: 0 });
    return turn.kind === 'idle' ? 'idle' : `${turn.kind} ${turn.deployment}`;
  });
}

test.each<[string, (say: Say) => readonly LoggedRecord[], readonly string[]]>([
  ['all plan at once', () => [], ['plan 1', 'plan 1', 'plan 1']],
  [
    'whoever has planned waits for the others',
    (say) => [say.unit('web-1', 'planned', asking)],
    ['wait 1', 'plan 1', 'plan 1'],
  ],
  [
    'when all have planned, the first acts',
    (say) => hostNames.map((host) => say.unit(host, 'planned', asking)),
    ['act 1', 'wait 1', 'wait 1'],
  ],
  [
    'whoever waits for a window keeps its plan and its turn',
    (say) => [
      ...hostNames.map((host) => say.unit(host, 'planned', asking)),
      say.unit('web-1', 'waiting', { reason: 'window_closed', attempt: 2 }),
    ],
    ['act 1', 'wait 1', 'wait 1'],
  ],
  [
    'a host that could not plan ends it',
    (say) => [
      say.unit('web-2', 'planned', asking),
      say.unit('web-1', 'failed', { reason: 'plan_failed' }),
    ],
    ['idle', 'idle', 'idle'],
  ],
])('where people approve: %s', (_name, make, expected) => {
  expect(turns([job], true, make)).toEqual(expected);
});

test('where one host asks, the others plan too: people approve all plans together', () => {
  const breaking = { reason: 'breaking_change', plan } as const;
  expect(turns([job], false, (say) => [say.unit('web-1', 'planned', breaking)])).toEqual([
    'wait 1',
    'plan 1',
    'plan 1',
  ]);
});

test('a job that only plans waits for nobody', () => {
  const asked = (first: Say) => hostNames.map((host) => first.unit(host, 'planned', asking));
  expect(turns([job, look], true, asked)).toEqual(['plan 2', 'plan 2', 'plan 2']);
  const some = (first: Say, second: Say) => [...asked(first), second.unit('web-1', 'planned')];
  expect(turns([job, look], true, some)).toEqual(['act 1', 'plan 2', 'plan 2']);
});

test('what is being changed is gone on with before anything is planned', () => {
  const began = (first: Say) => [first.unit('web-1', 'applying')];
  expect(turns([job, look], false, began)).toEqual(['act 1', 'plan 2', 'plan 2']);
});

test('units that had nothing to change are not rolled back', () => {
  const broken = (say: Say) => [
    say.unit('web-1', 'done', { reason: 'nothing_to_change' }),
    say.unit('web-2', 'applying'),
    say.unit('web-2', 'rolled-back', { reason: 'unhealthy' }),
  ];
  expect(turns([job], false, broken)).toEqual(['idle', 'idle', 'idle']);
});

test('a job that only plans ends with its plans, and nobody can make more of it', () => {
  const say = recorder(look);
  const records = [
    recorder(job).bound(),
    say.bound(),
    ...hostNames.map((host) => say.unit(host, 'planned', { plan })),
    say.unit('web-1', 'applying'),
    say.unit('web-2', 'done'),
  ];
  const [, view] = foldEnvironment('production', { jobs: [job, look], records }).deployments;
  expect(view).toMatchObject({ state: 'completed', over: true });
  expect(view!.units.map(({ state }) => state)).toEqual(['planned', 'planned', 'planned']);
});
