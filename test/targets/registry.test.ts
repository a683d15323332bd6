import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { kindNames } from '../../src/targets/registry.ts';

test('every folder of src/targets is a kind in the registry, and the other way round', () => {
  const folders = readdirSync('src/targets', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  expect(folders.toSorted()).toEqual([...kindNames].toSorted());
});
