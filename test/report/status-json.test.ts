import { expect, test } from 'vitest';
import { statusJson } from '../../src/report/status-json.ts';
import { sampleDeployment, sampleEnvironment, sampleJob, sha, start } from './samples.ts';

const [old, good] = [
  sampleDeployment(1, { job: sampleJob({ sha: 'b'.repeat(40) }) }),
  sampleDeployment(2),
];

test('the newest commit that completed is what runs', () => {
  expect(statusJson([{ view: sampleEnvironment([old, good]), seen: [] }])).toEqual({
    schema: 1,
    ok: true,
    environments: [
      {
        name: 'production',
        health: 'healthy',
        sync: 'synced',
        commit: sha,
        deployment: '2',
        since: '2026-05-01T12:00:05.000Z',
        staged: [],
        desired: sha,
        waits: null,
        lock: null,
        pause: null,
        held: [],
        quarantined: [],
        hosts: [
          {
            name: 'web-1',
            state: 'done',
            health: 'unknown',
            commit: sha,
            since: '2026-05-01T12:00:05.000Z',
            targets: [{ name: 'web', slot: null, version: 'aaaaaaa', health: 'unknown' }],
          },
        ],
      },
    ],
  });
});

test('what was seen on a host replaces what the ledger guesses', () => {
  const seen = [
    { host: 'web-1', name: 'web', slot: 'green', version: 'v1.2.0', health: 'unhealthy' as const },
  ];
  const [environment] = statusJson([{ view: sampleEnvironment([good]), seen }]).environments;
  expect(environment).toMatchObject({
    health: 'unhealthy',
    hosts: [{ targets: [{ name: 'web', slot: 'green', version: 'v1.2.0', health: 'unhealthy' }] }],
  });
});

test.each([
  ['nothing yet', sampleEnvironment([]), 'unknown', 'unknown'],
  [
    'under way',
    sampleEnvironment([
      old,
      sampleDeployment(2, { state: 'applying', over: false, endedAt: null }),
    ]),
    'progressing',
    'syncing',
  ],
  [
    'rolled back',
    sampleEnvironment([old, sampleDeployment(2, { state: 'rolled-back' })]),
    'healthy',
    'out-of-sync',
  ],
  [
    'failed',
    sampleEnvironment([old, sampleDeployment(2, { state: 'failed' })]),
    'degraded',
    'out-of-sync',
  ],
])('health and sync when %s', (_name, view, health, sync) => {
  expect(statusJson([{ view, seen: [] }]).environments[0]).toMatchObject({ health, sync });
});

const target = { host: 'web-1', name: 'web', slot: null, version: 'v1' };
const failed = sampleDeployment(3, { state: 'failed' });

test.each([
  ['the worst target of the worst host', [old, good], ['healthy', 'degraded'], 'degraded'],
  ['one that cannot be told is as the ledger has it', [old, good], ['unknown'], 'healthy'],
  ['and after a failure that is not well', [good, failed], ['unknown'], 'degraded'],
] as const)('health: %s', (_what, deployments, healths, expected) => {
  const seen = healths.map((health, index) => ({ ...target, host: `web-${index}`, health }));
  const view = sampleEnvironment(deployments);
  expect(statusJson([{ view, seen }]).environments[0]!.health).toBe(expected);
});

test('what a target gave to others is told, where its kind gives something', () => {
  const seen = [
    { ...target, health: 'healthy' as const, outputs: { address: '10.0.0.1' } },
    { ...target, name: 'plain', health: 'healthy' as const },
  ];
  const [environment] = statusJson([{ view: sampleEnvironment([good]), seen }]).environments;
  expect(environment!.hosts[0]!.targets).toEqual([
    { name: 'web', slot: null, version: 'v1', health: 'healthy', outputs: { address: '10.0.0.1' } },
    { name: 'plain', slot: null, version: 'v1', health: 'healthy' },
  ]);
});

test('what a host says of itself counts: drift, and people who act on it', () => {
  const hosts = new Map([['web-1', { state: 'drifted' as const }]]);
  const facts = sampleEnvironment([]).facts;
  const held = { ...facts, held: [{ host: 'web-1', since: 0 }] };
  const syncOf = (over: object) =>
    statusJson([{ view: sampleEnvironment([good], over), seen: [] }]).environments[0]!.sync;
  expect(syncOf({ hosts })).toBe('out-of-sync');
  expect(syncOf({ facts: held })).toBe('held');
  expect(syncOf({})).toBe('synced');
});

test('a deployment that waits is no change under way, and says for what', () => {
  const units = [{ ...good.units[0]!, state: 'planned', reason: 'awaiting_approval' }] as const;
  const waiting = sampleDeployment(4, {
    job: sampleJob({ sha: 'c'.repeat(40) }),
    state: 'awaiting-approval',
    over: false,
    endedAt: null,
    units,
  });
  expect(statusJson([{ view: sampleEnvironment([good, waiting]), seen: [] }])).toMatchObject({
    environments: [
      {
        sync: 'out-of-sync',
        desired: 'c'.repeat(40),
        waits: {
          deployment: '4',
          reason: 'awaiting_approval',
          message: 'ccccccc waits for an approval',
        },
      },
    ],
  });
});

test('a pause that has ended by itself is not told any more', () => {
  const pause = { by: 'ada', reason: 'cut over', since: start, until: start + 1000 };
  const { facts } = sampleEnvironment([]);
  const paused = sampleEnvironment([good], { facts: { ...facts, pause } });
  const pauseAt = (at?: number) =>
    statusJson([{ view: paused, seen: [], ...(at === undefined ? {} : { at }) }]).environments[0]!
      .pause;
  expect(pauseAt()).toMatchObject({ by: 'ada' });
  expect(pauseAt(start + 999)).toMatchObject({ by: 'ada' });
  expect(pauseAt(start + 1000)).toBeNull();
});
