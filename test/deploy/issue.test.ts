import { expect, test, vi } from 'vitest';
import { acceptGap } from '../../src/deploy/chain.ts';
import { issueJob } from '../../src/deploy/issue.ts';
import { LedgerReader } from '../../src/deploy/reader.ts';
import { appKey, draftJob, trust } from '../support/jobs.ts';
import { createMemoryWorld, type MemoryWorld } from '../support/memory-ledger.ts';

/** One App process: its own view of the ledger. */
function appOn(world: MemoryWorld) {
  const ledger = world.connect();
  const reader = new LedgerReader(ledger, trust);
  return { ledger, reader, key: appKey, clock: world.clock };
}

async function chainOf(world: MemoryWorld) {
  const reading = await new LedgerReader(world.connect(), trust, { history: 100 }).refresh();
  return reading.environments.get('production')!;
}

test('a job is published, bound, and on top of the one before', async () => {
  const world = createMemoryWorld(1);
  const app = appOn(world);
  const first = await issueJob(draftJob('comment:1:1:0'), app);
  const second = await issueJob(draftJob('comment:1:2:0'), app);
  expect(second.job.prev).toBe(first.digest);
  expect((await chainOf(world)).deployments.map(({ bound }) => bound)).toEqual([true, true]);
});

test('a cause that was acted on is not acted on again, by whichever App', async () => {
  const world = createMemoryWorld(1);
  const first = await issueJob(draftJob('comment:1:1:0'), appOn(world));
  const again = await issueJob(draftJob('comment:1:1:0'), appOn(world));
  expect(again).toMatchObject({ deployment: first.deployment, duplicate: true });
  expect(world.jobs).toHaveLength(1);
});

test('a job that an App published and died before binding is bound by the next try', async () => {
  const world = createMemoryWorld(1);
  const dying = appOn(world);
  vi.spyOn(dying.ledger, 'append').mockRejectedValue(new Error('killed'));
  await expect(issueJob(draftJob('comment:1:1:0'), dying)).rejects.toThrow('killed');
  const issued = await issueJob(draftJob('comment:1:1:0'), appOn(world));
  expect(issued.deployment).toBe(1);
  expect(world.jobs).toHaveLength(1);
});

test('a reading made a moment ago saves asking again', async () => {
  const world = createMemoryWorld(1);
  const app = appOn(world);
  const reading = await app.reader.refresh();
  expect(await issueJob(draftJob('comment:1:1:0'), { ...app, reading })).toMatchObject({
    deployment: 1,
  });
});

test('a gap stops new jobs until a person accepts it', async () => {
  const world = createMemoryWorld(1);
  const app = appOn(world);
  await issueJob(draftJob('comment:1:1:0'), app);
  await issueJob(draftJob('comment:1:2:0'), app);
  await issueJob(draftJob('comment:1:3:0'), app);
  world.remove(2);
  const fresh = appOn(world);
  await expect(issueJob(draftJob('comment:1:4:0'), fresh)).rejects.toMatchObject({
    code: 'ledger_gap',
  });
  const accepted = draftJob('comment:1:5:0', { flags: { [acceptGap]: true } });
  expect(await issueJob(accepted, fresh)).toMatchObject({ duplicate: false });
  expect((await chainOf(world)).gap).toBeNull();
});

test('two Apps with the same and with different causes make one chain and lose nothing', async () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const world = createMemoryWorld(seed, {
      staleMs: 2000,
      hiddenMs: 2000,
      duplicated: 0.05,
      latencyMs: 800,
    });
    const causes = ['comment:1:1:0', 'comment:1:2:0', 'push:main:x'];
    const apps = [appOn(world), appOn(world)];
    const ends = await world.clock.run(
      apps.map((app, place) => async () => {
        const own = place === 0 ? causes : causes.toReversed();
        for (const cause of own) await issueJob(draftJob(cause), app);
      }),
      10 * 60_000,
    );
    expect(ends, `seed ${seed}`).toMatchObject([{ status: 'fulfilled' }, { status: 'fulfilled' }]);
    world.faults = { ...world.faults, staleMs: 0, hiddenMs: 0, latencyMs: 0 };
    world.clock.advance(60_000);
    const { deployments, gap } = await chainOf(world);
    expect(deployments.map(({ job }) => job.cause).toSorted(), `seed ${seed}`).toEqual(
      causes.toSorted(),
    );
    expect(gap).toBeNull();
  }
});
