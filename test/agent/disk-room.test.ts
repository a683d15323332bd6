import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunningAgent } from '../../src/agent/agent.ts';
import { refusalForRoom } from '../../src/agent/disk-room.ts';
import { createBench, type Bench } from './bench.ts';

const path = '/var/lib/sallyport';
const mib = 2 ** 20;

test.each([
  [512 * mib, null],
  [512 * mib - 1, '511.9 MiB'],
  [0, '0 B'],
])('with %s bytes free of 512 MiB', (free, said) => {
  const refusal = refusalForRoom({ path, free, needed: 512 * mib });
  if (said === null) return expect(refusal).toBeNull();
  expect(refusal).toMatchObject({
    reason: 'disk_full',
    message: `the disk of ${path} has ${said} free, and 512 MiB are needed (free in agent.yml)`,
    details: [expect.stringContaining(`du -xh --max-depth=3 ${path}`)],
  });
});

let bench: Bench;
let agent: RunningAgent;
let free: number;
beforeEach(() => {
  bench = createBench();
  free = 0;
  agent = bench.start('web-1', { room: async () => ({ path, free, needed: 512 * mib }) });
});
afterEach(() => agent.abort());

test('without room nothing new begins, and nothing of it is planned; with room it does', async () => {
  const refused = bench.until('unit-refused');
  await bench.issue('a comment');
  expect(await refused).toMatchObject({ reason: 'disk_full' });
  expect([bench.planned, bench.ran]).toEqual([0, []]);
  free = 1024 * mib;
  const done = bench.until('record-written', ({ state }) => state === 'done');
  await bench.issue('another comment');
  await done;
});

test('room that goes while it is planned stops it before anything is touched', async () => {
  free = 1024 * mib;
  const planned = bench.until('unit-planned').then(() => (free = 0));
  const refused = bench.until('unit-refused');
  await bench.issue('a comment');
  await planned;
  expect(await refused).toMatchObject({ reason: 'disk_full' });
  expect(bench.ran).toEqual([]);
});

test('without room people still go back, and move traffic', async () => {
  const done = bench.until('record-written', ({ state }) => state === 'done');
  await bench.issue('a comment', { operation: 'rollback' });
  await done;
  expect(bench.ran.length).toBeGreaterThan(0);
});
