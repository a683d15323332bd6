import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Maps } from '../support/acceptance/maps.ts';

const maps = new Maps();
vi.setConfig({ testTimeout: 120_000 });

beforeAll(() => maps.start(), 60_000);
afterAll(() => maps.remove(), 30_000);

const layer = (name: string, type = 'point') =>
  `name: ${name}\ntype: ${type}\nsource: postgres://maps/${name}\nfields: []\n`;

/** A window that opens in some twelve hours, for one. */
function closedNow(): string {
  const hour = (new Date().getUTCHours() + 12) % 24;
  return `windows: [{ kind: allow, schedule: '0 ${hour} * * *', duration: 1h }]`;
}

let production = '';

test('development takes what is pushed by itself, staging waits for its window', async () => {
  const windows = /windows:\n\s+- \{.*\}/;
  const commit = await maps.push({
    ...maps.policy(windows, closedNow()),
    'environments/common/layers/trees.yaml': layer('trees'),
  });
  await maps.serves('development', 'basemap,parcels,trees');
  await maps.reaches('development', commit, 'completed');

  await maps.reaches('staging', commit, 'pending');
  expect(await maps.layers('staging')).not.toContain('trees');
  const gates = await maps.askJson<{ open: boolean; gates: readonly object[] }>('gates', 'staging');
  expect(gates.open).toBe(false);
  expect(gates.gates).toContainEqual(
    expect.objectContaining({ name: 'windows', open: false, opens_at: expect.any(String) }),
  );

  await maps.push(maps.policy(/windows: .*/, `windows: []`));
  await maps.serves('staging', 'basemap,parcels,trees');
});

test('production plans, waits for an approval, and takes exactly what was approved', async () => {
  const commit = await maps.push({ 'environments/production/layers/lakes.yaml': layer('lakes') });
  const waiting = await maps.reaches('production', commit, 'awaiting-approval');
  expect(await maps.layers('production')).not.toContain('lakes');

  const approved = await maps.ask('approve', waiting.id);
  expect(approved).toMatchObject({ code: 0 });
  await maps.serves('production', 'basemap,lakes,parcels,roads,trees');
  await maps.reaches('production', commit, 'completed');
  production = commit;
});

test('a layer that is removed is named as breaking', async () => {
  const commit = await maps.push({ 'environments/production/layers/roads.yaml': null });
  const waiting = await maps.reaches('production', commit, 'awaiting-approval');
  const plan = await maps.askJson<object>('plan', 'production');
  expect(plan).toMatchObject({
    environment: 'production',
    commit,
    risk: 'high',
    breaking: 1,
    targets: [{ name: 'layers', changes: [{ action: 'remove', resource: 'Layer/roads' }] }],
  });
  const rejected = await maps.ask('reject', waiting.id, '--reason', 'somebody uses the roads');
  expect(rejected).toMatchObject({ code: 0 });
  await maps.reaches('production', commit, 'rejected');
  expect(await maps.layers('production')).toContain('roads');
});

test('a layer that does not parse fails its plan with file and line, and nothing is touched', async () => {
  const path = 'environments/development/layers/odd.yaml';
  const before = await maps.layers('development');
  const commit = await maps.push({ [path]: 'name: odd\ntype: [point\n' });
  await maps.reaches('development', commit, 'failed');
  const plan = await maps.ask('plan', 'development');
  expect(plan).toMatchObject({ code: 1, stderr: expect.stringContaining(`${path}:`) });
  expect(plan.stderr).toMatch(/odd\.yaml:[23] cannot be read/);
  expect(await maps.layers('development')).toBe(before);
  await maps.push({ [path]: null });
});

test('a broken layer is rolled back and quarantined; the next commit goes ahead', async () => {
  const path = 'environments/development/layers/broken.yaml';
  const broken = await maps.push({ [path]: 'name: broken\n' });
  await maps.reaches('development', broken, 'rolled-back');
  expect(await maps.layers('development')).toBe('basemap,parcels,trees');
  const { gates } = await maps.askJson<{ gates: readonly object[] }>(
    'gates',
    'development',
    '--ref',
    broken,
  );
  expect(gates).toContainEqual(expect.objectContaining({ name: 'quarantine', open: false }));

  await maps.push({ [path]: null, 'environments/development/layers/ponds.yaml': layer('ponds') });
  await maps.serves('development', 'basemap,parcels,ponds,trees');
});

test('what somebody edits on the host is put back', async () => {
  writeFileSync(join(maps.folder, 'live/development/layers/ponds.yaml'), 'name: mine\n');
  const heals = async () =>
    JSON.stringify(await maps.askJson('history', 'development')).includes('healed');
  await vi.waitUntil(heals, { timeout: 40_000, interval: 200 });
  expect(await maps.layers('development')).toBe('basemap,parcels,ponds,trees');
});

test('with the plug pulled everything goes on, and people go back from the cache', async () => {
  maps.plug('out');
  const back = await maps.ask('rollback', 'production', '--to', production, '--wait');
  expect(back).toMatchObject({ code: 0 });
  expect(await maps.layers('production')).toContain('lakes');
  maps.plug('in');
  await maps.push({ 'environments/development/layers/wells.yaml': layer('wells') });
  await maps.serves('development', 'basemap,parcels,ponds,trees,wells');
  expect(await maps.ask('history', 'verify')).toMatchObject({ code: 0 });
});
