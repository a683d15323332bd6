import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EventLog, LoggedJob, LoggedRecord } from '../../src/deploy/admit.ts';
import { foldEnvironment } from '../../src/deploy/fold-environment.ts';
import { spansOf } from '../../src/deploy/reading-depth.ts';
import type { JobDraft } from '../../src/deploy/issue.ts';
import type { Operation } from '../../src/model/job.ts';
import { jobOf, loggedJob, recorder } from '../support/jobs.ts';

type Ending = 'done' | 'staged' | 'broken' | 'refused' | 'open' | 'cancelled';
type Ask = readonly [Operation, string, Ending?, Partial<JobDraft>?];

const sha = (letter: string) => letter.repeat(40);
const onWeb = [{ name: 'web', kind: 'service', wave: 0, hosts: ['web-1'] }];
const stateOperations: readonly Operation[] = [
  'lock',
  'unlock',
  'pause',
  'resume',
  'release-quarantine',
];

/** A log of these jobs one after the other, each with its end. */
async function logOf(asks: readonly Ask[]): Promise<EventLog> {
  const jobs: LoggedJob[] = [];
  const records: LoggedRecord[] = [];
  for (const [place, [operation, letter, ending = 'done', changes = {}]] of asks.entries()) {
    const targets = stateOperations.includes(operation) ? [] : onWeb;
    const draft = { operation, sha: sha(letter), targets, ...changes };
    const prev = jobs.at(-1)?.digest ?? null;
    const job = await loggedJob(place + 1, jobOf(`comment:1:${place}:0`, prev, draft));
    jobs.push(job);
    records.push(...endOf(job, ending));
  }
  return { jobs, records };
}

function endOf(job: LoggedJob, ending: Ending): readonly LoggedRecord[] {
  const say = recorder(job);
  const bound = say.bound();
  if (job.job.targets.length === 0 || ending === 'open') return [bound];
  if (ending === 'cancelled') return [bound, say.act('cancelled')];
  if (job.job.operation === 'plan') return [bound, say.unit('web-1', 'planned')];
  if (ending === 'refused')
    return [bound, say.unit('web-1', 'failed', { reason: 'not_reachable' })];
  const began = say.unit('web-1', 'applying');
  if (ending === 'staged') return [bound, began, say.unit('web-1', 'done', { reason: 'staged' })];
  return ending === 'done'
    ? [bound, began, say.unit('web-1', 'done')]
    : [bound, began, say.unit('web-1', 'rolled-back', { reason: 'unhealthy' })];
}

const viewOf = async (...asks: readonly Ask[]) => foldEnvironment('production', await logOf(asks));
const quarantined = async (...asks: readonly Ask[]) =>
  (await viewOf(...asks)).facts.quarantined.map((entry) => entry.sha[0]).join('');

test('the last word of people counts, with who said it, why and until when', async () => {
  const until = '2026-01-05T00:00:00.000Z';
  const { facts } = await viewOf(
    ['lock', 'a', 'done', { params: { reason: 'holidays' } }],
    ['pause', 'a', 'done', { params: { until } }],
  );
  expect(facts.lock).toEqual({ by: 'ada', person: 7, reason: 'holidays', since: 1, until: null });
  expect(facts.pause).toEqual({
    by: 'ada',
    person: 7,
    reason: '',
    since: 2,
    until: Date.parse(until),
  });
  const after = await viewOf(['lock', 'a'], ['pause', 'a'], ['unlock', 'a'], ['resume', 'a']);
  expect(after.facts).toMatchObject({ lock: null, pause: null });
});

test('an end that nobody can read is none', async () => {
  const { facts } = await viewOf(['pause', 'a', 'done', { params: { until: 'soon' } }]);
  expect(facts.pause).toMatchObject({ until: null });
});

test('a job that touches no target is completed as soon as it is bound', async () => {
  const view = await viewOf(['lock', 'a'], ['release-quarantine', 'b']);
  expect(view.deployments).toMatchObject([
    { state: 'completed', over: true },
    { state: 'completed', over: true },
  ]);
  expect(view).toMatchObject({ running: null, lastGood: null, desired: null });
});

