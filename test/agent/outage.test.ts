import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunningAgent } from '../../src/agent/agent.ts';
import { isLocal } from '../../src/agent/outage/local-number.ts';
import { hostKeys } from '../support/jobs.ts';
import { MemoryJournal } from './bench.ts';
import { OutageBench } from './outage-bench.ts';

const [old, other] = ['c'.repeat(40), 'd'.repeat(40)];
let outage: OutageBench;
let agents: RunningAgent[];

beforeEach(() => {
  outage = new OutageBench();
  agents = [];
});

afterEach(async () => {
  await Promise.all(agents.map((agent) => agent.abort()));
});

function start(): RunningAgent {
  const agent = outage.start();
  agents.push(agent);
  return agent;
}

async function deployed(): Promise<RunningAgent> {
  const done = outage.bench.until('record-written', ({ state }) => state === 'done');
  const agent = start();
  await outage.bench.issue('a comment');
  await done;
  return agent;
}

async function rolledBack(cause = 'a person', changes = {}): Promise<number> {
  const ended = outage.bench.until('unit-ended', ({ work }) => isLocal(work.deployment));
  const deployment = await outage.ask(cause, { sha: old, ...changes });
  await ended;
  return deployment;
}

test('people go back without GitHub; it is told when it answers, and waits until the host is released', async () => {
  const { bench } = outage;
  const agent = await deployed();
  bench.cutOff = true;
  const local = await rolledBack('a person', { params: { reason: 'maps are blank' } });
  await outage.until(async () => (await outage.view(local)).state === 'completed');
  expect(outage.told()).toEqual([]);
  // The ledger has it a moment before the agent has read it back.
  const shown = async () => (await agent.view.status('production'))?.environments[0];
  await outage.until(async () => (await shown())?.deployment === String(local));
  expect(await shown()).toMatchObject({ sync: 'held', commit: old, held: ['web-1'] });

  bench.cutOff = false;
  await outage.until(() => outage.told().length > 0);
  const words =
    'web-1 held: alice rolled back to ccccccc while GitHub could not be reached: maps are blank';
  expect(outage.told()).toEqual([words]);

  bench.ran.length = 0;
  const waits = bench.until('unit-waits');
  const next = await bench.issue('another comment', { sha: other });
  expect((await waits).gate).toMatchObject({
    name: 'held',
    message: expect.stringMatching(/^alice acted on web-1 directly at \S+Z, and nobody/) as string,
    hint: 'Once it may be changed again: sallyport release web-1',
  });
  await bench.pass(3_600_000);
  expect(await bench.view(next)).toMatchObject({ state: 'pending', reason: 'held' });
  expect(bench.ran).toEqual([]);

  expect(await agent.release('production', 'bob')).toBe(true);
  expect(await agent.release('production', 'bob')).toBe(false);
  await outage.until(async () => (await bench.view(next)).state === 'completed');
  expect(outage.told()).toEqual([words, 'web-1 released: bob released web-1']);
  expect(await agent.view.status('production')).toMatchObject({
    environments: [{ sync: 'synced', commit: other, held: [] }],
  });
});

test('a host that is held does not undo what people did, when another host fails', async () => {
  const { bench } = outage;
  const roster = ['web-1', 'web-2'].map((name) => ({ name, key: hostKeys[name]!.public.text }));
  const targets = [{ name: 'web', kind: 'service', wave: 0, hosts: ['web-1', 'web-2'] }];
  const done = bench.until('record-written', ({ state }) => state === 'done');
  const agent = start();
  const both = await bench.issue('a comment', { targets, roster });
  await done;
  bench.cutOff = true;
  await rolledBack();
  bench.cutOff = false;
  bench.broken.push('switch');
  agents.push(bench.start('web-2', { journal: new MemoryJournal() }));
  await outage.until(async () => (await bench.view(both)).units[1]!.state === 'rolled-back');
  await bench.pass(3_600_000);
  const wentBack = () =>
    bench.journal.kept.some(({ body }) => body.kind === 'unit-began' && body.direction === 'back');
  expect(wentBack()).toBe(false);
  expect((await bench.view(both)).over).toBe(false);
  await agent.release('production', 'bob');
  await outage.until(async () => (await bench.view(both)).state === 'rolled-back');
  expect(wentBack()).toBe(true);
});

test('what GitHub says of a lock holds for people too, until they take it back on the host', async () => {
  const { bench } = outage;
  const agent = await deployed();
  await bench.issue('a lock', { operation: 'lock', targets: [], roster: [] });
  const status = () => agent.view.status('production');
  await outage.until(async () => (await status())?.environments[0]?.lock !== null);
  bench.cutOff = true;
  bench.ran.length = 0;
  const waits = bench.until('unit-waits');
  const local = await outage.ask('a person', { sha: old });
  expect((await waits).gate.name).toBe('lock');
  await outage.ask('an unlock', { operation: 'unlock', targets: [], roster: [] });
  await outage.until(async () => (await outage.view(local)).state === 'completed');
});

test('a deployment of people on the host asks for approvals as any other, of two people', async () => {
  const { bench } = outage;
  bench.policies['production'] = { require: { approvals: 2 } };
  start();
  bench.cutOff = true;
  const local = await outage.ask('a person', { operation: 'deploy', sha: old });
  await outage.until(async () => (await outage.view(local)).state === 'awaiting-approval');
  await outage.approve(local, 1001);
  await outage.approve(local, 1001);
  await bench.pass(3_600_000);
  expect(bench.ran).toEqual([]);
  await outage.approve(local, 1002);
  await outage.until(async () => (await outage.view(local)).state === 'completed');
});
