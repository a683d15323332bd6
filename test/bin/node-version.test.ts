import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { complaintOfNode } from '../../src/bin/node-version.ts';

test.each([
  ['20.20.2', true],
  ['22.19.9', true],
  ['22.20.0', false],
  ['24.0.0', false],
])('Node %s is too old: %s', (version, tooOld) => {
  expect(complaintOfNode(version) !== null).toBe(tooOld);
});

test('what is asked for is what package.json says', () => {
  const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    engines: { node: string };
  };
  const [least = ''] = /\d+\.\d+/.exec(engines.node) ?? [];
  expect(complaintOfNode('1.0.0')).toContain(least);
});
