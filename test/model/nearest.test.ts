import { expect, test } from 'vitest';
import { nearest } from '../../src/model/nearest.ts';

const known = ['build', 'health', 'ports', 'path', 'rollback', 'lock'];

test.each<[string, string | undefined, string]>([
  ['biuld', 'build', 'neighbours swapped'],
  ['helth', 'health', 'a letter left out'],
  ['portss', 'ports', 'a letter added'],
  ['Ports', 'ports', 'case'],
  ['rolbakc', 'rollback', 'two slips in a long name'],
  ['pth', 'path', 'one slip in a short name'],
  ['log', undefined, 'two slips in a short name'],
  ['environment', undefined, 'something else'],
  ['', undefined, 'nothing'],
  ['x'.repeat(100_000), undefined, 'a very long word'],
])('%s means %s: %s', (word, meant) => {
  expect(nearest(word, known)).toBe(meant);
});
