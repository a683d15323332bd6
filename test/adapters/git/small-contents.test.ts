import { expect, test } from 'vitest';
import { SmallContents } from '../../../src/adapters/git/small-contents.ts';

const kilobyte = 1024;
const content = (oid: string, size = 1) => ({ oid, content: Buffer.alloc(size, oid) });

test('gives what it knows, all of it or nothing, and nothing over the cap', () => {
  const contents = new SmallContents();
  contents.note(content('a', 10));
  contents.note(content('b', 20));
  expect(contents.find(['b', 'a'], 20)).toEqual([content('b', 20), content('a', 10)]);
  expect(contents.find(['a', 'c'], 20)).toBeNull();
  expect(contents.find(['a', 'b'], 19)).toBeNull();
  expect(contents.find([], 0)).toEqual([]);
});

test('a large content is not remembered, and of small ones no more than there is room for', () => {
  const contents = new SmallContents();
  contents.note(content('large', 64 * kilobyte + 1));
  expect(contents.find(['large'], Infinity)).toBeNull();
  for (let at = 0; at < 64; at += 1) contents.note(content(`${at}`, 64 * kilobyte));
  expect(contents.find(['0'], Infinity)).not.toBeNull();
  // The one that was just asked for stays; the next oldest goes.
  contents.note(content('one more', 64 * kilobyte));
  expect(contents.find(['0', 'one more'], Infinity)).not.toBeNull();
  expect(contents.find(['1'], Infinity)).toBeNull();
});
