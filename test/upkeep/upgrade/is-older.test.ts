import { expect, test } from 'vitest';
import { isOlder } from '../../../src/upkeep/upgrade/is-older.ts';

// The example of Semantic Versioning 2.0.0, 11.4, and what comes around it.
const inOrder = [
  '0.9.12',
  '1.0.0-alpha',
  '1.0.0-alpha.1',
  '1.0.0-alpha.beta',
  '1.0.0-beta',
  '1.0.0-beta.2',
  '1.0.0-beta.11',
  '1.0.0-rc.1',
  '1.0.0',
  '1.0.10',
  '1.2.0',
  '10.0.0',
];

test('versions come in the order that Semantic Versioning gives them', () => {
  for (const [at, one] of inOrder.entries()) {
    for (const [other, version] of inOrder.entries()) {
      expect(isOlder(one, version), `${one} before ${version}`).toBe(at < other);
    }
  }
});
