import fc from 'fast-check';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { loadState, saveState } from '../../../../src/adapters/proxy/builtin/state.ts';

const folder = mkdtempSync(join(tmpdir(), 'sallyport-proxy-'));
const file = join(folder, 'state.json');
const target = { slot: 'blue', host: '127.0.0.1', port: 8001 };
const route = { name: 'web', listen: 0, host: null, port: 4000, target };

beforeEach(async () => {
  await saveState(folder, [route]);
  await saveState(folder, [{ ...route, target: { ...target, slot: 'green' } }]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('what was saved is loaded', () => {
  const routes = [{ ...route, target: { ...target, slot: 'green' } }];
  expect(loadState(folder)).toMatchObject({ routes, fault: null });
});

test('where nothing was saved there are no routes, and no fault', () => {
  expect(loadState(join(folder, 'nowhere'))).toMatchObject({ routes: [], fault: null });
});

test('a damaged file gives its ports, but no slot, and says so', () => {
  const whole = readFileSync(file);
  const damage = fc.record({
    at: fc.nat(whole.length - 2),
    byte: fc.integer({ min: 1, max: 255 }),
  });
  fc.assert(
    fc.property(damage, ({ at, byte }) => {
      const bytes = Buffer.from(whole);
      bytes[at] = bytes[at]! ^ byte;
      writeFileSync(file, bytes);
      const { routes, fault } = loadState(folder);
      expect(fault).toContain('damaged');
      expect(routes).toEqual([{ ...route, target: null }]);
    }),
  );
});

test('a file cut short anywhere is damaged, not empty', () => {
  const whole = readFileSync(file);
  fc.assert(
    fc.property(fc.nat(whole.length - 2), (length) => {
      writeFileSync(file, whole.subarray(0, length));
      expect(loadState(folder)).toMatchObject({ routes: [{ name: 'web', target: null }] });
    }),
  );
});
