import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDotEnv } from '../../src/targets/dot-env.ts';

test.each([
  ['a plain value', 'A=1', { A: '1' }],
  ['an empty value', 'A=\nB=2', { A: '', B: '2' }],
  ['spaces around', '  A = 1 2  \n', { A: '1 2' }],
  ['export', 'export A=1', { A: '1' }],
  ['comments and empty lines', '# one\n\nA=1 # two\n  # three\n', { A: '1' }],
  ['a # within a word', 'A=a#b', { A: 'a#b' }],
  ['a comment instead of a value', 'A= # later\nB=2', { A: '', B: '2' }],
  ['an = in the value', 'URL=postgres://u:p@h/db?a=b', { URL: 'postgres://u:p@h/db?a=b' }],
  ['a literal value', `A='$HOME \\n "x" # y'`, { A: '$HOME \\n "x" # y' }],
  ['an escaped value', `A="a\\n\\"b\\"\\\\ # c" # d`, { A: 'a\n"b"\\ # c' }],
  [
    'several lines',
    `KEY="-----BEGIN\nabc\n-----END"\nB=2`,
    { KEY: '-----BEGIN\nabc\n-----END', B: '2' },
  ],
  ['the later of two', 'A=1\nA=2', { A: '2' }],
  ['Windows line ends and a byte order mark', '\uFEFFA=1\r\nB=2\r\n', { A: '1', B: '2' }],
])('%s', (_case, text, expected) => {
  expect(Object.fromEntries(parseDotEnv(text, 'web.env'))).toEqual(expected);
});

test.each([
  ['no assignment', 'A=1\nhunter2', 2],
  ['a bad name', '1A=2', 1],
  ['a quote without end', "A='hunter2\nB=3", 1],
  ['words after a quote', 'A="1" 2', 1],
])('refuses %s with its line and without its content', (_case, text, line) => {
  expect(() => parseDotEnv(text, 'web.env')).toThrow(
    expect.objectContaining({
      code: 'env_invalid',
      message: `web.env:${line} is not NAME=value, nor a comment`,
    }),
  );
});

test('any value comes back as it was written in double quotes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (value) => {
      const text = value.replaceAll('\r', '');
      const quoted = `A="${text.replace(/["\\]/g, '\\$&')}"`;
      expect(parseDotEnv(quoted, 'web.env').get('A')).toBe(text);
    }),
  );
});
