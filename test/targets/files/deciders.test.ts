import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { whyBreaking } from '../../../src/targets/files/breaking.ts';
import { fieldChanges, pathText } from '../../../src/targets/files/field-changes.ts';
import { compilePattern } from '../../../src/targets/files/glob.ts';
import { keptOf } from '../../../src/targets/files/kept.ts';
import { jsonErrorOffset } from '../../../src/targets/files/json-offset.ts';
import { isNarrowed } from '../../../src/targets/files/narrowing.ts';
import { readResources } from '../../../src/targets/files/read-resources.ts';
import { removable } from '../../../src/targets/files/settle-steps.ts';
import { overlay, splitActual } from '../../../src/targets/files/tree.ts';

test.each([
  ['layers/*.yaml', 'layers/a.yaml', true],
  ['layers/*.yaml', 'layers/a/b.yaml', false],
  ['layers/*.yaml', 'layers/.yaml', true],
  ['*', 'a', true],
  ['*', 'a/b', false],
  ['**', 'a/b', true],
  ['**/x', 'x', true],
  ['**/x', 'a/b/x', true],
  ['a/**', 'a', false],
  ['a/**', 'a/b/c', true],
  ['a/', 'a/b', true],
  ['a/**/z', 'a/z', true],
  ['a/**/z', 'a/b/c/z', true],
  ['a/**/z', 'a/b/c/y', false],
  ['?.txt', 'é.txt', true],
  ['a+b(c)', 'a+b(c)', true],
])('pattern %s and path %s: %s', (pattern, path, matches) => {
  expect(compilePattern(pattern)(path)).toBe(matches);
});

test('a hostile pattern takes no time', () => {
  const began = performance.now();
  expect(compilePattern('*a'.repeat(120))(`${'a'.repeat(4000)}b`)).toBe(false);
  expect(compilePattern('**/a/'.repeat(50) + 'b')('a/'.repeat(2000) + 'c')).toBe(false);
  expect(performance.now() - began).toBeLessThan(1000);
});

test.each([
  [['cache/**'], ['cache'], ['cache', 'cache/x'], ['cached']],
  [['cache/', 'cache/deep/**'], ['cache'], ['cache/deep/x'], []],
  [['*.lock', '**/tmp/**'], [], ['a.lock', 'x/tmp/y'], ['x/a.lock']],
])('keep %j', (patterns, folders, kept, others) => {
  const rules = keptOf(patterns);
  expect(rules.folders).toEqual(folders);
  expect(kept.filter((path) => !rules.isKept(path))).toEqual([]);
  expect(others.filter((path) => rules.isKept(path))).toEqual([]);
});

test.each([
  ['text', 'integer', true],
  ['integer', 'text', false],
  ['number', 'integer', true],
  ['int', 'bigint', false],
  ['bigint', 'int', true],
  ['varchar(50)', 'varchar(20)', true],
  ['varchar(20)', 'varchar(50)', false],
  ['varchar', 'varchar(50)', true],
  ['varchar(50)', 'text', false],
  ['text', 'uuid', true],
  ['integer', 'date', true],
  ['numeric(10,2)', 'numeric(8,2)', true],
  ['polygon', 'multipolygon', false],
  ['MultiPolygon', 'Polygon', true],
  ['raster', 'vector', false],
  ['String', 'text', false],
])('type %s to %s is narrower: %s', (from, to, narrowed) => {
  expect(isNarrowed({ path: ['fields', 0, 'type'], kind: 'changed', from, to })).toBe(narrowed);
});

test.each([
  ['nullable', true, false, true],
  ['nullable', false, true, false],
  ['not_null', undefined, true, true],
  ['required', false, true, true],
  ['maxLength', 10, 5, true],
  ['max_length', 5, 10, false],
  ['minimum', 1, 2, true],
  ['title', 'a', 'b', false],
])('%s from %s to %s is narrower: %s', (name, from, to, narrowed) => {
  expect(isNarrowed({ path: [name], kind: 'changed', from, to })).toBe(narrowed);
});

describe('changed fields', () => {
  const paths = (from: unknown, to: unknown) =>
    fieldChanges(from, to, ['name']).map(({ path, kind }) => `${kind} ${pathText(path)}`);

  test.each([
    [{ a: 1 }, { a: 1 }, []],
    [{ a: 1 }, { a: 2, b: 3 }, ['changed a', 'added b']],
    [{ a: { b: [1, 2] } }, { a: { b: [2] } }, ['removed a.b[0]']],
    [
      { f: [{ name: 'x' }, { name: 'y', type: 1 }] },
      { f: [{ name: 'y', type: 2 }] },
      ['changed f[0].type', 'removed f[0]'],
    ],
    [{ f: ['a', 'b'] }, { f: ['b', 'a'] }, ['changed f']],
    [{ f: [{ k: 1 }] }, { f: [{ k: 2 }] }, ['changed f[0].k']],
    [{ 'a.b': 1 }, {}, ['removed ["a.b"]']],
    [[1], { a: 1 }, ['changed ']],
    [null, undefined, []],
  ])('%j to %j', (from, to, changes) => {
    expect(paths(from, to)).toEqual(changes);
  });

  test('equal values have none, and whatever differs has some', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const normal = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
        expect(fieldChanges(normal(a), normal(a), ['name'])).toEqual([]);
        const differs = JSON.stringify(sorted(a)) !== JSON.stringify(sorted(b));
        expect(fieldChanges(normal(a), normal(b), ['name']).length > 0).toBe(differs);
      }),
    );
  });
});

