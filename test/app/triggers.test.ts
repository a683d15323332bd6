import { expect, test } from 'vitest';
import { readMerge } from '../../src/app/events/merge.ts';
import { handleMerge } from '../../src/app/merge.ts';
import { deployMissedTags } from '../../src/app/missed-tags.ts';
import { handlePush } from '../../src/app/push.ts';
import { handleRelease } from '../../src/app/release.ts';
import { appBench } from './app-bench.ts';
import { base, head, old, type Facts } from './memory-github.ts';

const sender = { id: 5, login: 'mona' };
const merge = { pull: 3, into: 'main', sha: head, author: 'lisa', sender };

function triggeredBy(trigger: string, change: (known: Facts) => void = () => {}) {
  return appBench((known) => {
    for (const path of Object.keys(known.files)) {
      known.files[path] = known.files[path]!.replace(
        /trigger: \{[^}]*\}/,
        `trigger: { ${trigger} }`,
      );
    }
    known.refs.push({ kind: 'tag', name: 'v1', sha: base });
    change(known);
  });
}

function written(tree: string) {
  return { tree, author: { id: 8, login: 'ada' }, subject: 'x', authorName: 'Ada' };
}

test('a published release makes the job that the push of its tag makes', async () => {
  const bench = triggeredBy('releases: true, tags: "v*"');
  await handleRelease({ tag: 'v1', isPrerelease: false, sender }, bench.open);
  await handlePush({ ref: 'refs/tags/v1', sha: base, sender }, bench.open);
  expect((await bench.environment('staging'))!.deployments).toMatchObject([
    {
      job: {
        sha: base,
        ref: 'v1',
        flags: { auto: true },
        cause: `push:refs/tags/v1:${base}:staging`,
      },
    },
  ]);
});

test.each([
  ['a prerelease', 'releases: true', { tag: 'v1', isPrerelease: true }],
  ['a release that triggers nothing', 'tags: "v*"', { tag: 'v1', isPrerelease: false }],
  ['a release without a tag', 'releases: true', { tag: 'v9', isPrerelease: false }],
])('%s makes no job', async (_name, trigger, release) => {
  const bench = triggeredBy(trigger);
  await handleRelease({ ...release, sender }, bench.open);
  expect(bench.ledgers.jobs).toEqual([]);
});

test('a merge deploys what the branch holds since, and not its files once more', async () => {
  const bench = triggeredBy('merges: true', (known) => {
    known.facts = { [head]: written(old), [base]: written(old) };
    known.relations[`${head}...${base}`] = 'ahead';
  });
  await handleMerge(merge, bench.open);
  expect((await bench.environment('staging'))!.running!.job).toMatchObject({
    sha: head,
    authors: ['mona', 'lisa'],
  });
  await bench.say(1, 'planned');
  await bench.say(1, 'done');
  await handleMerge({ ...merge, sha: base }, bench.open);
  expect(bench.ledgers.jobs).toHaveLength(1);
  expect(bench.logged).toContain('a merge was not deployed: its files are deployed already');
  bench.known.facts[base] = written(base);
  await handleMerge({ ...merge, sha: base }, bench.open);
  expect(bench.ledgers.jobs).toHaveLength(2);
});

test.each([
  ['into another branch', { ...merge, into: 'feature' }, 'merges: true'],
  ['that triggers nothing', merge, 'branches: main'],
  ['that was none', null, 'merges: true'],
])('a merge %s makes no job', async (_name, event, trigger) => {
  const bench = triggeredBy(trigger);
  await handleMerge(event, bench.open);
  expect(bench.ledgers.jobs).toEqual([]);
});

test('a pull request that was closed is no merge', () => {
  const closed = { merged: false, merge_commit_sha: head, base: { ref: 'main' }, user: null };
  expect(readMerge({ number: 3, pull_request: closed, sender })).toBeNull();
});

test('tags that came together are found by the sweep, the newest first, and those before it are not', async () => {
  const bench = triggeredBy('tags: "v*"', (known) => {
    known.facts = { [head]: written(old) };
    known.relations[`${head}...${old}`] = 'behind';
  });
  const known = new Map();
  await deployMissedTags(known, bench.world);
  expect(bench.ledgers.jobs).toEqual([]);
  bench.known.refs.push(
    { kind: 'tag', name: 'v2', sha: old },
    { kind: 'tag', name: 'v10', sha: head },
  );
  await deployMissedTags(known, bench.world);
  await deployMissedTags(known, bench.world);
  expect((await bench.environment('staging'))!.deployments).toMatchObject([
    {
      job: {
        ref: 'v10',
        sha: head,
        actor: { login: 'ada' },
        cause: `push:refs/tags/v10:${head}:staging`,
      },
    },
  ]);
});

test('where no environment follows tags, nobody asks for them', async () => {
  const bench = triggeredBy('branches: main');
  await deployMissedTags(new Map(), bench.world);
  expect(bench.calls).not.toContain('tags');
});
