import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSameRelease, planChanges, type Release } from '../../../src/targets/service/changes.ts';
import { chooseVersion } from '../../../src/targets/service/choose-version.ts';
import { buildEnvironment } from '../../../src/targets/environment.ts';
import { fillPlaceholders } from '../../../src/targets/fill-placeholders.ts';
import { prunable } from '../../../src/targets/prunable.ts';
import { idleSlot } from '../../../src/targets/service/slots.ts';

const sha = 'a'.repeat(40);
const other = 'b'.repeat(40);

test.each([
  ['blue', 'green'],
  ['green', 'blue'],
  [null, 'blue'],
  ['something else', 'blue'],
])('when %s has the traffic, %s is idle', (live, idle) => {
  expect(idleSlot(live)).toBe(idle);
});

const held = { sha, version: 'kept' };
test.each([
  ['its tag', { tag: 'v1', file: '2' }, 'v1'],
  ['else its VERSION file', { file: '2.0.1\n' }, '2.0.1'],
  ['else the short SHA', {}, 'aaaaaaa'],
  ['a VERSION file that is no version', { file: '../../etc' }, 'aaaaaaa'],
  ['what the slot was started as, rather than the file', { slots: [held], file: '2' }, 'kept'],
  ['a new tag, rather than what the slot was started as', { slots: [held], tag: 'v1' }, 'v1'],
  [
    'but never on the way back',
    { slots: [held], tag: 'v1', operation: 'rollback' as const },
    'kept',
  ],
  ['another commit in the slot says nothing', { slots: [{ ...held, sha: other }] }, 'aaaaaaa'],
])('version: %s', (_case, sources, version) => {
  const none = { sha, operation: 'deploy' as const, tag: null, slots: [], file: null };
  expect(chooseVersion({ ...none, ...sources })).toBe(version);
});

const release = { sha, version: 'v1', config: { run: ['node'], keep: 5 }, params: {} };
test.each([
  ['the first release', null, [{ action: 'add', resource: 'Service/web', breaking: false }]],
  ['the same again', { release, healthy: true }, []],
  ['the same, not healthy', { release, healthy: false }, [fields('health')]],
  [
    'another commit',
    { release: { ...release, sha: other, version: 'v0' }, healthy: true },
    [fields('commit', 'version')],
  ],
  [
    'other words in the configuration',
    { release: { ...release, config: { run: ['deno'], drain: 1, keep: 5 } }, healthy: true },
    [fields('run')],
  ],
  ['the traffic elsewhere', { release, healthy: true, inForce: false }, [fields('traffic')]],
  [
    'other parameters',
    { release: { ...release, params: { replicas: '3' } }, healthy: true },
    [fields('parameters')],
  ],
])('plan: %s', (_case, live, changes) => {
  expect(planChanges('web', live, release).changes).toEqual(changes);
});

test('the digest of a plan is over what will be, and the same for the same', () => {
  const digest = (wanted: Release) => planChanges('web', null, wanted).digest;
  expect(digest(release)).toBe(digest({ ...release, config: { keep: 5, run: ['node'] } }));
  expect(digest(release)).not.toBe(digest({ ...release, sha: other }));
  expect(digest(release)).not.toBe(digest({ ...release, params: { replicas: '3' } }));
  expect(isSameRelease(null, release)).toBe(false);
});

test('what is forced is a change, though nothing differs', () => {
  const live = { release, healthy: true };
  expect(planChanges('web', live, release, true).changes).toEqual([fields('forced')]);
});

