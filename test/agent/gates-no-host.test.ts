import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunningAgent } from '../../src/agent/agent.ts';
import { forwardNames } from '../deploy/unit-of.ts';
import { createBench, MemoryJournal, type Bench } from './bench.ts';

/** What lives on no host (a cluster, a zone) is planned, judged and changed by whoever holds its lease. */
const targets = [{ name: 'web', kind: 'service', wave: 0, hosts: [] }];
const window = { kind: 'allow', schedule: '0 9 * * *', duration: '1h' } as const;

let bench: Bench;
let agents: RunningAgent[];

beforeEach(() => {
  bench = createBench();
  agents = ['web-1', 'web-2'].map((name) => bench.start(name, { journal: new MemoryJournal() }));
});

afterEach(async () => {
  await Promise.all(agents.map((agent) => agent.abort()));
});

const said = (state: string) =>
  bench.until('record-written', (event) => event.state === state && event.unit === 'web@-');
const words = () => bench.written.map(({ description }) => description);

test('it waits for an approval, and one agent changes it once', async () => {
  bench.policies['production'] = { require: { approvals: 1 } };
  const planned = said('planned');
  const deployment = await bench.issue('a comment', { targets });
  await planned;
  await bench.pass(600_000);
  expect(await bench.view(deployment)).toMatchObject({ state: 'awaiting-approval' });
  expect(bench.ran).toEqual([]);
  const done = said('done');
  await bench.act(deployment, 'approved');
  await done;
  await bench.pass(600_000);
  expect(bench.ran.slice(0, forwardNames.length)).toEqual(forwardNames);
  expect(bench.ran.filter((step) => step === forwardNames[0])).toHaveLength(1);
  expect((await bench.view(deployment)).state).toBe('completed');
});

test('drift after the approval makes it void, and says so', async () => {
  bench.policies['production'] = { require: { approvals: 1 } };
  const planned = said('planned');
  const deployment = await bench.issue('a comment', { targets });
  await planned;
  bench.wanted = 'another tree';
  const again = said('planned');
  await bench.act(deployment, 'approved');
  await again;
  expect(bench.ran).toEqual([]);
  expect(words().at(-1)).toContain('void');
});

test('approved before its window, it goes on when that opens', async () => {
  bench.policies['production'] = { require: { approvals: 1 }, windows: [window] };
  const planned = said('planned');
  const began = bench.until('unit-began');
  const deployment = await bench.issue('a comment', { targets });
  await planned;
  const waiting = said('waiting');
  await bench.act(deployment, 'approved');
  await waiting;
  expect((await bench.view(deployment)).units[0]).toMatchObject({ reason: 'window_closed' });
  await began;
  expect(new Date(bench.now()).getUTCHours()).toBe(9);
});
