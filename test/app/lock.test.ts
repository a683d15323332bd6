import { expect, test } from 'vitest';
import { handlePullClosed } from '../../src/app/pull-closed.ts';
import { ada, eve, mona, peopleBench } from './people-bench.ts';

const merged = { number: 3, isMerged: true, at: '2026-05-01T13:00:00Z', sender: mona };

function bench(change: Parameters<typeof peopleBench>[1] = () => {}) {
  const made = peopleBench('{}', (known) => {
    for (const [path, text] of Object.entries(known.files)) {
      known.files[path] = text.replace(/^( *production: \{.*)\}$/m, '$1, may: { unlock: [eve] } }');
    }
    change(known);
  });
  const lockOf = async (name: string) => (await made.environment(name))?.facts.lock ?? null;
  return { ...made, lockOf };
}

test('whoever locked an environment still deploys there; others are told by whom it is locked', async () => {
  const { type } = bench();
  await type('/lock production the database moves');
  expect(await type('/deploy production', mona)).toContain('is locked by ada');
  expect(await type('/deploy production', ada)).toContain('deploy to `production`');
});

test('its owner, whom the policy names, or a maintainer with force take a lock off', async () => {
  const { type, lockOf, known } = bench();
  await type('/lock production');
  const refused = await type('/unlock production', mona);
  expect(refused).toMatch(/is locked by ada since .*so ada takes the lock off/);
  expect(await type('/unlock production --force', mona)).toContain('maintain permission');
  expect(await lockOf('production')).not.toBeNull();
  await type('/unlock production', eve);
  expect(await lockOf('production')).toBeNull();
  await type('/lock production');
  known.permission = 'maintain';
  await type('/unlock production --force', mona);
  expect(await lockOf('production')).toBeNull();
});

test('a lock of one’s own is no way around the list of those who let go of a pull request', async () => {
  const { type, say, lockOf, environment } = bench();
  await type('/deploy production', ada);
  await say(1, 'applying');
  await say(1, 'done');
  await type('/lock production', mona);
  expect(await type('/unlock production', mona)).toContain('mona may not /unlock on production');
  expect((await environment())!.facts.heldByPull).toMatchObject({ pull: 3 });
  await type('/unlock production', eve);
  expect((await environment())!.facts.heldByPull).toBeNull();
  expect(await lockOf('production')).toBeNull();
});

test('all environments are locked with one job each and one answer', async () => {
  const { type, lockOf } = bench();
  await type('/lock staging mine', mona);
  const answer = await type('/lock all --for 2h an incident', ada, { comment: 900 });
  expect(answer).toMatch(/Locked: production\. .*staging is locked already, by mona/);
  const lock = await lockOf('production');
  expect(lock!.until! - lock!.since).toBeGreaterThan(7_100_000);
  expect(await type('/lock production --info', mona)).toContain('an incident');
  await type('/lock all --for 2h an incident', ada, { comment: 900 });
  expect(await lockOf('staging')).toMatchObject({ by: 'mona' });
  expect(await type('/unlock all')).toMatch(/Unlocked: production\. .*so mona takes the lock off/);
  expect(await lockOf('production')).toBeNull();
});

test('a lock until the merge of what is closed already is refused', async () => {
  const { type, lockOf, known } = bench();
  known.pull = { ...known.pull, isOpen: false };
  expect(await type('/lock production --until-merge')).toContain('is closed already');
  expect(await lockOf('production')).toBeNull();
});

test('a lock until the merge ends with its pull request, once, and no other lock does', async () => {
  const { type, lockOf, open, ledgers } = bench();
  await type('/lock production --until-merge');
  await type('/lock staging');
  await handlePullClosed({ ...merged, number: 4 }, open);
  expect(await lockOf('production')).toMatchObject({ pull: 3 });
  await handlePullClosed(merged, open);
  await handlePullClosed(merged, open);
  expect(await lockOf('production')).toBeNull();
  expect(await lockOf('staging')).not.toBeNull();
  expect(ledgers.jobs).toHaveLength(3);
});

test.each([
  ['/lock production --sticky --until-merge', 'ends neither with a time nor with a merge'],
  ['/lock production --sticky --for 2h', 'ends neither with a time nor with a merge'],
  ['/lock production --for 40d', 'is longer than 30 days'],
  ['/unlock all', 'all is not locked'],
])('%s is refused: %s', async (body, words) => {
  const { type, ledgers } = bench();
  expect(await type(body)).toContain(words);
  expect(ledgers.jobs).toEqual([]);
});
