import { expect, test } from 'vitest';
import { cancelledBy } from '../../src/agent/cancelled-by.ts';
import type { LoggedRecord } from '../../src/deploy/admit.ts';
import { foldEnvironment } from '../../src/deploy/fold-environment.ts';
import { judgeStart, type Start } from '../../src/deploy/judge-start.ts';
import type { Reading } from '../../src/deploy/reader.ts';
import { recorder, rolloutJob } from '../support/rollouts.ts';

type Say = ReturnType<typeof recorder>;

const job = await rolloutJob({
  hosts: 3,
  rollout: { batch: 2, max_unavailable: 2, down: 'skip' },
});
const third = { host: 'h3', targetIndex: 0 };
const leftOut = (say: Say) => say.act('skipped', { reason: 'host_skipped', subject: 2 });
const leftAndCancelled = (say: Say) => [
  leftOut(say),
  say.unit('h1', 'applying'),
  say.unit('h2', 'done'),
  say.act('cancelled'),
];
const others = (say: Say) => [say.unit('h1', 'done'), say.unit('h2', 'done')];

test.each<[string, Start, (say: Say) => readonly LoggedRecord[]]>([
  ['its word is not there yet', 'unseen', others],
  [
    'it is its turn',
    'in-turn',
    (say) => [...others(say), say.unit('h3', 'applying'), say.act('cancelled')],
  ],
  ['a batch before it is at work', 'too-late', (say) => [say.unit('h3', 'applying')]],
  [
    'something had failed',
    'too-late',
    (say) => [...others(say), say.unit('h2', 'rolling-back'), say.unit('h3', 'applying')],
  ],
  [
    'somebody had cancelled it',
    'cancelled',
    (say) => [...others(say), say.act('cancelled'), say.unit('h3', 'applying')],
  ],
  [
    'it was ended before anything began',
    'cancelled',
    (say) => [say.act('cancelled'), say.unit('h3', 'applying')],
  ],
  [
    'it was left out, and returns while others work',
    'in-turn',
    (say) => [leftOut(say), say.unit('h1', 'applying'), say.unit('h3', 'applying')],
  ],
  [
    'it was left out, and a cancel came too late for the others',
    'in-turn',
    (say) => [
      leftOut(say),
      say.unit('h1', 'applying'),
      say.unit('h2', 'done'),
      say.act('cancelled'),
      say.unit('h1', 'done'),
      say.unit('h3', 'applying'),
    ],
  ],
  [
    'it was left out, and nobody knows yet whether a cancel comes too late for the others',
    'undecided',
    (say) => [...leftAndCancelled(say), say.unit('h3', 'applying')],
  ],
  [
    'it was left out, and the cancel came too late for the others afterwards',
    'in-turn',
    (say) => [...leftAndCancelled(say), say.unit('h3', 'applying'), say.unit('h1', 'done')],
  ],
  [
    'it was left out, and another one was stopped by the cancel',
    'cancelled',
    (say) => [
      ...leftAndCancelled(say),
      say.unit('h3', 'applying'),
      say.unit('h1', 'rolled-back', { reason: 'cancelled' }),
    ],
  ],
  [
    'it was left out, and another one never begins any more',
    'cancelled',
    (say) => [
      leftOut(say),
      say.unit('h1', 'applying'),
      say.act('cancelled'),
      say.unit('h3', 'applying'),
      say.unit('h1', 'done'),
    ],
  ],
])('%s: %s', (_name, start, make) => {
  const say = recorder(job);
  expect(judgeStart(job, [say.bound(), ...make(say)], third)).toBe(start);
});

test('a cancel that came too late does not stop a host that catches up', () => {
  const say = recorder(job);
  const [left, begun, done] = [leftOut(say), say.unit('h1', 'applying'), say.unit('h2', 'done')];
  const cancel = say.act('cancelled');
  const read = (records: readonly LoggedRecord[]) => {
    const log = { jobs: [job], records: [say.bound(), ...records] };
    const environments = new Map([['production', foldEnvironment('production', log)]]);
    return cancelledBy(job, [{ environments } as unknown as Reading]);
  };
  const before = [left, begun, done, cancel];
  expect(read(before)).toBe('cancelled');
  expect(read([...before, say.unit('h1', 'done')])).toBeNull();
});
