import { expect, test } from 'vitest';
import { ada, mona, peopleBench } from './people-bench.ts';

test('a lock keeps everything out, with who and why, until it is taken back', async () => {
  const bench = peopleBench();
  const locked = await bench.type('/lock production the database moves');
  expect(locked).toContain('lock of `production`: **completed**');
  expect(locked).toContain('the database moves');
  expect((await bench.environment())!.facts.lock).toMatchObject({
    by: 'ada',
    reason: 'the database moves',
  });
  const refused = await bench.type('/deploy production', mona);
  expect(refused).toMatch(/locked by ada .*the database moves/);
  expect(refused).toContain('/unlock production');
  expect(await bench.type('/lock production', mona)).toContain('is locked already, by ada');
  expect(await bench.type('/unlock production', mona)).toContain('so ada takes the lock off');
  await bench.type('/unlock production');
  expect((await bench.environment())!.facts.lock).toBeNull();
  expect(await bench.type('/deploy production', mona)).toContain('deploy to `production`');
});

test('a pause ends by itself at the time that was said', async () => {
  const bench = peopleBench();
  const answer = await bench.type('/pause production 2h database moves');
  const { pause } = (await bench.environment())!.facts;
  expect(pause).toMatchObject({ by: 'ada', reason: 'database moves' });
  expect(pause!.until! - pause!.since).toBeGreaterThan(2 * 3_600_000 - 10_000);
  expect(answer).toContain(new Date(pause!.until!).toISOString());
  await bench.type('/resume production');
  expect((await bench.environment())!.facts.pause).toBeNull();
});

test.each([
  ['/unlock production', 'production is not locked'],
  ['/resume production', 'production is not paused'],
  ['/pause production 40d', 'is longer than 30 days'],
  ['/lock nowhere', 'There is no environment nowhere'],
  ['/lock production --now', 'takes no'],
  ['/cancel production', 'Nothing waits or runs on production'],
])('%s is refused: %s', async (body, words) => {
  const bench = peopleBench();
  expect(await bench.type(body)).toContain(words);
  expect(bench.ledgers.jobs).toEqual([]);
});

test('the same comment delivered twice is one lock', async () => {
  const bench = peopleBench();
  await bench.type('/lock production', ada, { comment: 500 });
  await bench.type('/lock production', ada, { comment: 500 });
  expect(bench.ledgers.jobs).toHaveLength(1);
});

test('without write permission nobody locks', async () => {
  const bench = peopleBench('{}', (known) => {
    known.permission = 'triage';
  });
  expect(await bench.type('/lock production')).toContain('needs write');
  expect(bench.ledgers.jobs).toEqual([]);
});

test('/cancel ends what has not begun to change anything', async () => {
  const bench = peopleBench();
  await bench.type('/deploy production', mona);
  await bench.type('/plan production', mona);
  expect(await bench.type('/cancel production')).toContain('before anything was changed: 1, 2');
  expect(await bench.view(1)).toMatchObject({ state: 'cancelled', over: true });
  expect(bench.comments[0]!.body).toContain('cancelled by ada');
});
