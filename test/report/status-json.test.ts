import { expect, test } from 'vitest';
import { statusJson } from '../../src/report/status-json.ts';
import { sampleDeployment, sampleEnvironment, sampleJob, sha } from './samples.ts';

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
