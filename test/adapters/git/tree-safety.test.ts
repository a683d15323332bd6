import fc from 'fast-check';
import { posix } from 'node:path';
import { expect, test } from 'vitest';
import { findEscapingLink } from '../../../src/model/escaping-link.ts';
import { findUnsafePath, kindOfMode } from '../../../src/adapters/git/tree-entry.ts';

const entry = (path: string) => ({ kind: 'file' as const, path, oid: '' });

test.each([
  ['.git', false],
  ['a/.Git/config', false],
  ['.git ', false],
  ['.git...', false],
  ['GIT~1/x', false],
  ['.git::$INDEX_ALLOCATION', false],
  ['.gi\u200ct', false],
  ['a\\.git\\x', false],
  ['a//b', false],
  ['./a', false],
  ['a/..', false],
  ['bad\uFFFDname', false],
  ['.gitignore', true],
  ['.github/sallyport.yml', true],
  ['.gitlab', true],
  ['git', true],
  ['a.git/x', true],
  ['...', true],
  ['with space/é', true],
])('the name %s is safe: %s', (path, safe) => {
  expect(findUnsafePath([entry(path)]) === null).toBe(safe);
});

test('a path is a file or a folder, and stands once', () => {
  expect(findUnsafePath([entry('a/b'), entry('a/c'), entry('ab')])).toBeNull();
  expect(findUnsafePath([entry('a'), entry('a')])?.path).toBe('a');
  expect(findUnsafePath([entry('a/b/c'), entry('a')])?.path).toBe('a/b/c');
});

test.each<[Record<string, string>, boolean]>([
  [{ l: 'a/b' }, false],
  [{ 'd/l': '../a' }, false],
  [{ 'd/l': '..' }, false],
  [{ 'd/l': '../..' }, true],
  [{ l: '/etc' }, true],
  [{ l: 'l' }, false],
  [{ a: 'b', b: 'a/..' }, false],
  [{ 'a/b/c': '../..', 'm/o': '../a/b/c/..' }, true],
  [{ x: 'y/z', 'y/z': '../..' }, true],
])('links %o escape: %s', (links, escapes) => {
  expect(findEscapingLink(new Map(Object.entries(links))) !== null).toBe(escapes);
});

test('a lone link escapes exactly where its path, made plain, begins with dots', () => {
  const part = fc.constantFrom('a', 'b', '..', '.');
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 8 }), (parts) => {
      const target = parts.join('/');
      const plain = posix.normalize(`d/e/${target}`);
      const found = findEscapingLink(new Map([['d/e/link', target]])) !== null;
      // A path that climbs out and comes back has escaped all the same.
      if (plain.startsWith('..')) expect(found).toBe(true);
      if (!target.includes('..')) expect(found).toBe(false);
    }),
  );
});

test.each([
  ['100644', 'file'],
  ['100664', 'file'],
  ['100755', 'executable'],
  ['120000', 'link'],
  ['160000', null],
  ['040000', null],
])('mode %s is %s', (mode, kind) => {
  expect(kindOfMode(mode)).toBe(kind);
});
