import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decideAccept,
  decideWatch,
  type Relation,
  type SeenRef,
  type WatchFacts,
} from '../../../src/agent/watch/decide.ts';
import { compareVersions, watchedRefs } from '../../../src/agent/watch/refs.ts';

const [a, b] = ['a'.repeat(40), 'b'.repeat(40)];
const touch = { target: 'maps', path: 'environments/x' };

function seen(relation: Relation, changes: Partial<SeenRef> = {}): SeenRef {
  const goesAhead = relation === 'first' || relation === 'ahead';
  const change = goesAhead ? ({ ok: true, touch } as const) : null;
  return { kind: 'branch', name: 'main', sha: b, relation, change, ...changes };
}

function decide(facts: Partial<WatchFacts>) {
  const all = { environment: 'staging', sync: 'auto', floor: a, issuing: null, seen: [] } as const;
  return decideWatch({ ...all, ...facts });
}

const untouched = { change: { ok: true, touch: null } } as const;
const broken = { change: { ok: false, problem: 'line 3: no' } } as const;
const tag = { kind: 'tag', name: 'v1' } as const;

test.each<[string, Partial<WatchFacts>, object]>([
  ['nothing to follow', {}, { kind: 'wait', why: 'nowhere' }],
  ['nothing new', { seen: [seen('same')] }, { kind: 'nothing' }],
  ['ahead', { seen: [seen('ahead')] }, { kind: 'issue', sha: b, ref: 'main' }],
  ['the first', { floor: null, seen: [seen('first', untouched)] }, { kind: 'issue', sha: b }],
  ['ahead, untouched', { seen: [seen('ahead', untouched)] }, { kind: 'pass', sha: b }],
  [
    'ahead, untouched, but the last one is in doubt',
    { issuing: a, seen: [seen('ahead', untouched)] },
    { kind: 'issue', sha: b },
  ],
  ['ahead, broken', { seen: [seen('ahead', broken)] }, { kind: 'wait', note: 'line 3: no' }],
  ['manual', { sync: 'manual', seen: [seen('ahead')] }, { kind: 'wait', why: 'manual' }],
  [
    'manual, untouched',
    { sync: 'manual', seen: [seen('ahead', untouched)] },
    { kind: 'pass', sha: b },
  ],
  ['in doubt', { issuing: b, seen: [seen('same')] }, { kind: 'issue', sha: b }],
  ['in doubt, manual', { sync: 'manual', issuing: b, seen: [seen('same')] }, { kind: 'nothing' }],
  ['went back', { seen: [seen('behind')] }, { kind: 'wait', why: 'rewritten' }],
  ['went aside', { seen: [seen('diverged')] }, { kind: 'wait', why: 'rewritten' }],
  ['went aside, manual', { sync: 'manual', seen: [seen('diverged')] }, { why: 'rewritten' }],
  ['an old tag', { seen: [seen('behind', tag)] }, { kind: 'nothing' }],
  ['a tag aside', { seen: [seen('diverged', tag)] }, { kind: 'wait', why: 'rewritten' }],
  ['a tag of an older line', { seen: [seen('diverged', tag), seen('same')] }, { kind: 'nothing' }],
  ['a branch behind its tag', { seen: [seen('same', tag), seen('behind')] }, { kind: 'nothing' }],
  ['a tag before its branch', { seen: [seen('ahead', tag), seen('ahead')] }, { ref: 'v1' }],
])('%s', (_what, facts, decision) => {
  expect(decide(facts)).toMatchObject(decision);
});

test('what is asked for is always ahead of the floor, or in doubt, and never where people sync', () => {
  const relation = fc.constantFrom<Relation>('first', 'same', 'ahead', 'behind', 'diverged');
  const ref = fc
    .tuple(relation, fc.constantFrom({}, untouched, broken, tag))
    .map(([one, changes]) => seen(one, one === 'ahead' || one === 'first' ? changes : {}));
  fc.assert(
    fc.property(
      fc.array(ref, { maxLength: 2 }),
      fc.constantFrom('auto' as const, 'manual' as const),
      fc.option(fc.constant(b)),
      (refs, sync, issuing) => {
        const decision = decide({ seen: refs, sync, issuing });
        if (decision.kind !== 'issue') return;
        expect(sync).toBe('auto');
        const of = refs.filter(({ name }) => name === decision.ref);
        expect(of.some(({ change, sha }) => change?.ok === true || sha === issuing)).toBe(true);
      },
    ),
  );
});

test.each([
  [{ isOnHead: false, floorIsOnHead: false, followsFloor: false }, 'keep'],
  [{ isOnHead: false, floorIsOnHead: true, followsFloor: true }, 'keep'],
  [{ isOnHead: true, floorIsOnHead: false, followsFloor: false }, 'restart'],
  [{ isOnHead: true, floorIsOnHead: true, followsFloor: true }, 'advance'],
  [{ isOnHead: true, floorIsOnHead: true, followsFloor: false }, 'keep'],
] as const)('a person’s deployment with %o: %s', (facts, answer) => {
  expect(decideAccept(facts)).toBe(answer);
});

const refs = ['heads/main', 'heads/release/1.9', 'heads/release/1.10', 'tags/v1', 'tags/v2.0-rc.1']
  .concat('pull/1/head')
  .map((name) => ({ name: `refs/${name}`, sha: a }));

test.each<[object | undefined, readonly string[]]>([
  [undefined, ['main']],
  [{}, []],
  [{ tags: ['v*'] }, ['v2.0-rc.1']],
  [{ tags: ['v?', 'v1'] }, ['v1']],
  [{ branches: ['release/*'] }, ['release/1.10']],
  [{ branches: ['**'] }, ['main']],
  [{ branches: ['main'], tags: ['v*'] }, ['v2.0-rc.1', 'main']],
  [{ branches: ['none'] }, []],
])('the trigger %o follows %j', (trigger, names) => {
  const found = watchedRefs({ trigger } as Parameters<typeof watchedRefs>[0], 'main', refs);
  expect(found.map(({ name }) => name)).toEqual(names);
});

test('versions are in their own order', () => {
  const inOrder = ['v1.0-rc.2', 'v1.0-rc.10', 'v1.0', 'v1.2', 'v1.10', 'v2.0-rc.1', 'v2.0', 'v10'];
  expect(inOrder.toReversed().toSorted(compareVersions)).toEqual(inOrder);
});