describe('breaking', () => {
  const before = {
    name: 'p',
    type: 'polygon',
    srs: { id: 1 },
    fields: [
      { name: 'x', type: 'text' },
      { name: 'y', type: 'integer' },
    ],
  };
  const why = (rules: readonly string[], change: object) =>
    whyBreaking(rules, fieldChanges(before, { ...before, ...change }, ['name']));

  test.each([
    [['type'], { type: 'line' }, 'type becomes line, was polygon'],
    [['type'], { title: 'new' }, null],
    [['srs.id'], { srs: 'none' }, 'srs is changed'],
    [['srs'], { srs: { id: 2 } }, 'srs.id becomes 2, was 1'],
    [['fields[-]'], { fields: [before.fields[1]] }, 'fields[0] is removed'],
    [['fields[-]'], { fields: [...before.fields, { name: 'z' }] }, null],
    [['fields[-]'], { fields: 'none' }, 'fields is changed'],
    [
      ['fields[*].type'],
      { fields: [before.fields[0], { name: 'y', type: 'text' }] },
      'fields[1].type becomes text, was integer',
    ],
    [['fields[-].type'], { fields: [before.fields[1]] }, 'fields[0] is removed'],
    [
      ['removed'],
      { fields: [{ name: 'x', type: 'integer' }, before.fields[1]] },
      'fields[0].type becomes integer, was text, which is narrower',
    ],
    [[], { type: 'line', fields: [] }, null],
  ])('%j of %j', (rules, change, reason) => {
    expect(why(rules, change)).toBe(reason);
  });
});

describe('files read as resources', () => {
  const names = (text: string, path = 'a.yaml') => {
    const read = readResources(text, path, 'name');
    return read.ok ? [...read.resources.keys()] : [read.line, read.why];
  };

  test.each([
    ['name: a', ['a']],
    ['- name: a\n- name: b', ['a', 'b']],
    ['name: a\n---\n- name: b\n- name: 3', ['a', 'b', '3']],
    ['', []],
    ['# only words\n', []],
    ['---\n---\n', []],
    ['name: &n a\nother: {<<: {x: 1}, y: 2}', ['a']],
  ])('%j', (text, expected) => {
    expect(names(text)).toEqual(expected);
  });

  test.each([
    ['name: a\nother: [1, 2', 2],
    ['name: a\n---\ntitle: b', 3],
    ['- name: a\n- name: a', 2],
    ['name: a\nname: b', 2],
    ['name: a\n__proto__: {}', 2],
    ['name: a\n? [x]\n: y', 2],
    ['name: {}', 1],
    ['name: "a\\u001b[2J"', 1],
    ['just text', 1],
    [
      'a: &a [x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nname: [*c,*c]',
      1,
    ],
  ])('%j is refused at its line', (text, line) => {
    expect(names(text)[0]).toBe(line);
  });

  test('JSON says its line, and never what stands there', () => {
    expect(names('{"name": "a"}', 'a.json')).toEqual(['a']);
    expect(names('[{"name": "a"}]', 'a.json')).toEqual(['a']);
    const [line, why] = names('{\n  "password": hunter2\n}', 'a.json');
    expect(line).toBe(2);
    expect(why).not.toContain('hunter2');
    expect(names('['.repeat(100_000), 'a.json')[0]).not.toBe('a');
    expect(names(`{"name":${'['.repeat(100)}${']'.repeat(100)}}`, 'a.json')).toEqual([
      null,
      'it is nested too deeply',
    ]);
    expect(names('['.repeat(20_000), 'a.yaml')[1]).toContain('');
  });
});

test.each([
  ['', 0],
  ['{"a": 1', 7],
  ['{"a": 1,}', 8],
  ['[1, 2 3]', 6],
  ['[1}', 2],
  ['{"a" 1}', 5],
  ['[01]', 1],
  ['nul', 0],
  ['"a" "b"', 4],
  ['1,2', 1],
  ['["a\n"]', 1],
])('%j stops being JSON at %i', (text, offset) => {
  expect(() => JSON.parse(text) as unknown).toThrow();
  expect(jsonErrorOffset(text)).toBe(offset);
});

test('all that V8 reads is read to its end', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(jsonErrorOffset(text)).toBe(text.length);
    }),
  );
});

test('what is in the way of a file of the environment is not taken from the common ones', () => {
  const file = (path: string) => ({ path, kind: 'file', oid: path }) as const;
  const tree = overlay([file('a'), file('b/c'), file('d')], [file('a/x'), file('b'), file('d')]);
  expect([...tree.keys()].toSorted()).toEqual(['a/x', 'b', 'd']);
});

test('without prune, what Git does not know stays, if it is in nobody’s way', () => {
  const files = (...paths: string[]) =>
    new Map(paths.map((path) => [path, { kind: 'file', oid: path } as const]));
  const { managed, unmanaged } = splitActual(
    files('a', 'b/c'),
    files('a', 'a/x', 'b', 'own'),
    false,
  );
  expect([...managed.keys()]).toEqual(['a', 'a/x', 'b']);
  expect(unmanaged).toEqual(['own']);
});

test.each([
  [['1-aaaaaaa', '2-bbbbbbb', '3-ccccccc', 'kept'], ['3-ccccccc', '2-bbbbbbb'], 1, ['1-aaaaaaa']],
  [['1-aaaaaaa', '2-bbbbbbb', '3-ccccccc'], ['3-ccccccc', '1-aaaaaaa'], 1, ['2-bbbbbbb']],
  [
    ['adopted-1', '1-aaaaaaa', '2-bbbbbbb.part', 'target'],
    ['1-aaaaaaa', 'adopted-1'],
    5,
    ['2-bbbbbbb.part'],
  ],
])('of %j, with %j needed and %i kept, %j may go', (names, needed, keep, gone) => {
  expect(removable(names, new Set(needed), keep)).toEqual(gone);
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? 0 : value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
