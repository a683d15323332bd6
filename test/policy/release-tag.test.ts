import { expect, test } from 'vitest';
import { agrees, byVersion, lookOf } from '../../src/policy/release-tag.ts';

test.each([
  ['v1', 'version'],
  ['v1.2.3', 'version'],
  ['v2026-01-02', 'version'],
  ['1.2.3', 'version'],
  ['1.2.3-rc.1+build.5', 'version'],
  ['26.03.09.2', 'calendar'],
  ['26.13.09.2', null],
  ['26.03.32.2', null],
  ['vacation', null],
  ['nightly', null],
  ['1.2', null],
  ['01.2.3', null],
  ['release-1.2.3', null],
  [`v1${'0'.repeat(100)}`, null],
])('%s looks like %s', (tag, kind) => {
  expect(lookOf(tag)?.kind ?? null).toBe(kind);
});

test.each([
  ['v1', null, true],
  ['26.03.09.2', '26.03.09.2\n', true],
  ['26.03.09.2', '26.03.09.1', false],
  ['26.03.09.2', null, false],
])('%s with the file %j: %s', (tag, file, expected) => {
  expect(agrees(lookOf(tag)!, file)).toBe(expected);
});

test('versions rise as numbers do, and a candidate comes before its release', () => {
  const sorted = ['v1.2.0-rc.2', 'v1.2.0-rc.10', 'v1.2.0', 'v1.2.1', 'v1.10.0', 'v2', 'v2.0.1'];
  expect(sorted.toReversed().sort(byVersion)).toEqual(sorted);
  expect(['26.03.09.10', '26.03.09.9', '25.12.31.1'].sort(byVersion)).toEqual([
    '25.12.31.1',
    '26.03.09.9',
    '26.03.09.10',
  ]);
});
