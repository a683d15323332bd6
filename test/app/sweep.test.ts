import { expect, test, vi } from 'vitest';
import { handleIssueComment } from '../../src/app/issue-comment.ts';
import { sweep, sweepUntil } from '../../src/app/sweep.ts';
import { appBench, commentOf } from './app-bench.ts';

test('a command whose App ended before it was bound goes on, and its answer says so', async () => {
  const bench = appBench();
  const append = vi.spyOn(bench.world.ledger, 'append').mockRejectedValue(new Error('killed'));
  await handleIssueComment(commentOf('/deploy production'), bench.open).catch(() => undefined);
  append.mockRestore();
  bench.ledgers.clock.advance(20_000);
  await sweep(bench.world);
  const view = await bench.environment();
  expect(view!.deployments).toMatchObject([{ deployment: 1, bound: true }]);
  expect(bench.comments[0]!.body).toContain('<!-- sallyport deployment=1 -->');
});

test('a ledger that cannot be read is logged, and the next sweep tries again', async () => {
  const bench = appBench();
  vi.spyOn(bench.world.ledger, 'jobs').mockRejectedValue(new Error('cut off'));
  await sweep(bench.world);
  expect(bench.logged).toEqual(['jobs without a place could not be looked after']);
});

test('it sweeps about once a minute, until aborted', async () => {
  const bench = appBench();
  const { clock } = bench.ledgers;
  const began = clock.now();
  const stop = new AbortController();
  const looks: number[] = [];
  const opened = async () => {
    looks.push(clock.now() - began);
    if (looks.length === 3) stop.abort();
    return [bench.world];
  };
  await sweepUntil(stop.signal, { opened }, clock);
  expect(looks).toHaveLength(3);
  expect(looks[0]).toBeGreaterThanOrEqual(54_000);
  expect(looks[2]).toBeLessThanOrEqual(3 * 66_000);
});
