import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PlanStore } from '../../src/agent/plan-store.ts';
import { digestOf } from '../../src/model/digest.ts';
import { planOf } from '../../src/model/plan.ts';
import type { UnitPlan } from '../../src/report/views.ts';

let folder: string;
let store: PlanStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-plans-'));
  store = new PlanStore(join(folder, 'plans'));
});

afterEach(() => rm(folder, { recursive: true }));

function planned(name: string, resource: string, host: string | null = 'web-1'): UnitPlan {
  const changes = [{ action: 'add', resource, path: 'a', fields: ['b'], breaking: true }] as const;
  return { ...planOf({ changes, wanted: digestOf(resource) }), name, kind: 'files', host };
}

test('gives back what was saved, unit by unit, the newer plan in the place of the older', async () => {
  await store.save(7, planned('web', 'File/a'));
  const other = planned('web', 'File/a', null);
  const newer = planned('web', 'File/b');
  await Promise.all([store.save(7, other), store.save(7, newer)]);
  expect(await store.plansOf(7)).toEqual([other, newer]);
  expect(await new PlanStore(join(folder, 'plans')).plansOf(7)).toHaveLength(2);
  expect(await store.plansOf(8)).toEqual([]);
});

test('keeps the plans of the last fifty deployments', async () => {
  for (let deployment = 1; deployment <= 52; deployment += 1) {
    await store.save(deployment, planned('web', 'File/a'));
  }
  expect(await store.plansOf(2)).toEqual([]);
  expect(await store.plansOf(3)).toHaveLength(1);
  expect(await readdir(join(folder, 'plans'))).toHaveLength(50);
});

test.each([
  ['is no JSON', () => '{'],
  ['is another document', () => '{"schema":2}'],
  [
    'has a plan that is not what its digest says',
    () => JSON.stringify({ schema: 1, plans: [{ ...planned('web', 'File/a'), changes: [] }] }),
  ],
])('a file that %s holds no plan', async (_what, text) => {
  await store.save(7, planned('web', 'File/a'));
  await writeFile(join(folder, 'plans', '7.json'), text());
  expect(await store.plansOf(7)).toEqual([]);
});
