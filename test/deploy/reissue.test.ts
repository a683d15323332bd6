import { expect, test, vi } from 'vitest';
import { issueJob, type JobDraft } from '../../src/deploy/issue.ts';
import { LedgerReader } from '../../src/deploy/reader.ts';
import { reissueLost } from '../../src/deploy/reissue.ts';
import { appKey, draftJob, trust } from '../support/jobs.ts';
import { createMemoryWorld, type MemoryWorld } from '../support/memory-ledger.ts';

const cause = 'comment:1:1:0';
const seconds = 1000;
const hours = 60 * 60 * seconds;

function appOn(world: MemoryWorld) {
  const ledger = world.connect();
  const reader = new LedgerReader(ledger, trust);
  return { ledger, reader, key: appKey, clock: world.clock };
}

/** An App that writes a job and ends before it binds it. */
async function leaveUnbound(world: MemoryWorld, of = cause, changes: Partial<JobDraft> = {}) {
  const dying = appOn(world);
  vi.spyOn(dying.ledger, 'append').mockRejectedValue(new Error('killed'));
  await expect(issueJob(draftJob(of, changes), dying)).rejects.toThrow('killed');
}

async function standing(world: MemoryWorld) {
  const { environments } = await new LedgerReader(world.connect(), trust).refresh();
  return environments.get('production')!.deployments.map(({ job }) => job.cause);
}

test('a job that nobody bound in 20 s is bound, with nothing written anew', async () => {
  const world = createMemoryWorld(1);
  await leaveUnbound(world);
  world.clock.advance(20 * seconds);
  expect(await reissueLost(appOn(world))).toMatchObject([{ deployment: 1, job: { cause } }]);
  expect(world.jobs).toHaveLength(1);
  expect(await standing(world)).toEqual([cause]);
});

test('before that it is left to the App that wrote it', async () => {
  const world = createMemoryWorld(1);
  await leaveUnbound(world);
  world.clock.advance(19 * seconds);
  expect(await reissueLost(appOn(world))).toEqual([]);
  expect(await standing(world)).toEqual([]);
});

test('a job that was overtaken before it was bound is written anew, on top', async () => {
  const world = createMemoryWorld(1);
  await leaveUnbound(world);
  world.clock.advance(20 * seconds);
  await issueJob(draftJob('comment:1:2:0'), appOn(world));
  await reissueLost(appOn(world));
  expect(await standing(world)).toEqual(['comment:1:2:0', cause]);
  expect(await reissueLost(appOn(world))).toEqual([]);
});

test('a job that is too old to start is left alone', async () => {
  const world = createMemoryWorld(1);
  await leaveUnbound(world);
  world.clock.advance(25 * hours);
  expect(await reissueLost(appOn(world))).toEqual([]);
});

test('an environment with a gap waits for a person', async () => {
  const world = createMemoryWorld(1);
  for (const line of [1, 2, 3]) await issueJob(draftJob(`comment:1:1:${line}`), appOn(world));
  world.remove(2);
  world.clock.advance(60 * seconds);
  expect(await reissueLost(appOn(world))).toEqual([]);
});

test('a lock that was lost is not said again after people unlocked', async () => {
  const touchless = { targets: [], roster: [] };
  for (const [operation, expected] of [
    ['unlock', ['comment:1:2:0']],
    ['resume', ['comment:1:2:0', cause]],
  ] as const) {
    const world = createMemoryWorld(1);
    await leaveUnbound(world, cause, { ...touchless, operation: 'lock' });
    world.clock.advance(20 * seconds);
    await issueJob(draftJob('comment:1:2:0', { ...touchless, operation }), appOn(world));
    await reissueLost(appOn(world));
    const reader = new LedgerReader(world.connect(), trust, { history: 50 });
    const { environments } = await reader.refresh();
    const { deployments } = environments.get('production')!;
    expect(deployments.map(({ job }) => job.cause)).toEqual(expected);
  }
});

test('a job that only plans is bound as any other', async () => {
  const world = createMemoryWorld(1);
  await leaveUnbound(world, cause, { operation: 'plan' });
  world.clock.advance(20 * seconds);
  expect(await reissueLost(appOn(world))).toMatchObject([{ job: { operation: 'plan' } }]);
});
