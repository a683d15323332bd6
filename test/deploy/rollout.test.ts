import { expect, test } from 'vitest';
import type { LoggedRecord } from '../../src/deploy/admit.ts';
import { foldEnvironment } from '../../src/deploy/fold-environment.ts';
import { batchesOf } from '../../src/deploy/rollout.ts';
import { whoseTurn } from '../../src/deploy/whose-turn.ts';
import type { Rollout } from '../../src/model/job.ts';
import { rolloutJob, recorder, unitsOf } from '../support/rollouts.ts';

type Say = ReturnType<typeof recorder>;
type Rolling = Partial<Rollout> & { readonly onFailure?: 'rollback' | 'stop' };

/** What each of five hosts is told, in the order of the roster. */
async function turns(
  { onFailure = 'rollback', ...rollout }: Rolling,
  make: (say: Say) => readonly LoggedRecord[],
  now = Infinity,
): Promise<string> {
  const job = await rolloutJob({ hosts: 5, rollout, on_failure: onFailure });
  const say = recorder(job);
  const view = foldEnvironment('production', { jobs: [job], records: [say.bound(), ...make(say)] });
  const told = job.job.roster.map(({ name }) => {
    const turn = whoseTurn(view, name, { planFirst: false, now });
    return turn.kind === 'wait' ? (turn.reason === 'not_my_turn' ? '-' : turn.reason) : turn.kind;
  });
  return told.join(' ');
}

const two = { canary: 1, batch: 2, max_unavailable: 2 };
const done = (say: Say, ...hosts: readonly number[]) =>
  hosts.map((host) => say.unit(`h${host}`, 'done'));

test.each<[string, Rolling, (say: Say) => readonly LoggedRecord[], string]>([
  ['the canary goes first, alone', two, () => [], 'act - - - -'],
  ['then hosts of a batch at once', two, (say) => done(say, 1), '- act act - -'],
  ['a batch waits for all of the one before it', two, (say) => done(say, 1, 2), '- - act - -'],
  ['the next batch follows', two, (say) => done(say, 1, 2, 3), '- - - act act'],
  [
    'no more at once than may be unavailable',
    { batch: 5, max_unavailable: 2 },
    (say) => done(say, 2),
    'act - act - -',
  ],
  [
    'after a failure nobody begins, and whoever has begun comes to its end',
    two,
    (say) => [...done(say, 1), say.unit('h2', 'rolled-back'), say.unit('h3', 'applying')],
    '- - act - -',
  ],
  [
    'then what had moved goes back, the last batch first',
    two,
    (say) => [...done(say, 1, 2, 3, 4), say.unit('h5', 'rolled-back')],
    '- - - roll-back -',
  ],
  [
    'hosts of a batch go back at once',
    two,
    (say) => [...done(say, 1, 2, 3), say.unit('h4', 'rolled-back')],
    '- roll-back roll-back - -',
  ],
  [
    'the canary goes back last',
    two,
    (say) => [
      ...done(say, 1, 2),
      say.unit('h3', 'failed'),
      say.unit('h2', 'rolling-back'),
      say.unit('h2', 'rolled-back'),
    ],
    'roll-back - - - -',
  ],
  [
    'where failures stop, what had moved stays',
    { ...two, onFailure: 'stop' },
    (say) => [...done(say, 1, 2), say.unit('h3', 'failed')],
    'idle idle idle idle idle',
  ],
  [
    'where a host that is down stops everything, all say first that they are there',
    { ...two, down: 'refuse' },
    (say) => [say.unit('h2', 'planned', { plan: `sha256:${'1'.repeat(64)}` })],
    'plan - plan plan plan',
  ],
])('%s', async (_name, rollout, make, expected) => {
  expect(await turns(rollout, make)).toBe(expected);
});

