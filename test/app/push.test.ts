import { expect, test } from 'vitest';
import { readPush } from '../../src/app/events/push.ts';
import { handlePush } from '../../src/app/push.ts';
import { appBench } from './app-bench.ts';
import { base, head } from './memory-github.ts';

const sender = { id: 5, login: 'mona' };

test('a push to a branch that triggers makes a job for its commit', async () => {
  const bench = appBench();
  await handlePush({ ref: 'refs/heads/main', sha: base, sender }, bench.open);
  expect((await bench.environment('staging'))!.running!.job).toMatchObject({
    cause: `push:refs/heads/main:${base}:staging`,
    sha: base,
    ref: 'main',
    reply: null,
  });
  expect(bench.ledgers.jobs).toHaveLength(1);
});

test('whoever wrote what somebody else merged is an author of it', async () => {
  const bench = appBench();
  const push = {
    ref: 'refs/heads/main',
    deleted: false,
    after: base,
    head_commit: { id: base },
    sender,
    commits: [{ author: { username: 'lisa' } }, { author: { name: 'x' } }, { author: null }],
  };
  await handlePush(readPush(push), bench.open);
  const { job } = (await bench.environment('staging'))!.running!;
  expect(job.authors).toEqual(['mona', 'lisa']);
});

test('the same push delivered twice is one job', async () => {
  const bench = appBench();
  const push = { ref: 'refs/tags/v1', sha: base, sender };
  await handlePush(push, bench.open);
  await handlePush(push, bench.open);
  expect(bench.ledgers.jobs).toHaveLength(1);
});

test('an older commit that comes later does not go out', async () => {
  const bench = appBench((known) => {
    known.relations[`${head}...${base}`] = 'behind';
  });
  await handlePush({ ref: 'refs/heads/main', sha: head, sender }, bench.open);
  await handlePush({ ref: 'refs/heads/main', sha: base, sender }, bench.open);
  expect((await bench.environment('staging'))!.deployments.map(({ job }) => job.sha)).toEqual([
    head,
  ]);
  expect(bench.logged).toContain('a push was not deployed');
});

test.each([
  ['a branch that triggers nothing', 'refs/heads/feature', base],
  ['a ref that is neither branch nor tag', 'refs/pull/3/head', base],
  ['a branch that was deleted', 'refs/heads/main', null],
])('%s makes no job', async (_name, ref, sha) => {
  const bench = appBench();
  await handlePush({ ref, sha, sender }, bench.open);
  expect(bench.ledgers.jobs).toEqual([]);
});

test('an environment with `sync: manual` waits for a person', async () => {
  const bench = appBench((known) => {
    for (const path of Object.keys(known.files)) {
      known.files[path] = known.files[path]!.replace('sync: auto', 'sync: manual');
    }
  });
  await handlePush({ ref: 'refs/heads/main', sha: base, sender }, bench.open);
  expect(bench.ledgers.jobs).toEqual([]);
  expect(bench.logged).toContain('a push waits for a person');
});

test('a repository without a policy is left alone', async () => {
  const bench = appBench((known) => {
    known.files = {};
  });
  await handlePush({ ref: 'refs/heads/main', sha: base, sender }, bench.open);
  expect(bench.ledgers.jobs).toEqual([]);
});
