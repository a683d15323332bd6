import { expect, test } from 'vitest';
import { findPlace } from '../../src/app/find-place.ts';
import type { FixedCommit } from '../../src/app/fix-commit.ts';
import { admittedRefs } from '../../src/policy/refs.ts';
import { base, facts, foreign, head, memoryGithub, old, type Facts } from './memory-github.ts';

const ofPull: FixedCommit = {
  sha: head,
  ref: 'feature',
  place: { kind: 'pull', number: 3 },
  pull: facts().pull,
  provenance: Promise.resolve({ gates: [], authors: [] }),
};
const bare = (sha: string, pull: FixedCommit['pull'] = null): FixedCommit => ({
  ...ofPull,
  sha,
  place: null,
  pull,
});

function find(
  commit: FixedCommit,
  refs: readonly string[] | undefined,
  change: (known: Facts) => void = () => {},
) {
  const known = facts();
  change(known);
  const { github, calls } = memoryGithub(known);
  return { calls, place: findPlace(commit, admittedRefs(refs, 'main'), github) };
}

test('the head of an own pull request costs no call', async () => {
  const { place, calls } = find(ofPull, undefined);
  expect(await place).toEqual({ kind: 'pull', number: 3 });
  expect(calls).toEqual([]);
});

test('where `pull` is not admitted, the head must be on an admitted ref', async () => {
  expect(await find(ofPull, ['main']).place).toBeNull();
  const merged = find(ofPull, ['main'], ({ relations }) => {
    relations[`${head}...${base}`] = 'ahead';
  });
  expect(await merged.place).toEqual({ kind: 'branch', name: 'main' });
});

test('the head of a closed pull request is not admitted as such', async () => {
  const closed = { ...ofPull, pull: { ...ofPull.pull!, isOpen: false } };
  expect(await find(closed, undefined).place).toBeNull();
});

test('a SHA is looked for on admitted branches and tags', async () => {
  const tagged = find(bare(old), ['v*'], ({ refs }) =>
    refs.push({ kind: 'tag', name: 'v1.0', sha: old }, { kind: 'tag', name: 'w', sha: foreign }),
  );
  expect(await tagged.place).toEqual({ kind: 'tag', name: 'v1.0' });
  expect(tagged.calls).toContain('refs tag v');
});

test('an earlier commit of the pull request counts as on it', async () => {
  const earlier = find(bare(old, ofPull.pull), undefined, ({ relations }) => {
    relations[`${old}...${head}`] = 'ahead';
  });
  expect(await earlier.place).toEqual({ kind: 'pull', number: 3 });
});

test('a commit of a fork is on nothing, although it exists', async () => {
  expect(await find(bare(foreign), undefined).place).toBeNull();
  const fork = { ...ofPull.pull!, head: { ...ofPull.pull!.head, sha: foreign, repository: 8 } };
  expect(await find(bare(foreign, fork), undefined).place).toBeNull();
  expect(await find({ ...ofPull, sha: foreign, pull: fork }, undefined).place).toBeNull();
});

test('the head of a fork that is the head of a branch here is on that branch', async () => {
  const fork = { ...ofPull.pull!, head: { ...ofPull.pull!.head, sha: foreign, repository: 8 } };
  const brought = find({ ...ofPull, sha: foreign, pull: fork }, undefined, (known) => {
    known.branchesAt[foreign] = ['review/3'];
  });
  expect(await brought.place).toEqual({ kind: 'branch', name: 'review/3' });
});
