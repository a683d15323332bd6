import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchesRef } from '../../src/policy/ref-pattern.ts';
import { pushedRef, triggers } from '../../src/policy/trigger.ts';

test.each([
  ['main', 'main', true],
  ['main', 'mainline', false],
  ['v*', 'v1.2.0', true],
  ['v*', 'v1/2', false],
  ['release/*', 'release/1.2', true],
  ['release/**', 'release/a/b', true],
  ['**', 'anything/at/all', true],
  ['v1.2', 'v1x2', false],
  ['a+b(c)[d]', 'a+b(c)[d]', true],
])('%s fits %s: %s', (pattern, name, fits) => {
  expect(matchesRef(pattern, name)).toBe(fits);
});

test('a name without stars fits itself', () => {
  fc.assert(fc.property(fc.string(), (name) => name.includes('*') || matchesRef(name, name)));
});

test.each([
  ['refs/heads/main', true],
  ['refs/heads/v1', false],
  ['refs/tags/v1', true],
  ['refs/tags/main', false],
])('a push of %s triggers: %s', (ref, expected) => {
  expect(triggers({ branches: ['main'], tags: ['v*'] }, pushedRef(ref)!)).toBe(expected);
});

test('other refs never trigger', () => {
  expect(pushedRef('refs/pull/3/head')).toBeNull();
});
