import { expect, test } from 'vitest';
import type { LoggedRecord } from '../../src/deploy/admit.ts';
import { foldEnvironment } from '../../src/deploy/fold-environment.ts';
import { picturesOf } from '../../src/deploy/host-pictures.ts';
import type { Rollout } from '../../src/model/job.ts';
import { recorder, rolloutJob } from '../support/rollouts.ts';

type Say = ReturnType<typeof recorder>;

/** A line a host. */
async function pictured(
  rollout: Partial<Rollout>,
  make: (say: Say) => readonly LoggedRecord[],
  { waves = [0], silent = new Map<string, number>() } = {},
): Promise<string> {
  const job = await rolloutJob({ hosts: 4, rollout, waves });
  const say = recorder(job);
  const records = [say.bound(), ...make(say)];
  const view = foldEnvironment('production', { jobs: [job], records }).deployments[0]!;
  const lines = picturesOf(view, 5_000, silent).map(
    ({ host, batch, state, waits }) => `${host} | ${batch} | ${state} | ${waits ?? ''}`,
  );
  return `\n${lines.join('\n')}\n`;
}

const two = { canary: 1, batch: 2, max_unavailable: 2 };

test('the canary at work, the others behind it', async () => {
  expect(await pictured(two, (say) => [say.unit('h1', 'applying')])).toBe(`
h1 | canary | applying | 
h2 | batch 1 | waiting | h1
h3 | batch 1 | waiting | h1
h4 | batch 2 | waiting | h1
`);
});

test('a pause before a batch', async () => {
  const rollout = { ...two, pause: 60_000 };
  expect(await pictured(rollout, (say) => [say.unit('h1', 'done')])).toBe(`
h1 | canary | done | 
h2 | batch 1 | waiting | the end of the pause at 1970-01-01T00:01:01Z
h3 | batch 1 | waiting | the end of the pause at 1970-01-01T00:01:01Z
h4 | batch 2 | waiting | the end of the pause at 1970-01-01T00:01:01Z
`);
});

test('a host that is not heard of', async () => {
  const make = (say: Say) => [say.unit('h1', 'done'), say.unit('h2', 'done')];
  expect(await pictured(two, make, { silent: new Map([['h3', 1_000]]) })).toBe(`
h1 | canary | done | 
h2 | batch 1 | done | 
h3 | batch 1 | waiting | not heard of since 1970-01-01T00:00:01Z
h4 | batch 2 | waiting | h3
`);
});

test('a host that is left out', async () => {
  const make = (say: Say) => [say.act('skipped', { reason: 'host_skipped', subject: 0 })];
  expect(await pictured({ ...two, down: 'skip' }, make)).toBe(`
h2 | canary | waiting | 
h3 | batch 1 | waiting | h2
h4 | batch 1 | waiting | h2
h1 | late | left out | its return
`);
});

test('the way back', async () => {
  const make = (say: Say) => [
    say.unit('h1', 'done'),
    say.unit('h2', 'done'),
    say.unit('h3', 'rolled-back'),
    say.unit('h2', 'rolling-back'),
  ];
  expect(await pictured(two, make)).toBe(`
h1 | canary | done | h2
h2 | batch 1 | rolling-back | 
h3 | batch 1 | rolled-back | 
h4 | batch 2 | waiting | 
`);
});

test('several waves are named', async () => {
  const make = (say: Say) => ['h1', 'h2', 'h3', 'h4'].map((host) => say.unit(host, 'done'));
  expect(await pictured(two, make, { waves: [-1, 3] })).toBe(`
h1 | wave 3, canary | waiting | 
h2 | wave 3, batch 1 | waiting | h1
h3 | wave 3, batch 1 | waiting | h1
h4 | wave 3, batch 2 | waiting | h1
`);
});

test('hosts that follow each other one by one are told of by their units', async () => {
  const job = await rolloutJob({ hosts: 2 });
  const view = foldEnvironment('production', { jobs: [job], records: [] }).unbound[0]!;
  expect(picturesOf(view, 0)).toEqual([]);
});