test('between two batches it pauses, from when the ledger took the last word', async () => {
  const pause = { ...two, pause: 1_000 };
  const make = (say: Say) => done(say, 1);
  const waits = Array.from({ length: 5 }, () => 'rollout_pause').join(' ');
  // The recorder's second record is taken at 1002.
  expect(await turns(pause, make, 2_001)).toBe(waits);
  expect(await turns(pause, make, 2_002)).toBe('- act act - -');
});

test('nothing is waited for where nothing had to be changed', async () => {
  const make = (say: Say) => [say.unit('h1', 'done', { reason: 'nothing_to_change' })];
  expect(await turns({ ...two, pause: 1_000 }, make, 0)).toBe('- act act - -');
});

test('waves go outside, negative ones first; each has its own canary; back it goes the other way', async () => {
  const job = await rolloutJob({ hosts: 3, rollout: { canary: 1, batch: 2 }, waves: [0, -5, 10] });
  const order = batchesOf({ job: job.job, skipped: [] });
  expect(order.map(({ wave, name, hosts }) => `${wave} ${name}: ${hosts.join()}`)).toEqual([
    '-5 canary: h1',
    '-5 1: h2,h3',
    '0 canary: h1',
    '0 1: h2,h3',
    '10 canary: h1',
    '10 1: h2,h3',
  ]);
  const say = recorder(job);
  const records = [say.bound()];
  const view = () => foldEnvironment('production', { jobs: [job], records });
  const went: string[] = [];
  for (const { target, host, targetIndex, wave } of unitsOf(view())) {
    const last = target === 't2' && host === 'h3';
    records.push(say.unit(host!, last ? 'failed' : 'done', { target: targetIndex }));
    went.push(`${wave} ${host}`);
  }
  const back: string[] = [];
  for (;;) {
    const turn = job.job.roster
      .map(({ name }) => whoseTurn(view(), name))
      .findLast(({ kind }) => kind === 'roll-back');
    if (turn?.kind !== 'roll-back') break;
    const { host, targetIndex, wave } = turn.unit;
    records.push(say.unit(host!, 'rolled-back', { target: targetIndex }));
    back.push(`${wave} ${host}`);
  }
  expect(back).toEqual(went.slice(0, -1).toReversed());
});

const skip = { canary: 1, batch: 2, max_unavailable: 2, down: 'skip' } as const;
const leftOut = (say: Say, place: number) =>
  say.act('skipped', { reason: 'host_skipped', subject: place });

test.each<[string, Rolling, (say: Say) => readonly LoggedRecord[], string]>([
  [
    'another one is the canary, and fewer are at work at once',
    skip,
    (say) => [leftOut(say, 0)],
    '- act - - -',
  ],
  [
    'when all others are done it catches up',
    skip,
    (say) => [leftOut(say, 1), ...done(say, 1, 3, 4, 5)],
    'idle act idle idle idle',
  ],
  [
    'what goes wrong on it then is its own affair',
    skip,
    (say) => [leftOut(say, 1), ...done(say, 1, 3, 4, 5), say.unit('h2', 'rolled-back')],
    'idle idle idle idle idle',
  ],
  [
    'what goes wrong on others is not',
    skip,
    (say) => [leftOut(say, 1), ...done(say, 1), say.unit('h3', 'rolled-back')],
    'roll-back - - - -',
  ],
  [
    'nobody is left out where the policy waits',
    { ...skip, down: 'wait' },
    (say) => [leftOut(say, 0)],
    'act - - - -',
  ],
  [
    'one more than may be unavailable is waited for',
    skip,
    (say) => [leftOut(say, 0), leftOut(say, 1)],
    '- act - - -',
  ],
])('a host that is left out: %s', async (_name, rollout, make, expected) => {
  expect(await turns(rollout, make)).toBe(expected);
});

test('without a rollout in the job one host follows the other', async () => {
  const job = await rolloutJob({ hosts: 3 });
  const say = recorder(job);
  const view = foldEnvironment('production', { jobs: [job], records: [say.bound()] });
  expect(['h1', 'h2', 'h3'].map((host) => whoseTurn(view, host).kind)).toEqual([
    'act',
    'wait',
    'wait',
  ]);
});
