import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readCheckSuite, readCommitStatus } from '../../src/app/events/checks.ts';

interface Described {
  readonly name: string;
  readonly examples: readonly Record<string, unknown>[];
}

/** What GitHub itself sent, as its own collection has it. */
function examplesOf(event: string): readonly Record<string, unknown>[] {
  const require = createRequire(import.meta.url);
  const path = require.resolve('@octokit/webhooks-examples/api.github.com/index.json');
  const all = JSON.parse(readFileSync(path, 'utf8')) as readonly Described[];
  return all.find(({ name }) => name === event)?.examples ?? [];
}

test('check suites that ended name their branch', () => {
  const ended = examplesOf('check_suite').filter(({ action }) => action === 'completed');
  expect(ended.map((example) => readCheckSuite(example).branches)).toContainEqual(['main']);
});

test('a commit status names the branches that stand at its commit, where it is a success', () => {
  const [example] = examplesOf('status');
  // GitHub names branches that contain the commit, too: here all of them have gone on.
  const { sha, branches } = readCommitStatus(example);
  expect(branches).toEqual([]);
  const moved = [{ name: 'moved', commit: { sha: 'f'.repeat(40) } }];
  expect(readCommitStatus({ ...example, branches: moved }).branches).toEqual([]);
  const own = [{ name: 'own', commit: { sha } }];
  expect(readCommitStatus({ ...example, branches: own }).branches).toEqual(['own']);
  expect(readCommitStatus({ ...example, state: 'pending' }).branches).toEqual([]);
});
