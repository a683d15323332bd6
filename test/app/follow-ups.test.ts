import { expect, test } from 'vitest';
import { FollowUps } from '../../src/app/follow-ups.ts';

test('of many in a row, one runs and one waits', async () => {
  const followUps = new FollowUps();
  const gate = Promise.withResolvers<void>();
  let runs = 0;
  const task = async () => {
    runs += 1;
    await gate.promise;
  };
  const all = [1, 2, 3, 4].map(() => followUps.run(42, task));
  gate.resolve();
  await Promise.all(all);
  expect(runs).toBe(2);
});

test('one that fails does not hold up the next', async () => {
  const followUps = new FollowUps();
  const [bad, good] = [
    followUps.run(42, () => Promise.reject(new Error('no'))),
    followUps.run(42, () => Promise.resolve()),
  ];
  await expect(bad).rejects.toThrow('no');
  await expect(good).resolves.toBeUndefined();
  await followUps.run(42, () => Promise.resolve());
});

test('the same answer is written once', () => {
  const followUps = new FollowUps();
  expect([followUps.isNews(1, 'a'), followUps.isNews(1, 'a'), followUps.isNews(1, 'b')]).toEqual([
    true,
    false,
    true,
  ]);
});
