import { expect, test } from 'vitest';
import { fixCommit, type Wanted } from '../../src/app/fix-commit.ts';
import {
  base,
  facts,
  foreign,
  head,
  memoryGithub,
  old,
  pushedAt,
  type Facts,
} from './memory-github.ts';

const inPull: Wanted = {
  environment: 'production',
  ref: null,
  sha: null,
  pull: 3,
  defaultBranch: 'main',
  at: pushedAt + 5000,
};

function fix(wanted: Partial<Wanted>, change: (known: Facts) => void = () => {}) {
  const known = facts();
  change(known);
  const { github, calls } = memoryGithub(known);
  return { calls, fixed: fixWhole({ ...inPull, ...wanted }, github) };
}

async function fixWhole(...asked: Parameters<typeof fixCommit>) {
  const { provenance, ...fixed } = await fixCommit(...asked);
  return { ...fixed, ...(await provenance) };
}

const reasonsOf = async ({ fixed }: ReturnType<typeof fix>) =>
  (await fixed).gates.map(({ reason }) => reason);

test('in a pull request: its head, with everybody who wrote it', async () => {
  expect(await fix({}).fixed).toMatchObject({
    sha: head,
    ref: 'feature',
    place: { kind: 'pull', number: 3 },
    authors: ['mona', 'lisa'],
  });
});

test('a head that was pushed after the comment is refused', async () => {
  expect(await reasonsOf(fix({ at: pushedAt }))).toEqual(['pushed_after_comment']);
});

test('of a fork nothing more is asked before the policy is known', async () => {
  const { fixed, calls } = fix({}, ({ pull }) => {
    Object.assign(pull.head, { repository: 8 });
  });
  expect(await fixed).toMatchObject({ gates: [], authors: ['mona'] });
  expect(calls).toEqual(['pull 3']);
});

test('in an issue: the head of the default branch', async () => {
  expect(await fix({ pull: null }).fixed).toMatchObject({
    sha: base,
    ref: 'main',
    place: { kind: 'branch', name: 'main' },
    authors: ['hubot'],
  });
});

test('a branch by name is fixed as any head is', async () => {
  expect(await reasonsOf(fix({ ref: 'feature', at: pushedAt }))).toEqual(['pushed_after_comment']);
  expect(await reasonsOf(fix({ ref: 'feature' }))).toEqual(['fixed']);
});

test('a tag by name', async () => {
  const { fixed } = fix({ ref: 'v1' }, ({ refs }) =>
    refs.push({ kind: 'tag', name: 'v1', sha: old }),
  );
  expect(await fixed).toMatchObject({ sha: old, place: { kind: 'tag', name: 'v1' }, gates: [] });
});

test('a name that is both a branch and a tag is refused', async () => {
  const { fixed } = fix({ ref: 'main' }, ({ refs }) =>
    refs.push({ kind: 'tag', name: 'main', sha: old }),
  );
  await expect(fixed).rejects.toMatchObject({ code: 'ref_ambiguous' });
});

test('a name that nothing has is refused', async () => {
  await expect(fix({ ref: 'nowhere' }).fixed).rejects.toMatchObject({ code: 'ref_not_found' });
});

test('a SHA may be short where it is the only one', async () => {
  expect(await fix({ sha: 'aaaaaaa' }).fixed).toMatchObject({ sha: old, place: null, gates: [] });
  const { fixed } = fix({ sha: 'aaaaaaa' }, ({ commits }) =>
    commits.push(`aaaaaaa${'1'.repeat(33)}`),
  );
  await expect(fixed).rejects.toMatchObject({ code: 'commit_not_found' });
});

test('a SHA that exists says nothing of where it belongs', async () => {
  expect(await fix({ sha: foreign }).fixed).toMatchObject({ sha: foreign, place: null });
});
