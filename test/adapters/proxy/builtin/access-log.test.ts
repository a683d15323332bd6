import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AccessLog } from '../../../../src/adapters/proxy/builtin/access-log.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-access-'));
  path = join(folder, 'access.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const outcome = {
  slot: 'blue',
  method: 'GET',
  target: '/a"b?token=secret#x',
  status: 200,
  bytes: 12,
  ms: 3.14159,
  peer: '203.0.113.7',
};

test('one line a request, without what stands behind its path, for this user only', async () => {
  const log = new AccessLog(path);
  log.note('web', outcome);
  log.note('web', { ...outcome, slot: null, status: 503, peer: undefined });
  await log.close();
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  const { time, ...facts } = JSON.parse(lines[0]!) as Record<string, unknown>;
  expect(Date.parse(String(time))).not.toBeNaN();
  const { target: _target, ...same } = outcome;
  expect(facts).toEqual({ ...same, route: 'web', path: '/a"b', ms: 3.1 });
  expect(JSON.parse(lines[1]!)).toMatchObject({ slot: null, status: 503, peer: null });
  expect(statSync(path).mode & 0o077).toBe(0);
});

test('a file that is full is put aside, and the oldest goes', async () => {
  for (let round = 0; round < 6; round += 1) {
    const log = new AccessLog(path, { size: 100, kept: 2 });
    log.note('web', { ...outcome, bytes: round });
    await log.close();
  }
  expect(readdirSync(folder).toSorted()).toEqual(['access.log.1', 'access.log.2']);
  expect(readFileSync(`${path}.1`, 'utf8')).toContain('"bytes":5');
  expect(readFileSync(`${path}.2`, 'utf8')).toContain('"bytes":4');
});

test('a full disk loses lines, counts them, and stops nobody; later lines are written', async () => {
  symlinkSync('/dev/full', path);
  const log = new AccessLog(path);
  log.note('web', outcome);
  log.note('web', outcome);
  await log.close();
  expect(log.lost).toBe(2);
  expect(log.fault).toContain('ENOSPC');
  rmSync(path);
  log.note('web', outcome);
  await log.close();
  expect([log.lost, log.fault]).toEqual([2, null]);
  expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(2);
});

test('lines that the disk cannot take in time are lost rather than kept in memory', async () => {
  const log = new AccessLog(path);
  const target = `/${'x'.repeat(1_900)}`;
  for (let count = 0; count < 2_000; count += 1) log.note('web', { ...outcome, target });
  expect(log.lost).toBeGreaterThan(1_000);
  await log.close();
  const written = readFileSync(path, 'utf8').trimEnd().split('\n').length;
  expect(written + log.lost).toBe(2_000);
});
