import { expect, test } from 'vitest';
import { atTerminal } from '../../../src/agent/local/at-terminal.ts';

test.each([
  ['To take the lock off, type: /unlock shop', 'To take the lock off, type: sallyport unlock shop'],
  [
    'Insist: /deploy shop @1a2b --force-quarantined',
    'Insist: sallyport deploy shop --ref 1a2b --force-quarantined',
  ],
  [
    'Look at the plan (/plan shop), then type: /approve shop',
    'Look at the plan (sallyport plan shop), then type: sallyport approve 7',
  ],
  ['It goes on by itself when the window opens.', 'It goes on by itself when the window opens.'],
  ['See /etc/deploy shop', 'See /etc/deploy shop'],
])('%s', (hint, expected) => {
  expect(atTerminal(hint, 7)).toBe(expected);
});