test.each<[string, readonly Ask[], string]>([
  [
    'a deployment that went back',
    [
      ['deploy', 'a'],
      ['deploy', 'b', 'broken'],
    ],
    'b',
  ],
  ['one that was refused before anything changed', [['deploy', 'b', 'refused']], ''],
  ['one that was cancelled', [['deploy', 'b', 'cancelled']], ''],
  ['one that still runs', [['deploy', 'b', 'open']], ''],
  [
    'what people went back from',
    [
      ['deploy', 'a'],
      ['deploy', 'b'],
      ['rollback', 'a'],
    ],
    'b',
  ],
  [
    'what a machine went back from',
    [
      ['deploy', 'a'],
      ['deploy', 'b'],
      ['rollback', 'a', 'done', { flags: { auto: true } }],
    ],
    '',
  ],
  [
    'a way back that failed',
    [
      ['deploy', 'a'],
      ['deploy', 'b'],
      ['rollback', 'a', 'broken'],
    ],
    '',
  ],
  [
    'a way back to where it is',
    [
      ['deploy', 'a'],
      ['rollback', 'a'],
    ],
    '',
  ],
  [
    'a commit that was released',
    [
      ['deploy', 'b', 'broken'],
      ['release-quarantine', 'b'],
    ],
    '',
  ],
  [
    'another commit that was released',
    [
      ['deploy', 'b', 'broken'],
      ['release-quarantine', 'a'],
    ],
    'b',
  ],
  [
    'one that broke again',
    [
      ['deploy', 'b', 'broken'],
      ['release-quarantine', 'b'],
      ['deploy', 'b', 'broken'],
    ],
    'b',
  ],
  [
    'one that a person forces',
    [
      ['deploy', 'b', 'broken'],
      ['deploy', 'b', 'open', { flags: { 'force-quarantined': true } }],
    ],
    '',
  ],
  [
    'one of which a person forces a single target',
    [
      ['deploy', 'b', 'broken'],
      ['deploy', 'b', 'done', { flags: { 'force-quarantined': true, only: 'web' } }],
    ],
    'b',
  ],
  [
    'one of which a person goes back to a single target',
    [
      ['deploy', 'a'],
      ['deploy', 'b'],
      ['rollback', 'a'],
      ['rollback', 'b', 'done', { flags: { only: 'web' } }],
    ],
    'ba',
  ],
  [
    'one whose forcing was taken back',
    [
      ['deploy', 'b', 'broken'],
      ['deploy', 'b', 'cancelled', { flags: { 'force-quarantined': true } }],
    ],
    'b',
  ],
  [
    'one that was deployed again without force',
    [
      ['deploy', 'b', 'broken'],
      ['deploy', 'b', 'refused'],
    ],
    'b',
  ],
  [
    'the next commit goes ahead',
    [
      ['deploy', 'b', 'broken'],
      ['deploy', 'c'],
    ],
    'b',
  ],
  [
    'a way back to it',
    [
      ['deploy', 'a'],
      ['deploy', 'b'],
      ['rollback', 'a'],
      ['rollback', 'b'],
    ],
    'a',
  ],
  [
    'after five commits nobody asks',
    [
      ['deploy', 'f', 'broken'],
      ...['a', 'b', 'c', 'd', 'e'].map((letter): Ask => ['deploy', letter]),
    ],
    '',
  ],
])('quarantine: %s', async (_what, asks, expected) => {
  expect(await quarantined(...asks)).toBe(expected);
});

test('plans and locks are neither good nor desired, and wait for nothing', async () => {
  const view = await viewOf(
    ['deploy', 'a'],
    ['deploy', 'b'],
    ['lock', 'c'],
    ['plan', 'd'],
    ['deploy', 'e', 'open'],
    ['plan', 'd', 'open'],
    ['deploy', 'f', 'cancelled'],
  );
  expect([view.lastGood, view.previousGood, view.desired].map((each) => each?.job.sha[0])).toEqual([
    'b',
    'a',
    'e',
  ]);
  expect(view.running?.deployment).toBe(5);
  expect(view.queue).toEqual([]);
  expect(view.plans.map(({ deployment }) => deployment)).toEqual([6]);
});

