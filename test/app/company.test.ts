import { expect, test } from 'vitest';
import { handlePullClosed } from '../../src/app/pull-closed.ts';
import { base, head } from './memory-github.ts';
import { ada, mona, peopleBench } from './people-bench.ts';

const merged = { number: 3, isMerged: true, at: '2026-05-01T13:00:00Z', sender: mona };

test('of one branch the newer comes instead; of another it waits in line and says behind whom', async () => {
  const bench = peopleBench('{}');
  await bench.type('/deploy production', mona);
  await bench.type('/deploy production', mona);
  expect(await bench.view(1)).toMatchObject({ state: 'superseded' });
  await bench.type('/deploy production main');
  expect(await bench.view(2)).toMatchObject({ over: false });
  expect(bench.comments[2]!.body).toContain('waits behind deployment 2 of `feature` by `mona`');
});

test('/cancel stops what has begun, and tells where it stopped', async () => {
  const bench = peopleBench('{}');
  await bench.type('/deploy production', mona);
  await bench.say(1, 'applying');
  expect(await bench.type('/cancel production --reason "a bug"')).toContain(
    'stops before the next step',
  );
  expect(await bench.view(1)).toMatchObject({ over: false, stopping: { person: ada.id } });
  expect(bench.comments[0]!.body).toContain('it stops before the next step where that is safe');
  expect(await bench.type('/cancel production')).toContain(
    'stops already: cancelled by ada: a bug',
  );
  await bench.say(1, 'rolling-back', { reason: 'cancelled' });
  const words = 'web-1 rolled-back: web: switch: stopped before this step, cancelled by ada';
  await bench.say(1, 'rolled-back', { reason: 'cancelled', words });
  expect(await bench.view(1)).toMatchObject({ state: 'rolled-back', reason: 'cancelled' });
  expect((await bench.environment())!.facts.quarantined).toEqual([]);
});

/** The ledger takes something else right before the next word of a person. */
function meanwhile(bench: ReturnType<typeof peopleBench>, act: () => Promise<void>): void {
  const { ledger } = bench.world;
  const append = ledger.append.bind(ledger);
  ledger.append = async (...args) => {
    ledger.append = append;
    await act();
    return append(...args);
  };
}

test('/cancel says what came of it where the host began meanwhile', async () => {
  const bench = peopleBench('{}');
  await bench.type('/deploy production', mona);
  meanwhile(bench, () => bench.say(1, 'applying'));
  const answer = await bench.type('/cancel production');
  expect(answer).toContain('Deployment 1 to `production` has begun');
  expect(answer).not.toContain('before anything was changed');
});

test.each([
  ['/cancel production', 'done', 'is completed by now'],
  ['/reject production', 'backing-up', 'is backing-up by now'],
] as const)('%s that comes too late is not told as done', async (body, state, words) => {
  const bench = peopleBench();
  await bench.type('/deploy production', mona);
  await bench.planned(1);
  meanwhile(bench, () => bench.say(1, state));
  expect(await bench.type(body)).toContain(`deployment 1 to production ${words}`);
  expect(await bench.view(1)).toMatchObject({ stopping: null });
});

test('/approve of what somebody ended meanwhile is not told as done', async () => {
  const bench = peopleBench();
  await bench.type('/deploy production', mona);
  await bench.planned(1);
  meanwhile(bench, async () => void (await bench.type('/cancel production', mona)));
  const before = bench.comments.length;
  await bench.type('/approve production');
  const said = bench.comments.slice(before).map((comment) => comment.body);
  expect(said.join('\n')).toContain('deployment 1 to production is cancelled by now');
  expect(await bench.view(1)).toMatchObject({ state: 'cancelled' });
});

test('in a pull request only what was asked for there is cancelled', async () => {
  const bench = peopleBench('{}');
  await bench.type('/deploy production main', mona, { issue: 9, isPull: false });
  await bench.type('/deploy production', mona);
  await bench.type('/cancel production');
  expect(await bench.view(1)).toMatchObject({ over: false });
  expect(await bench.view(2)).toMatchObject({ state: 'cancelled' });
});

test.each([
  ['it was merged', 'merge'],
  ['somebody unlocked it', '/unlock production'],
])('what a pull request brought keeps the environment until %s', async (_words, how) => {
  const bench = peopleBench('{}');
  await bench.type('/deploy production', mona);
  await bench.say(1, 'applying');
  await bench.say(1, 'done');
  const held = async () => (await bench.environment())!.facts.heldByPull;
  expect(await held()).toMatchObject({ pull: 3, ref: 'feature', by: 'mona' });
  if (how === 'merge') await handlePullClosed(merged, bench.open);
  else await bench.type(how);
  expect(await held()).toBeNull();
});

test('one target of a pull request keeps the environment too, until the pull request is closed', async () => {
  const bench = peopleBench('{}');
  await bench.type('/deploy production --only web', mona);
  await bench.say(1, 'applying');
  await bench.say(1, 'done');
  const held = async () => (await bench.environment())!.facts.heldByPull;
  expect(await held()).toMatchObject({ pull: 3, by: 'mona' });
  await handlePullClosed(merged, bench.open);
  expect(await held()).toBeNull();
});

test('a pull request that is closed while its deployment waits keeps nothing afterwards', async () => {
  const bench = peopleBench('{}');
  await bench.type('/deploy production', mona);
  await handlePullClosed(merged, bench.open);
  await bench.say(1, 'applying');
  await bench.say(1, 'done');
  expect((await bench.environment())!.facts.heldByPull).toBeNull();
});

test('a commit that the default branch has keeps nothing', async () => {
  const bench = peopleBench('{}', (known) => {
    known.relations[`${base}...${head}`] = 'behind';
  });
  await bench.type('/deploy production', mona);
  expect((await bench.view(1)).job.flags).toEqual({});
});
