import { expect, test } from 'vitest';
import { GithubClock } from '../../../src/agent/outage/github-clock.ts';
import { issueJob } from '../../../src/deploy/issue.ts';
import { LedgerReader } from '../../../src/deploy/reader.ts';
import { appKey, draftJob, trust } from '../../support/jobs.ts';
import { createMemoryWorld } from '../../support/memory-ledger.ts';

/** GitHub with one deployment, listened to by a host whose clock is ahead of GitHub's by so much. */
async function heardBy(aheadMs: number) {
  const github = createMemoryWorld(1);
  const clock = new GithubClock(github.clock.skewedBy(aheadMs), 0);
  const ledger = clock.observe(github.connect());
  const reader = new LedgerReader(ledger, trust);
  await issueJob(draftJob('one'), { ledger, reader, key: appKey, clock: github.clock });
  const { log } = await reader.refresh();
  return { github, clock, entries: [...log.jobs, ...log.records] };
}

test.each([
  ['right', 0],
  ['a minute behind', -60_000],
  ['an hour ahead', 3_600_000],
])('with a clock that is %s, what people do comes right after what GitHub told', async (_, ms) => {
  const { github, clock, entries } = await heardBy(ms);
  const newest = Math.max(...entries.map(({ at }) => at));
  expect(clock.now()).toBeGreaterThan(newest);
  expect(clock.now() - github.clock.now()).toBeLessThan(1000);
});

test('after a start without GitHub it is after the last that GitHub told before', () => {
  const { clock: host } = createMemoryWorld(1);
  const later = host.now() + 60_000;
  expect(new GithubClock(host, later).now()).toBe(later + 1);
  expect(new GithubClock(host, 0).now()).toBe(host.now());
});