test('a host is held until it is released, and its highest number counts', async () => {
  const { jobs, records } = await logOf([['deploy', 'a']]);
  const say = recorder(jobs[0]!, 5000);
  const fold = (more: readonly LoggedRecord[]) =>
    foldEnvironment('production', { jobs, records: [...records, ...more] });
  const held = fold([say.host('web-1', 'held', 1), say.host('web-1', 'drifted', 2)]);
  expect(held.facts.held).toEqual([{ host: 'web-1', since: 5001 }]);
  expect(held.hosts.get('web-1')).toMatchObject({ state: 'drifted', number: 2, deployment: 1 });
  expect(fold([say.host('web-1', 'held', 1), say.host('web-1', 'released', 2)]).facts.held).toEqual(
    [],
  );
  const late = fold([say.host('web-2', 'released', 2), say.host('web-2', 'held', 1)]);
  expect(late.facts.held).toEqual([]);
});

const anyAsk: fc.Arbitrary<Ask> = fc.tuple(
  fc.constantFrom<Operation>(
    ...(['deploy', 'deploy', 'deploy', 'rollback', 'switch', 'plan'] as const),
    ...stateOperations,
  ),
  fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', '0'),
  fc.constantFrom<Ending>('done', 'done', 'done', 'staged', 'broken', 'refused', 'cancelled'),
  fc.constantFrom<Partial<JobDraft>>(
    {},
    {},
    { flags: { from: '2' } },
    { flags: { 'force-quarantined': true } },
  ),
);

test('whoever read back as far as it needs comes to the same facts, however far back that is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyAsk, { minLength: 8, maxLength: 25 }), async (asks) => {
      const { jobs, records } = await logOf(asks);
      const whole = foldEnvironment('production', { jobs, records });
      for (let from = 1; from < jobs.length; from += 1) {
        const read = jobs.slice(from);
        const said = records.filter(({ deployment }) => deployment > from);
        const view = foldEnvironment(
          'production',
          { jobs: read, records: said },
          jobs.slice(0, from),
        );
        if (!view.isDeep) continue;
        const { facts, lastGood, previousGood, head, gap, hosts, desired, staged } = view;
        expect({ facts, lastGood, previousGood, head, gap, hosts, desired, staged }).toEqual({
          facts: whole.facts,
          lastGood: whole.lastGood,
          previousGood: whole.previousGood,
          head: whole.head,
          gap: whole.gap,
          hosts: whole.hosts,
          desired: whole.desired,
          staged: whole.staged,
        });
      }
    }),
    { numRuns: 40 },
  );
});

test('every prefix of a log with words of people and of hosts is a valid log', async () => {
  const asks: Ask[] = [
    ['deploy', 'a'],
    ['lock', 'a'],
    ['deploy', 'b', 'broken'],
    ['plan', 'c'],
    ['unlock', 'a'],
    ['rollback', 'a'],
  ];
  const { jobs, records } = await logOf(asks);
  fc.assert(
    fc.property(fc.nat(jobs.length), fc.nat(records.length), (count, said) => {
      const view = foldEnvironment('production', {
        jobs: jobs.slice(0, count),
        records: records.slice(0, said),
      });
      expect(view.gap).toBeNull();
      expect(view.voided).toEqual([]);
      expect(view.facts.name).toBe('production');
    }),
  );
});

test('to fold an environment costs no look at the thousand others', async () => {
  const asks: readonly Ask[] = [
    ['deploy', 'a'],
    ['deploy', 'b'],
    ['lock', 'b'],
  ];
  const { jobs, records } = await logOf(asks);
  const everywhere = Array.from({ length: 1000 }, (_, place) => {
    const environment = `environment-${place}`;
    const shift = <Entry extends { readonly deployment: number }>(entry: Entry): Entry => ({
      ...entry,
      deployment: entry.deployment + place * asks.length,
    });
    return {
      jobs: jobs.map((entry) => ({ ...shift(entry), job: { ...entry.job, environment } })),
      records: records.map(shift),
    };
  });
  const all = everywhere.flatMap((log) => log.jobs);
  const said = everywhere.flatMap((log) => log.records);
  const began = performance.now();
  const spans = spansOf(all, said, new Set(all.map(({ deployment }) => deployment)));
  const views = [...spans].map(([name, { log, earlier }]) => foldEnvironment(name, log, earlier));
  // A fold that looks at every entry for every environment takes some seconds here.
  expect(performance.now() - began).toBeLessThan(1000);
  expect(views).toHaveLength(1000);
  for (const view of views) expect(view.facts.lock).not.toBeNull();
});
