import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planOf } from '../../../src/model/plan.ts';
import { diff, differingPaths, type Side } from '../../../src/targets/files/diff.ts';
import type { Resource, ResourceRule } from '../../../src/targets/files/resource-changes.ts';
import type { Tree, TreeFile } from '../../../src/targets/files/tree.ts';

const rule: ResourceRule = {
  match: ['*'],
  type: 'Layer',
  key: 'name',
  breaking: ['removed', 'type', 'fields[-]'],
};

/** A side whose files hold these resources. */
function sideOf(files: Readonly<Record<string, readonly object[]>>): Side {
  const resources = new Map<string, Resource>();
  for (const [path, values] of Object.entries(files)) {
    for (const value of values as readonly { name: string }[]) {
      resources.set(`Layer/${value.name}`, { path, value, rule });
    }
  }
  const tree = Object.entries(files).map(
    ([path, values]) => [path, { kind: 'file', oid: JSON.stringify(values) }] as const,
  );
  return { files: new Map(tree), resources, read: new Set(Object.keys(files)) };
}

const parcels = { name: 'parcels', type: 'polygon', fields: [{ name: 'id', type: 'integer' }] };
const roads = { name: 'roads', type: 'line' };

test.each([
  [
    'added',
    { a: [] },
    { a: [roads] },
    [{ action: 'add', resource: 'Layer/roads', path: 'a', breaking: false }],
  ],
  [
    'removed',
    { a: [roads] },
    { a: [] },
    [
      {
        action: 'remove',
        resource: 'Layer/roads',
        path: 'a',
        breaking: true,
        why: 'it is removed',
      },
    ],
  ],
  [
    'its file removed',
    { a: [roads] },
    {},
    [
      {
        action: 'remove',
        resource: 'Layer/roads',
        path: 'a',
        breaking: true,
        why: 'it is removed',
      },
    ],
  ],
  [
    'renamed',
    { a: [roads] },
    { b: [{ ...roads, name: 'streets' }] },
    [
      {
        action: 'rename',
        resource: 'Layer/streets',
        path: 'b',
        from: 'Layer/roads',
        breaking: true,
        why: 'Layer/roads is gone',
      },
      { action: 'remove', resource: 'File/a', path: 'a', breaking: false },
    ],
  ],
  [
    'moved',
    { a: [roads] },
    { b: [roads] },
    [{ action: 'rename', resource: 'Layer/roads', path: 'b', from: 'a', breaking: false }],
  ],
  [
    'modified',
    { a: [parcels] },
    { a: [{ ...parcels, fields: [], title: 'x' }] },
    [
      {
        action: 'modify',
        resource: 'Layer/parcels',
        path: 'a',
        fields: ['fields[0]', 'title'],
        breaking: true,
        why: 'fields[0] is removed',
      },
    ],
  ],
  [
    'in another order only',
    { a: [parcels, roads] },
    { a: [roads, parcels] },
    [{ action: 'modify', resource: 'File/a', path: 'a', breaking: false }],
  ],
])('a resource %s', (_case, before, after, changes) => {
  expect(diff(sideOf(after), sideOf(before))).toEqual(changes);
});

test('what cannot be read on the host is told as a file', () => {
  const broken: Side = { ...sideOf({}), files: new Map([['a', { kind: 'file', oid: '?' }]]) };
  expect(diff(sideOf({ a: [roads] }), broken)).toEqual([
    { action: 'modify', resource: 'File/a', path: 'a', breaking: false },
  ]);
});

const file = fc.record({
  kind: fc.constantFrom('file', 'executable', 'link'),
  oid: fc.constantFrom('1', '2', '3', 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391'),
});
const tree = fc
  .dictionary(fc.constantFrom('a', 'b', 'c', 'd/e', 'd/f'), file)
  .map((files): Tree => new Map(Object.entries(files)));
const plain = (files: Tree): Side => ({ files, resources: new Map(), read: new Set() });

test('doing what a diff says makes the one tree the other', () => {
  fc.assert(
    fc.property(tree, tree, (desired, actual) => {
      const made = new Map<string, TreeFile>(actual);
      for (const { action, path, from } of diff(plain(desired), plain(actual))) {
        if (action === 'remove') made.delete(path!);
        else if (action === 'rename') {
          made.set(path!, made.get(from!)!);
          made.delete(from!);
        } else made.set(path!, desired.get(path!)!);
      }
      expect(differingPaths(desired, made)).toEqual([]);
    }),
  );
});

const layers = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom('p', 'q', 'r', 's'),
      type: fc.constantFrom('x', 'y'),
      at: fc.constantFrom('a', 'b', 'c'),
    }),
    { selector: ({ name }) => name },
  )
  .map((all) => sideOf(Object.fromEntries(Map.groupBy(all, ({ at }) => at))));

test('every path that differs is named, and without a difference there is no change', () => {
  fc.assert(
    fc.property(layers, layers, (desired, actual) => {
      const changes = diff(desired, actual);
      const named = new Set(changes.flatMap(({ path, from }) => [path, from]));
      expect(
        differingPaths(desired.files, actual.files).filter((path) => !named.has(path)),
      ).toEqual([]);
      expect(diff(desired, desired)).toEqual([]);
      const gone = [...actual.resources.keys()].filter((id) => !desired.resources.has(id));
      expect(
        changes.filter(({ why }) => why !== undefined && /gone|removed/.test(why)),
      ).toHaveLength(gone.length);
    }),
  );
});

test('the digest does not depend on the order in which things were found', () => {
  fc.assert(
    fc.property(tree, tree, (desired, actual) => {
      const reversed = (files: Tree): Tree => new Map([...files].toReversed());
      const [one, two] = [
        diff(plain(desired), plain(actual)),
        diff(plain(reversed(desired)), plain(reversed(actual))),
      ];
      const wanted = 'sha256:0' as const;
      expect(planOf({ changes: two, wanted })).toEqual(planOf({ changes: one, wanted }));
    }),
  );
});