test('a program gets little of the agent, and what Sallyport says of itself wins', () => {
  const environment = buildEnvironment({
    inherited: { PATH: '/bin', HOME: '/root', LANG: 'C', AWS_SECRET_KEY: 'x', LC_ALL: undefined },
    clear: { LOG_LEVEL: 'info', HOME: '/srv', SHARED: 'clear' },
    secrets: { DATABASE_URL: 'postgres://', SHARED: 'secret' },
    version: 'v1',
    sha,
    envRoot: '/etc/env',
    slot: { name: 'green', port: 8002 },
  });
  expect(environment).toEqual({
    PATH: '/bin',
    HOME: '/srv',
    LANG: 'C',
    LOG_LEVEL: 'info',
    DATABASE_URL: 'postgres://',
    SHARED: 'secret',
    PORT: '8002',
    SALLYPORT_SLOT: 'green',
    SALLYPORT_VERSION: 'v1',
    SALLYPORT_SHA: sha,
    SALLYPORT_ENV_ROOT: '/etc/env',
  });
});

test.each([
  ['--port={port}', '--port=8001'],
  ['{version}{port}', '{port}8001'],
  ['{toString} {PORT} {"json": 1} {a,b} ${x}', '{toString} {PORT} {"json": 1} {a,b} ${x}'],
])('placeholders: %s', (word, filled) => {
  expect(fillPlaceholders(word, { port: '8001', version: '{port}' })).toBe(filled);
});

const releases = ['a', 'b', 'c', 'd'].map((name, usedAt) => ({ sha: name, usedAt }));
test.each([
  ['the newest stay', [], 2, ['b', 'a']],
  ['one in a slot stays and counts', ['a'], 2, ['c', 'b']],
  ['slots stay even when there is no room', ['a', 'b', 'c'], 2, ['d']],
  ['all stay', [], 9, []],
])('prune: %s', (_case, needed, keep, gone) => {
  expect(prunable(releases, new Set(needed), keep)).toEqual(gone);
});

test.each<[string, readonly string[], number, readonly string[]]>([
  ['what fits stays', [], 100, []],
  ['older ones go first', [], 25, ['b', 'a']],
  ['after one that is too large all older ones go', [], 9, ['d', 'c', 'b', 'a']],
  ['what a slot needs counts first, and stays', ['a', 'b'], 25, ['d', 'c']],
  ['it stays even when it is too large', ['a'], 5, ['d', 'c', 'b']],
])('prune by size: %s', (_case, needed, maxBytes, gone) => {
  const bytesOf = new Map(releases.map(({ sha: name }) => [name, 10]));
  expect(prunable(releases, new Set(needed), { keep: 9, maxBytes, bytesOf })).toEqual(gone);
});

test('prune by size: never what is needed, and what stays fits beside it', () => {
  const names = fc.uniqueArray(fc.string(), { maxLength: 10 });
  const sizes = fc.array(fc.nat(100), { minLength: 10, maxLength: 10 });
  fc.assert(
    fc.property(
      names,
      names,
      fc.nat(6),
      fc.nat(300),
      sizes,
      (all, needed, keep, maxBytes, bytes) => {
        const bytesOf = new Map(all.map((name, at) => [name, bytes[at]!]));
        const kept = all.map((name, usedAt) => ({ sha: name, usedAt }));
        const gone = prunable(kept, new Set(needed), { keep, maxBytes, bytesOf });
        expect(gone.filter((name) => needed.includes(name))).toEqual([]);
        const left = all.filter((name) => !gone.includes(name));
        const isSpare = left.some((name) => !needed.includes(name));
        const taken = left.reduce((sum, name) => sum + bytesOf.get(name)!, 0);
        if (isSpare) expect(taken).toBeLessThanOrEqual(maxBytes);
      },
    ),
  );
});

test('prune never takes what is needed, and keeps enough', () => {
  const names = fc.uniqueArray(fc.string(), { maxLength: 10 });
  fc.assert(
    fc.property(names, names, fc.nat(6), (all, needed, keep) => {
      const gone = prunable(
        all.map((name, usedAt) => ({ sha: name, usedAt })),
        new Set(needed),
        keep,
      );
      expect(gone.filter((name) => needed.includes(name))).toEqual([]);
      expect(all.length - gone.length).toBeGreaterThanOrEqual(Math.min(keep, all.length));
    }),
  );
});

function fields(...names: string[]) {
  return { action: 'modify', resource: 'Service/web', fields: names, breaking: false };
}
