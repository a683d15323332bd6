import { expect, test } from 'vitest';
import { findingsText } from '../../src/upkeep/doctor/findings-text.ts';
import type { Found } from '../../src/upkeep/doctor/examine.ts';

const plain = (text: string): string => text;
const colours = { green: plain, yellow: plain, red: plain, dim: plain };
const long =
  '/var/lib/sallyport/a/folder/whose/name/is/much/longer/than/a/terminal/is/wide/and/is/to/be/copied';
const found: readonly Found[] = [
  { check: 'git', state: 'ok', message: 'git 2.39.5' },
  {
    check: 'disk',
    state: 'warn',
    message: `${'The disk is nearly full, '.repeat(5)}so make room.`,
    hint: 'See what takes it: du -xh --max-depth=2 /var/lib/sallyport | sort -h | tail',
  },
  {
    check: 'permissions',
    state: 'fail',
    message: 'It may be read by others.',
    hint: `chmod 600 ${long}`,
  },
];

test('findings fit 80 columns; only what is to be copied stays whole', () => {
  const text = findingsText(found, { width: 80, colours });
  const wide = text.split('\n').filter((line) => line.length > 80);
  expect(wide).toEqual([`      ${long}`]);
  expect(text).toContain('\n      → See what takes it: du -xh');
  expect(text.trimEnd().endsWith('1 failure, 1 warning.')).toBe(true);
});

test('where all is well it says so', () => {
  expect(findingsText(found.slice(0, 1), { width: 80, colours })).toBe(
    'ok    git 2.39.5\n\nAll is well.\n',
  );
});
