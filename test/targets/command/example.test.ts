import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseRepositoryConfig } from '../../../src/config/parse.ts';
import { createCommandTarget } from '../../../src/targets/command/create-target.ts';
import {
  contextOf,
  exampleConfig,
  openCommandBench,
  runAll,
  type CommandBench,
} from '../../support/command-bench.ts';
import { shaOf } from '../../support/service-bench.ts';

const { signal } = new AbortController();
const orders = { partitions: 6, keep: '7d' };
const wider = { partitions: 12, keep: '7d' };
const payments = { partitions: 3, keep: '30d' };

async function targetOf(bench: CommandBench, letters: string, deployment: number) {
  const config = await exampleConfig(bench.folder);
  return createCommandTarget(
    contextOf(bench.folder, config, { sha: shaOf(letters), deployment }).context,
  );
}

test('the configuration of the example is one', async () => {
  const text = await readFile('docs/examples/command/.github/sallyport.yml', 'utf8');
  expect(parseRepositoryConfig(text, 'sallyport.yml').ok).toBe(true);
});

test('the example: planned, applied, given to later targets, changed and undone', async () => {
  await using bench = await openCommandBench();
  await bench.commitTopics('a', { orders, payments });
  await bench.commitTopics('b', { orders: wider });
  const first = await targetOf(bench, 'a', 1);

  const plan = await first.plan(signal);
  expect(plan.changes).toEqual([
    { action: 'add', resource: 'Topic/orders', breaking: false },
    { action: 'add', resource: 'Topic/payments', breaking: false },
  ]);
  expect(await bench.topics()).toEqual({});
  expect((await first.status()).health).toBe('unknown');

  await runAll([...first.steps, ...first.settle]);
  expect(await bench.topics()).toEqual({ orders, payments });
  expect(await first.outputs!()).toEqual({ topics: ['orders', 'payments'], partitions: 9 });
  expect(await first.status()).toMatchObject({ health: 'healthy', sha: shaOf('a') });
  expect((await first.plan(signal, true)).changes).toEqual([]);

  const second = await targetOf(bench, 'b', 2);
  const { changes, risk } = await second.plan(signal);
  expect(changes).toEqual([
    {
      action: 'remove',
      resource: 'Topic/payments',
      breaking: true,
      why: 'its messages are lost',
    },
    { action: 'modify', resource: 'Topic/orders', fields: ['partitions'], breaking: false },
  ]);
  expect(risk).toBe('high');
  await runAll([...second.steps, ...second.settle]);
  expect(await bench.topics()).toEqual({ orders: wider });
  await runAll(second.rollback);
  expect(await bench.topics()).toEqual({ orders, payments });
  expect(await second.outputs!()).toEqual({ topics: ['orders', 'payments'], partitions: 9 });
  expect((await second.status()).sha).toBe(shaOf('a'));
});

test('drift is seen by a look, which leaves the saved plan alone', async () => {
  await using bench = await openCommandBench();
  await bench.commitTopics('a', { orders });
  const target = await targetOf(bench, 'a', 1);
  const { digest } = await target.plan(signal);
  await writeFile(join(bench.folder, 'topics.json'), JSON.stringify({ payments }));
  const look = await target.plan(signal, true);
  expect(look.changes.map(({ action }) => action)).toEqual(['remove', 'add']);
  const again = await targetOf(bench, 'a', 1);
  expect((await again.plan(signal)).digest).toBe(digest);
  await expect(runAll(again.steps)).rejects.toMatchObject({
    reason: 'apply_failed',
    details: ['the plan is stale: the topics have changed'],
  });
  expect(await bench.topics()).toEqual({ payments });
});

test('what a look found is mended where nobody need approve it', async () => {
  await using bench = await openCommandBench();
  await bench.commitTopics('a', { orders });
  const target = await targetOf(bench, 'a', 1);
  await target.plan(signal);
  await runAll([...target.steps, ...target.settle]);
  await writeFile(join(bench.folder, 'topics.json'), JSON.stringify({ payments }));
  await expect(runAll(target.steps.filter(({ phase }) => phase === 'verifying'))).rejects.toThrow();
  expect((await target.status()).health).toBe('unhealthy');
  await target.plan(signal, true);
  await runAll([...target.steps, ...target.settle]);
  expect(await bench.topics()).toEqual({ orders });
  expect((await target.status()).health).toBe('healthy');
});

test('a plan file is its owner’s alone, and one that is touched is not applied', async () => {
  await using bench = await openCommandBench();
  await bench.commitTopics('a', { orders });
  const target = await targetOf(bench, 'a', 1);
  await target.plan(signal);
  const file = join(bench.folder, 'state/plans-command/production.topics/1/plan');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await writeFile(file, JSON.stringify({ before: {}, after: { payments } }));
  await expect(target.plan(signal)).rejects.toMatchObject({ reason: 'plan_changed' });
  await expect(runAll(target.steps)).rejects.toMatchObject({ reason: 'plan_changed' });
  expect(await bench.topics()).toEqual({});
});
