import { expect, test } from 'vitest';
import { handleDeploymentStatus } from '../../src/app/deployment-status.ts';
import { handleIssueComment } from '../../src/app/issue-comment.ts';
import { appBench, commentOf } from './app-bench.ts';

const status = { deployment: 1, task: 'sallyport', state: 'in_progress' };

test('a status of another tool causes no call', async () => {
  const bench = appBench();
  await handleDeploymentStatus({ ...status, task: 'deploy' }, bench.open);
  expect(bench.opened()).toBe(0);
});

test('a status of a deployment that is not in the ledger changes nothing', async () => {
  const bench = appBench();
  await handleDeploymentStatus({ ...status, deployment: 77 }, bench.open);
  expect(bench.calls).toEqual([]);
});

test('a status that changed nothing edits nothing', async () => {
  const bench = appBench();
  await handleIssueComment(commentOf('/deploy production'), bench.open);
  const before = bench.calls.length;
  await handleDeploymentStatus(status, bench.open);
  expect(bench.calls).toHaveLength(before);
});

test('what a host said of a failure stands in the answer', async () => {
  const bench = appBench();
  await handleIssueComment(commentOf('/deploy production'), bench.open);
  await bench.say(1, 'applying');
  await bench.say(1, 'failed', { words: 'web-1 failed: npm ci ended with 1' });
  await handleDeploymentStatus({ ...status, state: 'failure' }, bench.open);
  expect(bench.comments[0]!.body).toContain('```text\nweb-1 failed: npm ci ended with 1\n```');
});

test('an end that GitHub does not list yet is looked for again, and not forever', async () => {
  const bench = appBench();
  await handleIssueComment(commentOf('/deploy production'), bench.open);
  const before = bench.world.clock.now();
  await handleDeploymentStatus({ ...status, state: 'success' }, bench.open);
  expect(bench.world.clock.now() - before).toBe(15_000);
});
