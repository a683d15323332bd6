import { expect, test } from 'vitest';
import { handleDeploymentStatus } from '../../src/app/deployment-status.ts';
import { handleIssueComment } from '../../src/app/issue-comment.ts';
import { tellLost } from '../../src/app/silent-hosts.ts';
import { appBench, commentOf } from './app-bench.ts';

const status = { deployment: 1, task: 'sallyport', state: 'failure' };

test('a change of a deployment is told with its step, its host’s words and where to read on', async () => {
  const bench = appBench();
  await handleIssueComment(commentOf('/deploy production'), bench.open);
  expect(bench.told).toEqual([]);
  await bench.say(1, 'applying');
  await bench.say(1, 'failed', { reason: 'build_failed', words: 'web-1 failed: npm ci' });
  await handleDeploymentStatus(status, bench.open);
  expect(bench.told.map(({ event }) => event)).toEqual(['started', 'failed']);
  expect(bench.told[1]).toMatchObject({
    id: '7:production:1:failed',
    repository: { name: 'acme/shop', url: 'https://github.com/acme/shop' },
    step: 'build',
    message: 'web-1 failed: npm ci',
    link: expect.stringMatching(/^https:\/\/github\.com\/acme\/shop\/issues\/3#issuecomment-\d+$/),
  });
});

test('a host that is silent at its turn is told of after some minutes', async () => {
  const bench = appBench();
  await handleIssueComment(commentOf('/deploy production'), bench.open);
  await tellLost(bench.world);
  expect(bench.told).toEqual([]);
  bench.ledgers.clock.advance(4 * 60_000);
  await tellLost(bench.world);
  expect(bench.told).toMatchObject([{ event: 'agent-lost', hosts: ['web-1'] }]);
});

test('a ledger that cannot be read for that is logged', async () => {
  const bench = appBench();
  bench.world.ledger.jobs = () => Promise.reject(new Error('cut off'));
  await tellLost(bench.world);
  expect(bench.logged).toEqual(['silent hosts could not be looked for']);
});
