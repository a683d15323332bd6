import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAgentConfig, parseRepositoryConfig } from '../../src/config/parse.ts';
import { problemsOf } from './samples.ts';

const bomb = 'bcdefghijk'
  .split('')
  .map((name, depth) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghijk'[depth]}`).join()}]`);

test.each([
  ['an empty file', '', '1:1 The file is empty.'],
  ['only comments', '# x\n', '1:1 The file is empty.'],
  ['a list', '- a', '1:1 The file is a list; expected a map.'],
  ['a word', 'hello', '1:1 The file is "hello"; expected a map.'],
  ['a tab', 'version:\n\ttargets: 1', '2:1 A tab cannot indent YAML; use spaces.'],
  [
    'two documents',
    'version: 1\n---\nversion: 1',
    '2:1 The file has more than one document (`---`); one is read.',
  ],
  ['a key twice', 'version: 1\nversion: 1', '2:1 The key `version` is given twice.'],
  ['a key that is a list', '? [a]\n: 1', '1:3 A key must be a plain word.'],
  ['a merge key', '<<: {}', '1:1 Merge keys (`<<`) are not read; write the keys out.'],
  [
    'a lost alias',
    'version: *',
    '1:10 An alias (`*name`) cannot be read; quote it if a star was meant.',
  ],
  [
    'an alias before its anchor',
    'a: *x\nb: &x 1',
    '1:4 The alias `*x` leads nowhere; quote it if a star was meant.',
  ],
  ['an unknown tag', 'version: !js 1', '1:10 Unresolved tag: !js.'],
  [
    'an alias bomb',
    `a: &a [x,x,x]\n${bomb.join('\n')}`,
    '1:1 The file expands aliases more than 100 times.',
  ],
  ['a file over 1 MiB', `# ${'x'.repeat(1024 * 1024)}`, '1:1 The file is larger than 1 MiB.'],
  ['deep nesting', `${'['.repeat(3_000)}`, '1:1 The file is nested too deeply.'],
])('refuses %s', (_, text, problem) => {
  expect(problemsOf(text)[0]).toBe(problem);
});

test('does not answer a file with as many problems as it has lines', () => {
  const text = Array.from({ length: 20_000 }, (_, line) => `key${line}: 1\n`).join('');
  expect(problemsOf(text)).toHaveLength(100);
});

test('does not let a file decide how long a message is', () => {
  const text = `version: 1\n${'x'.repeat(100_000)}: 1`;
  expect(problemsOf(text)[0]!.length).toBeLessThan(500);
});

const piece = fc.oneof(
  fc.constantFrom(
    'version',
    'targets',
    'environments',
    'agents',
    'name',
    'trust',
    '__proto__',
    '1',
  ),
  fc.constantFrom(
    ': ',
    ':\n  ',
    '\n',
    '- ',
    '[',
    ']',
    '{',
    '}',
    ', ',
    '&a ',
    '*a',
    '"',
    '#',
    '|',
    '!!str ',
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
);

test('never throws, and places every problem inside of the file', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join('');
      const lines = text.split('\n').length;
      for (const parse of [parseRepositoryConfig, parseAgentConfig]) {
        const parsed = parse(text, 'x.yml');
        if (parsed.ok) continue;
        expect(parsed.problems.length).toBeGreaterThan(0);
        for (const { line, column } of parsed.problems) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(lines);
          expect(column).toBeGreaterThanOrEqual(1);
        }
      }
      expect(Object.keys(Object.prototype)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
